"""Working days and working hours: ten years against tables written by hand, and laws that hold for every day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import LUNCH_BEGINS, LUNCH_ENDS, WORK_BEGINS, WORK_ENDS, WorkingCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = WorkingCalendar()
YEARS = range(2021, 2031)
#: (month, day) of the holidays that the sun's calendar fixes.
FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))
#: The first day of each lunar year, by the almanac: offices are closed on it wherever it falls.
LUNAR_NEW_YEAR = (
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 2),
)
#: The tenth day of the third lunar month, the kings' day.
KINGS = (
    date(2021, 4, 21),
    date(2022, 4, 10),
    date(2023, 4, 29),
    date(2024, 4, 18),
    date(2025, 4, 7),
    date(2026, 4, 26),
    date(2027, 4, 16),
)
#: Days without any holiday within reach, so that only the weekday counts.
QUIET_MONTHS = (3, 6, 7, 10)

days = st.dates(date(2022, 1, 1), date(2029, 12, 31))
moments = st.builds(
    lambda day, past: datetime.combine(day, time(), UTC) + past, days, st.timedeltas(timedelta(), timedelta(hours=24))
)
#: Days that an office may close or open by itself.
own_days = st.dictionaries(st.dates(date(2025, 8, 1), date(2025, 10, 31)), st.booleans(), max_size=12)
autumn = st.dates(date(2025, 8, 1), date(2025, 10, 31))


def year(number: int) -> list[date]:
    """Every day of a year."""
    first = date(number, 1, 1)
    return [first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("number", YEARS)
def test_fixed_holidays_are_off_in_every_year(number: int) -> None:
    """New Year, 30/4, 1/5 and the national day are off, on whatever weekday they fall."""
    assert [day for month, day in FIXED if CALENDAR.is_working(date(number, month, day))] == []


@pytest.mark.parametrize("first", LUNAR_NEW_YEAR, ids=str)
def test_tet_is_off(first: date) -> None:
    """The eve and the first three days of the lunar year are off, and so are at least five days on end."""
    around = [first + timedelta(days=n) for n in range(-1, 3)]
    run = [first + timedelta(days=n) for n in range(-6, 9) if not CALENDAR.is_working(first + timedelta(days=n))]

    assert [day for day in around if CALENDAR.is_working(day)] == []
    assert len(run) >= 5


@pytest.mark.parametrize("day", KINGS, ids=str)
def test_the_kings_day_is_off(day: date) -> None:
    """The tenth of the third lunar month is off."""
    assert not CALENDAR.is_working(day)


@pytest.mark.parametrize("number", YEARS)
def test_culture_day_is_off_since_2026(number: int) -> None:
    """24/11 is worked as any weekday until 2025, and off from the year in which it was made a holiday."""
    day = date(number, 11, 24)

    assert CALENDAR.is_working(day) is (number < 2026 and day.weekday() < 5)


@pytest.mark.parametrize("number", YEARS)
def test_in_months_without_holidays_the_weekday_decides(number: int) -> None:
    """Monday to Friday are worked and no other day, by the days' own English names."""
    quiet = [day for day in year(number) if day.month in QUIET_MONTHS]

    assert [day for day in quiet if CALENDAR.is_working(day) is (f"{day:%A}" in ("Saturday", "Sunday"))] == []


@pytest.mark.parametrize("number", YEARS)
def test_a_year_has_about_as_many_working_days_as_the_law_leaves(number: int) -> None:
    """The eleven days of the law leave between 248 and 252 working days."""
    assert 248 <= sum(CALENDAR.is_working(day) for day in year(number)) <= 252


