"""The task model: what may follow what, what the standing steps add up to, and when a report is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tasks import (
    EXTENSIONS_ALLOWED,
    TAP_GRACE,
    Acceptance,
    Assignment,
    Cell,
    Due,
    State,
    Status,
    Step,
    StepKind,
    Task,
    cell,
    extension_refusal,
    fold,
    refusal,
    reported_late,
    settles_itself,
    urgency,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DUE = Due(date(2025, 9, 20))
FRIDAY = datetime(2025, 9, 12, 7, 30, tzinfo=ZONE)
SIGN = timedelta(microseconds=1)

kinds = st.sampled_from(StepKind)
moments = st.timedeltas(timedelta(), timedelta(days=44)).map(lambda passed: datetime(2025, 9, 1, tzinfo=UTC) + passed)
dues = st.none() | st.builds(
    Due, st.dates(date(2025, 9, 1), date(2025, 10, 15)), st.none() | st.times().map(lambda t: t.replace(tzinfo=None))
)
steps = st.builds(
    Step,
    kind=kinds,
    at=moments,
    seat_id=st.integers(1, 5),
    percent=st.none() | st.integers(0, 100),
    document=st.none() | st.sampled_from(["KH 45/KH-UBND", "QĐ 12/QĐ-UBND"]),
    note=st.none() | st.sampled_from(["chờ kinh phí", "sai mẫu"]),
    obstacle=st.none() | st.sampled_from(["funding", "staff"]),
    due=dues,
    follow_up=st.none() | st.dates(date(2025, 9, 1), date(2025, 10, 15)),
    has_evidence=st.booleans(),
    by_tap=st.booleans(),
)
histories = st.lists(steps, max_size=6)
states = st.builds(
    State,
    due=dues,
    status=st.sampled_from(Status),
    reported_at=st.none() | moments,
    accepted_at=st.none() | moments,
    reported_by_tap=st.booleans(),
)
few = settings(max_examples=40, deadline=None)


def step(kind: StepKind, at: datetime = FRIDAY, **more: object) -> Step:
    return Step(kind, at, seat_id=1, **more)  # type: ignore[arg-type]


def assignment(state: State, number: int = 1, code: str = "T02") -> Assignment:
    task = Task(number, code, 1, "Xây dựng kế hoạch", ("57-NQ/TW",), due=state.due)
    return Assignment(number, task, 1, "30712", "Xã Bình Hòa", state, FRIDAY)


# --- what the steps add up to


@pytest.mark.parametrize(
    ("said", "status", "percent"),
    [
        ([], Status.ASSIGNED, None),
        ([step(StepKind.NOT_STARTED)], Status.ASSIGNED, None),
        ([step(StepKind.PROGRESS, percent=60)], Status.IN_PROGRESS, 60),
        ([step(StepKind.PROGRESS, percent=60), step(StepKind.PROGRESS)], Status.IN_PROGRESS, 60),
        ([step(StepKind.PROGRESS, percent=60), step(StepKind.BLOCKED)], Status.BLOCKED, 60),
        ([step(StepKind.PROGRESS, percent=60), step(StepKind.NOT_STARTED)], Status.ASSIGNED, None),
        ([step(StepKind.PROGRESS, percent=60), step(StepKind.PROGRESS, percent=40)], Status.IN_PROGRESS, 40),
        ([step(StepKind.PROGRESS, percent=0)], Status.IN_PROGRESS, 0),
        ([step(StepKind.PROGRESS, percent=60), step(StepKind.DONE)], Status.REPORTED, None),
        ([step(StepKind.DONE), step(StepKind.ACCEPT)], Status.ACCEPTED, None),
        ([step(StepKind.DONE), step(StepKind.RETURN)], Status.IN_PROGRESS, None),
        ([step(StepKind.DONE), step(StepKind.ACCEPT), step(StepKind.REOPEN)], Status.IN_PROGRESS, None),
        ([step(StepKind.PROGRESS, percent=30), step(StepKind.RECALL)], Status.RECALLED, 30),
        ([step(StepKind.DONE), step(StepKind.PROGRESS, percent=90)], Status.IN_PROGRESS, 90),
        ([step(StepKind.BLOCKED), step(StepKind.EXTEND, due=Due(date(2025, 9, 30)))], Status.BLOCKED, None),
    ],
)
def test_a_unit_stands_where_its_last_word_put_it(said: list[Step], status: Status, percent: int | None) -> None:
    """What Lan and the office said, in order, gives one status and one percentage."""
    state = fold(said, DUE)

    assert (state.status, state.percent) == (status, percent)


def test_a_blocker_ends_with_the_next_report() -> None:
    """Its category and the day to ask again belong to the blocker alone."""
    stuck = step(StepKind.BLOCKED, note="chờ kinh phí", obstacle="funding", follow_up=date(2025, 9, 18))
    state = fold([stuck], DUE)
    assert (state.obstacle, state.follow_up, state.note) == ("funding", date(2025, 9, 18), "chờ kinh phí")

    freed = fold([stuck, step(StepKind.PROGRESS, percent=50)], DUE)
    assert (freed.obstacle, freed.follow_up, freed.note) == (None, None, None)


def test_documents_and_evidence_outlive_later_words() -> None:
    """Once a plan's number and a file were given, "60%" afterwards takes neither away; a newer number replaces it."""
    given_ = [step(StepKind.DONE, document="KH 45/KH-UBND", has_evidence=True), step(StepKind.PROGRESS, percent=60)]
    assert (fold(given_, DUE).document, fold(given_, DUE).has_evidence) == ("KH 45/KH-UBND", True)

    assert fold([*given_, step(StepKind.DONE, document="KH 46/KH-UBND")], DUE).document == "KH 46/KH-UBND"


