"""Somebody takes a seat over while a reminder still waits: it is theirs from then on, in the same transaction."""

from __future__ import annotations

from datetime import date, datetime
from threading import Event

import pytest
from sqlalchemy import select, update

from bot.contacts import Role
from bot.joining_codes import draw_code
from bot.messages import Address
from bot.post_ready import Making, make_ready
from bot.store.book import Book
from bot.store.dispatch import Claimed
from bot.store.tables import seat
from scheduler.composers import COMPOSERS
from scheduler.replanning import change_seats
from scheduler.sweep import sweep
from tests.scheduler.office import LIMITS, SERVED, Office, at
from tests.store.opening import Kept, join

MONDAY = at("2025-09-15", "07:30")


def handed_over(office: Office, old: int, to: str) -> int:
    """Lan's seat ends, somebody new sits there and has agreed, and what waited follows."""
    new = join(office.store, to, f"local:main:{to.lower()}")

    def work(book: Book) -> None:
        over = update(seat).where(seat.c.person_id == old).values(until=MONDAY)
        book.people._connection.execute(over)
        change_seats(book, MONDAY)

    office.store.write_now(work)
    return new


def test_what_waited_for_the_old_contact_goes_to_the_new_one(office: Office, lan: int) -> None:
    """Monday's reminder has not left when Mai takes over from Lan: Mai gets it at once, Lan nothing, nobody twice."""
    office.sweep(MONDAY)
    mai = handed_over(office, lan, "Mai")
    office.store.write_now(lambda book: change_seats(book, MONDAY))
    office.run(at("2025-09-15", "20:00"), MONDAY)

    assert (office.days("lan"), office.days("mai")) == ([], ["15/09 07:30"])
    told = [(row["person_id"], row["state"], row["why"]) for row in office.reminders()]
    assert told == [(lan, "cancelled", "no seat"), (mai, "sent", None)]


def test_what_was_told_is_not_told_again(office: Office, lan: int) -> None:
    """Lan had Monday's reminder; Mai, who takes over after it, hears on Thursday."""
    office.run(MONDAY, MONDAY)
    handed_over(office, lan, "Mai")
    office.run(at("2025-09-18", "20:00"), MONDAY)
    assert (office.days("lan"), office.days("mai")) == (["15/09 07:30"], ["18/09 07:30"])


def test_what_lan_asked_for_reaches_her_successor(office: Office, lan: int) -> None:
    """Lan wanted to hear of T02 on Tuesday afternoon and left on Monday: Mai hears of it then."""
    office.run(MONDAY, MONDAY)
    first = office.reminders()[0]["assignment_id"]
    office.store.write_now(lambda book: book.asked.ask((first,), lan, date(2025, 9, 16), "13:30", MONDAY))
    handed_over(office, lan, "Mai")
    office.run(at("2025-09-16", "20:00"), MONDAY)
    assert office.days("mai") == ["16/09 13:30"]


def test_with_nobody_there_it_waits(office: Office, lan: int) -> None:
    """Lan leaves and nobody has come yet: what waited is not cancelled, and is the next contact's."""
    office.sweep(MONDAY)

    def left(book: Book) -> None:
        book.people._connection.execute(update(seat).where(seat.c.person_id == lan).values(until=MONDAY))
        change_seats(book, MONDAY)

    office.store.write_now(left)
    assert [row["state"] for row in office.reminders()] == ["planned"]
    handed_over(office, lan, "Mai")
    office.run(at("2025-09-15", "20:00"), MONDAY)
    assert office.days("mai") == ["15/09 07:30"]


def succeeded(
    office: Office, old: int, name: str, now: datetime, elsewhere: str | None = None, unit: str = "30712"
) -> None:
    """Somebody uses the code that moves this person's seat, and agrees; who sat there is contact elsewhere then."""

    def work(book: Book) -> None:
        here = book.people.unit(unit)
        assert here is not None
        held = select(seat).where(seat.c.person_id == old, seat.c.unit_id == here.id, seat.c.until.is_(None))
        row = book.people._connection.execute(held).mappings().one()
        if elsewhere and (other := book.people.unit(elsewhere)):
            book.joining.give_seat(old, other.id, Role.CONTACT, now)
        code = draw_code()
        book.joining.issue(code, row["unit_id"], Role(row["role"]), now, replaces_seat_id=row["id"])
        found = book.joining.find(code, now)
        assert not isinstance(found, str)
        new = book.joining.use(found.id, Address.parse(f"local:main:{name.lower()}"), name, "vi", now)
        change_seats(book, now)
        book.people.consent(new, "1", now)
        change_seats(book, now)

    office.store.write_now(work)


def claimed(book: Book, now: datetime) -> tuple[Claimed, ...]:
    """What the post holds and has put into words."""
    book.letters.address_due(now, SERVED)
    taken = book.letters.claim("local", "main", now, now, worker="test", limit=9, one_by_one=True)
    return make_ready(book, taken, Making(LIMITS, COMPOSERS, SERVED), now)


