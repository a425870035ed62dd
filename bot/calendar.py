"""Working days of a province, slots and working hours. Public holidays come from `holidays`; the office's days win."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

#: The two moments of a working day at which a person may get the one letter of that slot.
MORNING = time(7, 30)
SECOND_CALL = time(13, 30)
OFFICE_DIGEST = time(16, 30)
#: What nobody asked for goes out between these hours of a working day, and not over lunch.
WORK_BEGINS = time(7, 30)
LUNCH_BEGINS = time(11, 30)
LUNCH_ENDS = SECOND_CALL
WORK_ENDS = time(17, 0)


#: Swaps decided by a letter that `holidays` doesn't know (12729/VPCP-KGVX of 25/12/2025): True worked, False off.
_BY_LETTER = {date(2026, 1, 2): False, date(2026, 1, 10): True}


@lru_cache(maxsize=64)
def _public(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """(days off, Saturdays and Sundays worked instead) of Viet Nam in that year."""
    book = country_holidays("VN", years=year)
    worked: set[date] = getattr(book, "weekend_workdays", set())
    said = {day: works for day, works in _BY_LETTER.items() if day.year == year}
    off = (set(book.keys()) | {day for day, works in said.items() if not works}) - {day for day, w in said.items() if w}
    return frozenset(off), frozenset(worked | {day for day, works in said.items() if works})


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked; `own` are the office's days: True worked, False off."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    own: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices are open that day."""
        if day in self.own:
            return self.own[day]
        off, worked = _public(day.year)
        if day in worked:
            return True
        return day.weekday() < 5 and day not in off

    def day_of(self, moment: datetime) -> date:
        """The local date of a moment."""
        return moment.astimezone(self.zone).date()

    def at(self, day: date, hour: time) -> datetime:
        """That hour of that day, local, aware."""
        return datetime.combine(day, hour, self.zone)

    def step(self, day: date, working_days: int) -> date:
        """The day so many working days later (earlier when negative); 0 is the last working day not after `day`."""
        if working_days == 0:
            return day if self.is_working(day) else self.step(day, -1)
        direction = timedelta(days=1 if working_days > 0 else -1)
        left = abs(working_days)
        while left:
            day += direction
            left -= self.is_working(day)
        return day

    def working_days_between(self, earlier: date, later: date) -> int:
        """Working days after `earlier` up to and including `later` (0 where later <= earlier)."""
        count = 0
        day = earlier
        while day < later:
            day += timedelta(days=1)
            count += self.is_working(day)
        return count

    def works_at(self, moment: datetime) -> bool:
        """Whether offices are at work at this moment."""
        local = moment.astimezone(self.zone)
        morning = WORK_BEGINS <= local.time() < LUNCH_BEGINS
        return self.is_working(local.date()) and (morning or LUNCH_ENDS <= local.time() < WORK_ENDS)

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself inside working hours, else the next 07:30 or 13:30 of a working day."""
        if self.works_at(moment):
            return moment
        local = moment.astimezone(self.zone)
        day = local.date()
        if self.is_working(day) and WORK_BEGINS < local.time() < LUNCH_ENDS:
            return self.at(day, LUNCH_ENDS)
        if not (self.is_working(day) and local.time() < WORK_BEGINS):
            day = self.step(day, 1)
        return self.at(day, WORK_BEGINS)
