"""Ten years of working days and deadlines against tables made apart (R14), and as many of sweeps that are run twice."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

from bot.calendar import WorkingCalendar
from bot.store.falling import Since
from scheduler.policy import policies_from
from scheduler.timetable import Slot, calls
from tests.faults.decreed import OFF, WORKED, YEARS, feasts
from tests.faults.shadow import AFTERNOON, DAY, MORNING, Rhythm, Wall
from tests.faults.verdict import Verdict, pass_or_fail
from tests.faults.year import Plan
from tests.faults.year_run import Year

_FIRST, _LAST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
#: Deadlines looked at from each slot: so many days before and after it.
_BEFORE, _AFTER = 60, 24
#: The feasts that law names are looked up so far ahead, where nothing has been decreed yet.
_AHEAD = 2045


def calendars(_home: Path, _told: argparse.Namespace) -> Verdict:
    """Each day is worked or not as decreed; in years to come nobody works on a feast."""
    wall, calendar = Wall(off=OFF, worked=WORKED), WorkingCalendar()
    verdict = Verdict("R14a", f"the working days of {YEARS[0]} to {YEARS[-1]}, feasts until {_AHEAD}")
    days = list(_days(_FIRST, _LAST))
    wrong = [day for day in days if wall.works(day) is not calendar.is_working(day)]
    named = [(day, what) for year in range(YEARS[0], _AHEAD + 1) for day, what in feasts(year).items()]
    worked = [(day, what) for day, what in named if calendar.is_working(day)]
    verdict.told("days", len(days))
    verdict.exactly("days that differ", len(wrong), 0)
    verdict.told("feasts", len(named))
    verdict.exactly("feasts that are worked", len(worked), 0)
    verdict.wrong += [f"differs: {day}" for day in wrong] + [f"worked: {day} {what}" for day, what in worked]
    return verdict


def deadlines(_home: Path, _told: argparse.Namespace) -> Verdict:
    """What every deadline brings in every slot around it."""
    wall, calendar, policies = Wall(off=OFF, worked=WORKED), WorkingCalendar(), policies_from({})
    verdict = Verdict("R14b", "every slot of those years, with each deadline around it")
    slots = milestones = 0
    for day in _days(_FIRST + _BEFORE * DAY, _LAST - _AFTER * DAY):
        if not wall.works(day):
            continue
        dues = [day + DAY * number for number in range(-_BEFORE, _AFTER)]
        for hour in (MORNING, AFTERNOON):
            slots += 1
            wanted = {(due, *one) for due in dues for one in wall.of_due(due, day, hour, Rhythm())}
            found = {one for one in _called(day, hour, calendar, policies) if dues[0] <= one[0] <= dues[-1]}
            milestones += len(wanted)
            verdict.wrong += [f"{day} {hour:%H:%M}: {one}" for one in wanted ^ found]
    verdict.told("slots", slots)
    verdict.told("milestones", milestones)
    verdict.exactly("milestones that differ", len(verdict.wrong), 0)
    return verdict


def _called(day: date, hour: time, calendar: WorkingCalendar, policies: object) -> Iterator[tuple[date, str, int, str]]:
    for call in calls((Slot(day, hour),), calendar, policies):  # type: ignore[arg-type]
        if call.since is Since.DUE:
            yield from ((one.on, call.to.value, one.milestone, call.rule) for one in call.falling)


def sweeps(home: Path, told: argparse.Namespace) -> Verdict:
    """The process lives through them: what it plans is what was due, and a second sweep adds nothing."""
    plan = Plan(date(YEARS[0], 3, 1), date(YEARS[0] + told.years, 2, 28), units=4, tasks=12 * told.years, outages=())
    verdict = Verdict(
        "R14c", f"{told.years} years of sweeps, {plan.units} units, {plan.tasks} tasks (seed {told.seed})"
    )
    year = Year(home, plan, told.seed, Wall(off=OFF, worked=WORKED))
    year.run()
    verdict.wrong += year.wrong
    for what, count in year.table():
        verdict.told(what, count)
    verdict.exactly("rows that differ, or that a second sweep added", len(year.wrong), 0)
    return verdict


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


if __name__ == "__main__":
    pass_or_fail("tests.faults.ten_years", __doc__, [calendars, deadlines, sweeps], numbers={"years": 3})
