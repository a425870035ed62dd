"""The disk is full (R8): a small file system of its own is filled to the last byte while people report by webhook.

It is mounted in a namespace of our own (`unshare`), where no other process sees it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.faults.officers import TOKEN
from tests.faults.run import Run, free_port, open_run, told_at
from tests.faults.verdict import Verdict, pass_or_fail

_INSIDE = "NHACVIEC_TEST_NAMESPACE"
_PEOPLE, _A_SECOND = 100, 20
#: Telegram's pauses between two tries, shortened, so that it is ours that is measured.
_SCALE = 0.1


def full(home: Path, told: argparse.Namespace) -> Verdict:
    """What can't be kept is not acknowledged; figures are told all the while; and it goes on by itself."""
    verdict = Verdict("R8", f"{_A_SECOND} reports a second by webhook, disk full for {told.seconds} s")
    disk = home / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)], check=True)
    try:
        asyncio.run(_go(home, disk, told.seconds, verdict))
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)
    return verdict


async def _go(home: Path, disk: Path, seconds: int, verdict: Verdict) -> None:
    store, port = disk / "store.sqlite3", free_port()
    async with open_run(home, _PEOPLE, f"sqlite:///{store}", scale=_SCALE) as run:
        run.environment = {
            "NHACVIEC_LISTEN": f"127.0.0.1:{port}",
            "NHACVIEC_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "NHACVIEC_WEBHOOK_SECRET": "webhook-secret-of-the-test",
        }
        async with run.running() as process:
            await run.until(lambda: bool(run.fake.pushers), process)
            answers = run.fake.pushers[TOKEN].answers
            speaking = asyncio.create_task(_report(run, seconds + 20))
            await run.until(lambda: answers[200] > 5 * _A_SECOND, process)
            before, acknowledged = answers[503], answers[200]
            _fill(disk / "filler")
            await run.until(lambda: answers[503] > before, process)
            looked = await _looked_at(port, seconds)
            refused, taken = answers[503] - before, answers[200] - acknowledged
            (disk / "filler").unlink()
            free, taken_before = time.monotonic(), answers[200]
            await run.until(lambda: answers[200] > taken_before, process)
            back = time.monotonic() - free
            await speaking
            await run.quiet(process, patience=200 + seconds)
            verdict.exactly("the process ran on", int(process.poll() is None), 1)
        _tell(verdict, run, looked)
        verdict.at_least("503 to Telegram while full", refused, 1)
        verdict.told("200 all the same, where there was still room", taken)
        verdict.at_most("seconds from room on the disk to the first 200", back, 5)
        verdict.exactly("the database's own check", int(_sound(store)), 1)


def _tell(verdict: Verdict, run: Run, looked: Counter[tuple[str, int]]) -> None:
    for path in ("/healthz/live", "/metrics"):
        asked = sum(many for (where, _), many in looked.items() if where == path)
        verdict.exactly(f"{path} answered 200 while full, of {asked}", looked[path, 200], asked)
    found = run.findings(may_be_held=True)
    verdict.exactly("reports applied", run.ledger.reports(), run.said)
    verdict.exactly("people with a report lost, twice or out of order", found.misreported, 0)
    found.tell(verdict, most_copies=48)


async def _report(run: Run, seconds: int) -> None:
    """Somebody reports every twentieth of a second; each a percent more than before, then all over again."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(seconds * _A_SECOND):
        run.reports(run.officers[number % _PEOPLE], 1 + number // _PEOPLE)
        await asyncio.sleep(max(0.0, begun + (number + 1) / _A_SECOND - loop.time()))


def _fill(filler: Path) -> None:
    """To the last byte, and what comes free afterwards too."""
    with filler.open("ab", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            try:
                while out.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


async def _looked_at(port: int, seconds: int) -> Counter[tuple[str, int]]:
    """What health and figures answer meanwhile, once a second."""
    found: Counter[tuple[str, int]] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in ("/healthz/live", "/metrics"):
            status, _ = await asyncio.to_thread(told_at, port, path)
            found[path, status] += 1
        await asyncio.sleep(min(1.0, max(0.0, until - time.monotonic())))
    return found


def _sound(store: Path) -> bool:
    with sqlite3.connect(store) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


if __name__ == "__main__":
    if _INSIDE not in os.environ and (unshare := shutil.which("unshare")):
        command = [unshare, "--mount", "--map-root-user", sys.executable, "-m", "tests.faults.disk_full", *sys.argv[1:]]
        os.execve(unshare, command, {**os.environ, _INSIDE: "1"})
    pass_or_fail("tests.faults.disk_full", __doc__, [full], numbers={"seconds": 20})
