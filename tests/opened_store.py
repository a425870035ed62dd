"""The sample province of An Giang in a store for tests: founded once a session, put back before every test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event, select

from bot.contacts import Role
from bot.imports import SAMPLE_BEGINS, found_sample
from bot.joining_codes import draw_code
from bot.messages import Address, Incoming
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import upgrade
from bot.store.tables import metadata
from bot.tasks import Due

#: Friday 12/9/2025, 07:00: the sample's first moment.
NOW = SAMPLE_BEGINS


@dataclass(frozen=True)
class Template:
    """An open store and what it held when it was founded."""

    store: Store
    contents: sqlite3.Connection

    def fresh(self) -> Store:
        """The same store, holding again what it was founded with: what statements compile to stays warm."""
        with closing(self.store.engine.raw_connection()) as live:
            self.contents.backup(live.driver_connection)
        return self.store


@contextmanager
def template(folder: Path) -> Iterator[Template]:
    """A SQLite store of the sample province, migrated as `run` does it."""
    store = Store(f"sqlite:///{folder / 'sample.sqlite3'}")
    event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    contents = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        upgrade(store.engine)
        found_sample(store)
        with closing(store.engine.raw_connection()) as live:
            live.driver_connection.backup(contents)
        yield Template(store, contents)
    finally:
        contents.close()
        store.close()


def seat(
    book: Book, name: str, unit: str, role: Role = Role.CONTACT, *, at: str = "", consent: bool = True, **how: Any
) -> int:
    """Seat somebody by a code; their id. The phone is `talk:main:<name>` unless another is named."""
    place = book.people.unit(unit)
    assert place is not None
    code = draw_code()
    book.joining.issue(code, place.id, role, NOW, **how)
    found = book.joining.find(code, NOW)
    assert not isinstance(found, str)
    person_id = book.joining.use(found.id, Address.parse(at or f"talk:main:{name}"), name, "vi", NOW)
    if consent:
        book.people.consent(person_id, "1", NOW)
    return person_id


def message(who: str, key: str, typed: str, at: datetime = NOW, **more: Any) -> Incoming:
    """What somebody types on the phone that `seat` gave them."""
    return Incoming(Address("talk", "main", who), key, typed, at, message_id=key, **more)


def everything(store: Store, tables: MetaData = metadata) -> Mapping[str, list[Mapping[str, Any]]]:
    """All rows of all tables."""
    return {name: rows(store, name, tables) for name in tables.tables}


def rows(store: Store, table: str, tables: MetaData = metadata) -> list[Mapping[str, Any]]:
    """All rows of one table."""
    with store.engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(tables.tables[table])).mappings()]


def give_task(book: Book, code: str = "T02", units: tuple[str, ...] = ("30712",), due: Due | None = None) -> int:
    """A task for these units of whatever province the book is about; the first assignment's id."""
    known = {unit.code: unit.id for unit in book.people.units()}
    notice = book.assignments.keep_directive("01/TB", f"Kết luận {code}", date(2025, 9, 11), ("57-NQ/TW",))
    new = NewTask(notice, code, f"Xây dựng kế hoạch {code}", ("57-NQ/TW",), tuple(known[u] for u in units), due=due)
    book.assignments.keep_task(new, NOW)
    return book.assignments.of_task(code)[0].id
