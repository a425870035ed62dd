"""Transactions as their callers see them, also where a caller gives up."""

from __future__ import annotations

import asyncio
import threading
import traceback

import pytest
from sqlalchemy.exc import IntegrityError

from bot.redaction import redact
from bot.store.engine import Store
from tests.store.opening import NOW, join


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
