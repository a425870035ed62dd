"""A platform that gave no answer is asked whether it is there again, before another letter is risked on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.port import Channel
from bot.messages import SendFailed
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.pace import pause_name


class Silence:
    """One account's, in this process. A letter whose answer never comes is in doubt; a question costs nothing."""

    def __init__(self, store: Store, channel: Channel, machine_time: Callable[[Book], datetime]) -> None:
        self._store = store
        self._channel = channel
        self._machine_time = machine_time
        #: Asked first, before anything is claimed.
        self.doubted = False

    def after(self, outcome: str) -> None:
        """A letter ended so: without an answer, or with one."""
        self.doubted = outcome in ("doubtful", "not_sent")

    async def over(self, pause: timedelta) -> bool:
        """Whether letters may go. Asks once where that is in doubt; without an answer everybody pauses for so long."""
        if not self.doubted:
            return True
        name = pause_name(self._channel.name, self._channel.account)
        if await self._store.read(lambda book: book.letters.pace.paused_for(name, self._machine_time(book))):
            return False
        try:
            await self._channel.probe()
        except SendFailed as failed:
            # What the platform says of us, the letters will hear as well: it is there.
            if not (failed.unauthorized or failed.retry_at is not None):
                await self._store.write(lambda book: book.letters.pace.pause(name, self._machine_time(book) + pause))
                return False
        self.doubted = False
        return True
