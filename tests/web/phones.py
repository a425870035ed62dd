"""The real page in a real browser: a server on a free port of this machine, Chromium, and what a person does there."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    WebError,
    async_playwright,
    expect,
)
from starlette.applications import Starlette

from bot.channels.local import LocalChannel
from bot.messages import Address, Button
from bot.web.local_chat import routes
from tests.web.fake_desk import ZONE, EchoDoor, FakeDesk

SMALL: ViewportSize = {"width": 360, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}
#: How long anything may take to appear, in milliseconds: a busy machine is no fault of the page's.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def chromium() -> AsyncIterator[Page]:
    """A tab of the system's Chromium; skipped with the reason where there is none, never in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to try the page in a browser, and there is no chromium")
        pytest.skip("no chromium on this machine")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        context = await browser.new_context(viewport=WIDE, locale="vi-VN")
        yield await context.new_page()
        await browser.close()


@dataclass
class House:
    """The program as the browser meets it, and everything the browser asked for."""

    tab: Page
    desk: FakeDesk
    door: EchoDoor
    channel: LocalChannel
    port: int = 0
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    forgiven: bool = False
    _server: uvicorn.Server | None = None
    _serving: asyncio.Task[None] | None = None
    _contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, on the same port as before where there was one."""
        app = Starlette(routes=[*self.channel.routes(self.door)])
        config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off", timeout_graceful_shutdown=0)
        self._server = uvicorn.Server(config)
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listening]))
        while not self._server.started:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Go away with all connections, as a killed program would."""
        assert self._server
        assert self._serving
        self._server.should_exit = self._server.force_exit = True
        await self._serving

    async def open(self, path: str, page: Page | None = None, *, size: ViewportSize = WIDE) -> Page:
        """The page, ready to use; in the tab that is always there, unless another is given."""
        page = page or self.tab
        await page.set_viewport_size(size)
        await page.goto(self.base + path)
        await expect(page.locator("body.begun")).to_be_attached()
        return page

    async def small_phone(self) -> Page:
        """A tab of a phone with a small screen that is touched."""
        assert self.tab.context.browser
        context = await self.tab.context.browser.new_context(viewport=SMALL, has_touch=True, is_mobile=True)
        self.watch(context)
        self._contexts.append(context)
        return await context.new_page()

    def watch(self, context: BrowserContext) -> None:
        """Write down what this browser asks for and complains about."""
        context.set_default_timeout(PATIENCE)
        context.on("request", self._asks)
        context.on("weberror", self._breaks)
        context.on("console", self._says)

    def _asks(self, request: Request) -> None:
        self.asked.append(request.url)

    def _breaks(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _says(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def letter(self, to: str, words: str, *buttons: Button) -> None:
        """The bot writes to a phone of its own accord."""
        await self.door.say(Address("local", "main", to), words, *buttons)

    async def leave(self) -> None:
        """Close what was opened for this house alone, then the program."""
        for context in self._contexts:
            await context.close()
        for page in self.tab.context.pages:
            if page is not self.tab:
                await page.close()
        shared = self.tab.context
        shared.remove_listener("request", self._asks)
        shared.remove_listener("weberror", self._breaks)
        shared.remove_listener("console", self._says)
        await shared.clear_cookies()
        await self.tab.goto("about:blank")
        self.channel.bell.close()
        await self.stop()


@asynccontextmanager
async def house(tab: Page, *, desk: FakeDesk | None = None) -> AsyncIterator[House]:
    """A program with its page; at the end nothing was asked of anybody else, and the page complained of nothing."""
    desk = desk or FakeDesk()
    door = EchoDoor(desk)
    door.channel = LocalChannel(desk, ZONE, routes)
    one = House(tab, desk, door, door.channel)
    one.watch(tab.context)
    await one.start()
    try:
        yield one
    finally:
        await one.leave()
    assert [url for url in one.asked if not url.startswith(f"{one.base}/")] == []
    assert one.forgiven or one.complaints == []