def not_sent(office: Office, now: datetime) -> None:
    """All that is due is put into words, and the network is away."""

    def work(book: Book) -> None:
        for one in claimed(book, now):
            book.letters.begin(one, now, now)
            book.letters.back_to_planned(one, "no route", now)

    office.store.write_now(work)


@pytest.mark.parametrize("elsewhere", [None, "30760"])
def test_words_that_did_not_go_are_the_successors(office: Office, lan: int, elsewhere: str | None) -> None:
    """Lan's letter was written and the network was away when Mai took over: Mai hears, and Lan no more, gone or not."""
    office.sweep(MONDAY)
    not_sent(office, MONDAY)
    succeeded(office, lan, "Mai", MONDAY, elsewhere)
    office.run(at("2025-09-15", "13:00"), MONDAY)
    assert (office.days("lan"), office.days("mai")) == ([], ["15/09 07:30"])


def test_a_letter_that_comes_back_is_the_successors_too(office: Office, lan: int) -> None:
    """Lan left while her letter was on its way, and it did not arrive: Mai hears in the next slot."""
    office.sweep(MONDAY)
    (one,) = office.store.write_now(lambda book: claimed(book, MONDAY))
    succeeded(office, lan, "Mai", MONDAY)
    office.store.write_now(lambda book: book.letters.back_to_planned(one, "no route", MONDAY))
    office.run(at("2025-09-15", "20:00"), MONDAY)
    assert (office.days("lan"), office.days("mai")) == ([], ["15/09 13:30"])


def test_what_a_new_leader_inherits(office: Office, lan: int) -> None:
    """Minh, the commune's leader, left before he heard that T01 is overdue: Dũng, who follows him, hears of it."""
    minh = join(office.store, "Minh", "local:main:minh", role=Role.LEADER)
    office.give("T01", "2025-09-12", "30712", now=at("2025-09-11", "09:00"))
    office.sweep(MONDAY)
    succeeded(office, minh, "Dung", MONDAY)
    office.run(at("2025-09-15", "13:00"), MONDAY)
    assert (office.days("minh"), office.days("dung")) == ([], ["15/09 07:30"])


def test_there_and_back_before_the_letter_left(office: Office, lan: int) -> None:
    """Mai has Lan's seat for a moment, then Lan has it again: Lan hears, once."""
    office.sweep(MONDAY)
    succeeded(office, lan, "Mai", MONDAY, "30760")
    (mai,) = {row["person_id"] for row in office.reminders()} - {lan}
    succeeded(office, mai, "Lan", MONDAY)
    office.run(at("2025-09-15", "20:00"), MONDAY)
    assert (office.days("lan"), office.days("mai")) == (["15/09 07:30"], [])


def test_the_letter_itself_hands_on(office: Office, lan: int) -> None:
    """A seat moved unseen by the office's clock: who puts Lan's letter together finds Mai there and writes to her."""
    office.sweep(MONDAY)
    join(office.store, "Mai", "local:main:mai")
    over = update(seat).where(seat.c.person_id == lan).values(until=MONDAY)
    office.store.write_now(lambda book: book.people._connection.execute(over))
    assert office.post(MONDAY) == []
    office.post(MONDAY)
    assert (office.days("lan"), office.days("mai")) == ([], ["15/09 07:30"])


def test_a_hand_over_waits_for_the_sweep(kept_postgresql: Kept) -> None:
    """Another replica's sweep of 07:30 is under way when Mai takes over: what it plans for Lan is Mai's."""
    office = Office(kept_postgresql.fresh())
    lan = join(office.store, "Lan", "local:main:lan")
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-15", "30712", now=at("2025-09-11", "09:00"))
    planned, waits = Event(), Event()

    def swept(book: Book) -> None:
        sweep(book, MONDAY)
        planned.set()
        waits.wait(10)

    def taken_over(book: Book) -> None:
        held_by_sweep = book.reminders.hold

        def hold(name: str) -> datetime | None:
            waits.set()
            return held_by_sweep(name)

        book.reminders.hold = hold  # type: ignore[method-assign]
        new = book.joining.meet(Address.parse("local:main:mai"), "Mai", "vi", MONDAY)
        book.people.consent(new, "1", MONDAY)
        book.people._connection.execute(update(seat).where(seat.c.person_id == lan).values(until=MONDAY))
        unit = book.people.unit("30712")
        assert unit is not None
        book.joining.give_seat(new, unit.id, Role.CONTACT, MONDAY)
        change_seats(book, MONDAY)

    running = office.store.submit(swept)
    assert planned.wait(10)
    office.store.write_now(taken_over)
    running.result()
    office.run(at("2025-09-15", "13:00"), MONDAY)
    assert (office.days("lan"), office.days("mai")) == ([], ["15/09 07:30"])
