"""The local chat over a desk in memory, asked without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page
from starlette.applications import Starlette

from bot.channels.local import LocalChannel
from bot.web.local_chat import routes
from tests.web.fake_desk import ZONE, EchoDoor, FakeDesk
from tests.web.phones import House, chromium, house

BASE = "http://127.0.0.1:8080"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def door(desk: FakeDesk) -> EchoDoor:
    return EchoDoor(desk)


@pytest.fixture
def channel(desk: FakeDesk, door: EchoDoor) -> LocalChannel:
    """The channel under the page."""
    door.channel = LocalChannel(desk, ZONE, routes)
    return door.channel


@pytest.fixture
def app(channel: LocalChannel, door: EchoDoor) -> Starlette:
    return Starlette(routes=[*channel.routes(door)])


def asking(app: Starlette, base: str = BASE, client: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
    """Somebody who asks the page over an address, without a network."""
    transport = httpx.ASGITransport(app, client=(client, 50000))
    return httpx.AsyncClient(transport=transport, base_url=base, headers=headers)


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Asks as a browser on this machine would, from the page itself."""
    async with asking(app, Origin=BASE) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Page]:
    async with chromium() as page:
        yield page


@pytest_asyncio.fixture(loop_scope="module")
async def home(tab: Page) -> AsyncIterator[House]:
    async with house(tab) as one:
        yield one
