"""Who may do what: one table, held cell by cell, and held against ten thousand strangers to it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.contacts import Action, Invite, Person, Role, Seat, Unit, UnitKind, may, may_look
from bot.messages import Address

AGREED = datetime(2025, 9, 12, tzinfo=UTC)
BINH_HOA = Unit(1, "30712", "Xã Bình Hòa", "xã", UnitKind.COMMUNE)
HOA_HUNG = Unit(2, "30934", "Xã Hòa Hưng", "xã", UnitKind.COMMUNE)
OFFICE = Unit(3, "VPUBND", "Văn phòng", "văn phòng", UnitKind.DEPARTMENT)
UNITS = (BINH_HOA, HOA_HUNG, OFFICE)

#: The table of DESIGN in words: in the own unit / in any unit / nowhere.
OWN, ALL, NO = "own", "all", "no"
TABLE = {
    Role.CONTACT: {Action.SEE_UNIT: OWN, Action.SEE_FOLLOWED: OWN, Action.REPORT: OWN, Action.HAND_OVER: OWN},
    Role.DEPUTY: {Action.SEE_UNIT: OWN, Action.SEE_FOLLOWED: OWN, Action.REPORT: OWN},
    Role.LEADER: {Action.SEE_UNIT: OWN, Action.SEE_FOLLOWED: OWN, Action.HAND_OVER: OWN},
    Role.OFFICE: {
        Action.SEE_UNIT: ALL,
        Action.SUMMARISE: ALL,
        Action.SEE_PROVINCE: ALL,
        Action.CONFIRM: ALL,
        Action.DECIDE: ALL,
        Action.REPORT_FOR_UNIT: ALL,
        Action.INVITE: ALL,
        Action.TIMETABLE: ALL,
    },
    Role.CHAIR: {Action.SEE_UNIT: ALL, Action.SUMMARISE: ALL, Action.SEE_PROVINCE: ALL},
    Role.ADMIN: {Action.INVITE: ALL, Action.SEE_PROVINCE: ALL},
}


def person(*seats: tuple[Role, Unit], agreed: datetime | None = AGREED) -> Person:
    held = tuple(Seat(number, 7, unit, role) for number, (role, unit) in enumerate(seats, 1))
    return Person(7, "Lan", "vi", held, consent_at=agreed)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_its_line_says(role: Role, action: Action) -> None:
    """In the own unit, in a strange one, and where no unit is meant: every cell of the table."""
    where = TABLE[role].get(action, NO)
    lan = person((role, BINH_HOA))

    assert may(lan, action, BINH_HOA.id) is (where in (OWN, ALL))
    assert may(lan, action, HOA_HUNG.id) is (where == ALL)
    assert may(lan, action) is (where in (OWN, ALL))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_nobody_may_do_anything_before_consent(role: Role, action: Action) -> None:
    """The data notice comes before every right, the chair's included."""
    assert not may(person((role, BINH_HOA), agreed=None), action, BINH_HOA.id)
    assert not may(person((role, BINH_HOA), agreed=None), action)


@pytest.mark.parametrize("action", Action)
def test_a_person_without_a_seat_may_nothing(action: Action) -> None:
    """Consent alone opens nothing."""
    assert not may(person(), action, BINH_HOA.id)
    assert not may(person(), action)


def test_ten_thousand_random_questions() -> None:
    """Whoever asks, for whatever unit: a yes always rests on a seat whose line gives it, and never beyond the unit."""
    draw = random.Random(20250911)
    asked = granted = 0
    for _ in range(10_000):
        seats = [(draw.choice(list(Role)), draw.choice(UNITS)) for _ in range(draw.randrange(4))]
        someone = person(*seats, agreed=draw.choice([AGREED, AGREED, None]))
        action, unit = draw.choice(list(Action)), draw.choice(UNITS)
        reasons = [
            role
            for role, own in seats
            if TABLE[role].get(action, NO) == ALL or (TABLE[role].get(action, NO) == OWN and own == unit)
        ]
        assert may(someone, action, unit.id) is (bool(reasons) and someone.consent_at is not None)
        asked += 1
        granted += may(someone, action, unit.id)
    assert (asked, granted > 1000) == (10_000, True)


@pytest.mark.parametrize("role", Role)
def test_who_follows_a_task_up_looks_at_it_in_all_units(role: Role) -> None:
    """A seat in the following unit opens what strange units were given; where nobody follows it, it opens nothing."""
    quan = person((role, OFFICE))
    everything = role in (Role.OFFICE, Role.CHAIR)

    assert may_look(quan, BINH_HOA.id, OFFICE.id) is (everything or role is not Role.ADMIN)
    assert may_look(quan, BINH_HOA.id, HOA_HUNG.id) is everything
    assert may_look(quan, BINH_HOA.id, None) is everything
    assert not may_look(person((role, OFFICE), agreed=None), BINH_HOA.id, OFFICE.id)
    assert may_look(person((role, BINH_HOA)), BINH_HOA.id, None) is (role is not Role.ADMIN)


def test_own_units_are_those_of_unit_seats() -> None:
    """A clerk who is also a commune's contact answers for the commune, not for the office; each unit once."""
    both = person((Role.OFFICE, OFFICE), (Role.CONTACT, BINH_HOA), (Role.LEADER, BINH_HOA), (Role.DEPUTY, HOA_HUNG))

    assert both.units == (BINH_HOA, HOA_HUNG)
    assert person((Role.CHAIR, OFFICE)).units == ()


def test_a_person_speaks_from_the_seat_that_reports() -> None:
    """Leader and deputy of one unit: a report is the deputy's; in another unit there is no seat at all."""
    minh = person((Role.LEADER, BINH_HOA), (Role.DEPUTY, BINH_HOA), (Role.LEADER, HOA_HUNG))

    assert minh.seat_for(BINH_HOA.id) == minh.seats[1]
    assert minh.seat_for(HOA_HUNG.id) == minh.seats[2]
    assert minh.seat_for(OFFICE.id) is None


def test_a_seat_by_role() -> None:
    """The first seat with one of the roles asked for."""
    hoa = person((Role.OFFICE, OFFICE), (Role.ADMIN, OFFICE))

    assert hoa.seat_as(Role.ADMIN, Role.CHAIR) == hoa.seats[1]
    assert hoa.seat_as(Role.CHAIR) is None


def test_rights_go_with_the_seat() -> None:
    """Handed over, nothing of the right stays."""
    lan = person((Role.CONTACT, BINH_HOA))

    assert may(lan, Action.REPORT, BINH_HOA.id)
    assert not may(replace(lan, seats=()), Action.REPORT, BINH_HOA.id)


def test_a_code_is_in_no_repr() -> None:
    """An invite in a log line or an error does not show its code."""
    code = "DK 234 5678 9BCF"

    assert "9BCF" not in repr(Invite(BINH_HOA, Role.CONTACT, code, AGREED))
    assert Invite(BINH_HOA, Role.CONTACT, code, AGREED).code == code


def test_addresses_are_in_the_order_of_preference() -> None:
    """A person's addresses stay as they were given."""
    two = (Address("zalo", "9", "a"), Address("telegram", "1", "b"))

    assert replace(person(), addresses=two).addresses == two
