"""A province is founded once, and its list of units is kept up to date by code."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.contacts import UnitKind
from bot.store.engine import Store
from bot.store.founding import Founding, found_province, keep_units
from bot.store.tables import province
from tests.store.opening import LAN, UNITS, Row, join
from tests.store.provinces import in_can_tho


def test_a_province_is_founded_once(store: Store) -> None:
    """Founding An Giang again finds the one that is there, and leaves its name and secret alone."""
    again = found_province(store, code="91", name="Kiên Giang", sample=True)
    other = found_province(store, code="92", name="Cần Thơ", settings={"invite_days": 3})

    assert again == store.province_id != other
    mine = store.read_now(lambda book: book.people.province())
    assert (mine.name, mine.zone, mine.language, mine.sample) == ("An Giang", "Asia/Ho_Chi_Minh", "vi", False)
    with store.engine.connect() as connection:
        secrets = list(connection.execute(select(province.c.secret)).scalars())
    assert len(set(secrets)) == 2
    assert all(len(secret) >= 32 for secret in secrets)


def test_units_keep_their_order_and_take_new_names(store: Store) -> None:
    """A second list renames by code and adds at the end; nothing is doubled, none goes."""
    renamed = replace(UNITS[0], name="Bình Hoà", marks=("border",))
    new = Row("31060", "Phú Quốc", "đặc khu", UnitKind.COMMUNE)
    store.write_now(lambda book: keep_units(book, [new, renamed]))
    units = store.read_now(lambda book: book.people.units())

    assert [unit.name for unit in units] == ["Bình Hoà", "Mỹ Hòa Hưng", "Văn phòng UBND tỉnh", "Phú Quốc"]
    assert (units[0].marks, units[3].kind) == (("border",), UnitKind.COMMUNE)


def test_replicas_that_found_together_found_one_province(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two start on an empty book at once: both go on with the same province, and neither falls over."""
    gate = threading.Barrier(1 if store.url.startswith("sqlite") else 2)
    looked: set[int] = set()
    look = Founding.province_coded

    def look_together(founding: Founding, code: str) -> int | None:
        found = look(founding, code)
        if threading.get_ident() not in looked:
            looked.add(threading.get_ident())
            gate.wait(10)
        return found

    monkeypatch.setattr(Founding, "province_coded", look_together)
    with ThreadPoolExecutor(2) as replicas:
        first, second = replicas.map(lambda _: found_province(store, code="92", name="Cần Thơ"), range(2))

    assert first == second != store.province_id
    with store.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(province)).scalar() == 2


def test_a_list_of_units_is_its_own_provinces(store: Store) -> None:
    """Cần Thơ has a unit of the same code: its list renames its own, ours keeps name and place."""
    with in_can_tho(store):
        mine = [replace(UNITS[0], name="Ninh Kiều"), Row("31111", "Cái Răng")]
        store.write_now(lambda book: keep_units(book, mine))
        theirs = store.read_now(lambda book: book.people.units())
    ours = store.read_now(lambda book: book.people.units())

    assert [unit.name for unit in theirs] == ["Ninh Kiều", "Mỹ Hòa Hưng", "Văn phòng UBND tỉnh", "Cái Răng"]
    assert [unit.name for unit in ours] == [unit.name for unit in UNITS]


def test_two_units_may_change_names(store: Store) -> None:
    """The list tells units apart by code: after a swap of names whoever sat for 30712 still sits for 30712."""
    lan = join(store, "Lan", str(LAN))
    first, second, _ = UNITS
    swapped = [replace(first, name=second.name), replace(second, name=first.name)]
    store.write_now(lambda book: keep_units(book, swapped))
    person = store.read_now(lambda book: book.people.person(lan))

    assert person is not None
    assert [(seat.unit.code, seat.unit.name) for seat in person.seats] == [("30712", "Mỹ Hòa Hưng")]
