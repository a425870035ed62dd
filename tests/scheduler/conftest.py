"""An office whose clock the tests move, on each of the two databases; and one on SQLite alone for long runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scheduler.office import Office, at
from tests.store.opening import join, opened


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A new book of An Giang."""
    with opened(database_url) as store:
        yield Office(store)


@pytest.fixture
def sqlite_office(tmp_path: Path) -> Iterator[Office]:
    """The same, where the database is not what is tested."""
    with opened(f"sqlite:///{tmp_path / 'store.sqlite3'}") as store:
        yield Office(store)


@pytest.fixture
def lan(office: Office) -> int:
    """Lan, contact of Bình Hòa, who has T02 until Saturday 20/9 and T03 until Thursday 25/9; time has begun."""
    begin = at("2025-09-12", "09:00")
    person_id = join(office.store, "Lan", "local:main:lan")
    office.sweep(begin)
    office.give("T02", "2025-09-20", "30712", now=begin)
    office.give("T03", "2025-09-25", "30712", now=begin)
    return person_id
