"""A fake platform, a channel on it and a door that writes down what came, for every test of a channel."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot import redaction
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
        async with asyncio.timeout(5), self.changed:
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


@pytest.fixture(params=sorted(CHANNELS))
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Each channel of the table, opened."""
    async with BENCHES[request.param]() as one:
        await one.channel.open()
        yield one
        await one.channel.close()


@pytest.fixture
def door() -> Notebook:
    return Notebook()


@pytest.fixture
async def fake() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi(scale=0.001) as server:
        yield server


@pytest.fixture
async def telegram(fake: FakeBotApi) -> AsyncIterator[TelegramChannel]:
    """A Telegram channel that polls the fake Bot API, quick to try again."""
    channel = TelegramChannel(TOKEN, api_url=fake.url, patience=0.01, poll_seconds=5)
    await channel.open()
    yield channel
    await channel.close()


@pytest.fixture
async def listening(telegram: TelegramChannel, door: Notebook) -> AsyncIterator[None]:
    """The polling loop, running."""
    async with heard(telegram, door):
        yield


@pytest.fixture
def redacting() -> Iterator[Callable[[], str]]:
    """Logging as in the product, everything let through down to DEBUG; gives what was written."""
    factory, hook, root = logging.getLogRecordFactory(), sys.excepthook, logging.getLogger()
    chatty = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram", "uvicorn.access")}
    redaction.install()
    for name in chatty:
        logging.getLogger(name).setLevel(logging.DEBUG)
    stream = io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    sys.excepthook = hook
    for name, before in chatty.items():
        logging.getLogger(name).setLevel(before)