@pytest.mark.parametrize(
    ("off", "worked", "named"),
    [
        (date(2025, 5, 2), date(2025, 4, 26), "Saturday"),
        (date(2026, 1, 2), date(2026, 1, 10), "Saturday"),
        (date(2026, 8, 31), date(2026, 8, 22), "Saturday"),
    ],
    ids=str,
)
def test_a_swapped_day_is_off_and_its_saturday_worked(off: date, worked: date, named: str) -> None:
    """A weekday that the government swaps is off; the Saturday given for it is worked, and the next one is not."""
    assert not CALENDAR.is_working(off)
    assert off.weekday() < 5
    assert CALENDAR.is_working(worked)
    assert f"{worked:%A}" == named
    assert not CALENDAR.is_working(worked + timedelta(days=7))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 2), True),
        (date(2025, 9, 20), True),
        (date(2025, 9, 17), False),
        (date(2025, 4, 26), False),
        (date(2026, 1, 2), True),
        (date(2026, 1, 10), False),
    ],
    ids=str,
)
def test_the_offices_own_word_wins(day: date, works: bool) -> None:
    """What the office says of a day holds against holidays, weekends and the government's swaps."""
    assert CALENDAR.is_working(day) is not works
    assert WorkingCalendar(own={day: works}).is_working(day) is works
    assert WorkingCalendar(own={day + timedelta(days=60): works}).is_working(day) is not works


@pytest.mark.parametrize(
    ("begin", "count", "end"),
    [
        (date(2025, 9, 12), 1, date(2025, 9, 15)),
        (date(2025, 9, 20), 0, date(2025, 9, 19)),
        (date(2025, 9, 20), -1, date(2025, 9, 19)),
        (date(2025, 9, 20), -5, date(2025, 9, 15)),
        (date(2025, 9, 20), 1, date(2025, 9, 22)),
        (date(2025, 8, 29), 1, date(2025, 9, 3)),
        (date(2025, 4, 25), 1, date(2025, 4, 26)),
        (date(2025, 4, 29), 1, date(2025, 5, 5)),
        (date(2025, 9, 2), 0, date(2025, 8, 29)),
    ],
    ids=str,
)
def test_steps_as_a_clerk_counts_them(begin: date, count: int, end: date) -> None:
    """Working days counted on a wall calendar by hand: over weekends, the national day, and a Saturday worked."""
    assert CALENDAR.step(begin, count) == end


@given(begin=days, count=st.integers(-60, 60).filter(bool))
def test_a_step_ends_on_a_working_day_that_far_away(begin: date, count: int) -> None:
    """The day reached is worked, lies on the right side, and is as many working days away as was asked."""
    end = CALENDAR.step(begin, count)

    assert CALENDAR.is_working(end)
    assert (end > begin) is (count > 0)
    if count > 0:
        assert CALENDAR.working_days_between(begin, end) == count
    else:
        assert CALENDAR.working_days_between(end - timedelta(days=1), begin - timedelta(days=1)) == -count


@given(begin=days.map(lambda day: CALENDAR.step(day, 0)), count=st.integers(0, 60))
def test_a_step_back_undoes_a_step_ahead(begin: date, count: int) -> None:
    """From a working day, so many days ahead and as many back lead to the same day."""
    assert CALENDAR.step(CALENDAR.step(begin, count), -count) == begin


@given(begin=days, later=st.integers(0, 30), count=st.integers(-30, 30))
def test_a_later_day_steps_to_no_earlier_one(begin: date, later: int, count: int) -> None:
    """Steps keep the order of the days they begin on."""
    assert CALENDAR.step(begin, count) <= CALENDAR.step(begin + timedelta(days=later), count)


@given(begin=days, count=st.integers(-30, 29))
def test_one_more_day_is_further(begin: date, count: int) -> None:
    """Steps from one day keep the order of their lengths; from a day off, 0 and -1 are the same day before it."""
    nearer, further = CALENDAR.step(begin, count), CALENDAR.step(begin, count + 1)

    assert nearer < further or (count == -1 and not CALENDAR.is_working(begin) and nearer == further)


@given(st.tuples(days, days, days).map(sorted))
def test_stretches_add_up(stretch: list[date]) -> None:
    """Working days from the first to the second day and on to the third are those from the first to the third."""
    first, second, third = stretch
    between = CALENDAR.working_days_between

    assert between(first, second) + between(second, third) == between(first, third)
    assert between(third, first) == 0


