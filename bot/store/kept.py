"""Statements of one form, compiled once and from then on handed to the driver as they are.

What SQLAlchemy does anew at each run costs several times what the database takes for the small statements of a reply or
a letter. It still writes them, and turns values into the database's and back; only the way in between is shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Connection, Insert, Select, Update, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate
from sqlalchemy.types import TypeEngine


class Row(Protocol):
    """A row, by whichever way it came."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of that column."""


_Turn: TypeAlias = Callable[[Any], Any]
_NONE: Mapping[str, object] = {}


@dataclass(slots=True)
class _Form:
    """A statement as one driver takes it: its words, the parameters in their order, and how values are turned."""

    words: str
    by_name: bool
    given: tuple[tuple[str, _Turn | None], ...]
    fixed: Mapping[str, Any]
    columns: tuple[tuple[str, TypeEngine[Any]], ...]
    names: tuple[str, ...]
    #: How a row's values are turned; None until the driver has told of what types they are.
    turned: tuple[tuple[str, _Turn], ...] | None = None

    def values(self, params: Mapping[str, object]) -> Any:
        """The parameters as the driver takes them."""
        known = {**self.fixed, **params} if self.fixed else params
        if self.by_name:
            return {name: turn(known[name]) if turn else known[name] for name, turn in self.given}
        return [turn(known[name]) if turn else known[name] for name, turn in self.given]

    def rows(self, cursor: Any, dialect: Dialect) -> list[dict[str, Any]]:
        """The rows as the book reads them."""
        if self.turned is None:
            told = zip(self.columns, cursor.description, strict=True)
            turns = [(key, kind.dialect_impl(dialect).result_processor(dialect, one[1])) for (key, kind), one in told]
            self.turned = tuple((key, turn) for key, turn in turns if turn is not None)
        found = [dict(zip(self.names, values, strict=True)) for values in cursor.fetchall()]
        for name, turn in self.turned:
            for row in found:
                row[name] = turn(row[name])
        return found


class Kept:
    """A statement whose parameters are all single values. Whoever listens to a connection's statements hears it too."""

    def __init__(self, statement: Select[Any] | Insert | Update | ReturningInsert[Any] | ReturningUpdate[Any]) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, frozenset[str] | None], _Form] = {}
        self._fills = bool(statement.is_insert)

    def rows(self, connection: Connection, params: Mapping[str, object]) -> list[dict[str, Any]]:
        """What it returns."""
        if _is_listened_to(connection):
            return [row._asdict() for row in connection.execute(self.statement, params)]
        form = self.form(connection.dialect, params)
        return form.rows(self._run(connection, form, params), connection.dialect)

    def done(self, connection: Connection, params: Mapping[str, object]) -> int:
        """Run it for what it changes; how many rows."""
        if _is_listened_to(connection):
            return connection.execute(self.statement, params).rowcount
        return int(self._run(connection, self.form(connection.dialect, params), params).rowcount)

    def form(self, dialect: Dialect, params: Mapping[str, object] = _NONE) -> _Form:
        """The statement as this database's driver takes it. Raises TypeError where it has no one form."""
        key = dialect.name, frozenset(params) if self._fills else None
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _formed(self.statement, dialect, list(params) if self._fills else None)
        return form

    def _run(self, connection: Connection, form: _Form, params: Mapping[str, object]) -> Any:
        dialect = connection.dialect
        cursor = connection.connection.cursor()
        try:
            cursor.execute(form.words, form.values(params))
        except dialect.loaded_dbapi.Error as error:
            # As SQLAlchemy does, so that callers know one family of errors, and the pool a connection that is dead.
            if dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor):
                connection.invalidate(error)
            base = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(form.words, None, error, base, dialect=dialect) from error
        return cursor


def one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """`column IN values`, with a parameter a value."""
    return column.in_([literal(value) for value in values])


def _is_listened_to(connection: Connection) -> bool:
    return bool(connection.dispatch.before_cursor_execute or connection.dispatch.before_execute)


def _formed(statement: Any, dialect: Dialect, filled: list[str] | None) -> _Form:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=filled)
    if compiled.post_compile_params:
        raise TypeError(f"a parameter stands for several values: {compiled}")
    by_name = not compiled.positional
    names = list(compiled.bind_names.values()) if by_name else list(compiled.positiontup or ())
    binds = compiled.binds
    given = tuple((name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names)
    fixed = {name: binds[name].effective_value for name in names if not binds[name].required and name in binds}
    columns = list(statement.exported_columns) if statement.is_select or compiled.effective_returning else []
    return _Form(
        words=compiled.string,
        by_name=by_name,
        given=given,
        fixed=fixed,
        columns=tuple((column.key, column.type) for column in columns),
        names=tuple(column.key for column in columns),
    )
