"""A second province in the same database: with the same codes, and people who look alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from tests.store.opening import UNITS


@contextmanager
def in_can_tho(store: Store) -> Iterator[None]:
    """The store opens the book of Cần Thơ, founded where it is not there yet, until this ends."""
    an_giang = store.province_id
    store.province_id = found_province(store, code="92", name="Cần Thơ")
    try:
        store.write_now(lambda book: keep_units(book, UNITS))
        yield
    finally:
        store.province_id = an_giang
