"""Everything goes wrong at once (R16), and nothing that is told of it names a token, a person, a number or words."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from pathlib import Path

from tests.fake_bot_api.faults import Fault
from tests.faults.officers import Officer
from tests.faults.run import Run, free_port, open_run, told_at
from tests.faults.verdict import Verdict, pass_or_fail

BOTS = 2
_PEOPLE = 200
#: Longer than a writer waits for a locked database.
_LOCKED = 33.0
_KINDS = ("400", "409", "413", "500", "502", "drop_before", "accept_then_drop", "junk", "block_page")
_PATHS = ("/healthz", "/healthz/live", "/healthz/ready", "/metrics")


def told_of_nobody(home: Path, told: argparse.Namespace) -> Verdict:
    """Each fault of the platform, a locked database, malformed messages, a kill, a dead token."""
    verdict = Verdict(
        "R16a", f"{_PEOPLE} people, {len(_KINDS)} kinds of faults, a lock of {_LOCKED:g} s (seed {told.seed})"
    )

    async def go() -> None:
        async with open_run(home, _PEOPLE, bots=BOTS, seed=told.seed) as run:
            port = free_port()
            run.environment["NHACVIEC_LISTEN"] = f"127.0.0.1:{port}"
            run.everybody_reports()
            for officer in run.officers:
                _write_badly(run, officer)
            run.fake.timetable.plan(
                [
                    *(Fault(kind, method="send", chance=0.03) for kind in _KINDS),
                    *(Fault(kind, method="getFile", chance=0.03) for kind in _KINDS),
                    # A poll that is refused rests for long: a few of each are enough.
                    *(Fault(kind, method="getUpdates", first=2 + place) for place, kind in enumerate(_KINDS)),
                ]
            )
            await run.killed_at("bytes_written:20")
            seen = []
            async with run.running() as process:
                await run.until(lambda: run.ledger.unapplied(run.said) < run.said // 2, process)
                seen += [await asyncio.to_thread(told_at, port, path) for path in _PATHS]
                with sqlite3.connect(home / "store.sqlite3", isolation_level=None, timeout=30) as other:
                    other.execute("BEGIN IMMEDIATE")
                    run.everybody_reports()
                    await asyncio.sleep(_LOCKED)
                    other.execute("ROLLBACK")
                other.close()
                run.fake.timetable.plan([])
                await run.until(lambda: run.ledger.unapplied(run.said) == 0, process)
                for account in run.fake.accounts.values():
                    account.revoked = True
                run.says(run.officers[0], "việc của tôi")
                seen += [await asyncio.to_thread(told_at, port, path) for path in _PATHS]
            # What doctor says of dead tokens goes into the log as well.
            await asyncio.to_thread(run.start(command="doctor").wait, 60)
            lines = run.log.read_text().splitlines()
            verdict.told("lines of the log", len(lines))
            verdict.at_least("of them errors", sum('"level": "error"' in line for line in lines), 1)
            verdict.exactly("addresses that answered", sum(status in (200, 503) for status, _ in seen), len(seen))
            leaks = run.leaks(*(body for _, body in seen))
            verdict.exactly("lines that tell a token, name, number or words", len(leaks), 0)
            verdict.wrong += leaks

    asyncio.run(go())
    return verdict


def _write_badly(run: Run, officer: Officer) -> None:
    """What can't be read, with everything in it that must not be told."""
    account, who = run.fake.accounts[officer.token], officer.telephone
    private = f"đang làm {officer.phone} lan@example.vn {officer.token}"
    account.hand_in({"message": {"text": private, "from": who.user(), "chat": {"id": private}}})
    account.hand_in({"message": {"message_id": "x", "date": private, "from": who.user(), "chat": who.chat()}})
    account.hand_in(private)
    account.document(who, f"{private}.pdf", "application/pdf", b"%PDF-1.7 " + private.encode(), caption=private)
    run.said += 1


if __name__ == "__main__":
    pass_or_fail("tests.faults.canaries", __doc__, [told_of_nobody])
