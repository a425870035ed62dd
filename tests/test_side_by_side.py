"""Replicas side by side on PostgreSQL: one effect a message, one decision an assignment, and nobody waits in a ring."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError

from bot.clerk import Clerk, Taken
from bot.contacts import Role
from bot.desk import Handler
from bot.effects import TakeStep
from bot.effects_done import carry_out
from bot.joining_codes import draw_code
from bot.messages import Address, Incoming, SendFailed
from bot.phrases import phrasebook
from bot.post_outcomes import Failure, settle_failure
from bot.post_ready import Making, make_ready
from bot.store.book import Book
from bot.store.dispatch import Claimed
from bot.store.engine import Store
from bot.store.mail import letter
from bot.store.part import Overtaken
from bot.tasks import Status, Step, StepKind
from handlers.table import desk
from scheduler.composers import COMPOSERS
from scheduler.replanning import change_seats
from scheduler.sweep import sweep
from tests.opened_store import give_task
from tests.scheduler.office import LIMITS, SERVED, Office, at
from tests.store import opening
from tests.store.opening import LAN, NOW, join

store = pytest.fixture(params=["postgresql"])(opening.fresh_store)
both = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)

DONE = Step(StepKind.DONE, NOW, None)
ACCEPT = Step(StepKind.ACCEPT, NOW, None)


@pytest.fixture
def replica(store: Store) -> Iterator[Store]:
    """A second process's door to the same database."""
    other = Store(store.url, store.province_id, threads=2)
    yield other
    other.close()


def once_somebody_waits(book: Book) -> None:
    """Hold the transaction until another one waits for what it has locked."""
    waiting = sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with book.savepoint() as inside:
        for _ in range(2000):
            if inside.connection.execute(waiting).scalar():
                return
            threading.Event().wait(0.005)
    raise AssertionError("nobody waits")


def beside(first: Store, work: Callable[[Book], Any], second: Store, other: Callable[[Book], Any]) -> Future[Any]:
    """`work` to its end while `other`, begun after it did its part, waits for it; what came of `other`."""
    begun = threading.Event()

    def held(book: Book) -> None:
        work(book)
        begun.set()
        once_somebody_waits(book)

    running = first.submit(held)
    assert begun.wait(20)
    answer = second.submit(other)
    running.result(20)
    return answer


def test_two_contacts_found_blocked_at_once_leave_their_deputy_informed(store: Store, replica: Store) -> None:
    """Each transaction still saw the other contact within reach: the next look of the clock tells Bình, once."""
    office, morning = Office(store), at("2025-09-15", "07:30")
    for name, role in (("lan", Role.CONTACT), ("mai", Role.CONTACT), ("binh", Role.DEPUTY)):
        join(store, name, f"local:main:{name}", role=role)
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-20", "30712", now=at("2025-09-12", "09:00"))
    office.sweep(morning)

    def claim(book: Book) -> tuple[Claimed, ...]:
        book.letters.address_due(morning, SERVED)
        taken = book.letters.claim("local", "main", morning, morning, worker="a", limit=9)
        ready = make_ready(book, taken, Making(LIMITS, COMPOSERS, SERVED), morning)
        return tuple(one for one in ready if book.letters.begin(one, morning, morning))

    def blocked(one: Claimed) -> Callable[[Book], None]:
        def work(book: Book) -> None:
            failure = Failure(one, SendFailed("blocked", permanent=True), timedelta())
            settle_failure(book, failure, morning, morning, SERVED)

        return work

    first, second = store.write_now(claim)
    beside(store, blocked(first), replica, blocked(second)).result(20)
    assert [row["state"] for row in office.reminders()] == ["cancelled", "cancelled"]

    for minute in (1, 2):
        now = morning + timedelta(minutes=minute)
        office.sweep(now)
        office.post(now)
    assert office.days("binh") == ["15/09 07:31"]
    assert "T02" in office.to("binh")[0][1]


