"""An outage swallows the taps of five hundred people (R16): each gets a prompt that works, and words always do."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.faults.kill import BOTS
from tests.faults.run import Run, open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

_HEARD_ANEW = "Vừa rồi hệ thống mất liên lạc"


def taps(home: Path, told: argparse.Namespace) -> Verdict:
    """All were asked something; Telegram is out of reach longer than it keeps taps; then all is asked for again."""
    size = f"{told.people} people tap in an outage of {told.seconds} s, which is longer than taps are kept"
    verdict = Verdict("R16b", size)

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, told.people, url, bots=BOTS) as run, run.running() as process:
                for officer in run.officers:
                    run.says(officer, "chắc xong rồi")
                await run.quiet(process)
                verdict.exactly("people asked", len(_keyboards(run, 0)), told.people)
                # What is tapped from here on, Telegram drops: it never comes to us.
                await run.fake.stop_listening()
                asked = len(run.fake.journal.entries)
                await asyncio.sleep(told.seconds)
                await run.fake.listen()
                back = time.monotonic()
                await run.until(lambda: len(_keyboards(run, asked)) == told.people, process)
                verdict.told("seconds until all had a fresh prompt", time.monotonic() - back)
                fresh = _keyboards(run, asked)
                verdict.exactly("fresh prompts", sum(map(len, fresh.values())), told.people)
                _answer(run, fresh)
                await run.quiet(process)
                found = run.findings(may_be_held=True)
                verdict.exactly("people whose answer did not count, or counted twice", found.misreported, 0)
                found.tell(verdict, most_copies=told.people)

    asyncio.run(go())
    return verdict


def _keyboards(run: Run, after: int) -> dict[int, list[dict[str, Any]]]:
    """By chat, the messages with buttons; after so many entries those that were renewed."""
    found = defaultdict(list)
    for entry in run.fake.journal.entries[after:]:
        if entry.get("buttons") and (not after or entry["text"].startswith(_HEARD_ANEW)):
            found[entry["chat"]].append(entry)
    return found


def _answer(run: Run, fresh: dict[int, list[dict[str, Any]]]) -> None:
    """Every other person taps the first button, the others say what it says."""
    for officer in run.officers:
        prompt = fresh[officer.telephone.id][-1]
        if officer.number % 2:
            run.fake.accounts[officer.token].taps(officer.telephone, prompt["message_id"], prompt["buttons"][0])
            run.said += 1
        else:
            run.says(officer, "1")
        run.reported[officer.telephone.id].append(None)


if __name__ == "__main__":
    sizes = {"people": 500, "seconds": 155}
    pass_or_fail("tests.faults.taps_lost", __doc__, [taps], numbers=sizes, postgresql=True)
