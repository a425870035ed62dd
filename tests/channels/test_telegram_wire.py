"""Our own wire under Telegram's library: what left and what did not, connections kept, proxies, and no token told."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels import telegram_wire
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_wire import NotWritten, Wire
from bot.messages import Address, Letter, SendFailed
from tests.channels.bench import LAN
from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.server import TOKEN, FakeBotApi

SECRET = "123456:AAFcanary-not_a_real_token_0123456789ab"
LETTER = Letter(1, Address("telegram", "7000000001", str(LAN.id)), "Chào chị Lan")
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    one = Wire(4, direct=True, read_timeout=5)
    await one.initialize()
    yield one
    await one.shutdown()


@pytest.fixture
def no_proxy_known() -> None:
    """The environment is asked anew."""
    telegram_wire._proxy.cache_clear()


async def asked(wire: Wire, url: str) -> Exception:
    """How asking there fails."""
    with pytest.raises(NetworkError) as failed:
        await wire.do_request(f"{url}/bot{SECRET}/sendMessage", "POST", RequestData())
    return failed.value


async def served(talk: Talk) -> tuple[asyncio.Server, str]:
    """Somebody who speaks what they like, and their address."""

    async def then_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(then_close, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)


async def half_an_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(10)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
    await writer.drain()


@pytest.mark.parametrize("talk", [no_http, hangs_up, half_an_answer])
async def test_once_bytes_left_it_is_in_doubt(wire: Wire, talk: Talk) -> None:
    """Somebody took the connection and gave no answer of HTTP: never called "not sent", for it may have arrived."""
    server, url = await served(talk)
    failed = await asked(wire, url)
    server.close()

    assert not isinstance(failed, NotWritten)


async def test_a_silent_server_is_a_time_out_in_doubt(wire: Wire) -> None:
    """Taken and never answered ends after the patience, as a time-out."""
    gate = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await gate.wait()

    server, url = await served(silent)
    wire._read = 0.05
    failed = await asked(wire, url)
    gate.set()
    server.close()

    assert isinstance(failed, TimedOut)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://nowhere.invalid", "http://", "ftp://127.0.0.1", "http://[x"]
)
async def test_what_never_left_is_safe_to_send_again(wire: Wire, url: str) -> None:
    """Nobody listening, no such name, an address that is none: certain that no byte left."""
    assert isinstance(await asked(wire, url), NotWritten)


async def test_waiting_for_a_free_connection_writes_nothing(wire: Wire) -> None:
    """With all connections taken, a request that gives up in the queue was never written."""
    gate = asyncio.Event()

    async def slow(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await gate.wait()

    server, url = await served(slow)
    wire._connect = 0.05
    taken = [asyncio.create_task(asked(wire, url)) for _ in range(4)]
    while len(wire._opened().connector._acquired) < 4:  # type: ignore[union-attr]
        await asyncio.sleep(0.001)
    failed = await asked(wire, url)
    gate.set()
    await asyncio.gather(*taken)
    server.close()

    assert isinstance(failed, NotWritten)


@pytest.mark.parametrize("talk", [no_http, hangs_up])
async def test_no_error_shows_the_token(wire: Wire, talk: Talk) -> None:
    """Printed with all it came from and no redaction around, an error holds neither token nor address."""
    server, url = await served(talk)
    printed = "".join(traceback.format_exception(await asked(wire, url)))
    printed += "".join(traceback.format_exception(await asked(wire, "http://127.0.0.1:1")))
    server.close()

    assert SECRET.partition(":")[2] not in printed


async def test_values_go_as_json_as_the_library_gives_them(wire: Wire) -> None:
    """Text with all its marks, numbers and nested values arrive as they were; no form is put together in Python."""
    came: list[bytes] = []

    async def hears(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append((await reader.readuntil(b"\r\n\r\n")).lower())
        came.append(await reader.readexactly(int(came[0].split(b"content-length: ")[1].split()[0])))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok": true, "result": 1}')
        await writer.drain()

    server, url = await served(hears)
    values = {"chat_id": -100, "text": "Ngã Bảy 😀", "silent": False, "reply_markup": {"inline_keyboard": [["ạ"]]}}
    data = RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])
    await wire.do_request(f"{url}/bot{SECRET}/sendMessage", "POST", data)
    server.close()

    assert b"content-type: application/json" in came[0]
    assert json.loads(came[1]) == values


async def test_connections_are_kept(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """Ten letters one after the other go over one connection: no handshake each."""
    for _ in range(10):
        await telegram.send(LETTER)

    assert len(fake.journal.sent()) == 10
    assert len(fake._state.connections) == 1


async def test_a_connection_closed_while_idle_costs_no_letter(fake: FakeBotApi, telegram: TelegramChannel) -> None:
    """The server tidies up its idle connections: the next letter takes a new one, without any doubt."""
    await telegram.send(LETTER)
    for connection in list(fake._state.connections):
        connection.transport.close()
    while fake._state.connections:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)  # our side hears of it

    assert (await telegram.send(LETTER)).platform_id == "2"


async def test_one_bots_trouble_leaves_another_its_connections() -> None:
    """Two bots share no pool: while all connections of one hang, the other sends."""
    other = "7000000002:AAFakeCanary-the_other_bots_token_01"
    async with FakeBotApi([TOKEN, other]) as fake:
        one, two = TelegramChannel(TOKEN, api_url=fake.url), TelegramChannel(other, api_url=fake.url)
        one._wire._connections = 1
        await one.open()
        await two.open()
        fake.timetable.plan([Fault("stall", value=60)])
        stuck = asyncio.create_task(one.send(LETTER))
        while not fake.journal.entries:
            await asyncio.sleep(0.001)
        receipt = await two.send(Letter(2, Address("telegram", two.account, str(LAN.id)), "Chào"))
        stuck.cancel()
        await asyncio.gather(stuck, return_exceptions=True)
        await one.close()
        await two.close()

    assert receipt.platform_id == "1"


async def test_the_environments_proxy_leads_out(no_proxy_known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the house has a proxy, Telegram is reached through it and through nothing else."""
    lines: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        lines.append(await reader.readline())

    server, url = await served(proxy)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", url)
    wire = Wire(1, direct=False)
    await wire.initialize()
    with pytest.raises(NetworkError):
        await wire.do_request("http://api.telegram.example/bot123456:TEST/getMe", "POST", RequestData())
    await wire.shutdown()
    server.close()
    telegram_wire._proxy.cache_clear()

    assert lines == [b"POST http://api.telegram.example/bot123456:TEST/getMe HTTP/1.1\r\n"]


async def test_a_proxy_that_is_away_has_sent_nothing(no_proxy_known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter waits; it did not go round the proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    channel = TelegramChannel(TOKEN, api_url="http://api.telegram.example")
    await channel.open()
    with pytest.raises(SendFailed) as failed:
        await channel.send(LETTER)
    await channel.close()
    telegram_wire._proxy.cache_clear()

    assert not failed.value.written
