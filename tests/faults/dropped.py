"""The platform takes a letter, and its answer is lost on the way: 2 % of 10,000 reminders (R3)."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.limits import strict
from tests.faults.run import open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

BOTS = 8
_SHARE = 0.02


def dropped(home: Path, told: argparse.Namespace) -> Verdict:
    """Each of them is flagged as doubtful, comes once more at most, and says so then."""
    verdict = Verdict("R3", f"{told.reminders} reminders by {BOTS} bots, 2 % accepted then dropped (seed {told.seed})")

    async def go() -> None:
        with database(told) as url:
            async with open_run(
                home, told.reminders, url, bots=BOTS, reminded=True, limits=strict, seed=told.seed
            ) as run:
                run.fake.timetable.plan([Fault("accept_then_drop", method="sendMessage", chance=_SHARE)])
                await run.to_the_end(patience=500)
                lost = sum(one.fault == "accept_then_drop" and one.status == 200 for one in run.fake.heard)
                found = run.findings(may_be_held=True)
                verdict.told("accepted, answer dropped", lost)
                verdict.exactly("attempts flagged doubtful, no more and no less", found.doubtful, lost)
                verdict.exactly(
                    "people reminded", len({one["chat"] for one in run.fake.journal.sent()}), told.reminders
                )
                marked = sum(one["text"].startswith("(Gửi lại)") for one in run.fake.journal.sent())
                verdict.exactly("copies that say they are", marked, found.copies)
                verdict.exactly("refusals (429)", run.fake.calls["sendMessage", 429], 0)
                found.tell(verdict, most_copies=lost)

    asyncio.run(go())
    return verdict


if __name__ == "__main__":
    pass_or_fail("tests.faults.dropped", __doc__, [dropped], numbers={"reminders": 10_000}, postgresql=True)
