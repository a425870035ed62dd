"""What all parts of the book share: the connection of the transaction, and the province every question is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Self, overload

from sqlalchemy import Connection, RowMapping
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql import Executable
from sqlalchemy.sql.schema import Table

from bot.store.kept import Kept, Row
from bot.store.wire import wire_of


class Overtaken(Exception):  # noqa: N818  (a fact: somebody else was quicker)
    """Another transaction decided this, or took this number, in the meantime: read again, then do it again."""


#: What PostgreSQL says where it gave a transaction up for another's sake: serialization, deadlock.
_LOST = frozenset({"40001", "40P01"})


class Undone(Exception):  # noqa: N818
    """The database gave up the whole transaction by itself (SQLite does, where the disk is full)."""


def lost(error: BaseException) -> bool:
    """Whether nothing of the transaction is left: whoever goes on writing in it would write beside it."""
    return isinstance(error, Undone) or lost_to_another(error)


def lost_to_another(error: BaseException) -> bool:
    """Whether the whole transaction has to be run again, because another one's was preferred."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _LOST


def database_failed(error: BaseException) -> bool:
    """Whether it was the database (away, ended, full, locked), not what was asked of it: later it may be done."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


class Savepoint:
    """What is done inside is undone alone when an error leaves it.

    In plain words, handed to the driver, for SQLAlchemy gives each savepoint a name of its own and puts its statements
    together anew, which takes longer than most of what is done inside. One inside another bears the same name: the
    inner one is meant.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        wire = wire_of(connection)
        self._say: Callable[[str], object] = connection.exec_driver_sql if wire.heard else partial(wire.say, connection)

    def __enter__(self) -> Self:
        self._say("SAVEPOINT inside")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if kind is None:
            self._say("RELEASE SAVEPOINT inside")
            return
        try:
            self._say("ROLLBACK TO SAVEPOINT inside")
            self._say("RELEASE SAVEPOINT inside")
        except Exception:  # noqa: BLE001  (the driver's, or SQLAlchemy's)
            raise Undone(str(getattr(error, "orig", error))) from error


class Part:
    """One part of the book, inside one transaction, for one province."""

    def __init__(self, connection: Connection, province_id: int) -> None:
        self._connection = connection
        self._province = province_id

    @overload
    def _rows(self, statement: Kept, params: Mapping[str, object]) -> list[dict[str, Any]]: ...

    @overload
    def _rows(self, statement: Executable, params: Mapping[str, object] | None = None) -> list[RowMapping]: ...

    def _rows(self, statement: Executable | Kept, params: Mapping[str, object] | None = None) -> Sequence[Row]:
        if isinstance(statement, Kept):
            return statement.rows(self._connection, params or {})
        return list(self._connection.execute(statement, params or {}).mappings())

    def _lines(
        self, statement: Executable | Kept, params: Mapping[str, object] | None = None
    ) -> Sequence[Sequence[Any]]:
        """Rows whose values are read by their columns' places: wide ones, many of them."""
        if isinstance(statement, Kept):
            return statement.lines(self._connection, params or {})
        return self._connection.execute(statement, params or {}).all()

    @overload
    def _first(self, statement: Kept, params: Mapping[str, object]) -> dict[str, Any] | None: ...

    @overload
    def _first(self, statement: Executable, params: Mapping[str, object] | None = None) -> RowMapping | None: ...

    def _first(self, statement: Executable | Kept, params: Mapping[str, object] | None = None) -> Row | None:
        if isinstance(statement, Kept):
            return next(iter(statement.rows(self._connection, params or {})), None)
        return self._connection.execute(statement, params or {}).mappings().first()

    def _scalar(self, statement: Kept, params: Mapping[str, object]) -> Any:
        """The first value of the first row; None where there is none."""
        lines = statement.lines(self._connection, params)
        return lines[0][0] if lines else None

    def _done(self, statement: Kept, params: Mapping[str, object]) -> int:
        """Run it for what it changes; how many rows."""
        return statement.done(self._connection, params)

    def _insert(self, table: Table, **values: object) -> int:
        return int(self._scalar(_inserted(table), values))

    def _insert_new(self, table: Table, **values: object) -> int | None:
        """Insert unless a unique key says it is there already; the new row's id, or None."""
        created: int | None = self._scalar(_unless_there(table, self._connection.dialect.name), values)
        return created


@cache
def _inserted(table: Table) -> Kept:
    return Kept(table.insert().returning(table.c.id))


@cache
def _unless_there(table: Table, dialect: str) -> Kept:
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return Kept(new.on_conflict_do_nothing().returning(table.c.id))