@pytest.mark.parametrize("decision", [StepKind.RETURN, StepKind.REOPEN])
def test_what_goes_back_to_the_unit_counts_as_never_finished(decision: StepKind) -> None:
    """Neither the moment of the first report nor that of its acceptance makes a later one early."""
    told = [step(StepKind.DONE), step(StepKind.ACCEPT), step(decision, note="thiếu phụ lục")]
    state = fold(told, DUE)

    assert (state.reported_at, state.accepted_at, state.note) == (None, None, "thiếu phụ lục")
    assert state.last_report_at == FRIDAY


def test_a_decision_is_no_report() -> None:
    """A unit to which the office alone has spoken is still silent."""
    assert fold([step(StepKind.EXTEND, due=Due(date(2025, 9, 25)))], DUE).silent
    assert fold([step(StepKind.RECALL)], DUE).silent
    assert not fold([step(StepKind.NOT_STARTED)], DUE).silent


@few
@given(histories, st.data())
def test_what_was_taken_back_was_never_said(history: Sequence[Step], data: st.DataObject) -> None:
    """Recording a step and superseding it later gives the state of a history without it, whatever else was said."""
    wrong = data.draw(steps)
    place = data.draw(st.integers(0, len(history)))
    with_it = [*history[:place], replace(wrong, id=99), *history[place:]]

    assert fold([one for one in with_it if one.id != 99], DUE) == fold(history, DUE)


@few
@given(histories, histories)
def test_the_fold_goes_on_where_it_stopped(earlier: list[Step], later: list[Step]) -> None:
    """The last step alone decides the status: everything before it may be folded first."""
    state = fold([*earlier, *later], DUE)
    statuses = {
        StepKind.NOT_STARTED: Status.ASSIGNED,
        StepKind.PROGRESS: Status.IN_PROGRESS,
        StepKind.BLOCKED: Status.BLOCKED,
        StepKind.DONE: Status.REPORTED,
        StepKind.ACCEPT: Status.ACCEPTED,
        StepKind.RETURN: Status.IN_PROGRESS,
        StepKind.REOPEN: Status.IN_PROGRESS,
        StepKind.RECALL: Status.RECALLED,
    }
    moving = [one for one in [*earlier, *later] if one.kind is not StepKind.EXTEND]

    assert state.status is (statuses[moving[-1].kind] if moving else Status.ASSIGNED)
    assert state.extensions == sum(one.kind is StepKind.EXTEND for one in [*earlier, *later])


@few
@given(histories, dues)
def test_a_state_keeps_its_own_promises(history: list[Step], due: Due | None) -> None:
    """Blockers, moments and deadlines of a state always agree with its status."""
    state = fold(history, due)
    reports = [one for one in history if one.kind.is_report]
    extended = [one.due for one in history if one.kind is StepKind.EXTEND]

    assert state.silent == (not reports)
    assert state.last_report_at == (reports[-1].at if reports else None)
    assert state.due == (extended[-1] if extended else due)
    assert (state.status is Status.REPORTED) <= (state.reported_at is not None)
    assert (state.status is Status.ACCEPTED) <= (state.accepted_at is not None)
    assert (state.obstacle is not None and bool(reports)) <= (
        reports[-1:] != [] and reports[-1].kind is StepKind.BLOCKED
    )


@few
@given(st.lists(steps, max_size=9))
def test_by_the_rules_a_status_is_reached_only_on_its_way(tried: list[Step]) -> None:
    """Where every step that is refused is left out, nothing is accepted unreported, nothing closed reported."""
    history: list[Step] = []
    for one in tried:
        before = fold(history, DUE)
        if refusal(before, one.kind) is None:
            history.append(one)
            after = fold(history, DUE)
            if after.status is Status.ACCEPTED and one.kind is not StepKind.EXTEND:
                assert before.status is Status.REPORTED
            if one.kind.is_report:
                assert before.status.open
        else:
            assert fold(history, DUE) == before
    reached = fold(history, DUE)
    assert (reached.status is Status.ACCEPTED) <= any(one.kind is StepKind.DONE for one in history)


