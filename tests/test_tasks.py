"""The task model: what may follow what, what the standing steps add up to, and when a report is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tasks import (
    EXTENSIONS_ALLOWED,
    Acceptance,
    Due,
    State,
    Status,
    Step,
    StepKind,
    extension_refusal,
    fold,
    refusal,
    settles_itself,
)
from tests.any_steps import (
    DUE,
    FRIDAY,
    dues,
    few,
    histories,
    step,
    steps,
)

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


@pytest.mark.parametrize("decision", [StepKind.ACCEPT, StepKind.RETURN])
def test_a_decision_ends_the_blocker_it_was_taken_on(decision: StepKind) -> None:
    """The office decides while Lan is stuck: nobody asks her again on the blocker's day, no list shows her stuck."""
    stuck = step(StepKind.BLOCKED, note="chờ kinh phí", obstacle="funding", follow_up=date(2025, 9, 18))
    state = fold([stuck, step(decision)], DUE)

    assert (state.obstacle, state.follow_up, state.note) == (None, None, None)


def test_a_decision_is_no_report() -> None:
    """A unit to which the office alone has spoken is still silent."""
    assert fold([step(StepKind.EXTEND, due=Due(date(2025, 9, 25)))], DUE).silent
    assert fold([step(StepKind.RECALL)], DUE).silent
    assert fold([step(StepKind.RETURN)], DUE).silent
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
    """Where every step that is refused is left out, nothing closed is reported or decided on but to open it again."""
    history: list[Step] = []
    for one in tried:
        before = fold(history, DUE)
        if refusal(before, one.kind) is None:
            history.append(one)
            after = fold(history, DUE)
            assert before.status.open or (one.kind is StepKind.REOPEN and after.status.open)
        else:
            assert fold(history, DUE) == before


# --- what may follow what

ANY_REPORT = (StepKind.NOT_STARTED, StepKind.PROGRESS, StepKind.BLOCKED, StepKind.DONE)
ANY_OPEN = (Status.ASSIGNED, Status.IN_PROGRESS, Status.BLOCKED, Status.REPORTED)
ON_WHAT_IS_OPEN = (StepKind.ACCEPT, StepKind.RETURN, StepKind.RECALL, StepKind.EXTEND)
NOT_YET = (Status.ASSIGNED, Status.IN_PROGRESS, Status.BLOCKED)
REFUSALS = {
    **{(status, kind): None for status in ANY_OPEN for kind in ANY_REPORT},
    **{(Status.ACCEPTED, kind): "already_accepted" for kind in ANY_REPORT},
    **{(Status.RECALLED, kind): "recalled" for kind in ANY_REPORT},
    **{(status, kind): None for status in ANY_OPEN for kind in ON_WHAT_IS_OPEN},
    **{(status, kind): "closed" for status in (Status.ACCEPTED, Status.RECALLED) for kind in ON_WHAT_IS_OPEN},
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
