"""A channel that does what a test tells it to: takes letters, or complains as scripted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeAlias

from starlette.routing import BaseRoute

from bot.channels.port import Door, Limits
from bot.messages import FileRef, Letter, Receipt, SendFailed

Script: TypeAlias = Callable[[Letter], BaseException | None]

FAST = Limits(text=4096, buttons=True, files=True, per_second=2000, per_chat_second=5000)


class ScriptedChannel:
    """Remembers what arrived, in order. Until `meet` sendings are on their way together once, each of them waits."""

    def __init__(self, name: str = "telegram", account: str = "1", limits: Limits = FAST) -> None:
        self.name = name
        self.account = account
        self.limits = limits
        self.arrived: list[Letter] = []
        self.tried: list[Letter] = []
        self.script: Script = lambda letter: None
        self.under_way: set[str] = set()
        self.most_under_way = 0
        self.overtaken = False
        self.meet = 1
        self._met = asyncio.Event()

    @property
    def key(self) -> tuple[str, str]:
        """Under what the post knows it."""
        return self.name, self.account

    @property
    def texts(self) -> list[str]:
        """What arrived, as people read it."""
        return [letter.text for letter in self.arrived]

    def complain_once(self, *complaints: SendFailed) -> None:
        """The next sendings fail so, one each."""
        left = list(complaints)
        self.script = lambda letter: left.pop(0) if left else None

    async def send(self, letter: Letter) -> Receipt:
        """Take it, or do what the script says."""
        self.overtaken |= letter.to.peer in self.under_way
        self.under_way.add(letter.to.peer)
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        self.tried.append(letter)
        if len(self.under_way) >= self.meet:
            self._met.set()
        await self._met.wait()
        self.under_way.discard(letter.to.peer)
        complaint = self.script(letter)
        if complaint is not None:
            raise complaint
        self.arrived.append(letter)
        return Receipt(f"{self.account}-{len(self.arrived)}")

    async def open(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def listen(self, door: Door) -> None:
        """Nobody writes."""

    def routes(self, door: Door) -> Sequence[BaseRoute]:
        """No page."""
        return ()

    async def fetch(self, ref: FileRef, most: int) -> bytes:
        """No files come in."""
        raise SendFailed("gone", permanent=True)

    def join_link(self, code: str) -> str | None:
        """No links."""
        return None
