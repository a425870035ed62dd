"""Two processes for one store (R4): both send, one freezes with letters in its hands and wakes up, one is killed."""

from __future__ import annotations

import argparse
import asyncio
import signal
import subprocess
import time
from pathlib import Path

from sqlalchemy import func, select

from bot.store.dispatch import LEASE
from bot.store.mail import letter
from tests.fake_bot_api.limits import strict
from tests.faults.run import Run, open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

BOTS = 8
#: Whoever stops beside a sender that lives has his letters taken over at most so long after his lease; seconds.
_SOON = 2.0


def side_by_side(home: Path, told: argparse.Namespace) -> Verdict:
    """Nothing goes twice, and each does its share."""
    kind = "PostgreSQL" if told.server else "one SQLite file"
    verdict = Verdict("R4a", f"{told.reminders} reminders by {BOTS} bots, two processes on {kind}")

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, told.reminders, url, bots=BOTS, reminded=True, limits=strict) as run:
                began = time.monotonic()
                async with run.running() as one, run.running() as other:
                    shares: dict[str, int] = {}
                    await run.until(lambda: _both(run, shares), one, other)
                    await run.quiet(one, other, patience=500)
                verdict.told("letters a second", told.reminders / (time.monotonic() - began))
                verdict.exactly("processes seen with letters in their hands", len(shares), 2)
                verdict.exactly(
                    "people reminded", len({one["chat"] for one in run.fake.journal.sent()}), told.reminders
                )
                verdict.exactly("refusals (429)", run.fake.calls["sendMessage", 429], 0)
                run.findings().tell(verdict, most_copies=0, worst=1)

    asyncio.run(go())
    return verdict


def taken_over(home: Path, told: argparse.Namespace) -> Verdict:
    """What a dead or frozen process held goes on; where its end can't be seen, when its lease is over."""
    verdict = Verdict("R4b", "one of two processes killed, then one frozen with letters in its hands, and woken up")
    lease = LEASE.total_seconds()

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, 4000, url, bots=4, reminded=True, limits=strict) as run:
                async with run.running() as survivor:
                    killed = run.start()
                    held = await _caught_holding(run, killed, signal.SIGKILL)
                    killed.wait()
                    verdict.told("letters in the hands of the one killed", held[1])
                    verdict.at_most(
                        "seconds until they were taken over", await _let_go(run, held[0], survivor), lease + _SOON
                    )
                    async with run.running() as frozen:
                        held = await _caught_holding(run, frozen, signal.SIGSTOP)
                        verdict.told("letters in the hands of the one frozen", held[1])
                        seconds = await _let_go(run, held[0], survivor)
                        verdict.at_most("seconds until they were taken over", seconds, lease + _SOON)
                        frozen.send_signal(signal.SIGCONT)
                        await run.quiet(frozen, survivor, patience=240)
                found = run.findings(may_be_held=True)
                verdict.exactly("people reminded", len({one["chat"] for one in run.fake.journal.sent()}), 4000)
                verdict.exactly("refusals (429)", run.fake.calls["sendMessage", 429], 0)
                found.tell(verdict, most_copies=2 * 4 * 48)

    asyncio.run(go())
    return verdict


def _holding(run: Run) -> dict[str, int]:
    """Who has how many letters in hand, by their process's number."""
    mine = select(letter.c.worker, func.count()).where(letter.c.state.in_(["claimed", "sending"]))
    with run.ledger.engine.connect() as connection:
        return dict(connection.execute(mine.group_by(letter.c.worker)).all())


def _both(run: Run, seen: dict[str, int]) -> bool:
    seen.update(_holding(run))
    return len(seen) == 2


async def _caught_holding(run: Run, process: subprocess.Popen[bytes], by: signal.Signals) -> tuple[str, int]:
    """Stop a process while it has letters on their way; its name as a sender, and how many."""
    mark = f"/{process.pid}/"
    await run.until(lambda: any(mark in name for name in _holding(run)), process)
    arrived = len(run.fake.journal.entries)
    await run.until(lambda: len(run.fake.journal.entries) > arrived + 100, process)
    while True:
        process.send_signal(signal.SIGSTOP)
        held = next(((name, many) for name, many in _holding(run).items() if mark in name), None)
        if held is not None:
            process.send_signal(by)
            return held
        process.send_signal(signal.SIGCONT)
        await asyncio.sleep(0.05)


async def _let_go(run: Run, name: str, survivor: subprocess.Popen[bytes]) -> float:
    """Seconds until nothing is in that sender's hands any more."""
    began = time.monotonic()
    await run.until(lambda: name not in _holding(run), survivor)
    return time.monotonic() - began


if __name__ == "__main__":
    forms = [side_by_side, taken_over]
    pass_or_fail("tests.faults.two_replicas", __doc__, forms, numbers={"reminders": 10_000}, postgresql=True)
