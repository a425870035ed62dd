"""Statements of one form, compiled once and from then on handed to the driver as they are.

What SQLAlchemy does anew at each run costs several times what the database takes for the small statements of a reply or
a letter. It still writes them, and turns values into the database's and back; only the way in between is shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
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
    """A statement as one driver takes it: its words, what picks its parameters in order, how values are turned."""

    words: str
    given: tuple[tuple[int, _Turn], ...]
    pick: Callable[[Mapping[str, object]], Sequence[object]]
    fixed: Mapping[str, Any]
    columns: tuple[tuple[str, TypeEngine[Any]], ...]
    names: tuple[str, ...]
    #: How a row's values are turned; None until the driver has told of what types they are.
    turned: tuple[tuple[int, _Turn], ...] | None = None

    def values(self, params: Mapping[str, object]) -> list[Any]:
        """The parameters as the driver takes them."""
        known = {**self.fixed, **params} if self.fixed else params
        found: list[Any] = [*self.pick(known)]
        for place, turn in self.given:
            if (value := found[place]) is not None:
                found[place] = turn(value)
        return found

    def lines(self, found: Found, dialect: Dialect) -> Sequence[Sequence[Any]]:
        """The rows as the book reads them, each value at its column's place."""
        rows, kinds, _ = found
        if not rows:
            return rows
        if self.turned is None:
            self.turned = _turned(self.columns, kinds, dialect)
        turned = self.turned
        if not turned:
            return rows
        made = []
        for values in rows:
            line = [*values]
            for place, turn in turned:
                if (value := line[place]) is not None:
                    line[place] = turn(value)
            made.append(line)
        return made


class Kept:
    """A statement whose parameters are all single values. Whoever listens to a connection's statements hears it too."""

    def __init__(self, statement: Select[Any] | Insert | Update | ReturningInsert[Any] | ReturningUpdate[Any]) -> None:
        self.statement = statement
        self._forms: dict[tuple[str, tuple[str, ...]], _Form] = {}
        #: By the database's name, where it has but one.
        self._only: dict[str, _Form] = {}
        #: An insert of single values, whose columns are those that are given.
        self._fills = isinstance(statement, Insert | ReturningInsert) and statement.select is None

    def rows(self, connection: Connection, params: Mapping[str, object]) -> list[dict[str, Any]]:
        """What it returns."""
        wire = wire_of(connection)
        if wire.heard:
            return [row._asdict() for row in connection.execute(self.statement, params)]
        form = self.form(wire.dialect, params)
        names = form.names
        lines = form.lines(wire.run(connection, form.words, form.values(params)), wire.dialect)
        return [dict(zip(names, line, strict=True)) for line in lines]

    def lines(self, connection: Connection, params: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """What it returns, each value at the place of its column."""
        wire = wire_of(connection)
        if wire.heard:
            return connection.execute(self.statement, params).all()
        form = self.form(wire.dialect, params)
        return form.lines(wire.run(connection, form.words, form.values(params)), wire.dialect)

    def done(self, connection: Connection, params: Mapping[str, object]) -> int:
        """Run it for what it changes; how many rows."""
        wire = wire_of(connection)
        if wire.heard:
            return connection.execute(self.statement, params).rowcount
        form = self.form(wire.dialect, params)
        return wire.run(connection, form.words, form.values(params))[2]

    def form(self, dialect: Dialect, params: Mapping[str, object] = _NONE) -> _Form:
        """The statement as this database's driver takes it. Raises TypeError where it has no one form."""
        if not self._fills:
            form = self._only.get(dialect.name)
            if form is None:
                form = self._only[dialect.name] = _formed(self.statement, dialect, None)
            return form
        key = dialect.name, tuple(params)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _formed(self.statement, dialect, list(params))
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
        pick=_picking(order),
        given=tuple((place, turn) for place, turn in enumerate(turns) if turn is not None),
        fixed={name: binds[name].effective_value for name in order if not binds[name].required},
        columns=tuple((column.key, column.type) for column in columns),
        names=tuple(column.key for column in columns),
    )


def _picking(order: tuple[str, ...]) -> Callable[[Mapping[str, object]], Sequence[object]]:
    """The parameters of a statement in its order."""
    if len(order) > 1:
        return itemgetter(*order)
    return lambda known: [known[name] for name in order]


def _turn(kind: TypeEngine[Any], dialect: Dialect) -> _Turn | None:
    """How values of this type go to the database; None is left as it is."""
    if isinstance(kind, TypeDecorator) and kind.impl_instance.bind_processor(dialect) is None:
        return partial(kind.process_bind_param, dialect=dialect)
    return kind.bind_processor(dialect)


def _turned(
    columns: Sequence[tuple[str, TypeEngine[Any]]], told: Sequence[Any], dialect: Dialect
) -> tuple[tuple[int, _Turn], ...]:
    """How values come back, by place; the driver has told its type of each, where it knows any."""
    found: list[tuple[int, _Turn]] = []
    for place, ((_, given), kind_told) in enumerate(zip(columns, told or [None] * len(columns), strict=True)):
        kind = given.dialect_impl(dialect)
        if isinstance(kind, TypeDecorator) and kind.impl_instance.result_processor(dialect, kind_told) is None:
            found.append((place, partial(kind.process_result_value, dialect=dialect)))
        elif (turn := kind.result_processor(dialect, kind_told)) is not None:
            found.append((place, turn))
    return tuple(found)
