"""How fast letters that are due reach their people (B1): the post beside two simple senders, against one Bot API.

`python -m benchmarks.drain --contacts 3321` is the whole province; without it a shorter run in the same proportions.
The server stands on this machine's loopback and keeps Telegram's limit of 30 letters in any second, strictly (one too
many locks out for 5 s) or tolerantly (a bucket of 60). Ratios are to 30/(1+J): what the steadiest even pace could do
where the network delays each letter by up to J seconds on its way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from urllib.request import urlopen

from telegram import Bot
from telegram.error import NetworkError, RetryAfter
from telegram.ext import AIORateLimiter, Application

from benchmarks.stage import bars
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock
from bot.messages import Address, LetterKind, Urgency
from bot.post import Post
from bot.store.engine import Store
from bot.store.founding import found_province
from bot.store.migrate import upgrade

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "7000000001:AAFakeCanary-not_a_real_token_0123456"  # noqa: S105  (the fake server's)
LIMIT, ROUND_TRIP = 30, 0.220
JITTERS = (0.005, 0.020, 0.030)


@dataclass(frozen=True, slots=True)
class Server:
    """The fake Bot API in a process of its own."""

    url: str
    journal: Path

    def arrivals(self) -> list[float]:
        """When each letter was accepted, on the server's steady clock."""
        return [json.loads(line)["at"] for line in self.journal.read_text("utf-8").splitlines()]

    def refusals(self) -> int:
        """How often it answered 429."""
        with urlopen(f"{self.url}/_test/state") as answer:  # noqa: S310  (our own loopback)
            calls: dict[str, int] = json.load(answer)["calls"]
        return sum(count for call, count in calls.items() if call.endswith(" 429"))


@dataclass(frozen=True, slots=True)
class Result:
    """One run: letters a second once the first second is over, its share of 30/(1+J), refusals, CPU a letter."""

    model: str
    jitter: float
    sender: str
    rate: float
    share: float
    refusals: int
    cpu: float

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"{self.model:9} {self.jitter * 1000:4.0f}  {self.sender:16}  {self.rate:8.2f}  {self.share:11.3f}"
            f"  {self.refusals:4}  {self.cpu:11.2f}\n"
        )


@asynccontextmanager
async def server(model: str, jitter: float, home: Path) -> AsyncIterator[Server]:
    journal = home / "journal"
    told = ("--limits", model, "--journal", str(journal), "--token", TOKEN)
    trip = ("--latency", str(ROUND_TRIP - jitter), str(ROUND_TRIP + jitter))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fake_bot_api", *told, *trip, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout  # noqa: S101
    try:
        yield Server((await process.stdout.readline()).decode().strip(), journal)
    finally:
        process.terminate()
        await process.wait()


async def through_the_post(there: Server, contacts: int, home: Path) -> None:
    """Ours: from the ledger on disk, every letter committed before and after it is sent."""
    store = Store(f"sqlite:///{home / 'store.sqlite3'}")
    channel = TelegramChannel(TOKEN, api_url=there.url)
    try:
        upgrade(store.engine)
        store.province_id = found_province(store, code="91", name="An Giang")
        now = datetime.now(UTC)
        for number in range(contacts):
            to = Address("telegram", channel.account, str(1000 + number))
            store.submit(
                lambda book, to=to: book.letters.plan(
                    f"bench:{to.peer}", LetterKind.REMINDER, now, to=to, text=text_of(to.peer), urgency=Urgency.ANSWER
                )
            )
        await channel.open()
        post = Post(store, {(channel.name, channel.account): channel}, {}, {}, Clock())
        stop = asyncio.Event()
        running = asyncio.create_task(post.run(stop))
        while (await store.read(lambda book: book.letters.counts())).get("accepted", 0) < contacts:
            await asyncio.sleep(0.2)
        stop.set()
        await running
        await channel.close()
    finally:
        store.close()


async def send_and_sleep(there: Server, contacts: int, _home: Path) -> None:
    """What is often written: send, wait for the answer, sleep a thirtieth of a second."""
    async with Bot(TOKEN, base_url=f"{there.url}/bot") as bot:
        for number in range(contacts):
            await until_taken(bot, 1000 + number)
            await asyncio.sleep(1 / LIMIT)


async def a_thirtieth_apart(there: Server, contacts: int, _home: Path) -> None:
    """The next best: one leaves every thirtieth of a second, without waiting for answers."""
    async with Bot(TOKEN, base_url=f"{there.url}/bot") as bot:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        async with asyncio.TaskGroup() as group:
            for number in range(contacts):
                await asyncio.sleep(max(0.0, begun + number / LIMIT - loop.time()))
                group.create_task(until_taken(bot, 1000 + number))


