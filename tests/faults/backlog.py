"""Answers through kill -9 of whoever receives them (R2): half of them wait as a backlog, half come at 100 a second."""

from __future__ import annotations

import argparse
import asyncio
import math
import random
from pathlib import Path

from tests.faults.kill import BOTS, IN_FLIGHT
from tests.faults.run import Run, open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

#: Each writes so many answers: every one a percent more than the one before, so that their order shows.
_EACH = 40
_A_SECOND = 100


def answers(home: Path, told: argparse.Namespace) -> Verdict:
    """Nothing that anybody wrote is lost or counted twice, and each chat's order is kept."""
    people = told.answers // _EACH
    size = f"{told.answers // 2} answers waiting and {told.answers // 2} at {_A_SECOND}/s, {told.kills} kill -9"
    verdict = Verdict("R2", f"{size} (seed {told.seed})")
    dice = random.Random(told.seed)

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, people, url, bots=BOTS) as run:
                _write(run, range(1, _EACH // 2 + 1))
                for _ in range(told.kills // 2):
                    await run.killed_after(dice.uniform(0.0, 0.3), receiving=True)
                waiting = run.ledger.unapplied(people * _EACH // 2)
                live = asyncio.create_task(_write_live(run))
                for _ in range(told.kills - told.kills // 2):
                    await run.killed_after(dice.uniform(0.0, 0.5), receiving=True)
                still = run.ledger.unapplied(people * _EACH)
                await live
                await run.to_the_end(patience=240)
                await run.held_let_go()
                found = run.findings()
                verdict.exactly("kills", run.kills, told.kills)
                verdict.told("of the backlog to apply still after half of the kills", waiting)
                verdict.told("answers to apply still after the last kill", still)
                verdict.exactly("answers applied", run.ledger.reports(), people * _EACH)
                verdict.exactly("chats with an answer lost, twice or out of order", found.misreported, 0)
                verdict.exactly("answers without an answer of ours", found.unanswered, 0)
                found.tell(verdict, most_copies=told.kills * BOTS * IN_FLIGHT, worst=math.inf)

    asyncio.run(go())
    return verdict


def _write(run: Run, percents: range) -> None:
    """Everybody's next answers, one of each in turn."""
    for percent in percents:
        for officer in run.officers:
            run.reports(officer, percent)


async def _write_live(run: Run) -> None:
    loop = asyncio.get_running_loop()
    begun, written = loop.time(), 0
    for percent in range(_EACH // 2 + 1, _EACH + 1):
        for officer in run.officers:
            run.reports(officer, percent)
            written += 1
            await asyncio.sleep(max(0.0, begun + written / _A_SECOND - loop.time()))


if __name__ == "__main__":
    sizes = {"answers": 4000, "kills": 25}
    pass_or_fail("tests.faults.backlog", __doc__, [answers], numbers=sizes, postgresql=True)
