"""The whole bar: kill -9 at each fail point for n = 1…10, and at 20 random moments of a 500-message run.

A run that ends before it comes to its point for the n-th time is the last one of that point.

`python -m tests.faults.kill [--postgresql] [--seed N]` prints its figures and ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.failpoints import POINTS
from tests import postgres
from tests.faults.oracle import Findings
from tests.faults.run import kill_run, random_kills


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill", description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=10, help="n = 1…MOST at each fail point")
    parser.add_argument("--officers", type=int, default=250, help="of the random run; each makes two messages")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nhacviec-kill-") as home, _server(wanted=told.postgresql) as server:
        whole = asyncio.run(_all(Path(home), server, told))
    sys.exit(1 if whole.wrong else 0)


@contextmanager
def _server(*, wanted: bool) -> Iterator[str | None]:
    if not wanted:
        yield None
        return
    with postgres.server() as url:
        yield url


@contextmanager
def _database(server: str | None) -> Iterator[str | None]:
    if server is None:
        yield None
        return
    with postgres.fresh_database(server) as url:
        yield url


async def _all(home: Path, server: str | None, told: argparse.Namespace) -> Findings:
    whole, killed = Findings(), 0
    for point in POINTS:
        here, kills = Findings(), 0
        began = time.monotonic()
        for n in range(1, told.most + 1):
            with _database(server) as url:
                async with kill_run(home / f"{point}-{n}", 20, url) as run:
                    run.everybody_says(run.officers)
                    if not await run.killed_at(f"{point}:{n}"):
                        break  # untouched: there is no n-th time
                    here.add(await run.to_the_end())
                    kills += run.kills
        _tell(f"{point} n=1…{kills}", kills, here, began)
        whole.add(here)
        killed += kills
    began = time.monotonic()
    with _database(server) as url:
        async with kill_run(home / "random", told.officers, url) as run:
            chance = await random_kills(run, 20, random.Random(told.seed))
            _tell(f"{2 * told.officers} messages, random moments (seed {told.seed})", run.kills, chance, began)
    whole.add(chance)
    _tell("all", killed + 20, whole, None)
    return whole


def _tell(what: str, kills: int, found: Findings, began: float | None) -> None:
    took = f", {time.monotonic() - began:.0f} s" if began is not None else ""
    print(  # noqa: T201
        f"{what}: {kills} kills, {found.messages} messages in, {found.letters} letters out, {found.copies} copies,"
        f" {found.doubtful} attempts flagged doubtful, {len(found.wrong)} wrong{took}",
        flush=True,
    )
    for line in found.wrong:
        print(f"  WRONG {line}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
