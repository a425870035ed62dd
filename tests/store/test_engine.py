"""Transactions as their callers see them, also where a caller gives up."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.redaction import redact
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.mail import rate
from tests.store.opening import NOW, Kept, join


async def test_who_gives_up_waiting_stops_nobody_else(store: Store) -> None:
    """A caller that is cancelled while its work waits, or runs, leaves the store writing for everybody else."""
    begun, goes_on = threading.Event(), threading.Event()
    done: list[str] = []

    def slow() -> None:
        begun.set()
        goes_on.wait(5)
        done.append("slow")

    running = asyncio.create_task(store.write(lambda _book: slow()))
    await asyncio.to_thread(begun.wait, 5)
    waiting = [asyncio.create_task(store.write(lambda _book: done.append("waiting"))) for _ in range(20)]
    await asyncio.sleep(0)
    for task in (running, *waiting):
        task.cancel()
    goes_on.set()
    for task in (running, *waiting):
        with pytest.raises(asyncio.CancelledError):
            await task

    assert await store.write(lambda book: book.people.province().code) == "91"
    assert "slow" in done


async def test_a_long_question_keeps_no_short_one_waiting(store: Store) -> None:
    """While the whole province is being read, an incoming message finds its sender at once."""
    begun, goes_on = threading.Event(), threading.Event()

    def slow() -> bool:
        begun.set()
        return goes_on.wait(20)

    long = asyncio.create_task(store.read(lambda _book: slow()))
    assert await asyncio.to_thread(begun.wait, 20)
    assert await asyncio.wait_for(store.read(lambda book: book.people.province().code), 10) == "91"
    goes_on.set()
    assert await long


def test_a_broken_rule_of_the_database_tells_nobodys_words(store: Store) -> None:
    """What a statement was to write (names, typed words) stands neither in its error nor in what is logged of it."""
    join(store, "Lan", "telegram:1:11")
    nowhere: str = None  # type: ignore[assignment]
    words = "em bị\n\nvướng"
    with pytest.raises(IntegrityError) as failed:
        store.write_now(lambda book: book.talks.keep_said(1, nowhere, "7", words, NOW))

    logged = redact("".join(traceback.format_exception(failed.value)))
    assert "IntegrityError" in logged
    assert [word for word in ("em bị", "vướng") if word in logged] == []


def test_a_disk_that_fills_takes_nobody_for_stored(kept_sqlite: Kept) -> None:
    """Five write at once and the third finds the disk full, which undoes the others' work: all hear that it failed."""
    store = kept_sqlite.fresh()
    begun, goes_on = threading.Event(), threading.Event()

    def wait() -> bool:
        begun.set()
        return goes_on.wait(20)

    def note(name: str) -> Callable[[Book], None]:
        return lambda book: _connection(book).execute(rate.insert(), {"name": name, "next_at": 1.0})

    def fill(book: Book) -> None:
        pages = _connection(book).exec_driver_sql("PRAGMA page_count").scalar_one()
        _connection(book).exec_driver_sql(f"PRAGMA max_page_count={pages}")
        note("a" * 1_000_000)(book)

    def make_room(book: Book) -> None:
        _connection(book).exec_driver_sql("PRAGMA max_page_count=1000000")
        note("fourth")(book)

    first = store.submit(lambda _book: wait())
    assert begun.wait(20)
    together = [store.submit(work) for work in (note("one"), note("two"), fill, make_room, note("five"))]
    goes_on.set()
    assert first.result(20)
    assert all(one.exception(20) is not None for one in together)
    store.write_now(make_room)
    with store.engine.connect() as connection:
        assert connection.execute(select(rate.c.name)).scalars().all() == ["fourth"]


def _connection(book: Book) -> Connection:
    with book.savepoint() as inside:
        return inside.connection
