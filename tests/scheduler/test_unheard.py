"""Whose reader is lost between two slots: what nobody was told is for who stands in, once, the same day."""

from __future__ import annotations

import pytest

from bot.contacts import Role
from bot.messages import Address
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


def test_at_night_nobody_is_stood_in_for(unit: Office) -> None:
    """After five nothing is planned; the next milestone goes to whoever hears then."""
    lose(unit, "lan", "mai")

    assert unit.sweep(at("2025-09-15", "17:01")).idle
