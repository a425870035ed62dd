"""A store of An Giang for tests: two communes, the chair's office, and people who joined and agreed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.contacts import Role, UnitKind
from bot.joining_codes import draw_code
from bot.messages import Address, LetterKind, Urgency
from bot.post_sender import own_name
from bot.store.book import Book
from bot.store.dispatch import Claimed
from bot.store.engine import Store
from bot.store.founding import found_province, keep_units
from bot.store.mail import attempt, letter
from bot.store.tables import metadata

#: 12/9/2025, 07:30 in An Giang, a Friday.
NOW = datetime(2025, 9, 12, 0, 30, tzinfo=UTC)
LAN = Address.parse("telegram:1:11")
MACHINE = datetime.fromisoformat("2026-11-23T04:00:00+00:00")
SERVED = (("telegram", "1"), ("zalo", "9"))
SECOND = timedelta(seconds=1)
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as the office's list has it."""

    code: str
    name: str
    type: str = "xã"
    kind: UnitKind = UnitKind.COMMUNE
    marks: tuple[str, ...] = ()


UNITS = (
    Row("30712", "Bình Hòa"),
    Row("30760", "Mỹ Hòa Hưng"),
    Row("VPUBND", "Văn phòng UBND tỉnh", "sở", UnitKind.DEPARTMENT),
)


@dataclass(frozen=True)
class Kept:
    """A store that stays open from test to test: what statements compile to stays warm, and its tables are there."""

    store: Store

    def fresh(self) -> Store:
        """The same store with a new An Giang in it, and nothing else."""
        with self.store.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.exec_driver_sql(f"DELETE FROM {table.name}")
        self.store.province_id = found_province(self.store, code="91", name="An Giang")
        self.store.write_now(lambda book: keep_units(book, UNITS))
        return self.store


@contextmanager
def kept(url: str) -> Iterator[Kept]:
    """A store over an empty database, whose tables are made once."""
    store = Store(url, threads=6)
    try:
        if url.startswith("sqlite"):  # it ends with the tests: nothing has to survive a power cut
            event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        metadata.create_all(store.engine)
        yield Kept(store)
    finally:
        store.close()


def fresh_store(request: pytest.FixtureRequest) -> Store:
    """As a fixture with the parameters DATABASES: a new book of An Giang on each database."""
    founded: Kept = request.getfixturevalue(f"kept_{request.param}")
    return founded.fresh()


def join(
    store: Store,
    name: str,
    *addresses: str,
    unit: str = "30712",
    role: Role = Role.CONTACT,
    language: str = "vi",
    phone: str | None = None,
) -> int:
    """Seat somebody who agreed to the notice; their id."""

    def work(book: Book) -> int:
        place = book.people.unit(unit)
        assert place is not None
        first, *more = [Address.parse(one) for one in addresses]
        invite_id = _invite(book, draw_code(), place.id, role)
        person_id = book.joining.use(invite_id, first, name, language, NOW)
        for one in more:
            book.joining.add_address(invite_id, person_id, one, NOW)
        if phone:
            book.people.correct(person_id, phone=phone)
        book.people.consent(person_id, "1", NOW)
        return person_id

    return store.write_now(work)


def _invite(book: Book, code: str, unit_id: int, role: Role) -> int:
    book.joining.issue(code, unit_id, role, NOW)
    found = book.joining.find(code, NOW)
    assert not isinstance(found, str)
    return found.id


def plan(store: Store, once: str, person_id: int, kind: LetterKind = LetterKind.REMINDER, says: str = "") -> int:
    """A worded letter for somebody, due now; its id. Of the kind ANSWER it answers them."""
    urgency = Urgency.ANSWER if kind is LetterKind.ANSWER else Urgency.UNASKED
    what = {"person_id": person_id, "text": says or f"Tin {once}", "urgency": urgency}
    letter_id = store.write_now(lambda book: book.letters.plan(once, kind, NOW, **what))
    assert letter_id is not None
    return letter_id


def claim(
    store: Store,
    *,
    at: datetime = MACHINE,
    now: datetime = NOW,
    worker: str = "Minh",
    limit: int = 50,
    **how: Any,
) -> list[Claimed]:
    """What one sender takes for Telegram's account 1, unaddressed letters addressed first."""

    def work(book: Any) -> Sequence[Claimed]:
        book.letters.address_due(now, SERVED)
        taken: Sequence[Claimed] = book.letters.claim("telegram", "1", now, at, worker=worker, limit=limit, **how)
        return taken

    return list(store.write_now(work))


def begin(store: Store, one: Claimed, at: datetime = MACHINE) -> bool:
    """Note that its bytes leave; whether the claim still held."""
    return store.write_now(lambda book: book.letters.begin(one, NOW, at))


def row(store: Store, letter_id: int) -> dict[str, Any]:
    """How a letter stands in the ledger."""
    with store.engine.connect() as connection:
        return dict(connection.execute(select(letter).where(letter.c.id == letter_id)).mappings().one())


def outcomes(store: Store, letter_id: int) -> list[tuple[int, str | None]]:
    """Fence and outcome of each attempt at a letter."""
    mine = select(attempt.c.fence, attempt.c.outcome).where(attempt.c.letter_id == letter_id).order_by(attempt.c.id)
    with store.engine.connect() as connection:
        return [(fence, outcome) for fence, outcome in connection.execute(mine)]


def dead_sender() -> str:
    """The name of a sender that ran on this machine and has ended."""
    machine, _process, started, number = own_name().rsplit("/", 3)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{machine}/{ended.pid}/{started}/{number}"
