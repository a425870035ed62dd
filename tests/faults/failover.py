"""The whole bar: replicas frozen, killed and cut off, and the primary lost three times, while people write.

`python -m tests.faults.failover [--rate N] [--officers N]` prints its figures and ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.failover_run import FOURTH, REPLICAS, FailoverRun, Span, failover_run, frozen
from tests.faults.front import nginx
from tests.faults.machines import Machine, Pair, pair

#: How long an operator looks before typing; seconds.
_NOTICED = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.failover", description=__doc__)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second")
    parser.add_argument("--officers", type=int, default=900, help="each writes one message, and gets one unasked")
    parser.add_argument("--bots", type=int, default=1, help="a bot sends 30 letters a second")
    told = parser.parse_args()
    print(f"in front: {'nginx' if nginx() else 'a plain relay, for there is no nginx here'}", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory(prefix="nhacviec-failover-") as home, pair() as machines:
        whole = asyncio.run(_all(Path(home), machines, told))
    sys.exit(1 if whole else 0)


async def _all(home: Path, machines: Pair, told: argparse.Namespace) -> list[str]:
    async with failover_run(home, machines, told.officers, told.rate, told.bots) as run:
        writing = asyncio.create_task(run.people_write())
        first, second = run.pair.machines
        async with run.span("calm") as calm:
            await run.a_while(5)
        _tell(run, calm)
        await _replicas_in_trouble(run)
        await _failover(run, "primary killed (kill -9)", first, second, Machine.killed)
        await _failover(run, "primary frozen", second, first, Machine.frozen)
        await _alone(run, first, second)
        await _failover(run, "primary killed again", first, second, Machine.killed)
        writing.cancel()
        found = await run.to_the_end()
    print(  # noqa: T201
        f"all: {found.messages} messages in, {len(run.taken)} acknowledged, {len(run.lost)} lost, "
        f"{found.letters} letters out, {found.copies} copies, {found.doubtful} attempts flagged doubtful, "
        f"{run.abrupt} refusals without Retry-After, {len(found.wrong)} wrong",
        flush=True,
    )
    for line in found.wrong:
        print(f"  WRONG {line}", flush=True)  # noqa: T201
    return found.wrong


async def _replicas_in_trouble(run: FailoverRun) -> None:
    """One is frozen, one is killed and started again, one is started by mistake; then one is cut off."""
    async with run.span("a replica frozen for 20 s, another killed, a fourth started by mistake") as trouble:
        with frozen(run, REPLICAS[1]):
            run.kill(REPLICAS[0])
            run.start(REPLICAS[0])
            run.start(FOURTH)
            await run.ready(REPLICAS[0], FOURTH)
            await run.a_while(20)
        await run.level()
    _tell(run, trouble)
    async with run.span("a replica cut off from the database for 15 s") as cut_off:
        for cable in run.cables:
            cable.cut()
        await run.a_while(15)
        for cable in run.cables:
            cable.mend()
        await run.level()
    _tell(run, cut_off)


async def _failover(run: FailoverRun, what: str, old: Machine, new: Machine, ends: Callable[[Machine], None]) -> None:
    """The primary is lost; the operator promotes the standby by the one command, and the old one follows in the end."""
    async with run.span(what) as lost:
        ends(old)
        await run.a_while(_NOTICED)
        typed = time.monotonic()
        await asyncio.to_thread(new.run, "promote", "--yes")
        promoted = time.monotonic() - typed
        await run.level()
    missing = run.look()
    _tell(run, lost, f", promote took {promoted:.1f} s, {missing} acknowledged missing on the new primary")
    await asyncio.to_thread(old.run, "follow-peer", "--yes")
    await asyncio.to_thread(new.run, "pair")


async def _alone(run: FailoverRun, primary: Machine, standby: Machine) -> None:
    """The only standby is lost: writes wait, until the operator goes on without it."""
    async with run.span("the only standby killed, go-alone after 4 s") as waits:
        standby.killed()
        await run.a_while(0.5)
        before = len(run.taken)
        await run.a_while(3.5)
        if many := len(run.taken) - before:
            run.wrong.append(f"{many} acknowledged by one machine alone")
        await asyncio.to_thread(primary.run, "go-alone", "--yes")
        await run.level()
    _tell(run, waits)
    await asyncio.to_thread(standby.run, "follow-peer", "--yes")
    await asyncio.to_thread(primary.run, "pair")


def _tell(run: FailoverRun, span: Span, more: str = "") -> None:
    print(  # noqa: T201
        f"{span.what}: {span.offered} said, {span.acknowledged} acknowledged, {span.refused} × 503,"
        f" longest silence {span.silence:.1f} s, over {span.resumed:.1f} s after the fault, nobody waiting"
        f" {span.level:.1f} s after it{more}",
        flush=True,
    )


if __name__ == "__main__":
    main()
