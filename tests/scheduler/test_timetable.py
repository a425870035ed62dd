"""The timetable as pure dates: which reminder falls on which working day for which deadline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import MORNING, SECOND_CALL, WorkingCalendar
from bot.store.falling import Audience, Call, Since
from scheduler.policy import BrokenPolicy, Policies, Policy, dates_around, distance, policies_from
from scheduler.timetable import Milestone, Slot, calls, milestone

CALENDAR = WorkingCalendar()


def ladder(due: date, first: date, last: date, calendar: WorkingCalendar = CALENDAR) -> list[str]:
    """`15/9 due_soon -5`, … for every slot of these days."""
    found = []
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        for slot in (MORNING, SECOND_CALL):
            one = milestone(due, day, slot, calendar)
            if one:
                found.append(f"{day.day}/{day.month} {one.rule} {one.days}")
    return found


def test_a_saturday_deadline() -> None:
    """One day before and the day itself are one reminder, on the last working day."""
    assert ladder(date(2025, 9, 20), date(2025, 9, 8), date(2025, 10, 8)) == [
        "15/9 due_soon -5",
        "18/9 due_soon -2",
        "19/9 due_today 0",
        "19/9 second_call 0",
        "22/9 overdue 1",
        "24/9 overdue 3",
        "30/9 overdue 7",
        "7/10 overdue 12",
    ]


def test_a_thursday_deadline() -> None:
    """The 25th itself is a working day and has its own reminder beside the day before."""
    assert ladder(date(2025, 9, 25), date(2025, 9, 15), date(2025, 9, 27)) == [
        "18/9 due_soon -5",
        "23/9 due_soon -2",
        "24/9 due_soon -1",
        "25/9 due_today 0",
        "25/9 second_call 0",
        "26/9 overdue 1",
    ]


def test_a_deadline_inside_tet() -> None:
    """A deadline in the holidays of 2026 is reminded of before them, and chased only once offices are open again."""
    assert ladder(date(2026, 2, 18), date(2026, 2, 6), date(2026, 2, 26)) == [
        "9/2 due_soon -5",
        "12/2 due_soon -2",
        "13/2 due_today 0",
        "13/2 second_call 0",
        "23/2 overdue 1",
        "25/2 overdue 3",
    ]


def test_a_saturday_worked_instead_counts() -> None:
    """26/4/2025 was worked for 2/5: a deadline on 28/4 has its last reminder before it on that Saturday."""
    assert "26/4 due_soon -1" in ladder(date(2025, 4, 28), date(2025, 4, 21), date(2025, 4, 28))


def test_the_office_closing_for_a_storm_moves_the_reminders() -> None:
    """The office's own day off wins over the public calendar."""
    storm = WorkingCalendar(own={date(2025, 9, 19): False})

    assert ladder(date(2025, 9, 20), date(2025, 9, 17), date(2025, 9, 20), storm) == [
        "17/9 due_soon -2",
        "18/9 due_today 0",
        "18/9 second_call 0",
    ]


def test_nothing_is_said_on_a_day_off() -> None:
    """A whole year of days off brings no milestone for any deadline around them."""
    off = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [day for day in off if not CALENDAR.is_working(day)]
    said = [
        milestone(day + timedelta(days=shift), day, slot, CALENDAR)
        for day in off
        for shift in range(-10, 10)
        for slot in (MORNING, SECOND_CALL)
    ]

    assert len(off) > 100
    assert set(said) == {None}


