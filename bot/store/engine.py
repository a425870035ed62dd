"""Transactions: `write(work)` and `read(work)` are the only way to the book. SQLite has one writer, many readers."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import groupby
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

from bot.store.book import Book
from bot.store.part import Savepoint, Undone, lost_to_another
from bot.store.wire import begins, commits

T = TypeVar("T")
Work = Callable[[Book], T]

#: How often a transaction that PostgreSQL gave up for another's sake (deadlock, serialization) is run again.
_TRIES = 5
#: Readers of a SQLite file: they hinder neither each other nor the writer, and a long question no short one.
_READERS = 4
#: So many KiB of the file the writer keeps at hand; SQLite by itself would keep 2 MiB.
_AT_HAND = 16_384
#: How PostgreSQL is reached where the operator's address does not say otherwise. Of several hosts the one that writes
#: counts, whichever it is by now; one that is silent (3 s), or cut off (11 s), is given up.
_REACHED = {
    "target_session_attrs": "read-write",
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 11_000,
}
#: A replica that freezes amid a transaction keeps what it locked from all others, until the server ends that.
_LETS_GO = "-c idle_in_transaction_session_timeout=15s"
#: Compiling one of the clock's questions takes PostgreSQL a second, answering it a tenth of that.
_NOT_COMPILED = "-c jit=off"


class Store:
    """One database. `write` and `read` are awaitable; `write_now` and `read_now` are for the command line and tests."""

    def __init__(self, url: str, province_id: int = 1, threads: int = 8) -> None:
        self.url = url
        self.province_id = province_id
        self._lane: _Lane = _SqliteLane(url) if url.startswith("sqlite") else _PostgresLane(url, threads)

    @property
    def engine(self) -> Engine:
        """For migrations and backups, which live in this room."""
        return self._lane.engine

    def submit(self, work: Work[T]) -> Future[T]:
        """Run this in a writing transaction; the future answers after the commit."""
        return self._lane.write(lambda connection: work(Book(connection, self.province_id)))

    async def write(self, work: Work[T]) -> T:
        """Run this in a writing transaction and return its result after the commit."""
        return await self._lane.written(lambda connection: work(Book(connection, self.province_id)))

    async def read(self, work: Work[T]) -> T:
        """Run this in a reading transaction."""
        return await asyncio.wrap_future(self._lane.read(lambda connection: work(Book(connection, self.province_id))))

    def write_now(self, work: Work[T]) -> T:
        """`write` for callers without an event loop."""
        return self.submit(work).result()

    def read_now(self, work: Work[T]) -> T:
        """`read` for callers without an event loop."""
        return self._lane.read(lambda connection: work(Book(connection, self.province_id))).result()

    def away(self) -> str | None:
        """The kind of error that keeps the database from answering; None where it answers."""
        try:
            with self.engine.connect():
                return None
        except DBAPIError as error:
            return type(error).__name__

    def close(self) -> None:
        """Finish what waits and let go of the database."""
        self._lane.close()


class _Lane:
    """How one kind of database runs transactions."""

    engine: Engine

    def write(self, work: Callable[[Connection], T]) -> Future[T]:
        raise NotImplementedError

    async def written(self, work: Callable[[Connection], T]) -> T:
        """`write` for who has an event loop."""
        return await asyncio.wrap_future(self.write(work))

    def read(self, work: Callable[[Connection], T]) -> Future[T]:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class _Job(Generic[T]):
    """A piece of work and the future that waits for it, in an event loop or in any thread."""

    def __init__(self, work: Callable[[Connection], T], future: Future[T] | asyncio.Future[T]) -> None:
        self._work = work
        self.future = future
        self.loop = future.get_loop() if isinstance(future, asyncio.Future) else None
        self._result: T
        self.error: BaseException | None = None

    def begin(self) -> bool:
        """Whether the caller still waits; from here on the work is done in any case."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()

    def run(self, connection: Connection, *, alone: bool) -> None:
        """Do it inside a savepoint of its own: its failure undoes it alone. Who is `alone` needs none, and raises."""
        if alone:
            self._result = self._work(connection)
            return
        try:
            with Savepoint(connection):
                self._result = self._work(connection)
        except Exception as error:  # noqa: BLE001  (whatever it is belongs to the caller)
            self.error = error

    def answer(self, commit_error: BaseException | None) -> None:
        """Tell the caller, now that the group's commit has been tried."""
        error = commit_error or self.error
        if isinstance(self.future, asyncio.Future) and self.future.done():
            return  # given up while it was done
        if error is not None:
            self.future.set_exception(error)
        else:
            self.future.set_result(self._result)