def test_a_seat_handed_over_beside_a_sweep_waits_in_a_ring_and_both_end_well(store: Store, replica: Store) -> None:
    """The clerk holds Lan's letter and asks for the sweep's turn, the sweep has it and asks for the letter.

    PostgreSQL gives up one of them, which is done again: Mai hears once, Lan nothing, and no row is there twice.
    """
    office, morning, noon = Office(store), at("2025-09-15", "07:30"), at("2025-09-15", "13:30")
    lan = join(store, "lan", "local:main:lan")
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-20", "30712", now=at("2025-09-12", "09:00"))
    office.sweep(morning)

    def not_sent(book: Book) -> None:
        book.letters.address_due(morning, SERVED)
        [taken] = book.letters.claim("local", "main", morning, morning, worker="a", limit=9)
        make_ready(book, (taken,), Making(LIMITS, COMPOSERS, SERVED), morning)
        book.letters.back_to_planned(taken, "no network", morning)

    store.write_now(not_sent)
    [lans] = store.read_now(lambda book: book.people.people([lan]))[0].seats
    code = draw_code()
    store.write_now(lambda book: book.joining.issue(code, lans.unit.id, lans.role, noon, replaces_seat_id=lans.id))
    runs: list[str] = []
    begun = threading.Event()

    def hand_over(book: Book) -> None:
        runs.append("clerk")
        invite = book.joining.find(code, noon)
        assert not isinstance(invite, str)
        mai = book.joining.use(invite.id, Address.parse("local:main:mai"), "Mai", "vi", noon)
        book.people.consent(mai, "1", noon)
        begun.set()
        if runs.count("clerk") == 1:
            once_somebody_waits(book)
        change_seats(book, noon)

    def sweeps(book: Book) -> None:
        runs.append("clock")
        sweep(book, noon)

    handed = store.submit(hand_over)
    assert begun.wait(20)
    swept = replica.submit(sweeps)
    handed.result(60)
    swept.result(60)
    office.run(at("2025-09-15", "16:00"), noon)

    assert len(runs) > 2
    assert (len(office.to("mai")), office.to("lan")) == (1, [])
    keys = [(row["assignment_id"], row["rule"], row["day"], row["person_id"]) for row in office.reminders()]
    assert len(keys) == len(set(keys))
    assert [row["state"] for row in office.reminders() if row["person_id"] != lan] == ["sent"]


def said(who: str, typed: str) -> Incoming:
    return Incoming(Address.parse(who), f"m:{who}:{typed}", typed, NOW, message_id=typed)


def test_a_message_with_a_file_has_its_effect_once(store: Store, replica: Store) -> None:
    """Both replicas fetched it; the second looks again once the first is done, and sees that it is applied."""
    inbox_id = store.write_now(lambda book: book.inbox.take(said(str(LAN), "ảnh"), "waiting", NOW))
    assert inbox_id is not None

    def apply(book: Book) -> str:
        row = book.inbox.row(inbox_id)
        assert row is not None
        book.inbox.mark(inbox_id, "applied")
        return row.state

    assert beside(store, apply, replica, apply).result(20) == "applied"


def test_what_comes_again_is_acknowledged_by_a_commit_too(store: Store) -> None:
    """A primary that was restarted while its standby was away shows what it never acknowledged: that it is known is
    no word for both machines, so that the second time writes as well, and waits as the first did."""
    incoming = said(str(LAN), "xong")

    def takes(book: Book) -> tuple[int | None, Any]:
        taken = book.inbox.take(incoming, "applied", NOW)
        with book.savepoint() as inside:
            return taken, inside.connection.execute(sql("SELECT pg_current_xact_id_if_assigned()::text")).scalar()

    for _ in range(40):  # now and then a sequence writes by itself
        store.write_now(takes)
    assert all(store.write_now(takes)[1] is not None for _ in range(5))
    assert store.write_now(takes)[0] is None


def test_two_clerks_confirm_one_report_once(store: Store, replica: Store) -> None:
    """Hoa's and Thu's "xác nhận tất cả" meet: one of them confirms, the other hears that nothing waits any more."""
    join(store, "Hoa", "telegram:1:13", unit="VPUBND", role=Role.OFFICE)
    join(store, "Thu", "telegram:1:14", unit="VPUBND", role=Role.OFFICE)
    one = store.write_now(give_task)
    store.write_now(lambda book: book.assignments.record(one, DONE, NOW))
    clerk = Clerk(desk(), phrasebook())

    def confirms(who: str) -> Callable[[Book], Any]:
        return lambda book: clerk.receive(book, said(who, "xác nhận tất cả"), NOW)

    taken, _ = beside(store, confirms("telegram:1:13"), replica, confirms("telegram:1:14")).result(20)
    assert taken is Taken.APPLIED
    steps = store.read_now(lambda book: book.assignments.steps(one))
    assert [step.kind for step in steps] == [StepKind.DONE, StepKind.ACCEPT]
    thus = opening.claim(store)[1]
    assert thus.text == "Không có báo cáo nào chờ xác nhận."


