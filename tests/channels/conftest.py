"""Fixtures of the channels' tests: each channel on its bench, and Telegram's parts one by one."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot import redaction
from bot.channels.table import CHANNELS
from bot.channels.telegram import TelegramChannel
from tests.channels.bench import BENCHES, Bench, Notebook, heard
from tests.fake_bot_api.server import TOKEN, FakeBotApi


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
    chatty = {
        name: logging.getLogger(name).level for name in ("aiohttp", "httpx", "httpcore", "telegram", "uvicorn.access")
    }
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
