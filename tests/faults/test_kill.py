"""Kill -9 of the real process loses nothing, doubles nothing unseen. The whole bar: `python -m tests.faults.kill`."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.faults.officers import zone_at_work
from tests.faults.oracle import Findings, Ledger
from tests.faults.run import open_run


async def test_three_kills_in_a_row_leave_nothing_undone(tmp_path: Path) -> None:
    """Killed after a claim, with bytes on the wire, and after a commit: each report counts once, all is answered."""
    async with open_run(tmp_path, 6) as run:
        run.everybody_reports()
        for point in ("after_claim:1", "bytes_written:3", "committed:2"):
            assert await run.killed_at(point)
        await run.to_the_end()
        await run.held_let_go()
        found = run.findings()

    assert found.wrong == []
    assert run.kills == 3
    assert found.messages >= 6
    assert found.letters >= 12
    assert found.copies <= found.doubtful


@pytest.mark.parametrize("hour", range(24))
def test_the_runs_people_are_at_work_whatever_the_hour(hour: int) -> None:
    """At any hour of the day it is ten in the morning in the run's province, so that nothing waits for the office."""
    now = datetime(2026, 11, 25, hour, 35, tzinfo=UTC)
    assert now.astimezone(ZoneInfo(zone_at_work(now))).hour == 10


async def test_the_oracle_sees_what_is_wrong(tmp_path: Path) -> None:
    """Before anything ran: no report is recorded, no letter accepted, and a message nobody planned is a copy."""
    async with open_run(tmp_path, 2) as run:
        ledger = Ledger(f"sqlite:///{tmp_path / 'store.sqlite3'}")
        stray = {"chat": 10_001, "message_id": 5, "text": "(Gửi lại)\nNhắc việc thứ 1"}
        reports = {one.telephone.id: [one.percent] for one in run.officers}
        found: Findings = ledger.judge(reports, [stray])
        assert ledger.unfinished(2) == 4
        ledger.close()

    kinds = Counter(line.partition(":")[0] for line in found.wrong)
    assert kinds == {
        "reports of 10000 differ": 1,
        "reports of 10001 differ": 1,
        "not accepted": 2,
        "1 copies, 0 known as doubtful": 1,
    }
