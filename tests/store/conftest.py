"""A province with its people, on each of the two databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.contacts import Role, UnitKind
from bot.messages import Address
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.tables import metadata

NOW = datetime(2025, 9, 12, 0, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as the office's list has it."""

    code: str
    name: str
    type: str = "xã"
    kind: UnitKind = UnitKind.COMMUNE
    marks: tuple[str, ...] = ()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty book of An Giang with two communes and the chair's office."""
    opened = Store(database_url, threads=4)
    metadata.create_all(opened.engine)
    opened.province_id = found_province(opened, code="91", name="An Giang")
    office = Row("VPUBND", "Văn phòng UBND tỉnh", "sở", UnitKind.DEPARTMENT)
    opened.write_now(lambda book: keep_units(book, [Row("30712", "Bình Hòa"), Row("30760", "Mỹ Hòa Hưng"), office]))
    yield opened
    opened.close()


@pytest.fixture
def joined(store: Store) -> Callable[..., int]:
    """`joined("Lan", "telegram:1:11")` seats somebody who agreed to the notice; gives their id."""

    def join(name: str, *addresses: str, unit: str = "30712", role: Role = Role.CONTACT) -> int:
        def work(book: Book) -> int:
            found = book.people.unit(unit)
            assert found is not None
            first, *more = [Address.parse(one) for one in addresses]
            code = f"DK 234 5678 {'BCFGHKLMNPQRSTVX'[found.id]}{'BCFGHKLMNPQRSTVX'[len(name)]}23"
            book.joining.issue(code, found.id, role, NOW)
            invite = book.joining.find(code, NOW)
            assert not isinstance(invite, str)
            person_id = book.joining.use(invite.id, first, name, "vi", NOW)
            for one in more:
                book.joining.add_address(invite.id, person_id, one, NOW)
            book.people.consent(person_id, "1", NOW)
            return person_id

        return store.write_now(work)

    return join
