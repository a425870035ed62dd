"""When a report is late, which cell an assignment counts in, and the order of a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tasks import (
    TAP_GRACE,
    Cell,
    Due,
    State,
    Status,
    StepKind,
    Task,
    cell,
    fold,
    reported_late,
    urgency,
)
from tests.any_steps import (
    DUE,
    FRIDAY,
    SIGN,
    ZONE,
    assignment,
    few,
    moments,
    states,
    step,
)

# --- in time or late


@pytest.mark.parametrize(
    ("due", "moment", "late"),
    [
        (DUE, datetime(2025, 9, 20, 23, 59, 59, 999999, ZONE), False),
        (DUE, datetime(2025, 9, 21, tzinfo=ZONE), True),
        (DUE, datetime(2025, 9, 20, 16, 59, 59, 999999, UTC), False),
        (DUE, datetime(2025, 9, 20, 17, tzinfo=UTC), True),
        (Due(date(2025, 9, 20), time(17)), datetime(2025, 9, 20, 16, 59, 59, 999999, ZONE), False),
        (Due(date(2025, 9, 20), time(17)), datetime(2025, 9, 20, 17, tzinfo=ZONE), True),
        (Due(date(2025, 12, 31)), datetime(2025, 12, 31, 23, 59, 59, 999999, ZONE), False),
        (Due(date(2025, 12, 31)), datetime(2026, 1, 1, tzinfo=ZONE), True),
        (Due(date(2028, 2, 29)), datetime(2028, 2, 29, 23, 59, tzinfo=ZONE), False),
        (Due(date(2028, 2, 29)), datetime(2028, 3, 1, tzinfo=ZONE), True),
    ],
)
def test_the_exact_moment_that_is_late(due: Due, moment: datetime, late: bool) -> None:
    """The due day counts to its last microsecond in An Giang, an hour due to the one before it, in any zone's clock."""
    state = fold([step(StepKind.DONE, moment)], due)

    assert reported_late(state, ZONE) is late
    assert cell(state, moment, ZONE) is (Cell.REPORTED_LATE if late else Cell.REPORTED_IN_TIME)
    accepted = fold([step(StepKind.DONE, moment), step(StepKind.ACCEPT, moment + timedelta(days=9))], due)
    assert cell(accepted, moment, ZONE) is (Cell.ACCEPTED_LATE if late else Cell.ACCEPTED_IN_TIME)


@pytest.mark.parametrize(
    ("after", "by_tap", "late"),
    [
        (-SIGN, False, False),
        (timedelta(), False, True),
        (timedelta(), True, False),
        (timedelta(seconds=149), True, False),
        (timedelta(seconds=150), True, False),
        (timedelta(seconds=150) + SIGN, True, True),
        (timedelta(seconds=150), False, True),
    ],
)
def test_a_tap_has_its_grace(after: timedelta, by_tap: bool, late: bool) -> None:
    """A button has no platform time: up to 150 s after the due it is in time; typed words are not."""
    moment = DUE.ends(ZONE) + after

    assert timedelta(seconds=150) == TAP_GRACE
    assert reported_late(fold([step(StepKind.DONE, moment, by_tap=by_tap)], DUE), ZONE) is late


def test_the_last_finished_report_is_judged() -> None:
    """Done in time, returned, done again late: late. A second "xong" after the first moves the moment, too."""
    early, past = FRIDAY, datetime(2025, 9, 22, 8, tzinfo=ZONE)
    again = [step(StepKind.DONE, early), step(StepKind.RETURN, early), step(StepKind.DONE, past)]

    assert reported_late(fold(again, DUE), ZONE)
    assert not reported_late(fold(again[:1], DUE), ZONE)


@pytest.mark.parametrize("before", [[], [StepKind.PROGRESS], [StepKind.BLOCKED], [StepKind.DONE, StepKind.RETURN]])
@pytest.mark.parametrize(("hours", "where"), [(-1, Cell.ACCEPTED_IN_TIME), (0, Cell.ACCEPTED_LATE)])
def test_what_was_never_reported_is_judged_by_its_acceptance(before: list[StepKind], hours: int, where: Cell) -> None:
    """The office ends what Lan had not reported as done: no tap's grace, no earlier word makes it in time."""
    moment = DUE.ends(ZONE) + timedelta(hours=hours)
    told = [step(kind, FRIDAY, by_tap=kind is StepKind.DONE) for kind in before]
    state = fold([*told, step(StepKind.ACCEPT, moment)], DUE)

    assert cell(state, moment, ZONE) is where


