"""Whose reader is lost between two slots: what nobody was told is for who stands in, once, the same day."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import update

from bot.contacts import Role
from bot.messages import Address
from bot.store.book import Book
from bot.store.mail import letter
from scheduler.assigned import plan_assignment_letters
from scheduler.sweep import catch_up
from tests.scheduler.office import Office, at
from tests.store.opening import join

MORNING = at("2025-09-15", "07:30")
LATER = at("2025-09-15", "07:40")


@pytest.fixture
def unit(office: Office) -> Office:
    """Lan and Mai are contacts of Bình Hòa, Bình their deputy; of T02 they hear on Monday 15/9."""
    for name, role in (("lan", Role.CONTACT), ("mai", Role.CONTACT), ("binh", Role.DEPUTY)):
        join(office.store, name, f"local:main:{name}", role=role)
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-20", "30712", now=at("2025-09-12", "09:00"))
    office.sweep(MORNING)
    return office


def lose(office: Office, *names: str) -> None:
    """The platform says that these have blocked us, after words that were no reminder."""
    for name in names:
        here = Address("local", "main", name)
        office.store.write_now(lambda book, here=here: book.people.refuse_address(here, "blocked", LATER))  # type: ignore[misc]


def test_whose_letters_still_waited_are_stood_in_for(unit: Office) -> None:
    """Both are lost before the post came to them: Bình reads it within the minute, and once."""
    lose(unit, "lan", "mai")
    for minute in ("07:41", "07:42", "13:30"):
        unit.sweep(at("2025-09-15", minute))
        unit.post(at("2025-09-15", minute))

    assert unit.days("binh") == ["15/09 07:41"]
    assert unit.to("lan") == unit.to("mai") == []


def test_who_was_told_before_they_were_lost_needs_no_stand_in(unit: Office) -> None:
    """Lan and Mai read it at 07:30 and block us afterwards: it was heard."""
    unit.post(MORNING)
    lose(unit, "lan", "mai")
    unit.sweep(LATER)

    assert unit.post(LATER) == []
    assert [row["state"] for row in unit.reminders()] == ["sent", "sent"]


def test_where_one_contact_is_left_the_deputy_hears_nothing(unit: Office) -> None:
    """Mai reads it as ever."""
    lose(unit, "lan")
    unit.sweep(LATER)
    unit.post(LATER)

    assert (unit.days("mai"), unit.to("binh")) == (["15/09 07:40"], [])


def test_an_account_that_is_served_no_more_loses_its_people_too(office: Office) -> None:
    """The house was started without Lan's bot at 07:35: what was planned for her is for Bình."""
    join(office.store, "lan", "telegram:1:lan")
    join(office.store, "binh", "local:main:binh", role=Role.DEPUTY)
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-20", "30712", now=at("2025-09-12", "09:00"))
    office.sweep(MORNING)
    office.store.write_now(lambda book: book.served.note([("local", "main")], at("2025-09-15", "07:35")))
    office.sweep(LATER)
    office.post(LATER)

    assert office.days("binh") == ["15/09 07:40"]


@pytest.fixture
def due_today(office: Office) -> Office:
    """Lan is the contact of Bình Hòa, Bình her deputy; T02 is due on Monday 15/9, and 07:30 was swept."""
    join(office.store, "lan", "local:main:lan")
    join(office.store, "binh", "local:main:binh", role=Role.DEPUTY)
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-15", "30712", now=at("2025-09-12", "09:00"))
    office.sweep(MORNING)
    return office


def test_what_a_slot_left_unsaid_is_in_the_stand_ins_letter_of_the_next(due_today: Office) -> None:
    """Lan's 07:30 waited out a silent platform, she is lost at 13:29: Bình reads one letter at 13:30, and no other."""
    lose(due_today, "lan")
    for minute in ("13:30", "13:31", "14:00"):
        due_today.sweep(at("2025-09-15", minute))
        due_today.post(at("2025-09-15", minute))

    assert due_today.days("binh") == ["15/09 13:30"]
    told = [(row["rule"], row["slot"]) for row in due_today.reminders() if row["state"] == "sent"]
    assert sorted(told) == [("due_today", "13:30"), ("second_call", "13:30")]


def test_what_waits_over_night_is_stood_in_for_in_the_morning(due_today: Office) -> None:
    """The platform was silent all Monday, Lan is lost in the evening: on Tuesday Bình reads what she did not."""
    due_today.sweep(at("2025-09-15", "13:30"))
    gone = Address("local", "main", "lan")
    due_today.store.write_now(lambda book: book.people.refuse_address(gone, "blocked", at("2025-09-15", "18:00")))
    due_today.sweep(at("2025-09-16", "07:30"))
    due_today.post(at("2025-09-16", "07:30"))

    assert due_today.days("binh") == ["16/09 07:30"]
    mine = [row["rule"] for row in due_today.reminders() if row["state"] == "sent"]
    assert sorted(mine) == ["due_today", "overdue", "second_call"]


