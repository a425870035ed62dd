"""Somebody takes a seat over while a reminder still waits: it is theirs from then on, in the same transaction."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from bot.store.book import Book
from bot.store.tables import seat
from scheduler.replanning import change_seats
from tests.scheduler.office import Office, at
from tests.store.opening import join

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