class _SqliteLane(_Lane):
    def __init__(self, url: str) -> None:
        self.engine = _sqlite_engine(url, "BEGIN IMMEDIATE", f"cache_size={-_AT_HAND}")
        self._readers = _sqlite_engine(url, "BEGIN")
        self._reading = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="store-writer", daemon=True)
        self._writer.start()

    def write(self, work: Callable[[Connection], T]) -> Future[T]:
        future: Future[T] = Future()
        self._queue.put(_Job(work, future))
        return future

    async def written(self, work: Callable[[Connection], T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put(_Job(work, future))
        return await future

    def read(self, work: Callable[[Connection], T]) -> Future[T]:
        def run() -> T:
            with self._readers.begin() as connection:
                return work(connection)

        return self._reading.submit(run)

    def close(self) -> None:
        self._queue.put(None)
        self._writer.join()
        self._reading.shutdown()
        self._readers.dispose()
        self.engine.dispose()

    def _write_all(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            goes_on = True
            with suppress(queue.Empty):
                while len(group) < 64:
                    job = self._queue.get_nowait()
                    if job is None:
                        goes_on = False
                        break
                    group.append(job)
            self._commit(group)
            if not goes_on:
                return

    def _commit(self, waiting: list[_Job[Any]]) -> None:
        """All of them but those whose callers gave up while they waited; from here on nobody can give up."""
        group = [job for job in waiting if job.begin()]
        error: BaseException | None = None
        try:
            with self.engine.begin() as connection:
                for job in group:
                    job.run(connection, alone=len(group) == 1)
                    if not _goes_on(connection):
                        # With the one who failed went all before them: nobody may be told otherwise.
                        raise Undone(str(getattr(job.error, "orig", job.error)))
        except Exception as failed:  # noqa: BLE001  (a full disk, a locked file: every caller of the group must hear it)
            error = failed
        for loop, jobs in groupby(group, key=lambda job: job.loop):
            _tell(loop, list(jobs), error)


def _tell(loop: asyncio.AbstractEventLoop | None, jobs: Sequence[_Job[Any]], error: BaseException | None) -> None:
    """Answer all of a loop's callers by waking it once."""

    def answer() -> None:
        for job in jobs:
            job.answer(error)

    if loop is None:
        answer()
        return
    with suppress(RuntimeError):  # the loop was closed: nobody waits there any more
        loop.call_soon_threadsafe(answer)


def _goes_on(connection: Connection) -> bool:
    """Whether a SQLite transaction is still under way."""
    raw = connection.connection.driver_connection
    return raw is not None and bool(raw.in_transaction)


def _sqlite_engine(url: str, begin: str, *pragmas: str) -> Engine:
    # What was to be written are people's words: no error may repeat them.
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 30})

    @event.listens_for(engine, "connect")
    def prepare(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            "secure_delete=ON",
            *pragmas,
        ):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class _PostgresLane(_Lane):
    def __init__(self, url: str, threads: int) -> None:
        self.engine = _postgres_engine(url, threads)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="store")

    def write(self, work: Callable[[Connection], T]) -> Future[T]:
        return self._threads.submit(self._run, work)

    def read(self, work: Callable[[Connection], T]) -> Future[T]:
        return self._threads.submit(self._run, work)

    def close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()

    def _run(self, work: Callable[[Connection], T]) -> T:
        for _ in range(_TRIES - 1):
            try:
                return self._in_one(work)
            except DBAPIError as error:
                if not lost_to_another(error):
                    raise
        return self._in_one(work)

    def _in_one(self, work: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)


def _postgres_engine(url: str, threads: int) -> Engine:
    given = make_url(url)
    options = (
        f"{_LETS_GO} {_NOT_COMPILED} {given.query.get('options', '')}"  # of two that speak of the same, the last counts
    )
    ours = {name: value for name, value in _REACHED.items() if name not in given.query}
    # What is run again and again is prepared by the wire; psycopg, at each rollback, lets go of all that is prepared.
    connect_args = {**ours, "options": options, "prepare_threshold": None}
    engine = create_engine(
        given,
        hide_parameters=True,
        connect_args=connect_args,
        pool_size=threads,
        max_overflow=0,
        pool_pre_ping=True,
    )
    # That a transaction can be begun shows that the server is still there, and then it is begun.
    engine.dialect.do_ping = begins  # type: ignore[assignment, method-assign]
    engine.dialect.do_commit = commits  # type: ignore[assignment, method-assign]
    return engine