# --- what may follow what

ANY_REPORT = (StepKind.NOT_STARTED, StepKind.PROGRESS, StepKind.BLOCKED, StepKind.DONE)
ANY_OPEN = (Status.ASSIGNED, Status.IN_PROGRESS, Status.BLOCKED, Status.REPORTED)
NOT_YET = (Status.ASSIGNED, Status.IN_PROGRESS, Status.BLOCKED)
REFUSALS = {
    **{(status, kind): None for status in ANY_OPEN for kind in ANY_REPORT},
    **{(Status.ACCEPTED, kind): "already_accepted" for kind in ANY_REPORT},
    **{(Status.RECALLED, kind): "recalled" for kind in ANY_REPORT},
    **{(status, kind): "not_reported" for status in Status for kind in (StepKind.ACCEPT, StepKind.RETURN)},
    (Status.REPORTED, StepKind.ACCEPT): None,
    (Status.REPORTED, StepKind.RETURN): None,
    **{(status, kind): None for status in ANY_OPEN for kind in (StepKind.RECALL, StepKind.EXTEND)},
    **{
        (status, kind): "closed"
        for status in (Status.ACCEPTED, Status.RECALLED)
        for kind in (StepKind.RECALL, StepKind.EXTEND)
    },
    **{(status, StepKind.REOPEN): "still_open" for status in ANY_OPEN},
    (Status.ACCEPTED, StepKind.REOPEN): None,
    (Status.RECALLED, StepKind.REOPEN): None,
}


@pytest.mark.parametrize("kind", StepKind)
@pytest.mark.parametrize("status", Status)
def test_every_step_after_every_status_is_ruled(status: Status, kind: StepKind) -> None:
    """The whole table: what may be said when, and in which words it is refused."""
    assert refusal(State(DUE, status), kind) == REFUSALS[status, kind]


def test_open_and_chased_statuses() -> None:
    """What is reported stays on the list but is never chased; accepted and recalled are neither."""
    assert {status for status in Status if status.open} == set(ANY_OPEN)
    assert {status for status in Status if status.chased} == set(NOT_YET)


TODAY = date(2025, 9, 15)


@pytest.mark.parametrize(
    ("state", "asked", "why"),
    [
        (State(DUE), date(2025, 9, 25), None),
        (State(DUE), None, None),
        (State(DUE, Status.REPORTED), date(2025, 9, 25), None),
        (State(DUE, Status.ACCEPTED), date(2025, 9, 25), "closed"),
        (State(DUE, Status.RECALLED), date(2025, 9, 25), "closed"),
        (State(None), date(2025, 9, 25), "no_deadline"),
        (State(DUE, extensions=EXTENSIONS_ALLOWED), date(2025, 9, 25), "extended_before"),
        (State(DUE), date(2025, 9, 20), "not_later"),
        (State(DUE), date(2025, 9, 21), None),
        (State(Due(date(2025, 9, 10))), date(2025, 9, 14), "not_later"),
        (State(Due(date(2025, 9, 10))), date(2025, 9, 15), None),
    ],
)
def test_an_extension_that_can_not_be_asked_for(state: State, asked: date | None, why: str | None) -> None:
    """Closed, undated, extended before, or not later than what stands: Lan hears it at once, on 15/9."""
    assert extension_refusal(state, asked, TODAY) == why


@pytest.mark.parametrize(
    ("policy", "state", "settles"),
    [
        (Acceptance.OFFICE, State(DUE, Status.REPORTED, document="KH 45", has_evidence=True), False),
        (Acceptance.AUTO, State(DUE, Status.REPORTED), True),
        (Acceptance.AUTO, State(DUE, Status.IN_PROGRESS, percent=100), False),
        (Acceptance.EVIDENCE, State(DUE, Status.REPORTED), False),
        (Acceptance.EVIDENCE, State(DUE, Status.REPORTED, document="KH 45"), True),
        (Acceptance.EVIDENCE, State(DUE, Status.REPORTED, has_evidence=True), True),
        (Acceptance.EVIDENCE, State(DUE, Status.BLOCKED, has_evidence=True), False),
        (Acceptance.AUTO, State(DUE, Status.ACCEPTED), False),
    ],
)
def test_who_accepts_is_the_offices_policy(policy: Acceptance, state: State, settles: bool) -> None:
    """Only a finished report settles itself, and only where the policy says so."""
    assert settles_itself(policy, state) is settles


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
