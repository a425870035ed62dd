"""What all parts of the book share: the connection of the transaction, and the province every question is about."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, RowMapping
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.sql import Executable
from sqlalchemy.sql.schema import Table


class Overtaken(Exception):  # noqa: N818  (a fact: somebody else was quicker)
    """Another transaction decided this, or took this number, in the meantime: read again, then do it again."""


#: What PostgreSQL says where it gave a transaction up for another's sake: serialization, deadlock.
_LOST = frozenset({"40001", "40P01"})


def lost_to_another(error: BaseException) -> bool:
    """Whether the whole transaction has to be run again, because another one's was preferred."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _LOST


def database_failed(error: BaseException) -> bool:
    """Whether it was the database (away, ended, full, locked), not what was asked of it: later it may be done."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


class Part:
    """One part of the book, inside one transaction, for one province."""

    def __init__(self, connection: Connection, province_id: int) -> None:
        self._connection = connection
        self._province = province_id

    def _rows(self, statement: Executable, params: Mapping[str, object] | None = None) -> list[RowMapping]:
        return list(self._connection.execute(statement, params or {}).mappings())

    def _first(self, statement: Executable) -> RowMapping | None:
        return self._connection.execute(statement).mappings().first()

    def _insert(self, table: Table, **values: object) -> int:
        result = self._connection.execute(table.insert().values(**values))
        created = result.inserted_primary_key
        return int(created[0]) if created else 0

    def _insert_new(self, table: Table, **values: object) -> int | None:
        """Insert unless a unique key says it is there already; the new row's id, or None."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
        return self._connection.execute(statement).scalar()
