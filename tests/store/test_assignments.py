"""Assignments in the book: what is recorded is folded, counted, kept in order, and survives many hands at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.conversation import RequestKind, Verdict
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.tables import journal, step
from bot.tasks import Due, Status, Step, StepKind, fold
from tests.opened_store import give_task
from tests.store.opening import NOW, join

DUE = Due(date(2025, 9, 20))
MINUTE = timedelta(minutes=1)


def done(at: object = NOW, **more: object) -> Step:
    return Step(StepKind.DONE, at, seat_id=None, **more)  # type: ignore[arg-type]


def progress(percent: int, at: object = NOW, **more: object) -> Step:
    return Step(StepKind.PROGRESS, at, seat_id=None, percent=percent, **more)  # type: ignore[arg-type]


def given(store: Store, **how: object) -> int:
    return store.write_now(lambda book: give_task(book, **{"due": DUE, **how}))  # type: ignore[arg-type]


def test_sixty_four_replies_at_once(store: Store) -> None:
    """All of them stand in the history, and the outcome is that of some order: that of their platform times."""
    one = given(store)
    told = [progress(number, NOW + number * MINUTE) for number in range(64)]
    with ThreadPoolExecutor(16) as many:
        list(many.map(lambda said: store.write_now(lambda book: book.assignments.record(one, said, NOW)), told))

    kept = store.read_now(lambda book: book.assignments.steps(one))
    assert [said.percent for said in kept] == list(range(64))
    stands = store.read_now(lambda book: book.assignments.get(one))
    assert stands is not None
    assert stands.state == fold(kept, DUE)
    with store.engine.connect() as connection:
        numbers = connection.execute(select(journal.c.number).order_by(journal.c.number)).scalars().all()
    assert numbers == list(range(1, 65))
    assert store.read_now(lambda book: book.journal.broken()) == []


def test_a_late_delivery_stands_at_its_own_time(store: Store) -> None:
    """What Lan sent at 8:00 and reached us after her word of 9:00 does not overrule it."""
    one = given(store)
    store.write_now(lambda book: book.assignments.record(one, done(NOW + 60 * MINUTE), NOW + 61 * MINUTE))
    change = store.write_now(lambda book: book.assignments.record(one, progress(50), NOW + 62 * MINUTE))

    assert change.after.status is Status.REPORTED
    assert change.after == change.before or change.after.percent is None


def test_taking_back_is_as_if_never_said(store: Store) -> None:
    """The state before comes back whole; a second taking back does nothing and says so."""
    one = given(store)
    store.write_now(lambda book: book.assignments.record(one, progress(60), NOW))
    before = store.read_now(lambda book: book.assignments.get(one))
    change = store.write_now(lambda book: book.assignments.record(one, done(NOW + MINUTE, document="KH 45"), NOW))
    wrong = store.read_now(lambda book: book.assignments.steps(one))[-1]
    undone = store.write_now(lambda book: book.assignments.take_back(wrong.id, "undo", None, NOW))
    again = store.write_now(lambda book: book.assignments.take_back(wrong.id, "undo", None, NOW))

    assert change.after.status is Status.REPORTED
    assert undone is not None
    assert (undone.after, again) == (before.state if before else None, None)
    with store.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(step)).scalar() == 2


def test_a_new_deadline_is_a_new_version(store: Store) -> None:
    """Granted and taken back again: each time reminders of the old deadline no longer belong to it."""
    one = given(store)
    later = Step(StepKind.EXTEND, NOW, None, due=Due(date(2025, 9, 30)))
    store.write_now(lambda book: book.assignments.record(one, later, NOW))
    extended = store.read_now(lambda book: book.assignments.get(one))
    kept = store.read_now(lambda book: book.assignments.steps(one))[0]
    store.write_now(lambda book: book.assignments.take_back(kept.id, "undo", None, NOW))
    back = store.read_now(lambda book: book.assignments.get(one))

    assert extended is not None
    assert back is not None
    assert (extended.due, extended.due_version) == (Due(date(2025, 9, 30)), 2)
    assert (back.due, back.due_version) == (DUE, 3)


def test_every_status_is_found_where_it_is_asked_for(store: Store) -> None:
    """The open list holds everything but what is accepted or recalled."""
    for number, kind in enumerate(StepKind):
        one = given(store, code=f"T{number:02}")
        before = {StepKind.ACCEPT: ["done"], StepKind.RETURN: ["done"], StepKind.REOPEN: ["done", "accept"]}
        for each in [*map(StepKind, before.get(kind, [])), kind]:
            said = Step(each, NOW, None, due=Due(date(2025, 9, 30)) if each is StepKind.EXTEND else None)
            store.write_now(lambda book, one=one, said=said: book.assignments.record(one, said, NOW))  # type: ignore[misc]

    def ask(book: Book) -> tuple[list[str], list[str], int]:
        here = book.people.unit("30712")
        assert here is not None
        listed = [one.task.code for one in book.assignments.open_of([here.id])]
        accepted = [one.task.code for one in book.assignments.in_status(Status.ACCEPTED, Status.RECALLED)]
        return listed, accepted, len(book.assignments.all())

    listed, closed, total = store.read_now(ask)
    assert sorted(listed + closed) == [f"T{number:02}" for number in range(len(StepKind))]
    assert (len(closed), total) == (2, len(StepKind))


def test_one_unit_has_a_task_once(store: Store) -> None:
    """The same unit twice in a list is refused with everything that came with it."""
    with pytest.raises(IntegrityError):
        given(store, units=("30712", "30712"))
    assert store.read_now(lambda book: book.assignments.task_codes()) == frozenset()


def test_a_code_is_taken_once_a_province(store: Store) -> None:
    """A second task of the same code is refused."""
    given(store)
    with pytest.raises(IntegrityError):
        given(store)
    assert store.read_now(lambda book: len(book.assignments.all())) == 1


def test_a_draft_is_nobodys(store: Store) -> None:
    """It is listed for the office, and no unit has it."""

    def keep(book: Book) -> None:
        notice = book.assignments.keep_directive(None, "Kết luận", date(2025, 9, 11), ())
        book.assignments.keep_task(NewTask(notice, "T14", "Đối ngoại", (), (), draft=True), NOW)

    store.write_now(keep)
    assert [one.code for one in store.read_now(lambda book: book.assignments.drafts())] == ["T14"]
    assert store.read_now(lambda book: book.assignments.all()) == ()


def test_many_come_in_the_order_they_were_named(store: Store) -> None:
    """Unknown ids are passed over; a number shown to people keeps its place."""
    first, second = given(store, code="T01"), given(store, code="T02")

    found = store.read_now(lambda book: book.assignments.many([second, 999_999, first]))
    assert [one.id for one in found] == [second, first]
    assert store.read_now(lambda book: book.assignments.get(999_999)) is None


def test_a_step_on_nothing_is_an_error(store: Store) -> None:
    """Nothing is written where there is no such assignment."""
    with pytest.raises(LookupError, match="no assignment"):
        store.write_now(lambda book: book.assignments.record(999_999, done(), NOW))


def test_another_province_sees_nothing(store: Store) -> None:
    """The same ids asked from another province's book find nothing and change nothing."""
    one = given(store)
    other = Store(store.url, province_id=store.province_id + 1, threads=1)
    try:
        assert other.read_now(lambda book: book.assignments.get(one)) is None
        assert other.read_now(lambda book: book.assignments.all()) == ()
        with pytest.raises(LookupError):
            other.write_now(lambda book: book.assignments.record(one, done(), NOW))
    finally:
        other.close()


