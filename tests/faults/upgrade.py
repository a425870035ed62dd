"""A new release with a migration, one replica after the other, while people write; one is killed half-way.

`python -m tests.faults.upgrade [--before COMMIT] [--rate N] [--officers N]`: without a commit the release before is the
last one that did not know our newest migration. Prints its figures and ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from bot.store.migrate import current
from tests.faults.failover_run import REPLICAS, FailoverRun, Span, failover_run
from tests.faults.machines import Pair, pair
from tests.faults.officers import OURS
from tests.faults.releases import NoHistory, Release, earlier, head


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.upgrade", description=__doc__)
    parser.add_argument("--before", help="the commit of the release before; default: the newest migration's parent")
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second")
    parser.add_argument("--officers", type=int, default=600, help="each writes one message, and gets one unasked")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nhacviec-upgrade-") as home:
        try:
            before = earlier(Path(home) / "before", told.before)
        except NoHistory as why:
            print(f"not run: there is no release before this one here ({why})", flush=True)  # noqa: T201
            return
        print(f"from {before.commit} ({before.revision}) to ours ({head(OURS)})", flush=True)  # noqa: T201
        with pair() as machines:
            wrong = asyncio.run(_all(Path(home), machines, before, told))
    sys.exit(1 if wrong else 0)


async def _all(home: Path, machines: Pair, before: Release, told: argparse.Namespace) -> list[str]:
    async with failover_run(home, machines, told.officers, told.rate, 1, before) as run:
        writing = asyncio.create_task(run.people_write())
        async with run.span("all three of the release before") as calm:
            await run.a_while(5)
        _tell(calm)
        run.release = OURS
        first, second, third = REPLICAS
        await _renew(run, first, "the first made anew: it migrates")
        await _refused(run, second, before)
        await _renew(run, third, "the last made anew")
        async with run.span("all three of ours") as after:
            await run.a_while(5)
        _tell(after)
        writing.cancel()
        found = await run.to_the_end()
        stands = _standing(machines.url)
    if stands != head(OURS):
        found.wrong.append(f"the database stands at {stands}")
    print(  # noqa: T201
        f"all: {found.messages} messages in, {len(run.taken)} acknowledged, {len(run.lost)} lost, "
        f"{found.letters} letters out, {found.copies} copies, {run.refused} × 503, "
        f"{run.abrupt} refusals without Retry-After, {len(found.wrong)} wrong",
        flush=True,
    )
    for line in found.wrong:
        print(f"  WRONG {line}", flush=True)  # noqa: T201
    return found.wrong


async def _renew(run: FailoverRun, host: str, what: str) -> None:
    """As the operator does it: `systemctl restart`, then wait until it takes messages."""
    async with run.span(what) as renewed:
        await asyncio.to_thread(run.end, host)
        run.start(host)
        await run.ready(host)
        await run.level()
        await run.a_while(3)
    _tell(renewed)


async def _refused(run: FailoverRun, host: str, before: Release) -> None:
    """An old replica dies beside a new one: started again as it was it refuses, started anew it works."""
    async with run.span("an old one killed beside a new one, started as it was, then made anew") as killed:
        run.kill(host)
        run.release = before.folder
        run.start(host)
        code = await asyncio.to_thread(run.running[host].wait, 30)
        run.release = OURS
        run.start(host)
        await run.ready(host)
        await run.level()
        await run.a_while(3)
    if code == 0:
        run.wrong.append("an old replica that was started on a newer store did not refuse")
    _tell(killed)


def _standing(url: str) -> str | None:
    engine = create_engine(url)
    try:
        return current(engine)
    finally:
        engine.dispose()


def _tell(span: Span) -> None:
    print(  # noqa: T201
        f"{span.what}: {span.offered} said, {span.acknowledged} acknowledged, {span.refused} × 503,"
        f" longest silence {span.silence:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
