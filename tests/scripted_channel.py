"""A channel that does what a test tells it to (takes letters, or complains as scripted), and a post around it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from starlette.routing import BaseRoute

from bot.channels.port import Door, Limits
from bot.clock import Clock, wall
from bot.messages import FileRef, Letter, LetterKind, Receipt, SendFailed
from bot.post import Post
from bot.post_files import Renderer
from bot.post_ready import Composer
from bot.store.engine import Store
from tests.store.opening import NOW, row

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
        self.their_clock: datetime | None = None
        self.away = 0
        self.probed = 0
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

    async def probe(self) -> None:
        """There, but for the first `away` times it is asked."""
        self.probed += 1
        if self.probed <= self.away:
            raise SendFailed("no answer")

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


def post_of(
    store: Store,
    *channels: ScriptedChannel,
    composers: Mapping[str, Composer] | None = None,
    renderers: Mapping[str, Renderer] | None = None,
    patience: float = 0.0,
) -> Post:
    """A post whose civil time is the morning of 12/9/2025."""
    by_account = {channel.key: channel for channel in channels}
    clock = Clock(NOW - wall())
    return Post(store, by_account, composers or {}, renderers or {}, clock, poll=0.01, patience=patience)


def state(store: Store, letter_id: int) -> str:
    """Where a letter stands."""
    found: str = row(store, letter_id)["state"]
    return found


async def run_until(post: Post, *, until: Any, stop: asyncio.Event | None = None) -> None:
    """Let the post run until something holds; a minute at most."""
    stop = stop or asyncio.Event()
    running = asyncio.create_task(post.run(stop))
    try:
        async with asyncio.timeout(60):
            while not until():
                await asyncio.sleep(0.005)
    finally:
        stop.set()
        await running


def slot(store: Store, person_id: int, name: str = "slot") -> int:
    """A letter without text, to be put together by the composer of that name."""
    letter_id = store.write_now(
        lambda book: book.letters.plan(
            f"{name}:{person_id}", LetterKind.REMINDER, NOW, person_id=person_id, recipe={"name": name}
        )
    )
    assert letter_id is not None
    return letter_id
