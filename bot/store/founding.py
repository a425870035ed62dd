"""How a province begins: its own row with a fresh secret, and its list of units."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import func, select, text, update

from bot.contacts import UnitKind
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.part import Part
from bot.store.tables import province, unit

#: What the clock's questions join; PostgreSQL looks at them by itself too, but up to a minute later.
_JOINED = "unit, directive, task, assignment, person, seat, address"


class UnitRow(Protocol):
    """One row of the office's list of units."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def kind(self) -> UnitKind: ...
    @property
    def marks(self) -> Sequence[str]: ...


class Founding(Part):
    """What happens once, or once in a while, to a whole province."""

    def province(self, code: str, **values: Any) -> int:
        """A new province, or the one that another replica has founded under this code meanwhile; its id."""
        founded = self._insert_new(province, code=code, secret=secrets.token_bytes(32), **values)
        if founded is None:
            founded = self._connection.execute(select(province.c.id).where(province.c.code == code)).scalar_one()
        return founded

    def province_coded(self, code: str) -> int | None:
        """The province with this code, if it was founded before."""
        return self._connection.execute(select(province.c.id).where(province.c.code == code)).scalar()

    def keep_units(self, rows: Iterable[UnitRow]) -> None:
        """Units by their code: known ones are renamed in place, new ones stand at the end, none is removed."""
        mine = unit.c.province_id == self._province
        known = {row["code"]: row["id"] for row in self._rows(select(unit.c.code, unit.c.id).where(mine))}
        last = self._connection.execute(select(func.max(unit.c.position)).where(mine)).scalar() or 0
        new = []
        for row in rows:
            values = {"name": row.name, "type": row.type, "kind": row.kind, "marks": list(row.marks)}
            if row.code in known:
                self._connection.execute(update(unit).where(unit.c.id == known[row.code]).values(**values))
            else:
                last += 1
                new.append({"province_id": self._province, "code": row.code, "position": last, **values})
        if new:
            self._connection.execute(unit.insert(), new)

    def take_stock(self) -> None:
        """Let PostgreSQL see how much there is now: by its guesses a tick takes seconds. SQLite guesses well."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text(f"ANALYZE {_JOINED}"))


def found_province(
    store: Store,
    *,
    code: str,
    name: str,
    zone: str = "Asia/Ho_Chi_Minh",
    language: str = "vi",
    sample: bool = False,
    settings: Mapping[str, Any] | None = None,
) -> int:
    """Found a province; the id of the one that is there already under this code, left as it is."""
    values = {"name": name, "zone": zone, "language": language, "sample": sample, "settings": dict(settings or {})}

    def work(book: Book) -> int:
        with book.savepoint() as inside:
            founding = Founding(inside.connection, book.province_id)
            known = founding.province_coded(code)
            return known if known is not None else founding.province(code=code, **values)

    return store.write_now(work)


def keep_units(book: Book, rows: Iterable[UnitRow]) -> None:
    """Bring the province's list of units up to date."""
    with book.savepoint() as inside:
        Founding(inside.connection, book.province_id).keep_units(rows)


def take_stock(book: Book) -> None:
    """At the end of an import, in its transaction: what reads next is planned by what is there."""
    with book.savepoint() as inside:
        Founding(inside.connection, book.province_id).take_stock()
