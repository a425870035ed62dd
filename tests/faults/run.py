"""One store, one fake Bot API, and the real process killed on the way: at fail points or at random moments."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.fake_bot_api.server import FakeBotApi
from tests.faults.officers import TOKEN, Officer, found, start
from tests.faults.oracle import Findings, Ledger

#: Longest that a process may take to reach its fail point, or the last one to finish; seconds.
PATIENCE = 120.0


class NotReached(AssertionError):  # noqa: N818  (what happened; the run decides)
    """The process did not come as far as it should have."""


class KillRun:
    """Everything of one run; `kills` counts those that took place."""

    def __init__(self, home: Path, url: str, officers: list[Officer], fake: FakeBotApi) -> None:
        self.kills = 0
        self.fake = fake
        self.officers = officers
        self._home, self._url = home, url
        self._ledger = Ledger(url)
        self._said = 0

    def everybody_says(self, officers: Sequence[Officer]) -> None:
        """These people report."""
        for officer in officers:
            self.fake.account.says(officer.telephone, officer.says)
        self._said += len(officers)

    async def killed_at(self, failpoint: str) -> bool:
        """Run until the process kills itself there; False where all was done before. Raises NotReached."""
        process = self._start(failpoint)
        async with asyncio.timeout(PATIENCE):
            while process.poll() is None and self._ledger.unfinished(self._said):
                await asyncio.sleep(0.05)
        if process.poll() is None:
            process.terminate()
            await self._ended(process)
            return False
        if process.returncode != -signal.SIGKILL:
            end = process.returncode
            raise NotReached(f"{failpoint}: the process ended with {end}\n{self._log().read_text()[-2000:]}")
        self.kills += 1
        return True

    async def killed_after(self, seconds: float) -> None:
        """Run until a first letter has arrived, then for so long, then kill -9."""
        before = len(self.fake.journal.entries)
        process = self._start()
        async with asyncio.timeout(PATIENCE):
            while len(self.fake.journal.entries) == before and process.poll() is None:
                await asyncio.sleep(0.01)
        await asyncio.sleep(seconds)
        if process.poll() is not None:
            raise NotReached(f"the process ended by itself\n{self._log().read_text()[-2000:]}")
        process.kill()
        process.wait()
        self.kills += 1

    async def to_the_end(self) -> Findings:
        """Run until nothing is left to do; whoever has a letter held writes once more; then judge."""
        process = self._start()
        try:
            await self._quiet(process)
            for peer in self._ledger.held_peers():
                officer = next(one for one in self.officers if one.telephone.id == peer)
                self.fake.account.says(officer.telephone, "việc của tôi")
                self._said += 1
            await self._quiet(process)
        finally:
            process.terminate()
            await self._ended(process)
        return self._ledger.judge(self.officers, self.fake.journal.sent())

    def close(self) -> None:
        """Let go of the store."""
        self._ledger.close()

    def _start(self, failpoint: str = "") -> subprocess.Popen[bytes]:
        return start(self._url, self.fake.url, self._log(), failpoint)

    def _log(self) -> Path:
        return self._home / "log"

    async def _ended(self, process: subprocess.Popen[bytes]) -> int:
        try:
            return await asyncio.to_thread(process.wait, PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise NotReached("the process did not end") from None

    async def _quiet(self, process: subprocess.Popen[bytes]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while self._ledger.unfinished(self._said):
                    if process.poll() is not None:
                        raise NotReached(f"the process ended by itself\n{self._log().read_text()[-2000:]}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            left = self._ledger.unfinished(self._said)
            raise NotReached(f"{left} left undone\n{self._log().read_text()[-2000:]}") from None


@asynccontextmanager
async def kill_run(home: Path, officers: int, url: str | None = None) -> AsyncIterator[KillRun]:
    """A run in this folder, on SQLite unless another database is named; nobody has said anything yet."""
    home.mkdir(parents=True, exist_ok=True)
    url = url or f"sqlite:///{home / 'store.sqlite3'}"
    people = found(url, officers, datetime.now(UTC))
    async with FakeBotApi([TOKEN], journal=home / "journal", latency=(0.02, 0.08)) as fake:
        run = KillRun(home, url, people, fake)
        try:
            yield run
        finally:
            run.close()


async def random_kills(run: KillRun, kills: int, dice: random.Random) -> Findings:
    """Half of the people report at once, the others while the process is being killed, again and again."""
    half = len(run.officers) // 2
    run.everybody_says(run.officers[:half])
    share = -(-half // kills)
    for start_at in range(half, half + kills * share, share):
        run.everybody_says(run.officers[start_at : min(start_at + share, len(run.officers))])
        await run.killed_after(dice.uniform(0.0, 0.6))
    return await run.to_the_end()
