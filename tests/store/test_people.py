"""Who is who: seats and addresses as they stand now, who can be reached, and nobody of another province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from bot.contacts import Person, Role, UnitKind
from bot.messages import Address
from bot.store.engine import Store
from bot.store.founding import keep_units
from bot.store.tables import calendar_day
from tests.opened_store import seat as seated
from tests.store.opening import LAN, NOW, UNITS, Row, join
from tests.store.provinces import in_can_tho

MINH = Address.parse("telegram:1:12")


def person(store: Store, person_id: int) -> Person:
    """Somebody who is there."""
    found = store.read_now(lambda book: book.people.person(person_id))
    assert found is not None
    return found


def deaf_units(store: Store) -> list[str]:
    return [unit.code for unit in store.read_now(lambda book: book.people.units_without_contact())]


def at_address(store: Store, at: Address) -> int | None:
    found = store.read_now(lambda book: book.people.by_address(at))
    return found.id if found else None


def test_one_who_sits_for_two_units_is_one_person(store: Store) -> None:
    """Lan is contact of one commune and leader of another: one row in any list, with both seats in order."""
    lan = join(store, "Lan", str(LAN))
    assert join(store, "Lan", str(LAN), unit="30760", role=Role.LEADER) == lan

    sits = [(seat.unit.code, seat.role) for seat in person(store, lan).seats]
    assert sits == [("30712", Role.CONTACT), ("30760", Role.LEADER)]
    everybody = store.read_now(lambda book: book.people.in_roles(*Role))
    assert [one.id for one in everybody] == [lan]


@pytest.mark.parametrize(
    ("roles", "unit", "names"),
    [
        ([Role.CONTACT], None, ["Lan", "Minh"]),
        ([Role.CONTACT], "30760", ["Minh"]),
        ([Role.CONTACT, Role.DEPUTY], "30712", ["Lan", "An"]),
        ([Role.CHAIR], None, []),
        ([], None, []),
    ],
)
def test_a_role_is_looked_for_where_it_was_asked_for(
    store: Store, roles: list[Role], unit: str | None, names: list[str]
) -> None:
    """By role, in one unit or in all; who has not agreed to the notice is not among them."""
    join(store, "Lan", str(LAN))
    join(store, "Minh", str(MINH), unit="30760")
    join(store, "An", "telegram:1:13", role=Role.DEPUTY)
    store.write_now(lambda book: seated(book, "Bình", "30760", at="telegram:1:14", consent=False))
    place = store.read_now(lambda book: book.people.unit(unit)) if unit else None

    found = store.read_now(lambda book: book.people.in_roles(*roles, unit_id=place.id if place else None))
    assert [one.name for one in found] == names


def test_units_where_nobody_can_be_reached_are_named(store: Store) -> None:
    """Empty, not agreed, or all addresses refused: each is a line for the office; a deputy is enough to stay off it."""
    store.write_now(lambda book: seated(book, "Lan", "30712", at=str(LAN), consent=False))
    join(store, "Minh", str(MINH), unit="30760", role=Role.DEPUTY)
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.LEADER)
    assert deaf_units(store) == ["30712", "VPUBND"]

    store.write_now(lambda book: book.people.refuse_address(MINH, "blocked", NOW))
    assert deaf_units(store) == ["30712", "30760", "VPUBND"]
    store.write_now(lambda book: book.people.readmit_address(MINH))
    assert deaf_units(store) == ["30712", "VPUBND"]


def test_the_provinces_own_desk_is_no_unit_to_be_reached(store: Store) -> None:
    """The province itself stands in the list of units, has no contact, and is no line for the office."""
    store.write_now(lambda book: keep_units(book, [Row("91", "An Giang", "tỉnh", UnitKind.PROVINCE)]))

    assert "91" in [unit.code for unit in store.read_now(lambda book: book.people.units())]
    assert "91" not in deaf_units(store)


def test_a_second_phone_keeps_a_unit_reachable(store: Store) -> None:
    """Lan blocked Telegram, Zalo still works: it is her address now, and her commune is not called unreachable."""
    zalo = Address.parse("zalo:9:3f")
    lan = join(store, "Lan", str(LAN), str(zalo))
    store.write_now(lambda book: book.people.refuse_address(LAN, "blocked", NOW))

    assert person(store, lan).addresses == (zalo,)
    assert "30712" not in deaf_units(store)
    assert at_address(store, LAN) == lan, "she may still write from there"


def test_whoever_left_is_nobody(store: Store) -> None:
    """By id, by address, by role or in a list: Lan who withdrew is found no more, Minh still is."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", str(MINH))
    store.write_now(lambda book: book.people.erase(lan, NOW))

    assert store.read_now(lambda book: book.people.person(lan)) is None
    assert (at_address(store, LAN), at_address(store, MINH)) == (None, minh)
    assert not store.read_now(lambda book: book.people.knows(LAN))
    assert [one.id for one in store.read_now(lambda book: book.people.people([lan, minh]))] == [minh]
    assert [one.id for one in store.read_now(lambda book: book.people.in_roles(Role.CONTACT))] == [minh]
    assert store.read_now(lambda book: book.people.names()) == ("Minh",)


