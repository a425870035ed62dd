"""How many messages a second are taken in by webhook (B3): known already?, read, committed (FULL), then 200.

`python -m benchmarks.inbound [--seconds 3]`. Open loop: messages come at their moments, whether the ones before were
answered or not, over at most 100 connections as Telegram has them; latency counts from the moment. A rate is kept while
99 of 100 answers come within 200 ms. Beside it the same server with the same reading and no database, and
python-telegram-bot with SQLAlchemy's ORM and the same reading in its handler, which commits before it answers, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.stage import bars, orm_reply
from benchmarks.stage.officers import DUE, REPLIES, TITLES, Officers, door_of, load, settled, tell
from bot.channels.telegram import TelegramChannel
from bot.messages import Incoming
from bot.reading import OpenTask, read
from bot.store.engine import Store
from bot.web.app import application, serve

ROOT = Path(__file__).resolve().parents[1]
TOKEN, SECRET = "123456:TEST", "a-secret-of-a-benchmark"
ACCOUNT = "123456"
OFFICERS, CONNECTIONS = 1024, 100
RATES = (50, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1300, 1600, 2000, 2500, 3200, 4000)
WITHIN, ASKED = 0.200, 200


class Nobody:
    """Who watches a server of which nothing is asked."""

    async def ready(self) -> dict[str, object]:
        return {}

    async def health(self) -> dict[str, object]:
        return {}

    async def figures(self) -> str:
        return ""


def ours(store: Store) -> list[BaseRoute]:
    """The product's own address."""
    return list(_channel().routes(door_of(store)))


def bare(_store: Store) -> list[BaseRoute]:
    """The same address with the same reading behind it, and nothing kept."""
    tasks = [OpenTask(number, title, "57-NQ/TW", DUE) for number, title in enumerate(TITLES, 1)]

    class Reader:
        async def receive(self, incoming: Incoming) -> None:
            read(incoming.text, incoming.at.date(), tasks)

    return list(_channel().routes(Reader()))


def _channel() -> TelegramChannel:
    return TelegramChannel(TOKEN, public_url="https://bench.example", webhook_secret=SECRET)


