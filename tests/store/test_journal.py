"""The audit trail: whatever is changed, removed or reordered from outside is found, and no words stand in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from bot.store.book import Book
from bot.store.engine import Store
from bot.store.tables import anchor, journal
from bot.tasks import Due, Step, StepKind
from tests.opened_store import give_task, rows
from tests.store.opening import LAN, NOW, join

MINUTE = timedelta(minutes=1)
WORDS = "kinh phí chưa về, chị Hoa phòng Tài chính bảo chờ"


def told(store: Store) -> tuple[int, int]:
    """Lan reports four times on one task, Minh's commune once on another; the two assignments."""
    lan = join(store, "Lan", str(LAN))

    def work(book: Book) -> tuple[int, int]:
        one, other = give_task(book, "T02"), give_task(book, "T04", ("30760",))
        said = book.talks.keep_said(lan, "telegram", "m1", WORDS, NOW)
        blocked = Step(StepKind.BLOCKED, NOW, None, note=WORDS, obstacle="funding", said_id=said)
        book.assignments.record(one, blocked, NOW)
        for percent in (30, 60):
            step = Step(StepKind.PROGRESS, NOW + percent * MINUTE, None, percent=percent)
            book.assignments.record(one, step, NOW + percent * MINUTE)
        extended = Step(StepKind.EXTEND, NOW + 70 * MINUTE, None, due=Due(date(2025, 9, 30)))
        book.assignments.record(one, extended, NOW + 70 * MINUTE)
        book.assignments.record(other, replace(blocked, said_id=None), NOW)
        return one, other

    return store.write_now(work)


def broken(store: Store) -> list[int]:
    return store.read_now(lambda book: book.journal.broken())


def test_an_untouched_chain_is_whole(store: Store) -> None:
    """Five entries in two chains, each numbered from one, each on the digest of the one before."""
    one, other = told(store)
    with store.engine.connect() as connection:
        rows = connection.execute(select(journal.c.assignment_id, journal.c.number).order_by(journal.c.id)).all()

    assert [tuple(row) for row in rows] == [(one, 1), (one, 2), (one, 3), (one, 4), (other, 1)]
    assert broken(store) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET at = at + 1 WHERE number = 2",
        "UPDATE journal SET recorded_at = recorded_at - 3600000000 WHERE number = 2",
        "UPDATE journal SET what = 'accept' WHERE number = 2",
        "UPDATE journal SET after = replace(after, '30', '90') WHERE number = 2",
        "UPDATE journal SET before = '{}' WHERE number = 3",
        "UPDATE journal SET seat_id = (SELECT min(id) FROM seat) WHERE number = 2",
        "UPDATE journal SET digest = previous WHERE number = 3",
        "UPDATE journal SET previous = digest WHERE number = 1 AND assignment_id = (SELECT min(id) FROM assignment)",
        "UPDATE journal SET text_digest = NULL WHERE number = 1 AND text_digest IS NOT NULL",
        "DELETE FROM journal WHERE number = 2",
        "DELETE FROM journal WHERE number = 1 AND assignment_id = (SELECT min(assignment_id) FROM journal)",
        "DELETE FROM journal WHERE number = 4",
        "DELETE FROM journal WHERE assignment_id = (SELECT min(assignment_id) FROM journal)",
        "UPDATE journal SET number = 9 WHERE number = 4",
    ],
)
def test_tampering_is_found(store: Store, tampering: str) -> None:
    """A changed, removed or renumbered entry names the assignment whose chain it was, and no other."""
    one, _ = told(store)
    with store.engine.begin() as connection:
        assert connection.execute(text(tampering)).rowcount

    assert broken(store) == [one]


def test_two_entries_that_change_places_are_found(store: Store) -> None:
    """Reordered, each on its own is genuine; together they are not."""
    one, _ = told(store)
    with store.engine.begin() as connection:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(text(f"UPDATE journal SET number = {new} WHERE number = {old}"))

    assert broken(store) == [one]


def test_a_step_slipped_in_is_found(store: Store) -> None:
    """A report that was written beside the journal has no entry in it."""
    one, _ = told(store)
    copied = (
        "INSERT INTO step (province_id, assignment_id, kind, at, has_evidence, by_tap, for_unit, recorded_at) "
        "SELECT province_id, assignment_id, 'done', at, has_evidence, by_tap, for_unit, recorded_at "
        f"FROM step WHERE assignment_id = {one} ORDER BY id LIMIT 1"
    )
    with store.engine.begin() as connection:
        connection.execute(text(copied))

    assert broken(store) == [one]


def test_a_report_silently_struck_out_is_found(store: Store) -> None:
    """Marked as taken back by hand, without the entry that a taking back leaves."""
    one, _ = told(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE step SET superseded_at = recorded_at WHERE percent = 60"))

    assert broken(store) == [one]


def test_taking_back_goes_on_with_the_chain(store: Store) -> None:
    """An undo is an entry of its own, and the chain holds."""
    one, _ = told(store)
    kept = store.read_now(lambda book: book.assignments.steps(one))
    store.write_now(lambda book: book.assignments.take_back(kept[1].id, "undo", None, NOW + 80 * MINUTE))
    with store.engine.connect() as connection:
        last = (
            connection.execute(select(journal).where(journal.c.assignment_id == one).order_by(journal.c.number.desc()))
            .mappings()
            .first()
        )

    assert last is not None
    assert (last["number"], last["what"], last["step_id"]) == (5, "undo", kept[1].id)
    assert broken(store) == []


def test_no_words_stand_in_the_journal(store: Store) -> None:
    """Notes and typed texts are elsewhere; here is a digest of them."""
    told(store)
    entries = rows(store, "journal")

    assert WORDS not in repr(entries)
    assert "chị Hoa" not in repr(entries)
    assert sum(entry["text_digest"] is not None for entry in entries) == 1


def test_erasing_a_person_breaks_nothing(store: Store) -> None:
    """Lan leaves, her words and their salt are gone, and every chain is whole."""
    told(store)
    lan = store.read_now(lambda book: book.people.by_address(LAN))
    assert lan is not None
    store.write_now(lambda book: book.people.erase(lan.id, NOW + timedelta(hours=3)))
    (said,) = rows(store, "said")

    assert (said["text"], said["salt"]) == (None, None)
    assert broken(store) == []


def test_an_anchor_covers_all_heads(store: Store) -> None:
    """The next one differs as soon as any chain has grown, and is the same where none has."""
    one, _ = told(store)
    for hour in (1, 2):
        at = NOW + timedelta(hours=hour)
        store.write_now(lambda book, at=at: book.journal.drop_anchor(at))  # type: ignore[misc]
    more = Step(StepKind.DONE, NOW + timedelta(hours=2), None)
    store.write_now(lambda book: book.assignments.record(one, more, NOW + timedelta(hours=2)))
    store.write_now(lambda book: book.journal.drop_anchor(NOW + timedelta(hours=3)))
    with store.engine.connect() as connection:
        first, second, third = connection.execute(select(anchor.c.digest).order_by(anchor.c.at)).scalars()

    assert first == second != third
    assert store.read_now(lambda book: book.journal.last_anchor()) == NOW + timedelta(hours=3)


def test_no_anchor_yet(store: Store) -> None:
    """An empty book was never anchored and is whole."""
    assert store.read_now(lambda book: book.journal.last_anchor()) is None
    assert broken(store) == []
