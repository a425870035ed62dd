"""An office whose clock the tests move, on each of the two databases; and one on SQLite alone for long runs."""

from __future__ import annotations

import pytest

from bot.store.engine import Store
from tests.scheduler.office import Office, at
from tests.store import opening
from tests.store.opening import join

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)


@pytest.fixture
def office(store: Store) -> Office:
    """A new book of An Giang."""
    return Office(store)


@pytest.fixture
def sqlite_office(kept_sqlite: opening.Kept) -> Office:
    """The same, where the database is not what is tested."""
    return Office(kept_sqlite.fresh())


@pytest.fixture
def lan(office: Office) -> int:
    """Lan, contact of Bình Hòa, who has T02 until Saturday 20/9 and T03 until Thursday 25/9; time has begun."""
    begin = at("2025-09-12", "09:00")
    person_id = join(office.store, "Lan", "local:main:lan")
    office.sweep(begin)
    office.give("T02", "2025-09-20", "30712", now=begin)
    office.give("T03", "2025-09-25", "30712", now=begin)
    return person_id
