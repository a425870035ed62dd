"""How soon it is back (B8): a cold start, and kill -9 in the middle of sending; and how much memory a replica takes.

`python -m benchmarks.recovery --units 3321 --tasks 100 --contacts 100000`: the nation's 332,100 assignments.
Everything is the real process against a Bot API on loopback: started when somebody has written already, it counts until
the answer is accepted there. Beside it: what the interpreter takes to load the same modules, and python-telegram-bot
with one handler that answers at once and knows nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.stage import bars
from benchmarks.stage.officers import Officers, load, settled, tell
from bot.messages import LetterKind
from bot.post import RECOVER_EVERY
from bot.store.copies import copy_out
from bot.store.dispatch import LEASE
from bot.store.engine import Store
from tests.fake_bot_api.account import Person
from tests.fake_bot_api.server import FakeBotApi
from tests.faults.officers import TOKEN, start, work_on

ROOT = Path(__file__).resolve().parents[1]
STARTS, LETTERS, TALKS = 3, 300, 300
PATIENCE = 180


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Any:
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


async def until(done: Callable[[], bool]) -> float:
    """The moment at which this holds."""
    async with asyncio.timeout(PATIENCE):
        while not done():
            await asyncio.sleep(0.005)
    return perf_counter()


class Place:
    """The store, the Bot API, and the people."""

    def __init__(self, home: Path, fake: FakeBotApi, officers: Officers) -> None:
        self.fake, self.officers = fake, officers
        self.url = f"sqlite:///{home / 'store.sqlite3'}"
        self._home = home

    def start(self) -> subprocess.Popen[bytes]:
        return start(self.url, self.fake.url, self._home / "log")

    def start_peer(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "benchmarks.recovery", "--peer", self.fake.url]
        quiet = {"stdin": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=ROOT, **quiet)  # type: ignore[call-overload]  # noqa: S603

    def says(self, number: int, words: str) -> int:
        """Officer `number` writes; the chat."""
        chat = int(self.officers.address(number).peer)
        self.fake.account.says(Person(chat, f"Lan {number}"), words)
        return chat

    def accepted(self) -> int:
        return len(self.fake.journal.sent())

    def answered(self, chat: int, before: int) -> bool:
        """Whether that chat was written to since so many letters had been accepted."""
        return any(entry["chat"] == chat for entry in self.fake.journal.sent()[before:])

    def under_way(self) -> set[int]:
        """Letters in somebody's hands, by id."""
        return self._ids("state IN ('claimed','sending')")

    def unsettled(self) -> set[int]:
        return self._ids("state IN ('planned','claimed','sending')")

    def _ids(self, which: str) -> set[int]:
        with closing(sqlite3.connect(self._home / "store.sqlite3")) as store:
            return {row[0] for row in store.execute(f"SELECT id FROM letter WHERE {which}")}  # noqa: S608


async def to_the_first_answer(place: Place, begin: Callable[[], subprocess.Popen[bytes]], number: int) -> float:
    """From the start of the process to the answer's arrival, for somebody who had written before."""
    before = place.accepted()
    chat = place.says(number, "việc của tôi")
    begun = perf_counter()
    with running(begin()):
        return await until(lambda: place.answered(chat, before)) - begun


