"""Weeks round New Year against the shadow: nothing missed, nothing twice, no wrong hour. The year: `make faults`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import calendar
from bot.calendar import WorkingCalendar
from scheduler import timetable
from tests.faults.shadow import DAY, Wall
from tests.faults.year import WEEKS
from tests.faults.year_run import Year


def test_every_milestone_of_the_weeks_is_accounted_for(tmp_path: Path) -> None:
    """Through a swap, a worked Saturday, three outages and three changes of the timetable: told, merged or settled."""
    year = Year(tmp_path, WEEKS, seed=1)
    year.run()

    assert year.wrong == []
    counts = year.counts
    parts = ("told", "merged into a later one", "settled in an outage")
    assert counts["milestones"] == sum(counts[f"milestones {part}"] for part in parts) > 60
    assert min(counts["milestones merged into a later one"], counts["asked for again"]) > 0


@pytest.mark.parametrize(
    ("seen", "room", "name", "broken"),
    [
        ("not planned", timetable, "RULES", timetable.RULES[1:]),
        ("at a wrong hour", calendar, "_public", lambda _year: (frozenset(), frozenset())),
    ],
    ids=["a rule left out", "a calendar without holidays"],
)
def test_the_shadow_sees_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: str, room: object, name: str, broken: object
) -> None:
    """A fault put into the timetable by hand is named in the account."""
    monkeypatch.setattr(room, name, broken)
    year = Year(tmp_path, replace(WEEKS, ends=date(2026, 1, 3), units=6, tasks=6), seed=1)
    year.run()
    assert [line for line in year.wrong if seen in line]


def test_the_wall_calendar_is_that_of_the_house() -> None:
    """Both were made apart; on each day of the year they agree whether An Giang works."""
    days = [date(2025, 9, 1) + DAY * n for n in range(366)]
    assert [day for day in days if Wall().works(day) is not WorkingCalendar().is_working(day)] == []
