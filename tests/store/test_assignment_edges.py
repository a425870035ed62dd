"""Assignments where it hurts: two clerks, two provinces, files that come and go, the hour that ends a day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import keep_units
from bot.store.part import Overtaken
from bot.store.tables import assignment, province
from bot.tasks import Due, Status, Step, StepKind
from tests.opened_store import give_task
from tests.store.opening import LAN, NOW, Row, join
from tests.store.provinces import in_can_tho

MINUTE = timedelta(minutes=1)


def record(store: Store, one: int, *kinds: StepKind) -> None:
    for kind in kinds:
        step = Step(kind, NOW, None)
        store.write_now(lambda book, step=step: book.assignments.record(one, step, NOW))  # type: ignore[misc]


def kinds(store: Store, one: int) -> list[StepKind]:
    return [step.kind for step in store.read_now(lambda book: book.assignments.steps(one))]


@pytest.mark.parametrize(
    ("before", "decision"),
    [
        ([], StepKind.REOPEN),
        ([StepKind.DONE, StepKind.ACCEPT], StepKind.ACCEPT),
        ([StepKind.DONE, StepKind.ACCEPT], StepKind.RECALL),
        ([StepKind.RECALL], StepKind.RECALL),
        ([StepKind.RECALL], StepKind.ACCEPT),
    ],
)
def test_a_decision_that_came_too_late_leaves_nothing(store: Store, before: list[StepKind], decision: StepKind) -> None:
    """The other clerk was quicker: the second is told so, and neither history nor journal has an entry of it."""
    one = store.write_now(give_task)
    record(store, one, *before)
    with pytest.raises(Overtaken):
        record(store, one, decision)

    assert kinds(store, one) == before
    assert store.read_now(lambda book: book.journal.broken()) == []


def test_many_clerks_accept_one_report_once(store: Store) -> None:
    """Eight press at once: one acceptance stands, seven hear that it has been decided."""
    one = store.write_now(give_task)
    record(store, one, StepKind.DONE)

    def accept(_: int) -> bool:
        try:
            record(store, one, StepKind.ACCEPT)
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(8) as clerks:
        assert sum(clerks.map(accept, range(8))) == 1
    assert kinds(store, one) == [StepKind.DONE, StepKind.ACCEPT]


def test_a_step_is_taken_back_once(store: Store) -> None:
    """Lan's tap and her typed word arrive together: one takes the report back, the other finds it gone."""
    one = store.write_now(give_task)
    record(store, one, StepKind.PROGRESS, StepKind.DONE)
    wrong = store.read_now(lambda book: book.assignments.steps(one))[-1]

    def undo(_: int) -> bool:
        gone = store.write_now(lambda book: book.assignments.take_back(wrong.id, "undo", None, NOW))
        return gone is not None

    with ThreadPoolExecutor(4) as words:
        assert sum(words.map(undo, range(4))) == 1
    assert kinds(store, one) == [StepKind.PROGRESS]
    assert store.read_now(lambda book: book.journal.broken()) == []


@pytest.mark.parametrize(
    ("zone", "at", "ends"),
    [
        ("Asia/Ho_Chi_Minh", None, datetime(2025, 9, 20, 17, tzinfo=UTC)),
        ("Asia/Ho_Chi_Minh", time(7), datetime(2025, 9, 20, 0, tzinfo=UTC)),
        ("America/New_York", None, datetime(2025, 9, 21, 4, tzinfo=UTC)),
    ],
)
def test_a_deadline_ends_in_the_provinces_zone(store: Store, zone: str, at: time | None, ends: datetime) -> None:
    """20/9 ends at midnight there, or at its hour; kept so when it is given, and again when it is moved to."""
    with store.engine.begin() as connection:
        connection.execute(province.update().values(zone=zone))
    first = store.write_now(lambda book: give_task(book, "T01", due=Due(date(2025, 9, 20), at)))
    moved = store.write_now(lambda book: give_task(book, "T02", due=Due(date(2025, 9, 1))))
    step = Step(StepKind.EXTEND, NOW, None, due=Due(date(2025, 9, 20), at))
    store.write_now(lambda book: book.assignments.record(moved, step, NOW))
    with store.engine.connect() as connection:
        kept = list(connection.execute(select(assignment.c.due_at).order_by(assignment.c.id)).scalars())

    assert first < moved
    assert kept == [ends, ends]