def peer(store: Store) -> list[BaseRoute]:
    """python-telegram-bot's application with one handler, which does what is due in an ORM session."""
    app: Any = Application.builder().token(TOKEN).updater(None).build()

    async def handle(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message, now = update.effective_message, datetime.now(UTC)
        if message is None or message.text is None:
            return
        sender = Officers(0, ACCOUNT, 0, 0, 0).address(message.chat_id - 10_000)
        number = str(message.message_id)
        said = Incoming(sender, f"m:{message.chat_id}:{number}", message.text, message.date, message_id=number)
        orm_reply.take(store.engine, said, now, now.date())

    app.add_handler(MessageHandler(filters.TEXT, handle))

    async def knock(request: Request) -> Response:
        if not app._initialized:  # noqa: SLF001  (its own start asks Telegram who it is)
            app._initialized = True  # noqa: SLF001
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return Response()

    return [Route(f"/telegram/{ACCOUNT}", knock, methods=["POST"])]


SERVERS: dict[str, Callable[[Store], list[BaseRoute]]] = {"ours": ours, "bare": bare, "peer": peer}


async def run_server(name: str, folder: Path) -> None:
    store = Store(f"sqlite:///{folder / 'store.sqlite3'}")
    settled(store, OFFICERS, account=ACCOUNT)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    app = application(SERVERS[name](store), Nobody())
    await serve(app, "127.0.0.1", 0, stop, lambda port: tell(str(port)))
    store.close()


@dataclass(frozen=True, slots=True)
class Server:
    """One contender in a process of its own."""

    port: int
    process: int

    def cpu(self) -> float:
        """The processor's seconds it has taken."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def server(name: str) -> AsyncIterator[Server]:
    with tempfile.TemporaryDirectory(prefix="nhacviec-inbound-") as folder:
        told = (sys.executable, "-m", "benchmarks.inbound", "--serve", name, folder)
        process = await asyncio.create_subprocess_exec(*told, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        assert process.stdout  # noqa: S101
        try:
            yield Server(int(await process.stdout.readline()), process.pid)
        finally:
            process.terminate()
            await process.wait()


@dataclass(frozen=True, slots=True)
class Step:
    """A rate that was offered, and how it was answered; seconds."""

    rate: int
    middle: float
    p99: float
    cpu: float

    @property
    def kept(self) -> bool:
        return self.p99 <= WITHIN


class Telegram:
    """Brings messages at their moments."""

    def __init__(self, there: Server) -> None:
        self._there = there
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._number = 0

    async def connect(self) -> None:
        for _ in range(CONNECTIONS):
            self._free.put_nowait(await asyncio.open_connection("127.0.0.1", self._there.port))

    async def offer(self, rate: int, seconds: float) -> Step:
        loop = asyncio.get_running_loop()
        begun, cpu = loop.time() + 0.01, self._there.cpu()
        took: list[float] = []
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                due = begun + number / rate
                await asyncio.sleep(max(0.0, due - loop.time()))
                group.create_task(self._bring(due, took))
                if loop.time() - begun > 3 * seconds:
                    break
        took.sort()
        spent = (self._there.cpu() - cpu) / len(took)
        return Step(rate, took[len(took) // 2], took[len(took) * 99 // 100], spent)

    async def _bring(self, due: float, took: list[float]) -> None:
        self._number += 1
        body = _update(self._number)
        reader, writer = await self._free.get()
        head = f"POST /telegram/{ACCOUNT} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        secret = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write((head + secret).encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        lines = answer.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        await reader.readexactly(length)
        if b" 200 " not in answer[:16]:
            raise RuntimeError(answer.decode())
        self._free.put_nowait((reader, writer))
        took.append(asyncio.get_running_loop().time() - due)


def _update(number: int) -> bytes:
    officer = number % OFFICERS
    user = {"id": 10_000 + officer, "is_bot": False, "first_name": f"Lan {officer}", "language_code": "vi"}
    message = {
        "message_id": number,
        "from": user,
        "chat": {"id": 10_000 + officer, "type": "private", "first_name": user["first_name"]},
        "date": int(datetime.now(UTC).timestamp()),
        "text": REPLIES[number % len(REPLIES)],
    }
    return json.dumps({"update_id": 700_000_000 + number, "message": message}).encode()


async def kept(name: str, seconds: float) -> tuple[Step, Step]:
    """The highest rate that was kept, and how it went at 200 a second."""
    async with server(name) as there:
        telegram = Telegram(there)
        await telegram.connect()
        await telegram.offer(RATES[0], seconds)
        best = asked = await telegram.offer(ASKED, seconds)
        for rate in RATES:
            step = await telegram.offer(rate, seconds)
            if not step.kept:
                step = await telegram.offer(rate, seconds)
            if not step.kept:
                break
            best = step
        return best, asked


async def table(seconds: float) -> None:
    tell(f"inbound: webhook to 200, open loop, answers within {WITHIN * 1000:.0f} ms; {load()}")
    tell("                            kept a second  of no database   CPU ms each   at 200/s: p50 ms     p99 ms")
    found: dict[str, tuple[Step, Step]] = {}
    for name in ("bare", "ours", "peer"):
        found[name] = await kept(name, seconds)
    limit = found["bare"][0].rate
    bars.at_least("webhook to 200: of the same server without a database", found["ours"][0].rate / limit, 0.4)
    bars.at_least(
        "webhook to 200: times python-telegram-bot with the ORM", found["ours"][0].rate / found["peer"][0].rate, 3
    )
    bars.at_most("webhook to 200: p99 at 200/s, ms", found["ours"][1].p99 * 1000, 30)
    titles = {"bare": "no database", "ours": "ours, SQLite FULL", "peer": "python-telegram-bot, ORM"}
    for name, (best, asked) in found.items():
        tell(
            f"{titles[name]:26}  {best.rate:13}  {best.rate / limit:14.2f}  {best.cpu * 1000:12.2f}"
            f"  {asked.middle * 1000:17.1f}  {asked.p99 * 1000:9.1f}"
        )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inbound", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each rate")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    told = parser.parse_args(argv)
    work: Awaitable[None] = run_server(told.serve[0], Path(told.serve[1])) if told.serve else table(told.seconds)
    asyncio.run(work)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(sys.argv[1:])
