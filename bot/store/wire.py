"""A connection as its driver has it: statements whose words are known go past SQLAlchemy, and to libpq."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any, NoReturn, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Boolean, Connection, Float, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

#: A parameter as SQLAlchemy writes it for psycopg, and a per cent sign.
_NAMED = re.compile(r"%\((\w+)\)s|%%")
#: Types that SQLAlchemy leaves to psycopg to tell.
_UNTOLD: Mapping[type[TypeEngine[Any]], str] = {Float: "::FLOAT8", LargeBinary: "::BYTEA", Boolean: "::BOOLEAN"}
#: libpq's own numbers for "done", "here are rows", a transaction that has not begun, text, and the wire's own form.
_DONE, _ROWS, _IDLE, _TEXT, _BINARY = 1, 2, 0, 0, 1


#: What a statement came to: its rows, the driver's type of each column where it tells any, how many rows it changed.
Found: TypeAlias = tuple[Sequence[tuple[Any, ...]], Sequence[Any], int]


class Wire:
    """One transaction's straight way to the database; takes the words and the values of a statement."""

    def __init__(self, connection: Connection) -> None:
        self.dialect: Dialect = connection.dialect
        #: Somebody listens to this connection's statements: they go through SQLAlchemy, or would not be heard.
        self.heard = bool(connection.dispatch.before_cursor_execute or connection.dispatch.before_execute)

    @staticmethod
    def words(compiled: SQLCompiler) -> tuple[str, tuple[str, ...]]:
        """A statement as the driver takes it, and the names of its parameters in their order."""
        return compiled.string, tuple(compiled.positiontup or ())

    def run(self, connection: Connection, words: str, values: Sequence[Any]) -> Found:
        """Run it. Raises what SQLAlchemy would."""
        try:
            return self._run(words, values)
        except self.dialect.loaded_dbapi.Error as error:
            _complain(connection, words, error)

    def say(self, connection: Connection, words: str) -> None:
        """Run a statement that has no values and gives nothing back."""
        try:
            self._say(words)
        except self.dialect.loaded_dbapi.Error as error:
            _complain(connection, words, error)

    def _run(self, words: str, values: Sequence[Any]) -> Found:
        raise NotImplementedError

    def _say(self, words: str) -> None:
        raise NotImplementedError


class _SqliteWire(Wire):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        raw: Any = connection.connection.driver_connection
        self._execute: Callable[..., Any] = raw.execute

    def _run(self, words: str, values: Sequence[Any]) -> Found:
        cursor = self._execute(words, values)
        return cursor.fetchall(), (), cursor.rowcount

    def _say(self, words: str) -> None:
        self._execute(words)


