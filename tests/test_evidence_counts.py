"""Files count for the state of their assignment whenever they come, and no longer once their message is taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from bot.clerk import Clerk, FetchedFile
from bot.contacts import Role
from bot.messages import Address, FileRef, Incoming
from bot.phrases import phrasebook
from bot.store.book import Book
from bot.store.engine import Store
from bot.tasks import State, Status, Step, StepKind
from handlers.table import desk
from tests.opened_store import give_task, rows
from tests.store import opening
from tests.store.opening import LAN, NOW, join

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)


def says(store: Store, key: str, typed: str, *, file: bool = False, who: Address = LAN) -> None:
    """Lan's words, with a picture where she sends one."""
    files = (FileRef(key, "ảnh.jpg", "image/jpeg"),) if file else ()
    said = Incoming(who, key, typed, NOW, message_id=key, files=files)
    clerk = Clerk(desk(), phrasebook())

    def work(book: Book) -> None:
        _, inbox_id = clerk.receive(book, said, NOW)
        if file:
            file_id, _ = book.inbox.keep_file(key.encode(), "image/jpeg")
            clerk.apply(book, inbox_id, said, NOW, tries=0, files=[FetchedFile("ảnh.jpg", file_id)])

    store.write_now(work)


def stands(store: Store, one: int) -> State:
    found = store.read_now(lambda book: book.assignments.get(one))
    assert found is not None
    return found.state


def evidence_is_enough(book: Book) -> None:
    book.people.save_settings({**book.people.province().settings, "acceptance": "evidence"})


def test_a_file_after_the_report_completes_it(store: Store) -> None:
    """Lan reports, then sends the picture: under the policy "evidence" that is what the report lacked."""
    join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    store.write_now(evidence_is_enough)
    says(store, "1", "xong")
    assert (stands(store, one).status, stands(store, one).has_evidence) == (Status.REPORTED, False)
    says(store, "2", "", file=True)

    assert (stands(store, one).status, stands(store, one).has_evidence) == (Status.ACCEPTED, True)


def test_a_file_with_the_report_counts_as_before(store: Store) -> None:
    """Words and picture in one message: accepted at once, in one entry each."""
    join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    store.write_now(evidence_is_enough)
    says(store, "1", "xong", file=True)

    assert stands(store, one).status is Status.ACCEPTED
    kinds = [step.kind for step in store.read_now(lambda book: book.assignments.steps(one))]
    assert kinds == [StepKind.DONE, StepKind.ACCEPT]


def test_files_of_a_message_taken_back_wait_again(store: Store) -> None:
    """After "hoàn tác" the picture belongs to no task, and the assignment has no evidence."""
    lan = join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    says(store, "1", "xong", file=True)
    assert stands(store, one).has_evidence
    says(store, "2", "hoàn tác")

    assert (stands(store, one).status, stands(store, one).has_evidence) == (Status.ASSIGNED, False)
    assert len(store.read_now(lambda book: book.inbox.unplaced(lan))) == 1
    assert store.read_now(lambda book: book.inbox.placed([one])) == ()


def test_a_thousand_sources_and_six_hundred_reports_are_no_trouble(store: Store) -> None:
    """Everything is confirmed with few statements a report, and asked for with any number of ids."""
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)

    def work(book: Book) -> list[int]:
        ids = [give_task(book, f"T{number:03}") for number in range(60)]
        for one in ids:
            book.assignments.record(one, Step(StepKind.DONE, NOW, None), NOW)
        return ids

    ids = store.write_now(work)
    sent: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(store.engine, "before_cursor_execute", count)
    says(store, "1", "xác nhận tất cả", who=Address("telegram", "1", "50"))
    event.remove(store.engine, "before_cursor_execute", count)
    assert len(sent) < 60 * 9
    found = store.read_now(lambda book: book.sources.of([*range(1_000_000, 1_040_000), *ids]))
    assert len(found) == 120
    assert {row["status"] for row in rows(store, "assignment")} == {"accepted"}
    here = store.read_now(lambda book: book.people.unit("30712"))
    assert here is not None
    assert len(store.read_now(lambda book: book.assignments.of_units([here.id]))) == 60
    assert store.read_now(lambda book: book.assignments.of_units([])) == ()