@few
@given(moments, moments)
def test_a_granted_extension_holds_whenever_it_was_granted(reported: datetime, granted: datetime) -> None:
    """What was reported before the new deadline is in time, even where the office decided days later."""
    longer = Due(date(2025, 9, 25))
    told = sorted([step(StepKind.DONE, reported), step(StepKind.EXTEND, granted, due=longer)], key=lambda one: one.at)

    assert reported_late(fold(told, DUE), ZONE) == (reported >= longer.ends(ZONE))


@few
@given(states, moments)
def test_every_assignment_stands_in_exactly_one_cell(state: State, now: datetime) -> None:
    """The cell agrees with status and deadline, and there is one for each."""
    found = cell(state, now, ZONE)
    stage = {Status.ACCEPTED: "accepted", Status.REPORTED: "reported", Status.RECALLED: "recalled"}
    assert found.value.startswith(stage.get(state.status, "open"))
    assert found.value.endswith("no_due") == (state.due is None and state.status is not Status.RECALLED)
    assert (found is Cell.OPEN_OVERDUE) == (
        state.status.chased and state.due is not None and now >= state.due.ends(ZONE)
    )


@few
@given(st.lists(states, max_size=12), moments)
def test_the_cells_add_up(all_of_them: list[State], now: datetime) -> None:
    """The nine cells and the recalled ones together are everything, at any moment."""
    counted = Counter(cell(state, now, ZONE) for state in all_of_them)

    assert sum(counted.values()) == len(all_of_them)
    assert counted[Cell.RECALLED] == sum(state.status is Status.RECALLED for state in all_of_them)
    assert sum(n for name, n in counted.items() if name.startswith("accepted")) == sum(
        state.status is Status.ACCEPTED for state in all_of_them
    )


@few
@given(states, moments, moments)
def test_what_is_finished_does_not_get_late_by_waiting(state: State, one: datetime, other: datetime) -> None:
    """Only what is open changes its cell as time goes by, and then only from in time to overdue."""
    earlier, later = sorted([one, other])
    before, after = cell(state, earlier, ZONE), cell(state, later, ZONE)

    assert before is after or (before, after) == (Cell.OPEN_IN_TIME, Cell.OPEN_OVERDUE)


def test_a_late_decision_makes_nobody_late() -> None:
    """Accepted without any report (a paper came): judged by the decision, for there is nothing else."""
    accepted = State(DUE, Status.ACCEPTED, accepted_at=datetime(2025, 9, 19, tzinfo=ZONE))
    assert cell(accepted, FRIDAY, ZONE) is Cell.ACCEPTED_IN_TIME

    past = replace(accepted, accepted_at=datetime(2025, 9, 22, tzinfo=ZONE))
    assert cell(past, FRIDAY, ZONE) is Cell.ACCEPTED_LATE
    reported = replace(past, reported_at=datetime(2025, 9, 19, tzinfo=ZONE))
    assert cell(reported, FRIDAY, ZONE) is Cell.ACCEPTED_IN_TIME


# --- the order of a list


def test_a_units_list_is_in_the_order_of_urgency() -> None:
    """Nearest deadline first, then by code; undated after dated; what waits for the office last of all."""
    far, near = Due(date(2025, 9, 25)), Due(date(2025, 9, 18))
    listed = [
        assignment(State(near, Status.REPORTED), 1, "T01"),
        assignment(State(None), 2, "T02"),
        assignment(State(far), 3, "T03"),
        assignment(State(near, Status.BLOCKED), 5, "T05"),
        assignment(State(near), 4, "T04"),
        assignment(State(None, Status.REPORTED), 6, "T06"),
    ]

    assert [one.task.code for one in sorted(listed, key=urgency)] == ["T04", "T05", "T03", "T02", "T01", "T06"]


def test_a_task_prints_the_resolutions_it_serves() -> None:
    """All of them in a row for the reader of replies, or nothing."""
    assert Task(1, "T02", 1, "Kế hoạch", ("57-NQ/TW", "68-NQ/TW")).resolution == "57-NQ/TW, 68-NQ/TW"
    assert Task(1, "T02", 1, "Kế hoạch", ()).resolution is None


def test_the_deadline_in_force_is_the_states() -> None:
    """After an extension an assignment's due is the new one; the task keeps what was written."""
    state = fold([step(StepKind.EXTEND, due=Due(date(2025, 9, 30)))], DUE)
    one = replace(assignment(State(DUE)), state=state)

    assert (one.due, one.task.due) == (Due(date(2025, 9, 30)), DUE)
