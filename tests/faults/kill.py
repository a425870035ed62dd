"""Kill -9 of the real process: at each fail point for n = 1…10, and at 50 random moments of 10,000 reminders (R1)."""

from __future__ import annotations

import argparse
import asyncio
import random
from pathlib import Path

from bot.failpoints import POINTS
from tests.fake_bot_api.limits import strict
from tests.faults.oracle import Findings
from tests.faults.run import open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

#: So many bots share the reminders, as one would take six minutes for them.
BOTS = 4
#: Letters of one bot that are under way at a time, at 30 a second and 50 to 80 ms there and back.
IN_FLIGHT = 3


def at_fail_points(home: Path, told: argparse.Namespace) -> Verdict:
    """Each point hit for the first time, the second … while twenty people report and each has a letter waiting."""
    verdict = Verdict("R1a", f"kill -9 at {len(POINTS)} fail points, n = 1…{told.most}")
    whole, kills = Findings(), 0

    async def hit(point: str, n: int) -> bool:
        with database(told) as url:
            async with open_run(home / f"{point}-{n}", 20, url) as run:
                run.everybody_reports()
                killed = await run.killed_at(f"{point}:{n}")
                await run.to_the_end()
                await run.held_let_go()
                whole.add(run.findings())
                return killed

    for point in POINTS:
        for n in range(1, told.most + 1):
            if not asyncio.run(hit(point, n)):
                break  # untouched: the run comes there no n-th time
            kills += 1
    verdict.at_least("kills", kills, len(POINTS))
    verdict.told("messages in", whole.messages)
    verdict.told("letters out", whole.letters)
    whole.tell(verdict, most_copies=told.most * len(POINTS) * IN_FLIGHT)
    return verdict


def at_random(home: Path, told: argparse.Namespace) -> Verdict:
    """Reminders that a sweep planned, put together and sent by a process that is killed again and again."""
    verdict = Verdict(
        "R1", f"{told.reminders} reminders by {BOTS} bots through {told.kills} random kill -9 (seed {told.seed})"
    )
    dice = random.Random(told.seed)

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, told.reminders, url, bots=BOTS, reminded=True, limits=strict) as run:
                # Two thirds of the reminders go out while the process is being killed.
                longest = 2 * 2 / 3 * told.reminders / (30 * BOTS) / told.kills
                for _ in range(told.kills):
                    await run.killed_after(dice.uniform(0.0, longest))
                left = run.ledger.unfinished(0)
                await run.to_the_end(patience=300)
                verdict.exactly("kills", run.kills, told.kills)
                verdict.at_least("reminders still to send at the last kill", left, 1)
                reminded = len({entry["chat"] for entry in run.fake.journal.sent()})
                found = run.findings(may_be_held=True)
                verdict.at_least(
                    "people reminded, all but those whose letter is held", reminded, told.reminders - found.held
                )
                verdict.exactly("refusals (429)", run.fake.calls["sendMessage", 429], 0)
                found.tell(verdict, most_copies=told.kills * IN_FLIGHT * BOTS)

    asyncio.run(go())
    return verdict


if __name__ == "__main__":
    sizes = {"most": 10, "reminders": 10_000, "kills": 50}
    pass_or_fail("tests.faults.kill", __doc__, [at_fail_points, at_random], numbers=sizes, postgresql=True)
