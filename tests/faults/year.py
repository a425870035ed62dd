"""A simulated year of An Giang: 120 units, 40 tasks, Tết, worked Saturdays, outages; every milestone accounted for.

`python -m tests.faults.year [--seed N]` prints a table of counts and ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import time as machine
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.faults.year_run import Year


@dataclass(frozen=True)
class Plan:
    """How big, how long, how troubled: outages (from, hours), days (said at, day, worked), policies (said at, what)."""

    begins: date
    ends: date
    units: int
    tasks: int
    outages: tuple[tuple[str, float], ...]
    days: tuple[tuple[str, str, bool | None], ...] = ()
    policies: tuple[tuple[str, dict[str, Any]], ...] = ()


#: Ten seconds after 07:30 the sweep is over and the post has not begun.
YEAR = Plan(
    begins=date(2025, 9, 12),
    ends=date(2026, 9, 11),
    units=120,
    tasks=40,
    outages=(
        ("2025-09-18T07:30:10", 3),
        ("2025-10-06T06:00", 26),
        ("2025-10-24T16:50", 64),
        ("2025-11-19T13:00", 1.5),
        ("2025-12-31T12:00", 110),
        ("2026-02-13T15:00", 20 * 24),
        ("2026-03-12T07:00", 5.2),
        ("2026-04-24T08:00", 30),
        ("2026-06-10T07:30:10", 50),
        ("2026-07-21T11:40", 1),
        ("2026-08-21T20:00", 14),
    ),
    days=(
        ("2025-09-25T09:00", "2025-09-26", False),
        ("2025-10-20T09:00", "2025-11-20", False),
        ("2025-12-30T10:00", "2025-12-31", False),
        ("2026-02-10T09:00", "2026-02-23", False),
        ("2026-03-05T10:00", "2026-03-07", True),
        ("2026-04-08T09:00", "2026-04-09", False),
        ("2026-05-14T09:00", "2026-05-15", False),
        ("2026-05-14T14:00", "2026-05-15", None),
        ("2026-06-25T14:30", "2026-06-26", False),
        ("2026-07-09T08:00", "2026-07-11", True),
    ),
    policies=(
        ("2025-11-03T09:00", {"tasks": {"T05": {"before": [10, 3, 1]}}}),
        ("2026-03-16T14:00", {"before": [7, 3, 1], "tasks": {"T20": {"second_call": False}}}),
        ("2026-06-01T09:00", {"every": 4, "leader_from": 3}),
    ),
)
#: New Year with its swap and worked Saturday, and a short outage of each kind, for every run of the tests.
WEEKS = Plan(
    begins=date(2025, 12, 22),
    ends=date(2026, 1, 16),
    units=10,
    tasks=14,
    outages=(("2025-12-24T07:30:10", 4), ("2025-12-31T12:00", 20), ("2026-01-06T07:00", 52)),
    days=(("2025-12-29T09:00", "2025-12-30", False), ("2026-01-07T10:00", "2026-01-09", False)),
    policies=(("2026-01-06T09:00", {"before": [3, 1], "tasks": {"T02": {"second_call": False}}}),),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weeks", action="store_true", help="the short form")
    told = parser.parse_args()
    began = machine.monotonic()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    with tempfile.TemporaryDirectory(prefix="nhacviec-year-") as home:
        year = Year(Path(home), WEEKS if told.weeks else YEAR, told.seed)
        year.run()
    for what, count in year.table():
        print(f"{count:>8}  {what}")  # noqa: T201
    print(f"{machine.monotonic() - began:>8.0f}  seconds (seed {told.seed})")  # noqa: T201
    for line in year.wrong[:50]:
        print(f"  WRONG {line}", flush=True)  # noqa: T201
    sys.exit(1 if year.wrong else 0)


if __name__ == "__main__":
    main()
