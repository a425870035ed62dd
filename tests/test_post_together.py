"""What many letters have written down at about the same moment is one transaction, and nobody pays for another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot import post_together
from bot.post_together import Together, gatherers
from bot.store.book import Book
from bot.store.engine import Store
from tests.store import opening
from tests.store.opening import MACHINE, SECOND

store = pytest.fixture(params=["sqlite"])(opening.fresh_store)


@pytest.fixture
def commits(store: Store) -> Iterator[list[object]]:
    """One for each transaction."""
    found: list[object] = []

    def note(connection: object) -> None:
        found.append(connection)

    event.listen(store.engine, "commit", note)
    yield found
    event.remove(store.engine, "commit", note)


def pausing(name: str) -> object:
    """A work that leaves a pause of that name behind."""
    return lambda book: book.letters.pace.pause(name, MACHINE + SECOND)


def paused(store: Store, *names: str) -> list[bool]:
    """Which of the names pause."""
    return [store.read_now(lambda book, one=name: book.letters.pace.paused_for(one, MACHINE)) > 0 for name in names]


async def test_what_comes_up_together_is_one_transaction(store: Store, commits: list[object]) -> None:
    """Ten letters are answered at once: each hears its own result, after one commit."""
    together = Together(store)
    found = await asyncio.gather(*(together.write(lambda _book, n=n: n * n) for n in range(10)))

    assert found == [n * n for n in range(10)]
    assert len(commits) == 1


async def test_what_comes_while_one_is_written_waits_for_the_next(store: Store, commits: list[object]) -> None:
    """Each of five rounds of three takes a transaction, and none is left behind."""
    together = Together(store)

    async def rounds(name: str) -> None:
        for number in range(5):
            await together.write(pausing(f"{name}{number}"))  # type: ignore[arg-type]

    await asyncio.gather(*map(rounds, "abc"))

    assert all(paused(store, *(f"{name}{number}" for name in "abc" for number in range(5))))
    assert len(commits) == 5


async def test_who_writes_alone_waits_for_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One account's works, one after the other, are begun at once; two together, or a hundred, bring a rest."""
    waits: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        waits.append(round(seconds, 4))
        await sleep(0)

    monkeypatch.setattr(post_together, "monotonic", lambda: 100.0)
    monkeypatch.setattr(asyncio, "sleep", note)
    together = Together(store)
    for many in (1, 1, 1, 2, 100, 1):
        await asyncio.gather(*(together.write(lambda _book: None) for _ in range(many)))

    assert waits == [0, 0, 0, 0, 0.005, 0.015]


async def test_who_fails_fails_alone(store: Store) -> None:
    """One work raises: its caller hears why, what it wrote is undone, and the others' is committed."""

    def broken(book: Book) -> None:
        book.letters.pace.pause("hỏng", MACHINE + SECOND)
        raise LookupError("no such letter")

    together = Together(store)
    works = [pausing("trước"), broken, pausing("sau")]
    found = await asyncio.gather(*(together.write(work) for work in works), return_exceptions=True)  # type: ignore[arg-type]

    assert [type(one) for one in found] == [type(None), LookupError, type(None)]
    assert paused(store, "trước", "hỏng", "sau") == [True, False, True]


async def test_a_database_away_is_told_to_all_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not asked once a letter whether it is away for each of them."""
    asked = 0

    async def away(_work: object) -> None:
        nonlocal asked
        asked += 1
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(store, "write", away)
    together = Together(store)
    found = await asyncio.gather(*(together.write(lambda _book: None) for _ in range(9)), return_exceptions=True)

    assert {type(one) for one in found} == {OperationalError}
    assert asked == 1


async def test_who_gave_up_before_is_not_written(store: Store) -> None:
    """A letter's task is ended while it waits for the next transaction: nothing of it is done."""
    together = Together(store)
    given_up = asyncio.create_task(together.write(pausing("thôi")))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    given_up.cancel()
    await together.write(pausing("còn"))  # type: ignore[arg-type]

    assert paused(store, "thôi", "còn") == [False, True]


def test_a_store_with_many_writers_gathers_by_account(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's one writer serves all accounts in one; elsewhere no account waits for another's turns."""
    keys = [("telegram", "1"), ("telegram", "2")]
    assert len(set(gatherers(store, keys).values())) == 1
    monkeypatch.setattr(store, "url", "postgresql+psycopg://house")
    assert len(set(gatherers(store, keys).values())) == 2
