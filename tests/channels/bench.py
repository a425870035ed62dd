"""A door that writes down what came, and for each channel a bench: a platform of its own beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from bot.channels.port import Channel
from bot.channels.table import CHANNELS
from bot.channels.telegram import TelegramChannel
from bot.messages import Address, Incoming
from bot.settings import load_settings
from tests.fake_bot_api.account import Person
from tests.fake_bot_api.server import TOKEN, FakeBotApi

LAN = Person(551203377, "Nguyễn", "Thị Lan")


@dataclass
class Notebook:
    """A door: keeps what came; the first `refusals` times nothing can be stored."""

    refusals: int = 0
    tries: list[Incoming] = field(default_factory=list)
    kept: list[Incoming] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    hold: asyncio.Event | None = None

    async def receive(self, incoming: Incoming) -> None:
        self.tries.append(incoming)
        if self.hold:
            await self.hold.wait()
        if self.refusals:
            self.refusals -= 1
            raise OSError("disk full")
        self.kept.append(incoming)
        async with self.changed:
            self.changed.notify_all()

    async def until(self, count: int) -> list[Incoming]:
        """What was kept, once it is as many."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(self.kept) >= count)
        return self.kept


@asynccontextmanager
async def heard(channel: Channel, door: Notebook) -> AsyncIterator[None]:
    """The channel listens meanwhile."""
    task = asyncio.create_task(channel.listen(door))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass
class Bench:
    """One channel beside a platform of its own, and what a person there can do and see."""

    channel: Channel
    says: Callable[[str], object]
    gives_file: Callable[[bytes], object]
    lan: Address
    sees: Callable[[], list[str]]
    leaves: Callable[[], object]
    breaks_down: Callable[[], Awaitable[None]]
    secret: str | None = None


@asynccontextmanager
async def telegram_bench() -> AsyncIterator[Bench]:
    """Telegram, polled, on the fake Bot API."""
    settings = load_settings({"NHACVIEC_TELEGRAM_TOKENS": TOKEN})
    async with FakeBotApi() as fake:
        settings = settings.model_copy(update={"telegram_api_url": fake.url})
        (channel,) = CHANNELS["telegram"](settings)
        assert isinstance(channel, TelegramChannel)
        channel._patience = 0.01
        yield Bench(
            channel,
            says=lambda text: fake.account.says(LAN, text),
            gives_file=lambda data: fake.account.document(LAN, "KH 45.pdf", "application/pdf", data),
            lan=Address("telegram", channel.account, str(LAN.id)),
            sees=lambda: [entry["text"] for entry in fake.journal.sent()],
            leaves=lambda: fake.account.blocks(LAN),
            breaks_down=fake.stop_listening,
            secret=TOKEN,
        )


#: A channel joins the contract by a line here.
BENCHES: dict[str, Callable[[], AbstractAsyncContextManager[Bench]]] = {"telegram": telegram_bench}