async def with_its_limiter(there: Server, contacts: int, _home: Path) -> None:
    """python-telegram-bot as its manual has it: all at once, its own limiter paces them."""
    application = Application.builder().token(TOKEN).base_url(f"{there.url}/bot").connection_pool_size(64)
    built = application.rate_limiter(AIORateLimiter(max_retries=100)).build()
    async with built.bot as bot:
        await asyncio.gather(*(until_taken(bot, 1000 + number) for number in range(contacts)))


def limiter() -> tuple[tuple[str, Sender, int], ...]:
    """That one, where what it needs is installed (the library's extra `rate-limiter`)."""
    return (("its own limiter", with_its_limiter, 90),) if find_spec("aiolimiter") else ()


async def until_taken(bot: Bot, chat: int) -> None:
    while True:
        try:
            await bot.send_message(chat, text_of(str(chat)))
            return
        except RetryAfter as refused:
            after = refused.retry_after
            await asyncio.sleep(after if isinstance(after, int) else after.total_seconds())
        except NetworkError:
            await asyncio.sleep(1)


def text_of(peer: str) -> str:
    return f"Nhắc việc {peer}: báo cáo kết quả thực hiện Nghị quyết 57 trước 17 giờ thứ Sáu 19/9/2025."


OURS = "the post"
Sender = Callable[[Server, int, Path], Awaitable[None]]


async def measured(name: str, sender: Sender, contacts: int, model: str, jitter: float) -> Result:
    with tempfile.TemporaryDirectory(prefix="nhacviec-drain-") as folder:
        home = Path(folder)
        async with server(model, jitter, home) as there:
            cpu = process_time()
            await sender(there, contacts, home)
            cpu = (process_time() - cpu) / contacts * 1000
            at = sorted(there.arrivals())
            rate = (len(at) - 1 - LIMIT) / (at[-1] - at[LIMIT])
            refusals = await asyncio.to_thread(there.refusals)
            return Result(model, jitter, name, rate, rate * (1 + jitter) / LIMIT, refusals, cpu)


async def table(contacts: int, jitters: tuple[float, ...]) -> list[Result]:
    peers: tuple[tuple[str, Sender, int], ...] = (
        (OURS, through_the_post, contacts),
        ("send, sleep 1/30", send_and_sleep, min(contacts, 45)),
        ("one each 1/30 s", a_thirtieth_apart, min(contacts, 90)),
        *limiter(),
    )
    found = []
    sys.stdout.write(f"drain: {contacts} contacts, round trip {ROUND_TRIP * 1000:.0f} ms, {LIMIT}/s allowed\n")
    sys.stdout.write("server    J ms  sender            a second  of 30/(1+J)  429s  CPU ms each\n")
    for model in ("strict", "tolerant"):
        for jitter in jitters:
            for name, sender, many in peers:
                found.append(await measured(name, sender, many, model, jitter))
                sys.stdout.write(found[-1].line())
                sys.stdout.flush()
    return found


def draw(found: list[Result], file: Path) -> None:
    """The shares as bars."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.2), layout="constrained")
    axes = figure.subplots()
    senders = list(dict.fromkeys(one.sender for one in found))
    places = list(dict.fromkeys((one.model, one.jitter) for one in found))
    for number, sender in enumerate(senders):
        shares = [one.share for one in found if one.sender == sender]
        wide = 0.81 / len(senders)
        middle = (len(senders) - 1) / 2
        where = [place + wide * (number - middle) for place in range(len(places))]
        axes.bar(where, shares, 0.92 * wide, label=sender)
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set_xticks(range(len(places)), [f"{model}\nJ = {jitter * 1000:.0f} ms" for model, jitter in places])
    axes.set_ylabel("share of 30/(1+J)")
    figure.legend(loc="outside upper center", ncols=len(senders))
    figure.savefig(file, dpi=100)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drain", description=__doc__)
    parser.add_argument("--contacts", type=int, default=150)
    parser.add_argument("--jitter", type=float, action="append", help="milliseconds; all three unless given")
    parser.add_argument("--picture", type=Path, help="where to draw it (PNG)")
    told = parser.parse_args(argv)
    jitters = tuple(ms / 1000 for ms in told.jitter) if told.jitter else JITTERS
    found = asyncio.run(table(told.contacts, jitters))
    for one in found:
        if one.sender == OURS:
            bars.at_least(f"{one.model} server, J = {one.jitter * 1000:.0f} ms: of 30/(1+J)", one.share, 0.97)
    if told.picture:
        draw(found, told.picture)


if __name__ == "__main__":
    main(sys.argv[1:])