def test_received_is_noted_once(store: Store) -> None:
    """The first "đã nhận" keeps its moment; it is no report."""
    one = given(store)
    for minutes in (1, 9):
        later = NOW + minutes * MINUTE
        store.write_now(lambda book, later=later: book.assignments.note_received([one], later))  # type: ignore[misc]
    found = store.read_now(lambda book: book.assignments.get(one))

    assert found is not None
    assert (found.received_at, found.state.silent, found.state.status) == (NOW + MINUTE, True, Status.ASSIGNED)


def test_an_extension_that_waits_is_seen(store: Store) -> None:
    """While the office has not decided, the assignment says that more time is asked for."""
    lan, one = join(store, "Lan", "telegram:1:11"), given(store)
    raised = store.write_now(
        lambda book: book.talks.raise_request(1, RequestKind.EXTENSION, lan, NOW, assignment_id=one)
    )
    asked = store.read_now(lambda book: book.assignments.get(one))
    store.write_now(lambda book: book.talks.settle_request(raised, Verdict.REFUSED, None, None, NOW))
    settled = store.read_now(lambda book: book.assignments.get(one))

    assert asked is not None
    assert settled is not None
    assert (asked.extension_asked, settled.extension_asked) == (True, False)


@pytest.mark.parametrize("percent", [-1, 101])
def test_the_database_itself_keeps_percentages_in_range(store: Store, percent: int) -> None:
    """Whatever got past the reader, 101 % is not kept, and the assignment stays as it was."""
    one = given(store)
    with pytest.raises(IntegrityError):
        store.write_now(lambda book: book.assignments.record(one, progress(percent), NOW))
    found = store.read_now(lambda book: book.assignments.get(one))

    assert found is not None
    assert (found.state.percent, found.state.silent) == (None, True)


def test_what_is_read_is_what_was_recorded(store: Store) -> None:
    """A step comes back with every part of it."""
    one = given(store)
    whole = Step(
        kind=StepKind.BLOCKED,
        at=NOW,
        seat_id=None,
        percent=30,
        document="KH 45/KH-UBND",
        note="chờ Sở Tài chính 🙏",
        obstacle="funding",
        follow_up=date(2025, 9, 18),
        has_evidence=True,
        by_tap=True,
        for_unit=True,
    )
    store.write_now(lambda book: book.assignments.record(one, whole, NOW))
    (kept,) = store.read_now(lambda book: book.assignments.steps(one))

    assert replace(kept, id=0) == whole
