"""One look for all accounts that rest: where something is due, the account is woken. It writes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from bot.post_lane import Lane
from bot.store.book import Book
from bot.store.engine import Store

log = logging.getLogger(__name__)


class Lookout:
    """Looks after the lanes of one post. `moments`: civil and machine time."""

    def __init__(
        self,
        store: Store,
        lanes: Mapping[tuple[str, str], Lane],
        moments: Callable[[Book], tuple[datetime, datetime]],
        every: float,
    ) -> None:
        self._store = store
        self._lanes = lanes
        self._moments = moments
        self._every = every

    async def look_often(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await stop.wait()
            try:
                await self._look()
            except Exception:
                # A database that is away comes back; what is planned waits there.
                log.exception("what is due could not be looked for")

    async def _look(self) -> None:
        resting = [key for key, lane in self._lanes.items() if not lane.woken.is_set()]
        if not resting:
            return
        due = await self._store.read(lambda book: book.letters.accounts_due(*self._moments(book)))
        for key in resting:
            # What has no address yet is given one by whoever claims first.
            if key in due or (None, None) in due:
                self._lanes[key].look_again()
