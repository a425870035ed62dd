"""What each letter asks of the ledger is prepared once: preparing takes SQLite twenty times as long as doing it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from bot.store.book import Book
from bot.store.engine import Store
from tests.store import opening
from tests.store.opening import MACHINE, NOW, SERVED

store = pytest.fixture(params=["sqlite"])(opening.fresh_store)


def claim(book: Book, **how: bool) -> object:
    return book.letters.claim("telegram", "1", NOW, MACHINE, worker="w", limit=16, **how)


@pytest.mark.parametrize(
    "work",
    [
        claim,
        lambda book: claim(book, answers_only=True),
        lambda book: claim(book, one_by_one=True),
        lambda book: book.letters.address_due(NOW, SERVED),
        lambda book: book.letters.accounts_due(NOW, MACHINE),
    ],
    ids=["a claim", "of answers", "one by one", "addresses", "accounts"],
)
def test_it_is_prepared_once(store: Store, work: Callable[[Book], object]) -> None:
    """The second time nothing is read anew: no parameter stands where it could change which index serves."""
    asked: list[int] = []

    def hear(action: int, *_: Any) -> int:
        asked.append(action)
        return sqlite3.SQLITE_OK

    def twice(book: Book) -> tuple[int, int]:
        raw: Any = book.letters._connection.connection.driver_connection
        raw.set_authorizer(hear)
        try:
            work(book)
            first = len(asked)
            work(book)
            return first, len(asked) - first
        finally:
            raw.set_authorizer(None)

    first, second = store.write_now(twice)
    assert first > 0
    assert second == 0