def test_the_policy_is_data() -> None:
    """A province may call earlier, chase at its own pace, and leave out the second call."""
    policy = policies_from({"policy": {"before": [10, 3], "overdue": [2], "every": 2, "second_call": False}}).standard
    due = date(2025, 9, 25)

    def on(day: date, slot: object = MORNING) -> Milestone | None:
        return milestone(due, day, MORNING if slot is MORNING else SECOND_CALL, CALENDAR, policy)

    assert on(date(2025, 9, 11)) == Milestone("due_soon", -10)
    assert on(date(2025, 9, 18)) is None
    assert on(due, SECOND_CALL) is None
    assert on(date(2025, 9, 26)) is None
    assert on(date(2025, 9, 29)) == Milestone("overdue", 2)
    assert on(date(2025, 10, 1)) == Milestone("overdue", 4)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"befor": [5]}, "'befor' is none of before, chair_from, every"),
        ({"before": 5}, "before can't be 5"),
        ({"before": [0]}, r"before can't be \[0\]"),
        ({"overdue": [True]}, r"overdue can't be \[True\]"),
        ({"every": 0}, "every can't be 0"),
        ({"second_call": "no"}, "second_call can't be 'no'"),
        ({"tasks": {"T02": {"every": -1}}}, "every can't be -1"),
        (["before"], r"\['before'\] is not a table"),
        ({"tasks": ["T02"]}, "tasks"),
        ({"tasks": {"T02": 5}}, "T02"),
    ],
)
def test_a_broken_policy_is_named(said: object, named: str) -> None:
    """What can't be followed is refused in words before it is kept."""
    with pytest.raises(BrokenPolicy, match=named):
        policies_from({"policy": said})


@given(
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    own=st.dictionaries(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=40),
)
@settings(max_examples=40, deadline=None)
def test_the_window_of_dates_agrees_with_each_date_alone(day: date, own: dict[date, bool]) -> None:
    """Counting outward from a day finds the same distances as asking the calendar date by date."""
    calendar = WorkingCalendar(own=own)
    day = calendar.step(day, 0)
    window = dict(dates_around(day, calendar, 5))

    assert all(window[on] == distance(on, day, calendar) for on in list(window)[:120])
    assert max(window) >= calendar.step(day, 5)


def falling(found: tuple[Call, ...]) -> list[tuple[date, str, int]]:
    """(deadline, rule, milestone) of what the units' contacts hear about deadlines."""
    mine = [call for call in found if (call.since, call.to) == (Since.DUE, Audience.UNIT)]
    return [(one.on, call.rule, one.milestone) for call in mine for one in call.falling]


def test_missed_slots_leave_the_latest_milestone_of_each_deadline() -> None:
    """After an outage from Wednesday to Friday a deadline has one reminder, its newest; none is said twice."""
    days = [date(2025, 9, 24), date(2025, 9, 25), date(2025, 9, 26)]
    slots = [Slot(day, hour) for day in days for hour in (MORNING, SECOND_CALL)]

    planned = calls(slots, CALENDAR, Policies())
    found = falling(tuple(call for call in planned if not call.only_asked))
    by_date = {on: (rule, days) for on, rule, days in found}

    assert by_date[date(2025, 9, 25)] == ("overdue", 1)
    assert by_date[date(2025, 9, 26)] == ("second_call", 0)
    assert by_date[date(2025, 9, 29)] == ("due_soon", -1)
    assert by_date[date(2025, 10, 1)] == ("due_soon", -5)
    assert len(found) == len(by_date)
    # The second call rests while an extension is undecided: then the morning's word is the newest.
    asked = falling(tuple(call for call in planned if call.only_asked))
    assert asked == [(date(2025, 9, day), "due_today", 0) for day in (26, 27, 28)]


def test_a_task_with_a_policy_of_its_own_leaves_the_others_alone() -> None:
    """The task's code is asked for in its own calls and left out of the province's."""
    policies = Policies(Policy(), {"T02": Policy(before=(3,))})

    found = calls([Slot(date(2025, 9, 22), MORNING)], CALENDAR, policies)
    soon = {(call.tasks, call.other_tasks): call.falling[0].on for call in found if call.rule == "due_soon"}

    assert soon == {(("T02",), True): date(2025, 9, 23), (("T02",), False): date(2025, 9, 25)}
