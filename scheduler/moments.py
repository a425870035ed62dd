"""The moments at which the bot speaks by itself: slots, the office's digest, the chair's reports. Pure dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.calendar import MORNING, OFFICE_DIGEST, SECOND_CALL, WorkingCalendar
from scheduler.timetable import Slot

#: When the chair's weekly report goes; the monthly one goes in the morning.
WEEKLY = time(15, 0)
_FRIDAY = 4
#: After an outage no moment older than this is caught up with.
_LOOKS_BACK = timedelta(days=366)
#: No run of days off is longer than this.
_LOOKS_AHEAD = 120


class Occasion(StrEnum):
    """What a moment is for."""

    SLOT = "slot"
    DIGEST = "digest"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One moment of a working day and what it is for."""

    at: datetime
    day: date
    hour: time
    what: Occasion

    @property
    def slot(self) -> Slot:
        """The slot of its day and hour."""
        return Slot(self.day, self.hour)


def moments_of(day: date, calendar: WorkingCalendar) -> tuple[Moment, ...]:
    """All moments of a day, in order; none on a day off."""
    if not calendar.is_working(day):
        return ()
    found = [(MORNING, Occasion.SLOT), (SECOND_CALL, Occasion.SLOT), (OFFICE_DIGEST, Occasion.DIGEST)]
    if _carries_month(day, calendar):
        found.append((MORNING, Occasion.MONTH))
    if weekly_day(day, calendar) == day:
        found.append((WEEKLY, Occasion.WEEK))
    return tuple(sorted(Moment(calendar.at(day, hour), day, hour, what) for hour, what in found))


def weekly_day(day: date, calendar: WorkingCalendar) -> date | None:
    """When the report of this day's week goes: Friday, or the working day before it; None in a week without any."""
    friday = day + timedelta(days=_FRIDAY - day.weekday())
    on = calendar.step(friday, 0)
    return on if friday - on < timedelta(days=5) else None


def _carries_month(day: date, calendar: WorkingCalendar) -> bool:
    """Whether the 1st's report goes on this working day: the 1st, or the first working day after it."""
    return calendar.working_days_between(day.replace(day=1) - timedelta(days=1), day) == 1


def passed(after: datetime, until: datetime, calendar: WorkingCalendar) -> tuple[Moment, ...]:
    """The moments later than `after`, up to and including `until`."""
    since = max(after, until - _LOOKS_BACK)
    first, last = calendar.day_of(since), calendar.day_of(until)
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return tuple(one for day in days for one in moments_of(day, calendar) if since < one.at <= until)


def coming(after: datetime, calendar: WorkingCalendar) -> Iterator[Moment]:
    """The moments later than `after`, in order, as far ahead as a calendar can say."""
    first = calendar.day_of(after)
    for count in range(_LOOKS_AHEAD):
        yield from (one for one in moments_of(first + timedelta(days=count), calendar) if one.at > after)


def in_working_hours(moment: datetime, calendar: WorkingCalendar) -> bool:
    """Whether people may be written to unasked."""
    return calendar.works_at(moment)