class _PostgresWire(Wire):
    """Each statement is prepared once a connection. libpq waits outside Python's lock, as psycopg does."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        raw: Any = connection.connection.driver_connection
        self._raw, self._pq = raw, raw.pgconn
        self._prepared: dict[str, _Prepared] = connection.info.setdefault("kept", {})

    @staticmethod
    def words(compiled: SQLCompiler) -> tuple[str, tuple[str, ...]]:
        """Numbers instead of names; each place has its own, for each may be of another type."""
        order: list[str] = []

        def place(found: re.Match[str]) -> str:
            if found[1] is None:
                return "%"
            order.append(found[1])
            kind = compiled.binds[found[1]].type
            told = next((words for known, words in _UNTOLD.items() if isinstance(kind, known)), "")
            return f"${len(order)}{told}"

        return _NAMED.sub(place, compiled.string), tuple(order)

    def _run(self, words: str, values: Sequence[Any]) -> Found:
        pq = self._pq
        if pq.transaction_status == _IDLE:
            self._plainly("BEGIN")
        known = self._prepared.get(words) or self._prepare(words)
        result = pq.exec_prepared(known.name, *_sent(values), _BINARY)
        if result.status == _DONE:
            return (), (), result.command_tuples or 0
        if result.status != _ROWS:
            _fail(result)
        many = result.ntuples
        return (known.rows(result, many), known.kinds, many) if many else ((), (), 0)

    def _say(self, words: str) -> None:
        if self._pq.transaction_status == _IDLE:
            self._plainly("BEGIN")
        self._plainly(words)

    def _plainly(self, words: str) -> None:
        result = self._pq.exec_(words.encode())
        if result.status != _DONE:
            _fail(result)

    def _prepare(self, words: str) -> _Prepared:
        name = f"kept_{len(self._prepared)}".encode()
        result = self._pq.prepare(name, words.encode())
        if result.status != _DONE:
            _fail(result)
        known = self._prepared[words] = _Prepared(name, self._raw)
        return known


class _Prepared:
    """A statement that a connection knows by name. What its columns are is asked of its first rows, once."""

    def __init__(self, name: bytes, raw: Any) -> None:
        from psycopg.adapt import Transformer

        self.name = name
        self.kinds: Sequence[int] = ()
        self._loads = Transformer(raw)

    def rows(self, result: Any, many: int) -> list[tuple[Any, ...]]:
        """The rows of a result that has some."""
        if self.kinds:
            self._loads.set_pgresult(result, set_loaders=False)
        else:
            self._loads.set_pgresult(result)
            self.kinds = [result.ftype(place) for place in range(result.nfields)]
        found = self._loads.load_rows(0, many, tuple)
        self._loads.set_pgresult(None, set_loaders=False)  # what was read is not kept with the connection
        return found


def _fail(result: Any) -> NoReturn:
    """Raise what the server complains of."""
    from psycopg import OperationalError  # where PostgreSQL is not, neither is its driver
    from psycopg.errors import error_from_result

    error = error_from_result(result)
    # A server that is gone says nothing, and libpq for it no state.
    raise error if error.sqlstate else OperationalError(str(error))


def _sent(values: Sequence[Any]) -> tuple[list[bytes | None], list[int]]:
    """Values as libpq takes them. Words go with their length, so that the server refuses what ends them too early."""
    sent: list[bytes | None] = []
    forms: list[int] = []
    for value in values:
        form = _TEXT
        if value is None:
            sent.append(None)
        elif isinstance(value, str):
            sent.append(value.encode())
            form = _BINARY
        elif isinstance(value, bool):
            sent.append(b"t" if value else b"f")
        elif isinstance(value, int):
            sent.append(b"%d" % value)
        elif isinstance(value, date | time):
            sent.append(value.isoformat().encode())
        elif isinstance(value, float):
            sent.append(repr(value).encode())
        else:
            sent.append(bytes(getattr(value, "obj", value)))
            form = _BINARY
        forms.append(form)
    return sent, forms


_WIRES: WeakKeyDictionary[Connection, Wire] = WeakKeyDictionary()
_KINDS: Mapping[str, type[Wire]] = {"sqlite": _SqliteWire, "postgresql": _PostgresWire}


def wire_of(connection: Connection) -> Wire:
    """The same for as long as the connection lasts, which is a transaction."""
    wire = _WIRES.get(connection)
    if wire is None:
        wire = _WIRES[connection] = _KINDS[connection.dialect.name](connection)
    return wire


def wire_kind(dialect: Dialect) -> type[Wire]:
    """How this database's driver takes statements."""
    return _KINDS[dialect.name]


def begins(raw: Any) -> bool:
    """Begin a transaction on psycopg's connection, which it would else do itself. Raises its error."""
    result = raw.pgconn.exec_(b"BEGIN")
    if result.status != _DONE:
        _fail(result)
    return True


def commits(raw: Any) -> None:
    """Commit psycopg's connection. Raises its error, and one where the server had given the transaction up before."""
    pq = raw.pgconn
    if pq.transaction_status == _IDLE:
        return
    result = pq.exec_(b"COMMIT")
    if result.status != _DONE:
        _fail(result)
    if result.command_status != b"COMMIT":
        from psycopg.errors import InFailedSqlTransaction

        raise InFailedSqlTransaction("what had failed before was rolled back, not committed")


def _complain(connection: Connection, words: str, error: Exception) -> NoReturn:
    """As SQLAlchemy does, so that callers know one family of errors, and the pool a connection that is dead."""
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    raw: Any = None if connection.invalidated else connection.connection.dbapi_connection
    gone = raw is not None and dialect.is_disconnect(error, raw, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
        _WIRES.pop(connection, None)
    raise DBAPIError.instance(words, None, error, base, connection_invalidated=gone, dialect=dialect) from error
