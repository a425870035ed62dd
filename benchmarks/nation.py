"""How fast the whole nation's letters go (B2): 34 accounts of 30 letters a second each, 1,020 together.

`python -m benchmarks.nation [--seconds 20] [--processes 1 4]`. The accounts are spread over the processes; each has a
SQLite ledger of its own, as provinces have. The peer is python-telegram-bot as it comes, one letter each thirtieth of a
second and account, in one process. The rate counts from when the first second is over to the last letter's arrival.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.request import HTTPXRequest

from benchmarks.drain import text_of, until_taken
from benchmarks.stage import bars
from benchmarks.stage.light_bot_api import LIMIT, ROOT, LightBotApi, light_bot_api
from benchmarks.stage.officers import load, tell
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock
from bot.messages import Address, LetterKind, Urgency
from bot.post import Post
from bot.post_ready import oldest_waiting
from bot.store.engine import Store
from bot.store.founding import found_province
from bot.store.migrate import upgrade
from bot.wording import Wording

ACCOUNTS = 34
TRIP, JITTER = 0.070, 0.005
TOKENS = tuple(f"{7_000_000_001 + number}:AAFake-not_a_real_token_{number:04}" for number in range(ACCOUNTS))


async def through_the_post(url: str, tokens: tuple[str, ...], each: int) -> float:
    """All of these accounts' letters out of one ledger; the processor's seconds."""
    with tempfile.TemporaryDirectory(prefix="nhacviec-nation-") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'store.sqlite3'}")
        channels = [TelegramChannel(token, api_url=url) for token in tokens]
        try:
            _plan(store, channels, each)
            for channel in channels:
                await channel.open()
            # Holidays and words are loaded once a process: a year's letters share that, not ten seconds'.
            await store.read(lambda book: oldest_waiting(book, datetime.now(UTC)))
            Wording("vi", ZoneInfo("Asia/Ho_Chi_Minh"))
            cpu = process_time()
            post = Post(store, {(channel.name, channel.account): channel for channel in channels}, {}, {}, Clock())
            stop = asyncio.Event()
            running = asyncio.create_task(post.run(stop))
            while sum((await store.read(lambda book: book.letters.under_way())).values()):
                await asyncio.sleep(0.25)
            stop.set()
            await running
            return process_time() - cpu
        finally:
            for channel in channels:
                await channel.close()
            store.close()


def _plan(store: Store, channels: list[TelegramChannel], each: int) -> None:
    upgrade(store.engine)
    store.province_id = found_province(store, code="91", name="An Giang")
    now = datetime.now(UTC)
    for channel in channels:
        for peer in range(1000, 1000 + each):
            to = Address("telegram", channel.account, str(peer))
            store.submit(
                lambda book, to=to, peer=peer: book.letters.plan(
                    f"bench:{to}", LetterKind.REMINDER, now, to=to, text=text_of(str(peer)), urgency=Urgency.ANSWER
                )
            )
    store.read_now(lambda book: book.letters.counts())


async def as_shipped(url: str, tokens: tuple[str, ...], each: int) -> float:
    """python-telegram-bot with its own HTTP: each account one letter a thirtieth of a second."""

    async def one(token: str) -> None:
        request = HTTPXRequest(connection_pool_size=48)
        async with Bot(token, base_url=f"{url}/bot", request=request) as bot, asyncio.TaskGroup() as group:
            begun = loop.time()
            for number in range(each):
                await asyncio.sleep(max(0.0, begun + number / LIMIT - loop.time()))
                group.create_task(until_taken(bot, 1000 + number))

    loop = asyncio.get_running_loop()
    cpu = process_time()
    await asyncio.gather(*(one(token) for token in tokens))
    return process_time() - cpu


SENDERS = {"post": through_the_post, "shipped": as_shipped}


async def in_processes(sender: str, api: LightBotApi, processes: int, each: int) -> float:
    """The accounts spread over so many processes; the processor's seconds of all."""
    shares = [TOKENS[place::processes] for place in range(processes)]
    running = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.nation", "--serve", sender, api.url, str(each), ",".join(share)),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for share in shares
    ]
    told = await asyncio.gather(*(one.communicate() for one in running))
    return sum(float(out.split()[-1]) for out, _ in told)


@dataclass(frozen=True, slots=True)
class Result:
    """Letters a second of all, the slowest account's share of its own 30, refusals, the processor's time a letter."""

    rate: float
    slowest: float
    refused: int
    cpu: float
    server: float


async def measured(sender: str, processes: int, each: int) -> Result:
    async with light_bot_api(TRIP, JITTER) as api:
        cpu = await in_processes(sender, api, processes, each)
        state = await asyncio.to_thread(api.state)
    arrived = [sorted(moments) for moments in state["arrived"].values()]
    letters = sum(map(len, arrived))
    own = [(len(moments) - 1 - LIMIT) / (moments[-1] - moments[LIMIT]) for moments in arrived]
    first, last = max(moments[LIMIT] for moments in arrived), min(moments[-1] for moments in arrived)
    together = sum(1 for moments in arrived for at in moments if first < at <= last) / (last - first)
    return Result(together, min(own) / LIMIT, state["refused"], cpu / letters * 1000, state["cpu"] / letters * 1000)


async def table(each: int, processes: list[int]) -> None:
    limit = ACCOUNTS * LIMIT
    tell(f"nation: {ACCOUNTS} accounts, {each} letters each; round trip {TRIP * 1000:.0f} ms; {load()}")
    tell("                        a second  of 1,020  slowest account  429s  CPU ms each  (server's)")
    runs = [("the post", "post", many) for many in processes] + [("python-telegram-bot", "shipped", 1)]
    for name, sender, many in runs:
        found = await measured(sender, many, each)
        if sender == "post":
            bars.at_least(f"34 accounts, {many} processes: of 1,020/s", found.rate / limit, 0.9)
            bars.at_least(f"34 accounts, {many} processes: the slowest one's own", found.slowest, 0.95)
            bars.at_most(f"34 accounts, {many} processes: ms of processor a letter", found.cpu, 1.5)
        tell(
            f"{name:19} × {many}  {found.rate:8.0f}  {found.rate / limit:8.2f}  {found.slowest:15.2f}"
            f"  {found.refused:4}  {found.cpu:11.2f}  {found.server:10.2f}"
        )


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nation", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="how long it takes at best")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--serve", nargs=4, help=argparse.SUPPRESS)
    told = parser.parse_args(argv)
    if told.serve:
        sender, url, each, tokens = told.serve
        tell(str(asyncio.run(SENDERS[sender](url, tuple(tokens.split(",")), int(each)))))
        return
    asyncio.run(table(told.seconds * LIMIT, told.processes))


if __name__ == "__main__":
    main(sys.argv[1:])
