"""Three replicas behind one address, a pair of database machines, and people who write all the while."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from sqlalchemy import create_engine, select

from bot.store.mail import inbox
from tests.fake_bot_api.server import FakeBotApi
from tests.faults.front import front
from tests.faults.machines import Pair, free_port
from tests.faults.officers import OURS, Officer, found, start
from tests.faults.oracle import Findings, Ledger
from tests.faults.relay import Relay, relay
from tests.faults.releases import Release

REPLICAS = ("127.0.0.21", "127.0.0.22", "127.0.0.23")
#: Started by mistake beside them.
FOURTH = "127.0.0.24"
#: Longest that anything may take; seconds.
PATIENCE = 180.0
#: A replica's way to the database that can be cut.
_CUT = ("127.0.0.31", "127.0.0.32")


@dataclass(slots=True)
class Span:
    """What came of one stretch of the run; seconds are counted from the moment the fault struck."""

    what: str
    offered: int = 0
    acknowledged: int = 0
    refused: int = 0
    #: The longest time in which nothing was acknowledged; when that was over; when nobody waited any more.
    silence: float = 0.0
    resumed: float = 0.0
    level: float = 0.0


@dataclass
class FailoverRun:
    """`wrong` and `lost` fill with what must not be."""

    home: Path
    pair: Pair
    officers: list[Officer]
    fake: FakeBotApi
    url: str
    port: int
    cables: list[Relay]
    rate: float
    #: What a replica that is started runs.
    release: Path = OURS
    said: int = 0
    reports: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    # The replicas

    def start(self, host: str) -> None:
        """One replica; the third one's way to the database is a cable that can be cut."""
        database = self.pair.setting
        if host == REPLICAS[2]:
            hosts = ",".join(f"{one}:{self.port}" for one in _CUT)
            database = f"postgresql://nhacviec@{hosts}/nhacviec?target_session_attrs=read-write"
        settings = {
            "NHACVIEC_PUBLIC_URL": self.url,
            "NHACVIEC_TELEGRAM_TOKENS": ",".join(self.fake.accounts),
            "NHACVIEC_WEBHOOK_SECRET": "a-secret-of-the-province_57",
            "NHACVIEC_LISTEN": f"{host}:{self.port}",
        }
        log = self.home / f"{host}.log"
        self.running[host] = start(database, self.fake.url, log, settings=settings, release=self.release)

    async def ready(self, *hosts: str) -> None:
        """Wait until these take messages."""
        async with asyncio.timeout(PATIENCE):
            for host in hosts:
                while not await self._listens(host):
                    self.all_live()
                    await asyncio.sleep(0.05)

    async def _listens(self, host: str) -> bool:
        try:
            _, writer = await asyncio.open_connection(host, self.port)
        except OSError:
            return False
        writer.close()
        return True

    def all_live(self) -> None:
        """Raises RuntimeError where a replica has ended by itself."""
        for host, process in self.running.items():
            if process.poll() is not None:
                raise RuntimeError(f"{host} ended: {(self.home / f'{host}.log').read_text()[-2000:]}")

    def end(self, host: str) -> None:
        """Let one finish what it has in hand, as systemd does."""
        process = self.running.pop(host)
        process.terminate()
        process.wait(30)

    def kill(self, host: str) -> None:
        """Kill -9."""
        process = self.running.pop(host)
        process.kill()
        process.wait()

    # The people

    @property
    def taken(self) -> list[tuple[float, object]]:
        """What was answered 200, of all bots, in order."""
        several = (pusher.taken for pusher in self.fake.pushers.values())
        return sorted((one for taken in several for one in taken), key=lambda one: one[0])

    @property
    def refused(self) -> int:
        """How often 503 was answered."""
        return sum(pusher.answers[503] for pusher in self.fake.pushers.values())

    @property
    def abrupt(self) -> int:
        """How often it was not told when to come again."""
        return sum(pusher.abrupt for pusher in self.fake.pushers.values())

    async def people_write(self) -> None:
        """So many messages a second, each from somebody else, until cancelled or all have written."""
        began = time.monotonic()
        for number, officer in enumerate(self.officers, 1):
            self.fake.accounts[officer.token].says(officer.telephone, officer.says)
            self.said = self.reports = number
            await asyncio.sleep(max(0.0, began + number / self.rate - time.monotonic()))

    @asynccontextmanager
    async def span(self, what: str) -> AsyncIterator[Span]:
        """A stretch of the run in which people write; what came of it is told."""
        here = Span(what)
        offered, taken, refused = self.said, len(self.taken), self.refused
        struck = time.monotonic()
        yield here
        here.level = time.monotonic() - struck
        times = [at for at, _ in self.taken[taken:]]
        here.offered, here.acknowledged = self.said - offered, len(times)
        here.refused = self.refused - refused
        marks = [struck, *times]
        gaps = [(after - before, after) for before, after in pairwise(marks)]
        here.silence, ended = max(gaps, default=(0.0, struck))
        here.resumed = ended - struck

    async def level(self) -> None:
        """Wait until all that was said is taken, but for what is on its way."""
        async with asyncio.timeout(PATIENCE):
            while self.said - len(self.taken) > self.rate / 2:
                self.all_live()
                await asyncio.sleep(0.02)

    async def a_while(self, seconds: float) -> None:
        """Let people write."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await asyncio.sleep(0.02)

    # The truth

    def look(self) -> int:
        """How many updates that were answered 200 are not in the database; each counts as wrong."""
        wanted = {f"m:{chat}:{message}:0" for chat, message in map(_named, self.taken)}
        engine = create_engine(self.pair.url)
        with engine.connect() as connection:
            kept = set(connection.execute(select(inbox.c.external_id)).scalars())
        engine.dispose()
        self.lost |= wanted - kept
        return len(wanted - kept)

    async def to_the_end(self) -> Findings:
        """Until nothing is left to do; whoever has a letter held writes once more; then all is compared."""
        ledger = Ledger(self.pair.url)
        try:
            await self._quiet(ledger)
            for peer in ledger.held_peers():
                officer = next(one for one in self.officers if one.telephone.id == peer)
                self.fake.accounts[officer.token].says(officer.telephone, "việc của tôi")
                self.said += 1
            await self._quiet(ledger)
            self.look()
            findings = ledger.judge(
                {one.telephone.id: [one.percent] for one in self.officers[: self.reports]}, self.fake.journal.sent()
            )
            findings.wrong += self.wrong + [f"acknowledged and lost: {one}" for one in sorted(self.lost)]
            return findings
        finally:
            ledger.close()

    async def _quiet(self, ledger: Ledger) -> None:
        async with asyncio.timeout(PATIENCE + len(self.officers) / 10):
            while left := ledger.unfinished(self.said):
                self.all_live()
                await asyncio.sleep(0.2 if left > 50 else 0.05)

    def close(self) -> None:
        """End the replicas."""
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _named(taken: tuple[float, object]) -> tuple[int, int]:
    update = taken[1]
    assert isinstance(update, dict)
    message = update["message"]
    return message["chat"]["id"], message["message_id"]


@contextmanager
def frozen(run: FailoverRun, host: str) -> Iterator[None]:
    """A replica stands still meanwhile, whatever it was about to do."""
    process = run.running[host]
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def failover_run(
    home: Path, pair: Pair, officers: int, rate: float, bots: int, before: Release | None = None
) -> AsyncIterator[FailoverRun]:
    """Everything up, of the release `before` ours where there is one; nobody has written yet."""
    tokens = [f"{123456 + number}:TEST" for number in range(bots)]
    people = found(pair.url, officers, datetime.now(UTC), tokens)
    if before:
        before.take_back(pair.url)
    async with AsyncExitStack() as stack:
        fake = await stack.enter_async_context(FakeBotApi(tokens, journal=home / "journal", latency=(0.02, 0.08)))
        port = free_port(*REPLICAS, FOURTH, *_CUT)
        cables = [
            await stack.enter_async_context(relay(here, port, [(there.host, there.port)]))
            for here, there in zip(_CUT, pair.machines, strict=True)
        ]
        url = await stack.enter_async_context(front(home, [(host, port) for host in REPLICAS]))
        release = before.folder if before else OURS
        run = FailoverRun(home, pair, people, fake, url, port, cables, rate, release)
        stack.callback(run.close)
        for host in REPLICAS:
            run.start(host)
        await run.ready(*REPLICAS)
        yield run