def test_after_the_second_call_nobody_gets_a_letter_of_the_morning(due_today: Office) -> None:
    """The platform took Lan's 07:30 for no letter, and loses her at 14:00: Bình's one letter is of the present slot."""
    due_today.post(MORNING)
    with due_today.store.engine.begin() as connection:
        connection.execute(update(letter).values(state="refused"))
    due_today.sweep(at("2025-09-15", "13:30"))
    due_today.post(at("2025-09-15", "13:30"))
    lose(due_today, "lan")
    for minute in ("14:01", "14:02"):
        due_today.sweep(at("2025-09-15", minute))
        due_today.post(at("2025-09-15", minute))

    assert due_today.days("binh") == ["15/09 14:01"]
    assert next(one.once for *_, who, _, one in due_today.sent if who == "binh").startswith("slot:2025-09-15:13:30:")


@pytest.fixture
def alone(office: Office) -> Office:
    """Lan sits alone in Bình Hòa; of T02 she hears on Monday 15/9."""
    join(office.store, "lan", "local:main:lan")
    office.sweep(at("2025-09-12", "09:00"))
    office.give("T02", "2025-09-20", "30712", now=at("2025-09-12", "09:00"))
    return office


def start(office: Office, account: str, now: datetime) -> None:
    """The house is started with this account alone."""

    def work(book: Book) -> None:
        if back := book.served.note([("local", account)], now):
            catch_up(book, back.people, back.since, now)

    office.store.write_now(work)


def test_a_slot_that_passed_while_an_account_was_left_out_is_caught_up_with(alone: Office) -> None:
    """The settings lacked Lan's bot from 07:20 to 08:00 by mistake: at eight she reads what fell due, and once."""
    start(alone, "other", at("2025-09-15", "07:20"))
    alone.sweep(MORNING)
    assert alone.post(MORNING) == []
    start(alone, "main", at("2025-09-15", "08:00"))
    start(alone, "main", at("2025-09-15", "08:01"))
    for minute in ("08:01", "13:30"):
        alone.sweep(at("2025-09-15", minute))
        alone.post(at("2025-09-15", minute))

    assert alone.days("lan") == ["15/09 08:01"]


def test_what_was_missed_by_an_account_that_comes_back_at_night_is_told_in_the_morning(alone: Office) -> None:
    """It is back at eight in the evening: on Tuesday at 07:30 Lan reads Monday's, and only those who were away do."""
    alone.store.write_now(lambda book: book.served.note([("local", "main")], at("2025-09-15", "07:00")))
    start(alone, "other", at("2025-09-15", "07:20"))
    alone.sweep(MORNING)
    alone.sweep(at("2025-09-15", "13:30"))
    join(alone.store, "mai", "local:main:mai")
    start(alone, "main", at("2025-09-15", "20:00"))
    assert alone.post(at("2025-09-15", "20:00")) == []
    alone.sweep(at("2025-09-16", "07:30"))
    alone.post(at("2025-09-16", "07:30"))

    assert (alone.days("lan"), alone.days("mai")) == (["16/09 07:30"], [])


def test_letters_held_for_an_account_go_when_it_is_back(alone: Office) -> None:
    """Lan's 07:30 was planned, and her bot left out for two minutes: she waits for no operator to let it go."""
    alone.sweep(MORNING)
    start(alone, "other", at("2025-09-15", "07:31"))
    alone.store.write_now(lambda book: book.letters.address_due(at("2025-09-15", "07:31"), [("local", "other")]))
    assert [row["state"] for row in alone.letters()] == ["held"]
    start(alone, "main", at("2025-09-15", "07:33"))
    alone.post(at("2025-09-15", "07:33"))

    assert alone.days("lan") == ["15/09 07:33"]


def test_a_task_given_while_an_account_is_left_out_is_told_when_it_is_back(alone: Office) -> None:
    """Lan's bot is left out for ten minutes, and T09 given in them: its letter waits for her."""
    alone.sweep(MORNING)
    alone.post(MORNING)
    start(alone, "other", at("2025-09-15", "09:00"))
    alone.give("T09", "2025-12-20", "30712", now=at("2025-09-15", "09:05"))

    def confirm(book: Book) -> int:
        tasks = [one.task.id for one in book.assignments.of_task("T09")]
        return plan_assignment_letters(book, tasks, at("2025-09-15", "09:05"))

    assert alone.store.write_now(confirm) == 1
    alone.store.write_now(lambda book: book.letters.address_due(at("2025-09-15", "09:06"), [("local", "other")]))
    start(alone, "main", at("2025-09-15", "09:10"))
    alone.post(at("2025-09-15", "09:10"))

    when, text = alone.to("lan")[-1]
    assert (when, "Việc T09" in text) == ("15/09 09:10", True)


def test_letters_of_months_ago_do_not_come_back_with_their_account(alone: Office) -> None:
    """A bot that was given up in September and is served again in December: what waited is no news."""
    alone.sweep(MORNING)
    start(alone, "other", at("2025-09-15", "07:31"))
    alone.store.write_now(lambda book: book.letters.address_due(at("2025-09-15", "07:31"), [("local", "other")]))
    start(alone, "main", at("2025-12-15", "07:33"))

    assert [row["state"] for row in alone.letters()] == ["held"]


def test_at_night_nobody_is_stood_in_for(unit: Office) -> None:
    """After five nothing is planned; the next milestone goes to whoever hears then."""
    lose(unit, "lan", "mai")

    assert unit.sweep(at("2025-09-15", "17:01")).idle