@pytest.mark.parametrize("near", ["telegram:2:11", "zalo:1:11", "telegram:1:1", "telegram:1:111"])
def test_an_address_is_all_of_its_parts(store: Store, near: str) -> None:
    """The same number on another channel, another account, or one digit apart is somebody else."""
    join(store, "Lan", str(LAN))

    assert at_address(store, Address.parse(near)) is None
    assert not store.read_now(lambda book: book.people.knows(Address.parse(near)))


@pytest.mark.parametrize(
    "name",
    ["'; DROP TABLE person; --", "Lan\n<b>admin</b>", "Nguyễn Thị 🙏 100%_", '{"role": "chair"}', "Lan" * 400],
)
def test_a_name_is_only_a_name(store: Store, name: str) -> None:
    """Whatever somebody calls themselves comes back letter for letter and touches nobody else."""
    minh = join(store, "Minh", str(MINH))
    odd = join(store, name, str(LAN))
    store.write_now(lambda book: book.people.correct(odd, post=name, phone=name))

    kept = person(store, odd)
    assert (kept.name, kept.post, kept.phone) == (name, name, name)
    other = person(store, minh)
    assert (other.name, other.post, other.phone) == ("Minh", None, None)


def test_a_chat_that_moves_moves_alone(store: Store) -> None:
    """Lan's group has a new id; her other address and Minh's chat stay where they were."""
    zalo = Address.parse("zalo:9:11")
    lan, minh = join(store, "Lan", str(LAN), str(zalo)), join(store, "Minh", str(MINH))
    store.write_now(lambda book: book.people.move_address(LAN, "-10011"))

    assert person(store, lan).addresses == (replace(LAN, peer="-10011"), zalo)
    assert (at_address(store, LAN), at_address(store, MINH)) == (None, minh)


def test_the_offices_word_about_a_day_is_read_with_the_calendar(store: Store) -> None:
    """A storm closes An Giang on a Monday and opens a Saturday; Cần Thơ's calendar knows nothing of it."""
    monday, saturday = date(2025, 9, 15), date(2025, 9, 13)
    days = [
        {"province_id": store.province_id, "day": day, "working": day == saturday, "label": "bão"}
        for day in (monday, saturday)
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(calendar_day), days)

    def works() -> list[bool]:
        calendar = store.read_now(lambda book: book.people.calendar())
        return [calendar.is_working(day) for day in (saturday, monday)]

    assert works() == [True, False]
    with in_can_tho(store):
        assert works() == [False, True]


def test_settings_saved_are_settings_read_at_once(store: Store) -> None:
    """The same transaction sees the new ones, the next one too, and the other province keeps its own."""
    new = {"invite_days": 3, "policy": {"due_soon": [5, 2]}}

    def save(book: object) -> tuple[object, object]:
        people = book.people  # type: ignore[attr-defined]
        before = people.province().settings
        people.save_settings(new)
        return before, people.province().settings

    assert store.write_now(save) == ({}, new)
    assert store.read_now(lambda book: book.people.province().settings) == new
    with in_can_tho(store):
        assert store.read_now(lambda book: book.people.province().settings) == {}


def test_a_book_of_no_province_says_so(store: Store) -> None:
    """Before it is founded it answers that it is not, and names what is missing rather than failing at random."""
    store.province_id += 1_000

    assert not store.read_now(lambda book: book.people.is_founded())
    with pytest.raises(LookupError, match="no province"):
        store.read_now(lambda book: book.people.province())


def test_another_provinces_people_are_not_seen(store: Store) -> None:
    """The same unit codes in both: Lan of An Giang is found from Cần Thơ by no id, address, role or unit."""
    lan = join(store, "Lan", str(LAN))
    ours = store.read_now(lambda book: book.people.unit("30712"))
    with in_can_tho(store):
        theirs = store.read_now(lambda book: book.people.unit("30712"))
        assert ours is not None
        assert theirs is not None
        assert theirs.id != ours.id
        assert store.read_now(lambda book: book.people.person(lan)) is None
        assert store.read_now(lambda book: book.people.people([lan])) == ()
        assert at_address(store, LAN) is None
        assert not store.read_now(lambda book: book.people.knows(LAN))
        assert store.read_now(lambda book: book.people.in_roles(Role.CONTACT, unit_id=ours.id)) == ()
        assert deaf_units(store) == [unit.code for unit in UNITS]
        assert store.read_now(lambda book: book.people.names()) == ()


def test_another_provinces_people_are_not_touched(store: Store) -> None:
    """From Cần Thơ's book nothing about Lan of An Giang can be changed, refused or erased."""
    lan = join(store, "Lan", str(LAN), phone="0912 345 678")
    before = person(store, lan)
    with in_can_tho(store):
        later = NOW + timedelta(hours=1)
        store.write_now(lambda book: book.people.correct(lan, name="Ai đó", phone="113"))
        store.write_now(lambda book: book.people.choose_language(lan, "en"))
        store.write_now(lambda book: book.people.consent(lan, "9", later))
        store.write_now(lambda book: book.people.refuse_address(LAN, "blocked", later))
        store.write_now(lambda book: book.people.move_address(LAN, "666"))
        store.write_now(lambda book: book.people.erase(lan, later))

    assert person(store, lan) == before