def test_a_report_that_meets_the_acceptance_does_not_undo_it(store: Store, replica: Store) -> None:
    """Lan withdraws half of her report while Hoa confirms it: it stays accepted, and Lan hears so."""
    join(store, "Hoa", "telegram:1:13", unit="VPUBND", role=Role.OFFICE)
    join(store, "Lan", str(LAN))
    one = store.write_now(give_task)
    clerk = Clerk(desk(), phrasebook())
    store.write_now(lambda book: clerk.receive(book, said(str(LAN), "xong"), NOW))

    def writes(who: str, typed: str) -> Callable[[Book], Any]:
        return lambda book: clerk.receive(book, said(who, typed), NOW)

    confirms, reports = writes("telegram:1:13", "xác nhận tất cả"), writes(str(LAN), "nhầm, mới 80% thôi")
    taken, _ = beside(store, confirms, replica, reports).result(20)

    assert taken is Taken.APPLIED
    stands = store.read_now(lambda book: book.assignments.get(one))
    assert stands is not None
    assert stands.state.status is Status.ACCEPTED
    with store.engine.connect() as ledger:
        written = ledger.execute(select(letter.c.text)).scalars().all()
    assert sum("tôi chưa ghi gì" in words for words in written) == 1


def test_a_report_taken_back_in_time_is_not_confirmed(store: Store, replica: Store) -> None:
    """Lan corrects her "xong" to 60% while Hoa's "xác nhận tất cả" is on its way: nothing unreported is accepted."""
    join(store, "Hoa", "telegram:1:13", unit="VPUBND", role=Role.OFFICE)
    one = store.write_now(give_task)
    store.write_now(lambda book: book.assignments.record(one, DONE, NOW))
    clerk = Clerk(desk(), phrasebook())
    corrected = replace(DONE, kind=StepKind.PROGRESS, percent=60)

    taken, _ = beside(
        store,
        lambda book: book.assignments.record(one, corrected, NOW),
        replica,
        lambda book: clerk.receive(book, said("telegram:1:13", "xác nhận tất cả"), NOW),
    ).result(20)

    assert taken is Taken.APPLIED
    stands = store.read_now(lambda book: book.assignments.get(one))
    assert stands is not None
    assert (stands.state.status, stands.state.percent) == (Status.IN_PROGRESS, 60)
    assert opening.claim(store)[0].text == "Không có báo cáo nào chờ xác nhận."


@pytest.mark.parametrize("late", [StepKind.ACCEPT, StepKind.RETURN, StepKind.PROGRESS])
def test_what_came_too_late_is_not_kept(both: Store, late: StepKind) -> None:
    """What was confirmed a moment ago is neither confirmed again nor returned nor reported on."""
    one = both.write_now(give_task)
    for step in (DONE, ACCEPT):
        both.write_now(lambda book, step=step: book.assignments.record(one, step, NOW))  # type: ignore[misc]
    with pytest.raises(Overtaken):
        both.write_now(lambda book: book.assignments.record(one, replace(ACCEPT, kind=late), NOW))

    stands = both.read_now(lambda book: book.assignments.get(one))
    assert stands is not None
    assert stands.state.status is Status.ACCEPTED


def test_whoever_waits_for_one_assignment_holds_no_later_one(store: Store, replica: Store) -> None:
    """A message reports the second task before the first: while the first is taken, the second stays free."""
    one = store.write_now(give_task)
    two = store.write_now(lambda book: give_task(book, "T03"))
    free: list[Any] = []

    def holds(book: Book) -> None:
        book.assignments.lock([one])

    def reports(book: Book) -> None:
        carry_out(book, [TakeStep(two, DONE), TakeStep(one, DONE)], inbox_id=0, incoming=None, said_id=None, now=NOW)

    begun = threading.Event()

    def first(book: Book) -> None:
        holds(book)
        begun.set()
        once_somebody_waits(book)
        with store.engine.connect() as third:
            free.append(third.execute(sql(f"SELECT id FROM assignment WHERE id = {two} FOR UPDATE NOWAIT")).scalar())

    running = store.submit(first)
    assert begun.wait(20)
    waiting = replica.submit(reports)
    running.result(20)
    waiting.result(20)

    assert free == [two]


