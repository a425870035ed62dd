"""New tasks were confirmed, and the letter about them still waits when the seat is another's: the successor gets it."""

from __future__ import annotations

import pytest

from bot.contacts import Role
from bot.joining_codes import draw_code
from bot.messages import Address
from bot.store.book import Book
from scheduler.assigned import plan_assignment_letters
from scheduler.replanning import change_seats
from tests.scheduler.office import SERVED, Office, at
from tests.scheduler.test_seats_changed import not_sent, succeeded
from tests.store.opening import join

SUNDAY = at("2025-09-14", "20:00")
EARLY = at("2025-09-15", "07:00")
MONDAY = at("2025-09-15", "07:30")


def given(office: Office, *to: tuple[str, str, str]) -> None:
    """(code, title, unit) each, all confirmed together on Sunday evening."""
    found = [office.give(code, "2025-09-30", unit, now=SUNDAY, title=title) for code, title, unit in to]

    def confirmed(book: Book) -> int:
        tasks = [book.assignments.get(one).task.id for (one,) in found]
        return plan_assignment_letters(book, tasks, SUNDAY)

    assert office.store.write_now(confirmed)


@pytest.fixture
def lan(office: Office) -> int:
    """Lan, contact of Bình Hòa; nothing is due for her yet."""
    person_id = join(office.store, "Lan", "local:main:lan")
    office.sweep(at("2025-09-12", "09:00"))
    return person_id


@pytest.mark.parametrize("elsewhere", [None, "30760"])
def test_the_successor_reads_what_was_given(office: Office, lan: int, elsewhere: str | None) -> None:
    """Mai takes over at seven on Monday: at half past seven she reads of T05, and Lan does not."""
    given(office, ("T05", "Rà soát chợ", "30712"))
    succeeded(office, lan, "Mai", EARLY, elsewhere)
    office.run(at("2025-09-15", "20:00"), EARLY)
    ((when, said),) = office.to("mai")
    assert (when, "Rà soát chợ" in said) == ("15/09 07:30", True)
    assert office.days("lan") == []


def test_who_comes_after_the_successor_is_not_told_again(office: Office, lan: int) -> None:
    """Mai has read it when Hạnh follows her, as Lan's was hers: Hạnh gets none."""
    given(office, ("T05", "Rà soát chợ", "30712"))
    succeeded(office, lan, "Mai", EARLY)
    office.sweep(MONDAY)
    office.post(MONDAY)
    (mai,) = [row["person_id"] for row in office.letters() if row["state"] == "accepted"]
    succeeded(office, mai, "Hanh", MONDAY)
    office.run(at("2025-09-15", "20:00"), MONDAY)
    assert (office.days("mai"), office.days("hanh")) == (["15/09 07:30"], [])


def test_who_keeps_a_unit_reads_of_that_one(office: Office, lan: int) -> None:
    """Lan's letter tells of two communes and did not go; she keeps Mỹ Hòa Hưng: each reads of her own task."""
    units = office.store.read_now(lambda book: {unit.code: unit.id for unit in book.people.units()})
    office.store.write_now(lambda book: book.joining.give_seat(lan, units["30760"], Role.CONTACT, SUNDAY))
    given(office, ("T05", "Rà soát chợ", "30712"), ("T06", "Sửa cầu", "30760"))
    not_sent(office, MONDAY)
    succeeded(office, lan, "Mai", MONDAY, unit="30712")
    office.sweep(MONDAY)
    office.post(MONDAY)
    ((_, hers),) = office.to("lan")
    ((_, mais),) = office.to("mai")
    assert ("Sửa cầu" in hers, "Rà soát chợ" in hers) == (True, False)
    assert ("Sửa cầu" in mais, "Rà soát chợ" in mais) == (False, True)


def test_with_nobody_there_the_letter_waits(office: Office, lan: int) -> None:
    """Lan withdrew everything before seven; Mai becomes contact at nine and reads of T05 then."""
    given(office, ("T05", "Rà soát chợ", "30712"))

    def left(book: Book) -> None:
        book.people.erase(lan, EARLY)
        change_seats(book, EARLY)

    office.store.write_now(left)
    office.run(MONDAY, MONDAY)
    join(office.store, "Mai", "local:main:mai")
    nine = at("2025-09-15", "09:00")
    office.store.write_now(lambda book: change_seats(book, nine))
    office.post(nine)
    assert office.days("mai") == ["15/09 09:00"]


def test_who_joins_again_reads_once_what_waited_for_them(office: Office) -> None:
    """T05 was given while Lan's bot was gone: joined again by another, by the office's code, she reads of it once."""
    join(office.store, "Lan", "telegram:1:11")
    office.sweep(at("2025-09-12", "09:00"))
    office.store.write_now(lambda book: book.served.note(SERVED, at("2025-09-14", "12:00")))
    given(office, ("T05", "Rà soát chợ", "30712"))
    office.run(MONDAY, MONDAY)
    assert office.sent == []
    nine = at("2025-09-15", "09:00")

    def again(book: Book) -> None:
        here, code = book.people.unit("30712"), draw_code()
        assert here is not None
        book.joining.invite(code, here.id, Role.CONTACT, nine)
        found = book.joining.find(code, nine)
        assert not isinstance(found, str)
        new = book.joining.use(found.id, Address.parse("local:main:new"), "Lan", "vi", nine)
        change_seats(book, nine)
        book.people.consent(new, "1", nine)
        change_seats(book, nine)

    office.store.write_now(again)
    office.run(at("2025-09-16", "20:00"), nine)
    assert [when for when, said in office.to("new") if "Rà soát chợ" in said] == ["15/09 09:00"]
    assert {row["state"] for row in office.letters() if row["peer"] != "new"} == {"cancelled"}