def test_a_file_taken_back_with_its_words_waits_again(store: Store) -> None:
    """The report goes, its picture waits for a task; what another message brought stays with the assignment."""
    lan = join(store, "Lan", str(LAN))
    one = store.write_now(give_task)

    def send(book: Book) -> tuple[int, int]:
        ids = []
        for name in ("a", "b"):
            said = book.talks.keep_said(lan, "telegram", name, f"1 xong {name}", NOW)
            file_id, _ = book.inbox.keep_file(name.encode(), "image/jpeg")
            book.inbox.attach([book.inbox.keep_evidence(lan, file_id, f"{name}.jpg", None, said, NOW)], one)
            book.assignments.record(one, Step(StepKind.DONE, NOW, None, said_id=said), NOW)
            book.assignments.weigh_evidence(one)
            ids.append(book.assignments.steps(one)[-1].id)
        return ids[0], ids[1]

    def stands(book: Book) -> tuple[bool, list[str]]:
        found = book.assignments.get(one)
        assert found is not None
        return found.state.has_evidence, [file.name for file in book.inbox.unplaced(lan)]

    first, second = store.write_now(send)
    store.write_now(lambda book: book.assignments.take_back(first, "undo", None, NOW))
    assert store.read_now(stands) == (True, ["a.jpg"])
    change = store.write_now(lambda book: book.assignments.take_back(second, "undo", None, NOW))
    assert store.read_now(stands) == (False, ["a.jpg", "b.jpg"])
    assert change is not None
    assert not change.after.has_evidence


def test_one_list_of_many_units_keeps_the_offices_order(store: Store) -> None:
    """By task code, then by the unit's place in the office's list, not by when it was given or reported."""
    store.write_now(lambda book: keep_units(book, [Row("10001", "An Biên")]))
    store.write_now(lambda book: give_task(book, "T02", ("10001", "VPUBND", "30712")))
    store.write_now(lambda book: give_task(book, "T01", ("30760",)))
    ids = [unit.id for unit in store.read_now(lambda book: book.people.units())]
    listed = store.read_now(lambda book: book.assignments.open_of(reversed(ids)))

    assert [(one.task.code, one.unit_name) for one in listed] == [
        ("T01", "Mỹ Hòa Hưng"),
        ("T02", "Bình Hòa"),
        ("T02", "Văn phòng UBND tỉnh"),
        ("T02", "An Biên"),
    ]
    assert store.read_now(lambda book: book.assignments.open_of([])) == ()


def test_another_province_changes_nothing_of_ours(store: Store) -> None:
    """Reading, receiving, taking back and weighing by our ids do nothing from Cần Thơ's book."""
    one = store.write_now(give_task)
    record(store, one, StepKind.PROGRESS)
    (step,) = store.read_now(lambda book: book.assignments.steps(one))
    unit_ids = [unit.id for unit in store.read_now(lambda book: book.people.units())]
    before = store.read_now(lambda book: book.assignments.get(one))
    with in_can_tho(store):
        assert store.read_now(lambda book: book.assignments.steps(one)) == ()
        assert store.read_now(lambda book: book.assignments.open_of(unit_ids)) == ()
        assert store.read_now(lambda book: book.assignments.of_units(unit_ids)) == ()
        assert store.read_now(lambda book: book.assignments.of_steps([step.id])) == frozenset()
        assert store.write_now(lambda book: book.assignments.take_back(step.id, "undo", None, NOW)) is None
        store.write_now(lambda book: book.assignments.note_received([one], NOW))
        store.write_now(lambda book: book.assignments.weigh_evidence(one))
        mine = store.write_now(give_task)
        assert [found.id for found in store.read_now(lambda book: book.assignments.of_task("T02"))] == [mine]

    assert store.read_now(lambda book: book.assignments.get(one)) == before
    assert kinds(store, one) == [StepKind.PROGRESS]


def test_chains_and_anchors_are_a_provinces_own(store: Store) -> None:
    """A chain broken in Cần Thơ is not An Giang's alarm, and each anchors its own heads at its own hour."""
    one = store.write_now(give_task)
    record(store, one, StepKind.PROGRESS)
    with in_can_tho(store):
        theirs = store.write_now(give_task)
        record(store, theirs, StepKind.PROGRESS)
        with store.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE journal SET at = at + 1 WHERE assignment_id = {theirs}")
        store.write_now(lambda book: book.journal.drop_anchor(NOW))
        assert store.read_now(lambda book: book.journal.broken()) == [theirs]

    assert store.read_now(lambda book: book.journal.broken()) == []
    assert store.read_now(lambda book: book.journal.last_anchor()) is None
    assert store.read_now(lambda book: book.assignments.in_status(Status.IN_PROGRESS))[0].id == one
