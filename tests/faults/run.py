"""One store, one fake Bot API, and the real process, killed on the way, frozen, started twice or left alone."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.fake_bot_api.limits import Limits, unlimited
from tests.fake_bot_api.server import FakeBotApi
from tests.faults.officers import Officer, found, start, tokens_of
from tests.faults.oracle import Findings, Ledger

#: Longest that a process may take to reach its fail point, or the last one to finish; seconds.
PATIENCE = 120.0

#: The end of every token, the names and numbers that everybody bears, and what they say.
_CANARY = re.compile(r":TEST\b|\bLan \d|0912\d{6}|đang làm|\\u0111ang l|Nhắc việc thứ|chắc xong|webhook-secret-of")


class NotReached(AssertionError):  # noqa: N818  (what happened; the run decides)
    """The process did not come as far as it should have."""


class Run:
    """Everything of one run; `kills` counts those that took place."""

    def __init__(self, home: Path, url: str, officers: list[Officer], fake: FakeBotApi) -> None:
        self.kills = 0
        self.fake = fake
        self.officers = officers
        self.ledger = Ledger(url)
        self.environment: dict[str, str] = {}
        self.log = home / "log"
        self._url = url
        self.said = 0
        self.reported: dict[int, list[int | None]] = defaultdict(list)

    def says(self, officer: Officer, words: str) -> None:
        """Somebody writes."""
        self.fake.accounts[officer.token].says(officer.telephone, words)
        self.said += 1

    def reports(self, officer: Officer, percent: int) -> None:
        """Somebody reports how far they are."""
        self.says(officer, f"đang làm {percent}%")
        self.reported[officer.telephone.id].append(percent)

    def everybody_reports(self) -> None:
        """Each reports once."""
        for officer in self.officers:
            self.reports(officer, officer.percent)

    async def killed_at(self, failpoint: str) -> bool:
        """Run until the process kills itself there; False where all was done before. Raises NotReached."""
        process = self.start(failpoint)
        async with asyncio.timeout(PATIENCE):
            while process.poll() is None and self.ledger.unfinished(self.said):
                await asyncio.sleep(0.05)
        if process.poll() is None:
            process.terminate()
            await self._ended(process)
            return False
        if process.returncode != -signal.SIGKILL:
            raise NotReached(f"{failpoint}: the process ended with {process.returncode}\n{self._last_words()}")
        self.kills += 1
        return True

    async def killed_after(self, seconds: float, *, receiving: bool = False) -> None:
        """Run until a first letter has arrived (or a message was taken in), then for so long, then kill -9."""
        arrived, unapplied = len(self.fake.journal.entries), self.ledger.unapplied(self.said)
        process = self.start()

        def under_way() -> bool:
            if receiving and unapplied:
                return self.ledger.unapplied(self.said) < unapplied
            return len(self.fake.journal.entries) > arrived

        await self.until(under_way, process)
        await asyncio.sleep(seconds)
        if process.poll() is not None:
            raise NotReached(f"the process ended by itself\n{self._last_words()}")
        process.kill()
        process.wait()
        self.kills += 1

    async def to_the_end(self, patience: float = PATIENCE) -> None:
        """Run until nothing is left to do."""
        async with self.running() as process:
            await self.quiet(process, patience=patience)

    async def held_let_go(self) -> None:
        """Whoever has a letter held writes once more."""
        async with self.running() as process:
            for peer in self.ledger.held_peers():
                officer = next(one for one in self.officers if one.telephone.id == peer)
                self.says(officer, "việc của tôi")
            await self.quiet(process)

    def findings(self, *, may_be_held: bool = False) -> Findings:
        """What store and journal say to one another."""
        found = self.ledger.judge(self.reported, self.fake.journal.sent(), may_be_held=may_be_held)
        found.leaks = self.leaks()
        return found

    def leaks(self, *told: str) -> list[str]:
        """Lines of the log (and of what else was told) that name a token, a person, a number or what somebody said."""
        lines = [line for one in (self.log.read_text(), *told) for line in one.splitlines()]
        return [line[:200] for line in lines if _CANARY.search(line)]

    def start(self, failpoint: str = "", command: str = "run") -> subprocess.Popen[bytes]:
        """One more process."""
        settings = {"NHACVIEC_TELEGRAM_TOKENS": ",".join(self.fake.accounts), **self.environment}
        return start(self._url, self.fake.url, self.log, failpoint, settings, command)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[subprocess.Popen[bytes]]:
        """One more process, told to stop at the end."""
        process = self.start()
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            await self._ended(process)

    async def _ended(self, process: subprocess.Popen[bytes]) -> int:
        try:
            return await asyncio.to_thread(process.wait, PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise NotReached("the process did not end") from None

    async def quiet(self, *processes: subprocess.Popen[bytes], patience: float = PATIENCE) -> None:
        """Until nothing is left to do, while these run. Raises NotReached."""
        await self.until(lambda: not self.ledger.unfinished(self.said), *processes, patience=patience)

    async def until(
        self, reached: Callable[[], bool], *processes: subprocess.Popen[bytes], patience: float = PATIENCE
    ) -> None:
        """Until that is so, while these processes run. Raises NotReached."""
        try:
            async with asyncio.timeout(patience):
                while not reached():
                    if any(process.poll() is not None for process in processes):
                        raise NotReached(f"the process ended by itself\n{self._last_words()}")
                    await asyncio.sleep(0.02)
        except TimeoutError:
            left = self.ledger.unfinished(self.said)
            raise NotReached(f"{left} left undone\n{self._last_words()}") from None

    def _last_words(self) -> str:
        return self.log.read_text()[-2000:]


@asynccontextmanager
async def open_run(
    home: Path,
    many: int,
    url: str | None = None,
    *,
    bots: int = 1,
    reminded: bool = False,
    limits: Callable[[], Limits] = unlimited,
    latency: tuple[float, float] = (0.02, 0.08),
    seed: int = 0,
    scale: float = 1.0,
) -> AsyncIterator[Run]:
    """A run in this folder, on SQLite unless another database is named; nobody has said anything yet.

    `scale` is the factor on the webhook's pauses.
    """
    home.mkdir(parents=True, exist_ok=True)
    url = url or f"sqlite:///{home / 'store.sqlite3'}"
    people = found(url, many, datetime.now(UTC), tokens_of(bots), reminded=reminded)
    journal = home / "journal"
    async with FakeBotApi(
        tokens_of(bots), journal=journal, latency=latency, limits=limits, seed=seed, scale=scale
    ) as fake:
        run = Run(home, url, people, fake)
        try:
            yield run
        finally:
            run.ledger.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def told_at(port: int, path: str) -> tuple[int, str]:
    """Status and body of one of the process's addresses; 0 where nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()
    except OSError:
        return 0, ""
