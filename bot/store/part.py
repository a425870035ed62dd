"""What all parts of the book share: the connection of the transaction, and the province every question is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Self

from sqlalchemy import Column, Connection, RowMapping
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import Executable
from sqlalchemy.sql.dml import Insert, ReturningInsert
from sqlalchemy.sql.schema import Table


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


class Savepoint:
    """What is done inside is undone alone when an error leaves it.

    In plain words, on SQLite handed to the driver, for SQLAlchemy gives each savepoint a name of its own and puts its
    statements together anew, which takes longer than most of what is done inside. One inside another bears the same
    name: the inner one is meant.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        raw = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
        self._say: Callable[[str], object] = connection.exec_driver_sql if raw is None else raw.execute

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

    def _rows(self, statement: Executable, params: Mapping[str, object] | None = None) -> list[RowMapping]:
        return list(self._connection.execute(statement, params or {}).mappings())

    def _first(self, statement: Executable, params: Mapping[str, object] | None = None) -> RowMapping | None:
        return self._connection.execute(statement, params or {}).mappings().first()

    def _insert(self, table: Table, **values: object) -> int:
        created = self._connection.execute(_inserted(table), values).inserted_primary_key
        return int(created[0]) if created else 0

    def _insert_new(self, table: Table, **values: object) -> int | None:
        """Insert unless a unique key says it is there already; the new row's id, or None."""
        return self._connection.execute(_unless_there(table, self._connection.dialect.name), values).scalar()


# Kept, as each part keeps the statements of a reply and of a letter: putting one together costs more than running it.
@cache
def _inserted(table: Table) -> Insert:
    return table.insert()


@cache
def _unless_there(table: Table, dialect: str) -> ReturningInsert[int]:
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    number: Column[int] = table.c.id
    return new.on_conflict_do_nothing().returning(number)
