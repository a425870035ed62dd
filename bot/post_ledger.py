"""What the post alone knows is written down, also where the database has to be waited for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias, TypeVar

from bot.clock import monotonic
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.letters import Claimed
from bot.store.part import database_failed

T = TypeVar("T")
Write: TypeAlias = Callable[[Callable[[Book], object]], Awaitable[object]]

#: A database that failed is tried again after so many seconds …
AGAIN = 0.5
#: … for so long: by then others have put the letter in doubt.
LONGEST = 300.0

log = logging.getLogger(__name__)


class Ledger:
    """The store, for one post. `waits`: whether there is time to wait for a database that failed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.waits = False

    async def settle(self, work: Callable[[Book], object], write: Write | None = None) -> None:
        """Write down what became of letters; the work may be run twice. Raises where the database stays away.

        `write`: who writes it, where it is not the store itself.
        """
        began, told = monotonic(), False
        while True:
            try:
                await (write or self._store.write)(work)
            except Exception as error:
                if not (self.waits and database_failed(error) and monotonic() - began < LONGEST):
                    raise
                if not told:
                    log.warning("the ledger can't be written (%s), and is waited for", type(error).__name__)
                told = True
                await asyncio.sleep(AGAIN)
            else:
                return

    async def give_back(self, *claimed: Claimed, now: datetime) -> None:
        """These did not go, for certain."""

        def work(book: Book) -> None:
            for one in claimed:
                book.letters.back_to_planned(one, "given back", now)

        if claimed:
            await self.settle(work)


async def tried(letter_id: int, work: Awaitable[T]) -> T | None:
    """What the work returns; None where the database failed, and the letter is left to its lease."""
    try:
        return await work
    except Exception:
        log.exception("letter %s: the ledger could not be written", letter_id)
        return None
