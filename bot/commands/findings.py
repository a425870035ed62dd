"""What the doctor finds under the house: the machine's clock, zones and room, and the years its calendar knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendar import WorkingCalendar
from bot.commands.words import said
from bot.store.standbys import Standbys

#: Two clocks this far apart are worth a look; this far, and reminders go at wrong hours.
_APART, _WRONG = timedelta(seconds=30), timedelta(minutes=5)
#: How far ahead the calendar should know which days are worked.
_AHEAD = timedelta(days=60)
#: Viet Nam has had no summer time since 1975, so zone data that says otherwise are broken.
_VIETNAM, _OFFSET = "Asia/Ho_Chi_Minh", timedelta(hours=7)
#: Bytes below which the disk of the store may be full soon.
_ROOM = 500 * 1024 * 1024


class Mark(StrEnum):
    """How a finding is shown: well; worth a look; or keeps the house from doing its work."""

    WELL = "✅"
    LOOK = "⚠️"
    ILL = "❌"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: well, or what to do about it."""

    mark: Mark
    says: str


def zone_data(zone: ZoneInfo, now: datetime) -> Finding:
    """What time it is there; and whether the machine's zone data know Viet Nam."""
    if zone.key == _VIETNAM and now.astimezone(zone).utcoffset() != _OFFSET:
        return Finding(Mark.ILL, said("doctor.zone_broken", zone=zone.key))
    return Finding(Mark.WELL, said("doctor.zone", zone=zone.key, now=f"{now.astimezone(zone):%H:%M %d/%m/%Y}"))


def province_zone(founded: str, setting: str) -> Iterator[Finding]:
    """The setting counts when a store is founded, and no more afterwards."""
    if founded != setting:
        yield Finding(Mark.LOOK, said("doctor.zone_differs", founded=founded, setting=setting))


def clocks(database: timedelta, anchor: timedelta) -> Iterator[Finding]:
    """How far the database's clock is ahead of this machine's, and the last anchor over the journal of now."""
    if abs(database) > _APART:
        yield Finding(Mark.LOOK, said("doctor.database_clock", seconds=round(abs(database).total_seconds())))
    if anchor > _APART:
        yield Finding(Mark.ILL, said("doctor.clock_set_back", minutes=-(-anchor // timedelta(minutes=1))))


def platform_clock(channel: str, theirs: datetime | None, now: datetime) -> Iterator[Finding]:
    """This machine's clock beside the platform's, where that told it."""
    if theirs is None:
        return
    apart = abs(theirs - now)
    if apart <= _APART:
        yield Finding(Mark.WELL, said("doctor.clock", channel=channel))
        return
    mark = Mark.ILL if apart > _WRONG else Mark.LOOK
    yield Finding(mark, said("doctor.clock_wrong", channel=channel, seconds=round(apart.total_seconds())))


def second_machine(stands: Standbys | None, *, several: bool) -> Iterator[Finding]:
    """Whether what is acknowledged is on two machines, where the address names `several`."""
    if stands is None:
        return
    if not stands.durable:
        yield Finding(Mark.ILL, said("doctor.not_durable"))
    if stands.waits:
        there = Finding(Mark.WELL, said("doctor.standby"))
        yield there if stands.there else Finding(Mark.ILL, said("doctor.standby_gone"))
    elif several:
        yield Finding(Mark.LOOK, said("doctor.standby_none"))


def known_days(calendar: WorkingCalendar, now: datetime) -> Finding:
    """Through which year the calendar knows the days worked instead of others, which the state decides each year."""
    last, needed = _last_year(calendar, calendar.day_of(now).year), calendar.day_of(now + _AHEAD).year
    if last < needed:
        return Finding(Mark.LOOK, said("doctor.calendar_ends", last=str(last), next=str(needed)))
    return Finding(Mark.WELL, said("doctor.calendar", last=str(last), own=len(calendar.own)))


def _last_year(calendar: WorkingCalendar, year: int) -> int:
    own = {day.year for day in calendar.own}
    return next((one for one in range(year + 3, year - 5, -1) if one in own or _swaps(calendar, one)), year - 5)


def _swaps(calendar: WorkingCalendar, year: int) -> bool:
    """Whether a Saturday or Sunday of that year is known to be worked."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    return any(day.weekday() >= 5 and calendar.is_working(day) for day in days)


def little_room(free: int) -> Iterator[Finding]:
    """A full disk takes no message in."""
    if free < _ROOM:
        yield Finding(Mark.LOOK, said("doctor.little_room", megabytes=free // (1024 * 1024)))


def nearest(folder: Path) -> Path:
    """The folder, or where it will be made."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
