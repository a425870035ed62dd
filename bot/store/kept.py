"""Statements of one form, compiled once and from then on handed to the driver as they are.

What SQLAlchemy does anew at each run costs several times what the database takes for the small statements of a reply or
a letter. It still writes them, and turns values into the database's and back; only the way in between is shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

from sqlalchemy import ColumnElement, Connection, Insert, Select, Update, literal
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.store.wire import Found, wire_kind, wire_of


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
    order: tuple[str, ...]
    given: tuple[tuple[int, _Turn], ...]
    fixed: Mapping[str, Any]
    columns: tuple[tuple[str, TypeEngine[Any]], ...]
    names: tuple[str, ...]
    #: How a row's values are turned; None until the driver has told of what types they are.
    turned: tuple[tuple[str, _Turn], ...] | None = None

    def values(self, params: Mapping[str, object]) -> list[Any]:
        """The parameters as the driver takes them."""
        known = {**self.fixed, **params} if self.fixed else params
        found: list[Any] = [known[name] for name in self.order]
        for place, turn in self.given:
            if (value := found[place]) is not None:
                found[place] = turn(value)
        return found

    def rows(self, found: Found, dialect: Dialect) -> list[dict[str, Any]]:
        """The rows as the book reads them."""
        rows, kinds, _ = found
        if not rows:
            return []
        if self.turned is None:
            self.turned = _turned(self.columns, kinds, dialect)
        made = []
        for values in rows:
            row = dict(zip(self.names, values, strict=True))
            for name, turn in self.turned:
                if (value := row[name]) is not None:
                    row[name] = turn(value)
            made.append(row)
        return made


class Kept:
    """A statement whose parameters are all single values. Whoever listens to a connection's statements hears it too."""

    def __init__(self, statement: Select[Any] | Insert | Update | ReturningInsert[Any] | ReturningUpdate[Any]) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, tuple[str, ...] | None], _Form] = {}
        #: An insert of single values, whose columns are those that are given.
        self._fills = isinstance(statement, Insert | ReturningInsert) and statement.select is None

    def rows(self, connection: Connection, params: Mapping[str, object]) -> list[dict[str, Any]]:
        """What it returns."""
        wire = wire_of(connection)
        if wire.heard:
            return [row._asdict() for row in connection.execute(self.statement, params)]
        form = self.form(wire.dialect, params)
        return form.rows(wire.run(connection, form.words, form.values(params)), wire.dialect)

    def done(self, connection: Connection, params: Mapping[str, object]) -> int:
        """Run it for what it changes; how many rows."""
        wire = wire_of(connection)
        if wire.heard:
            return connection.execute(self.statement, params).rowcount
        form = self.form(wire.dialect, params)
        return wire.run(connection, form.words, form.values(params))[2]

    def form(self, dialect: Dialect, params: Mapping[str, object] = _NONE) -> _Form:
        """The statement as this database's driver takes it. Raises TypeError where it has no one form."""
        key = dialect.name, tuple(params) if self._fills else None
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _formed(self.statement, dialect, list(params) if self._fills else None)
        return form


def one_of(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """`column IN values`, with a parameter a value."""
    return column.in_([literal(value) for value in values])


def _formed(statement: Any, dialect: Dialect, filled: list[str] | None) -> _Form:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=filled)
    if compiled.post_compile_params:
        raise TypeError(f"a parameter stands for several values: {compiled}")
    words, order = wire_kind(dialect).words(compiled)
    binds = compiled.binds
    turns = [_turn(binds[name].type.dialect_impl(dialect), dialect) for name in order]
    columns = list(statement.exported_columns) if statement.is_select or compiled.effective_returning else []
    return _Form(
        words=words,
        order=order,
        given=tuple((place, turn) for place, turn in enumerate(turns) if turn is not None),
        fixed={name: binds[name].effective_value for name in order if not binds[name].required},
        columns=tuple((column.key, column.type) for column in columns),
        names=tuple(column.key for column in columns),
    )


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> _Turn | None:
    """How values of this type go to the database; None is left as it is."""
    if isinstance(kind, TypeDecorator) and kind.impl_instance.bind_processor(dialect) is None:
        return partial(kind.process_bind_param, dialect=dialect)
    return kind.bind_processor(dialect)


def _turned(
    columns: Sequence[tuple[str, TypeEngine[Any]]], told: Sequence[Any], dialect: Dialect
) -> tuple[tuple[str, _Turn], ...]:
    """How values come back, by column; the driver has told its type of each, where it knows any."""
    found: list[tuple[str, _Turn]] = []
    for (name, given), kind_told in zip(columns, told or [None] * len(columns), strict=True):
        kind = given.dialect_impl(dialect)
        if isinstance(kind, TypeDecorator) and kind.impl_instance.result_processor(dialect, kind_told) is None:
            found.append((name, partial(kind.process_result_value, dialect=dialect)))
        elif (turn := kind.result_processor(dialect, kind_told)) is not None:
            found.append((name, turn))
    return tuple(found)