async def killed(place: Place) -> tuple[float, float, int]:
    """Seconds from kill -9 to the next letter, and to the last one that was in hand then; how many those were."""
    store = Store(place.url, threads=1)
    now = datetime.now(UTC)
    with closing(store):
        store.write_now(
            lambda book: [
                book.letters.plan(
                    f"recovery:{n}",
                    LetterKind.REMINDER,
                    now,
                    person_id=place.officers.person + n,
                    text=f"Nhắc việc {n}",
                )
                for n in range(LETTERS)
            ]
        )
    before = place.accepted()
    process = place.start()
    await until(lambda: place.accepted() >= before + LETTERS // 3)
    process.kill()
    process.wait()
    dead = perf_counter()
    in_hand, before = place.under_way(), place.accepted()
    with running(place.start()):
        first = await until(lambda: place.accepted() > before) - dead
        last = await until(lambda: not in_hand & place.unsettled()) - dead
        await until(lambda: not place.unsettled())
    return first, last, len(in_hand)


async def memory(place: Place) -> tuple[float, float]:
    """Megabytes of a replica that has answered many people: now, and at most."""
    with running(place.start()) as process:
        for number in range(TALKS):
            before = place.accepted()
            place.says(number * (place.officers.count // TALKS), "việc của tôi")
            if number % 30 == 29:
                await until(lambda before=before: place.accepted() > before)
        await until(lambda: not place.unsettled())
        return _megabytes(process.pid, "VmRSS"), _megabytes(process.pid, "VmHWM")


def _megabytes(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def loading() -> float:
    """Seconds in which the interpreter loads what `run` needs, and does nothing."""
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", "import bot.commands.table, uvicorn"], cwd=ROOT, check=True)
    return perf_counter() - begun


@asynccontextmanager
async def place_for(units: int, tasks: int, contacts: int) -> AsyncIterator[Place]:
    with tempfile.TemporaryDirectory(prefix="nhacviec-recovery-") as folder:
        home = Path(folder)
        store = Store(f"sqlite:///{home / 'store.sqlite3'}")
        with closing(store):
            officers = settled(store, contacts, account=TOKEN.partition(":")[0], units=units, tasks=tasks)
            work_on(store, datetime.now(UTC))
        async with FakeBotApi([TOKEN], latency=(0.02, 0.04)) as fake:
            yield Place(home, fake, officers)


async def table(units: int, tasks: int, contacts: int) -> None:
    tell(f"recovery: {units * tasks:,} assignments, {contacts:,} contacts on SQLite; {load()}")
    async with place_for(units, tasks, contacts) as place:
        loads = median([await asyncio.to_thread(loading) for _ in range(STARTS)])
        ours = median([await to_the_first_answer(place, place.start, number) for number in range(STARTS)])
        peer = median([await to_the_first_answer(place, place.start_peer, number) for number in range(STARTS)])
        bars.at_most("cold start to the first answer, s", ours, 3)
        tell(f"cold start to the first answer: {ours:.2f} s; python-telegram-bot {peer:.2f} s; loading {loads:.2f} s")
        first, last, many = await killed(place)
        bars.at_most("kill -9 to the next letter, s", first, 5 + LEASE.total_seconds())
        tell(
            f"kill -9 to the next letter: {first:.2f} s; to the last of {many} that were in hand: {last:.2f} s"
            f" (looked for every {RECOVER_EVERY:.0f} s; lease {LEASE.total_seconds():.0f} s)"
        )
        resident, most = await memory(place)
        bars.at_most("memory of a replica, MB", most, 250)
        tell(f"memory after {TALKS} talks: {resident:.0f} MB, at most {most:.0f} MB")
        begun = perf_counter()
        await asyncio.to_thread(_copied, place)
        tell(f"copy of the store: {perf_counter() - begun:.2f} s")


def _copied(place: Place) -> None:
    with tempfile.TemporaryDirectory(prefix="nhacviec-copy-") as folder:
        copy_out(place.url, Path(folder) / "copy")


def serve_peer(url: str) -> None:
    """python-telegram-bot, polling; says a word back."""

    async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message is not None:
            await update.effective_message.reply_text("Chào anh/chị.")

    app = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    app.add_handler(MessageHandler(filters.TEXT, answer))
    app.run_polling()


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--tasks", type=int, default=40)
    parser.add_argument("--contacts", type=int, default=2_000)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    told = parser.parse_args(argv)
    if told.peer:
        serve_peer(told.peer)
    else:
        asyncio.run(table(told.units, told.tasks, told.contacts))


if __name__ == "__main__":
    main(sys.argv[1:])
