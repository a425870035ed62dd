"""A province is founded once, and its list of units is kept up to date by code."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bot.contacts import UnitKind
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.tables import province
from tests.store.opening import UNITS, Row


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