def test_a_transaction_given_up_for_another_is_run_again(store: Store) -> None:
    """PostgreSQL ends a deadlock at our cost: the message is run again as a whole, and no try of its is used up."""

    class Deadlock(Exception):  # noqa: N818  (what the driver raises)
        sqlstate = "40P01"

    lost: list[str] = []

    def unlucky(case: Any, _slots: Any) -> Any:
        if len(lost) < 2:
            lost.append(case.text)
            raise OperationalError("UPDATE assignment", {}, Deadlock())
        return []

    join(store, "Lan", str(LAN))
    whole = desk()
    clerk = Clerk(replace(whole, handlers=(Handler("my_tasks", unlucky),)), phrasebook())
    taken, inbox_id = store.write_now(lambda book: clerk.receive(book, said(str(LAN), "việc của tôi"), NOW))

    assert taken is Taken.APPLIED
    row = store.read_now(lambda book: book.inbox.row(inbox_id))
    assert row is not None
    assert (len(lost), row.state, row.tries) == (2, "applied", 0)


def test_a_report_that_meets_the_letter_is_heeded_if_the_letter_comes_back(store: Store, replica: Store) -> None:
    """T03 is reported while the morning's letter is put into words, and that letter fails: it then names T02 alone."""
    office, slot = Office(store), at("2025-09-22", "07:30")
    join(store, "Lan", "local:main:lan")
    office.sweep(at("2025-09-18", "09:00"))
    for code, due in (("T02", "2025-09-22"), ("T03", "2025-09-24")):
        (told,) = office.give(code, due, "30712", now=at("2025-09-18", "09:00"))
    office.sweep(slot)
    ready: list[Claimed] = []

    def words(book: Book) -> None:
        book.letters.address_due(slot, SERVED)
        taken = book.letters.claim("local", "main", slot, slot, worker="test", limit=9, one_by_one=True)
        ready.extend(make_ready(book, taken, Making(LIMITS, COMPOSERS, SERVED), slot))

    beside(store, words, replica, lambda book: book.reminders.cancel(told, "done")).result(20)
    assert "T03" in (ready[0].text or "")
    store.write_now(lambda book: book.letters.back_to_planned(ready[0], "no route", slot))

    (said_then,) = office.post(slot)
    assert ("T02" in said_then, "T03" in said_then) == (True, False)


def test_a_replica_works_on_beside_the_next_releases_tables(postgres_database: str) -> None:
    """Amid a rolling upgrade a column and a table have come: the old replica, its statements long prepared, takes
    messages and letters as before."""
    with opening.kept(postgres_database) as kept:
        store = kept.fresh()
        lan = join(store, "Lan", str(LAN))
        clerk = Clerk(desk(), phrasebook())

        def works(number: int) -> list[str | None]:
            opening.plan(store, f"nhắc {number}", lan)
            incoming = said(str(LAN), f"việc của tôi {number}")
            store.write_now(lambda book: clerk.receive(book, incoming, NOW))
            taken = opening.claim(store)
            for one in taken:
                opening.begin(store, one)
                store.write_now(lambda book, one=one: book.letters.accepted(one, f"{one.id}", NOW))  # type: ignore[misc]
            return [one.text for one in taken]

        for number in range(8):  # the driver prepares what it has met five times
            works(number)
        with store.engine.begin() as next_release:
            for name in ("letter", "inbox", "person", "assignment"):
                next_release.execute(sql(f"ALTER TABLE {name} ADD COLUMN of_the_next_release INTEGER"))
            next_release.execute(sql("CREATE TABLE of_the_next_release (id INTEGER PRIMARY KEY)"))

        assert [len(works(number)) for number in (8, 9)] == [1, 1]
        assert store.read_now(lambda book: book.inbox.depth())[0] == 0