@given(own=own_days, begin=autumn, end=autumn)
def test_a_count_of_working_days_is_a_count_of_days(own: Mapping[date, bool], begin: date, end: date) -> None:
    """With any days of the office's own, the count is the number of working days one meets on the way."""
    calendar = WorkingCalendar(own=own)
    met = [begin + timedelta(days=n) for n in range(1, (end - begin).days + 1)]

    assert calendar.working_days_between(begin, end) == sum(calendar.is_working(day) for day in met)


@given(moments)
def test_the_next_working_moment_is_within_working_hours(moment: datetime) -> None:
    """It is never before the moment itself, always at work, and the moment itself where that is at work."""
    found = CALENDAR.next_working_moment(moment)

    assert found >= moment
    assert CALENDAR.works_at(found)
    assert CALENDAR.next_working_moment(found) == found
    assert (found == moment) is CALENDAR.works_at(moment)


@given(moments, st.timedeltas(timedelta(), timedelta(days=10)))
def test_a_later_moment_is_served_no_earlier(moment: datetime, later: timedelta) -> None:
    """What was written first may go first."""
    assert CALENDAR.next_working_moment(moment) <= CALENDAR.next_working_moment(moment + later)


@given(moments.filter(lambda moment: not CALENDAR.works_at(moment)), st.integers(0, 99))
def test_nothing_at_work_is_passed_over(moment: datetime, percent: int) -> None:
    """Between a moment outside working hours and the next working moment nobody is at work."""
    found = CALENDAR.next_working_moment(moment)

    assert found.astimezone(ZONE).time() in (WORK_BEGINS, LUNCH_ENDS)
    assert not CALENDAR.works_at(moment + (found - moment) * percent / 100)


@pytest.mark.parametrize(
    ("local", "follows"),
    [
        ("2025-09-12 07:29", "2025-09-12 07:30"),
        ("2025-09-12 07:30", "2025-09-12 07:30"),
        ("2025-09-12 11:29", "2025-09-12 11:29"),
        ("2025-09-12 11:30", "2025-09-12 13:30"),
        ("2025-09-12 13:29", "2025-09-12 13:30"),
        ("2025-09-13 12:00", "2025-09-15 07:30"),
        ("2025-09-12 16:59", "2025-09-12 16:59"),
        ("2025-09-12 17:00", "2025-09-15 07:30"),
        ("2025-09-13 09:00", "2025-09-15 07:30"),
        ("2025-09-15 00:00", "2025-09-15 07:30"),
        ("2025-08-29 20:00", "2025-09-03 07:30"),
        ("2025-04-26 06:00", "2025-04-26 07:30"),
    ],
)
def test_the_edges_of_working_hours(local: str, follows: str) -> None:
    """07:30 is at work, lunch and 17:00 are not; evenings, Saturdays and holidays wait for the next working morning."""
    moment, expected = (datetime.fromisoformat(one).replace(tzinfo=ZONE) for one in (local, follows))

    assert CALENDAR.next_working_moment(moment) == expected
    assert CALENDAR.next_working_moment(moment.astimezone(UTC)) == expected


def test_a_day_is_the_provinces_day() -> None:
    """A late evening in Greenwich is the next day in An Giang."""
    late = datetime(2025, 9, 19, 17, 0, tzinfo=UTC)

    assert CALENDAR.day_of(late) == date(2025, 9, 20)
    assert CALENDAR.day_of(late - timedelta(microseconds=1)) == date(2025, 9, 19)
    assert CALENDAR.at(date(2025, 9, 20), time(0)) == late
    assert WorkingCalendar(ZoneInfo("UTC")).day_of(late) == date(2025, 9, 19)


def test_work_ends_after_it_begins() -> None:
    """The hours are those of an office's day, so that both slots of a day lie in them."""
    assert time(7) <= WORK_BEGINS < LUNCH_BEGINS <= time(12) < LUNCH_ENDS <= time(13, 30) < WORK_ENDS <= time(18)
