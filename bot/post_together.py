"""What many letters have written down at about the same moment goes into one transaction. Knows nothing of letters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.clock import monotonic
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.part import database_failed

T = TypeVar("T")

#: Transactions begin so far apart, what comes up in between waits for the next one: so much for each work that the last
#: one had more than one, up to the second number. An account that sends alone waits for nobody, and who comes after a
#: rest waits for nothing. A turn is given longer before its moment than this takes; seconds.
_EACH, APART = 0.005, 0.015


@dataclass(frozen=True, slots=True)
class _Wish:
    work: Callable[[Book], Any]
    answer: asyncio.Future[Any]


class Together:
    """One after the other: while one transaction is written, what comes gathers for the next."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Wish] = []
        self._writing: asyncio.Task[None] | None = None
        self._next = float("-inf")

    async def write(self, work: Callable[[Book], T]) -> T:
        """As the store's own; the work may be run twice, where another one's failure took it along."""
        loop = asyncio.get_running_loop()
        wish = _Wish(work, loop.create_future())
        self._waiting.append(wish)
        if self._writing is None or self._writing.done():
            self._writing = loop.create_task(self._write_all())
        answer: T = await wish.answer
        return answer

    async def _write_all(self) -> None:
        while self._waiting:
            await asyncio.sleep(max(0.0, self._next - monotonic()))
            gathered = [wish for wish in self._waiting if not wish.answer.done()]
            self._next = monotonic() + min(APART, _EACH * (len(gathered) - 1))
            self._waiting.clear()
            await self._write(gathered)

    async def _write(self, gathered: Sequence[_Wish]) -> None:
        try:
            answers = await self._store.write(lambda book: [wish.work(book) for wish in gathered])
        except Exception as error:  # noqa: BLE001  (whatever it is belongs to the callers)
            if len(gathered) > 1 and not database_failed(error):
                for wish in gathered:  # one of them is to blame; the others are written without it
                    await self._write([wish])
                return
            for wish in gathered:
                if not wish.answer.done():
                    wish.answer.set_exception(error)
            return
        for wish, answer in zip(gathered, answers, strict=True):
            if not wish.answer.done():
                wish.answer.set_result(answer)


def gatherers(store: Store, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Together]:
    """Who gathers for each account: SQLite has one writer, so one does for all.

    Elsewhere every account has its own, or a replica that holds one account's turns would keep all others waiting.
    """
    shared = Together(store)
    return {key: shared if store.url.startswith("sqlite") else Together(store) for key in keys}
