"""The Bot API is dead (R6): it answers 502, then refuses connections, then cuts them; and then it is back."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests.fake_bot_api.faults import Fault
from tests.fake_bot_api.limits import strict
from tests.faults.run import free_port, open_run, told_at
from tests.faults.verdict import Verdict, database, pass_or_fail

BOTS = 2
_LETTERS = 2000
#: Requests that were on their way when it died are no tries of the dead; seconds.
_DYING = 1.0


def dead(home: Path, told: argparse.Namespace) -> Verdict:
    """A call a second for each token at most, hardly any work, nothing lost, and all goes on by itself."""
    third = told.seconds / 3
    verdict = Verdict("R6", f"{_LETTERS} reminders by {BOTS} bots, {told.seconds} s dead, a third in each way")

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, _LETTERS, url, bots=BOTS, reminded=True, limits=strict) as run:
                port = free_port()
                run.environment["NHACVIEC_LISTEN"] = f"127.0.0.1:{port}"
                async with run.running() as process:
                    await run.until(lambda: len(run.fake.journal.entries) > _LETTERS // 10, process)
                    fake, died, spent = run.fake, time.monotonic(), _spent(process)
                    fake.timetable.plan([Fault("502", method="", since=0.0)])
                    await asyncio.sleep(third)
                    tried = _tries(await asyncio.to_thread(told_at, port, "/metrics"))
                    await fake.stop_listening()
                    await asyncio.sleep(third)
                    tried_since = _tries(await asyncio.to_thread(told_at, port, "/metrics")) - tried
                    fake.timetable.plan([Fault("drop_before", method="", since=0.0)])
                    await fake.listen()
                    await asyncio.sleep(third)
                    back, arrived = time.monotonic(), len(fake.journal.entries)
                    spent = _spent(process) - spent
                    fake.timetable.plan([])
                    await run.until(lambda: len(fake.journal.entries) > arrived, process)
                    verdict.at_most("seconds from its return to the first letter", time.monotonic() - back, 5)
                    await run.quiet(process, patience=200)
                    took = time.monotonic() - back
                calls = Counter(one.token for one in fake.heard if died + _DYING < one.at < back)
                verdict.at_most("calls a second and token while heard", max(calls.values()) / (2 * third), 1)
                verdict.at_most("sends a second and token while refused", tried_since / third / BOTS, 1)
                verdict.at_most("share of a processor while dead, %", 100 * spent / told.seconds, 5)
                verdict.told("letters a second afterwards", (_LETTERS - arrived) / took)
                verdict.exactly("people reminded", len({one["chat"] for one in fake.journal.sent()}), _LETTERS)
                verdict.exactly("refusals (429)", fake.calls["sendMessage", 429], 0)
                found = run.findings(may_be_held=True)
                verdict.exactly("letters that wait for a person now", found.held, 0)
                found.tell(verdict, most_copies=0, worst=1)

    asyncio.run(go())
    return verdict


def _tries(told: tuple[int, str]) -> float:
    """How many letters were tried so far."""
    return sum(float(one) for one in re.findall(r"^nhacviec_sent_total\{.*\} (\S+)$", told[1], re.MULTILINE))


def _spent(process: subprocess.Popen[bytes]) -> float:
    """Seconds of a processor that a process has used."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    pass_or_fail("tests.faults.platform_dead", __doc__, [dead], numbers={"seconds": 60}, postgresql=True)
