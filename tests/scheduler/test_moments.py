"""The moments of a working day: slots, digest, the week's and the month's report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.calendar import WorkingCalendar
from scheduler.moments import Occasion, coming, moments_of, passed, weekly_day
from tests.scheduler.office import at

CALENDAR = WorkingCalendar()


def said(day: date, calendar: WorkingCalendar = CALENDAR) -> list[str]:
    """`07:30 slot`, …"""
    return [f"{one.hour:%H:%M} {one.what}" for one in moments_of(day, calendar)]


def test_an_ordinary_day_and_a_day_off() -> None:
    """Two slots and the office's digest; nothing on a Sunday or on the national day."""
    assert said(date(2025, 9, 17)) == ["07:30 slot", "13:30 slot", "16:30 digest"]
    assert said(date(2025, 9, 14)) == []
    assert said(date(2025, 9, 2)) == []


def test_the_weekly_report_goes_on_fridays_and_on_no_other_day() -> None:
    """Fridays of a whole year, counted by the calendar's own names: never a Thursday by another counting of days."""
    year = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    ordinary = [day for day in year if CALENDAR.is_working(day) and "15:00 week" in said(day)]

    fridays = [day for day in ordinary if f"{day:%A}" == "Friday"]
    assert len(fridays) == 50
    assert [day for day in ordinary if day not in fridays] == [date(2025, 4, 29), date(2025, 12, 31)]


def test_a_friday_off_is_reported_the_working_day_before() -> None:
    """2/5/2025 was off after 30/4 and 1/5: that week's report went on Tuesday; Tết's week has none at all."""
    assert weekly_day(date(2025, 5, 2), CALENDAR) == date(2025, 4, 29)
    assert weekly_day(date(2026, 2, 18), CALENDAR) is None


@pytest.mark.parametrize(
    ("first", "goes_on"),
    [
        (date(2025, 10, 1), date(2025, 10, 1)),
        (date(2025, 11, 1), date(2025, 11, 3)),
        (date(2025, 9, 1), date(2025, 9, 3)),
        (date(2025, 1, 1), date(2025, 1, 2)),
    ],
)
def test_the_monthly_report_goes_on_the_first_or_the_working_day_after(first: date, goes_on: date) -> None:
    """On the 1st of the month, or on the first working day after it."""
    month = [first + timedelta(days=n) for n in range(28)]

    assert [day for day in month if "07:30 month" in said(day)] == [goes_on]


def test_moments_passed_and_coming_meet_without_gap_or_overlap() -> None:
    """What has passed up to a moment and what comes after it are all moments, each once."""
    begin, middle, end = at("2025-09-11", "07:30"), at("2025-09-17", "13:30"), at("2025-09-24", "16:30")

    before, after = passed(begin, middle, CALENDAR), passed(middle, end, CALENDAR)
    ahead = [one for one in coming(middle, CALENDAR) if one.at <= end]

    assert before + after == passed(begin, end, CALENDAR)
    assert list(after) == ahead
    assert before[-1].at == middle
    assert before[0].what is Occasion.SLOT
    assert passed(middle, begin, CALENDAR) == ()
