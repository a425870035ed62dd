"""The host stands in another zone, or its clock jumps by hours (R9): everybody hears the same, at the right hours."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.assembly import assemble
from bot.calendar import WorkingCalendar
from bot.clock import StillClock
from bot.contacts import UnitKind
from bot.imports import found_sample
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.migrate import upgrade
from tests.faults.verdict import Verdict, pass_or_fail
from tests.opened_store import rows, seat
from tests.scheduler.office import at
from tests.scripted_channel import ScriptedChannel

_ZONES = ("UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Chatham", "Australia/Lord_Howe")
_JUMPS = [timedelta(hours=hours) for hours in (2, -2, 25, -25)]
_BEGINS, _ENDS, _STEP = at("2025-09-15", "00:05"), at("2025-10-04", "00:05"), timedelta(minutes=25)


class Told(ScriptedChannel):
    """A platform whose clock is right."""

    right = _BEGINS

    async def probe(self) -> None:
        """It tells the time."""
        self.their_clock = self.right


@dataclass(frozen=True, slots=True)
class Weeks:
    """What went out when, what was planned, and how many letters went while the clock was wrong."""

    letters: list[tuple[datetime, tuple[str, str]]]
    planned: list[str]
    during: int


def zones(_home: Path, told: argparse.Namespace) -> Verdict:
    """The weeks round New Year against their shadow, the host in each zone."""
    verdict = Verdict("R9a", f"weeks of reminders in {len(_ZONES)} zones of the host (seed {told.seed})")
    tables = []
    for zone in _ZONES:
        command = [sys.executable, "-m", "tests.faults.year", "--weeks", "--seed", str(told.seed)]
        ran = subprocess.run(
            command, env={**os.environ, "TZ": zone}, capture_output=True, text=True, timeout=300, check=False
        )
        tables.append([line for line in ran.stdout.splitlines() if "seconds" not in line])
        verdict.exactly(f"{zone}: what the shadow would have otherwise", ran.returncode, 0)
    verdict.exactly("accounts that differ from the first one", sum(one != tables[0] for one in tables), 0)
    return verdict


def jumps(home: Path, told: argparse.Namespace) -> Verdict:
    """Three weeks of ticks and letters; again and again the clock is wrong for an hour or two."""
    verdict = Verdict("R9b", f"{told.runs} times three weeks with jumps of ±2 h and ±25 h (seed {told.seed})")
    calendar, dice, made, within, odd = WorkingCalendar(), random.Random(told.seed), 0, 0, 0
    undisturbed = asyncio.run(_weeks(home / "undisturbed", {}))
    for number in range(told.runs):
        moments = dice.sample(range(1, (_ENDS - _BEGINS) // _STEP - 5), 12)
        wrong = {place + more: dice.choice(_JUMPS) for place in moments for more in range(dice.randrange(1, 4))}
        weeks = asyncio.run(_weeks(home / str(number), wrong))
        made, within = made + len(moments), within + weeks.during
        odd += sum(not calendar.works_at(moment) for moment, _ in weeks.letters)
        if weeks.planned != undisturbed.planned:
            verdict.wrong.append(f"run {number}: {set(undisturbed.planned) ^ set(weeks.planned)}")
        if sorted(what for _, what in weeks.letters) != sorted(what for _, what in undisturbed.letters):
            verdict.wrong.append(f"run {number}: other letters")
    verdict.told("reminders of the weeks", len(undisturbed.planned))
    verdict.told("letters", len(undisturbed.letters))
    verdict.told("jumps", made)
    verdict.exactly("letters sent while the clock was wrong", within, 0)
    verdict.exactly("letters at a wrong hour", odd, 0)
    verdict.exactly("runs whose plan differs from the one without jumps", len(verdict.wrong), 0)
    return verdict


async def _weeks(home: Path, wrong: dict[int, timedelta]) -> Weeks:
    """Ticks and letters, the clock wrong by so much at some of them."""
    home.mkdir()
    store, channel = Store(f"sqlite:///{home / 'store.sqlite3'}"), Told()
    upgrade(store.engine)
    found_sample(store)
    store.write_now(_seat_some)
    sent: list[datetime] = []
    during = 0
    for place in range((_ENDS - _BEGINS) // _STEP):
        right = _BEGINS + place * _STEP
        channel.right = channel.their_clock = right
        now, before = right + wrong.get(place, timedelta()), len(channel.arrived)
        house = assemble(store, StillClock(now), [channel])
        await house.tick(now)
        await house.post.drain(now)
        sent += [right] * (len(channel.arrived) - before)
        during += (len(channel.arrived) - before) * (place in wrong)
    letters = [(moment, (one.to.peer, one.text)) for moment, one in zip(sent, channel.arrived, strict=True)]
    names = ("rule", "day", "slot", "person_id", "assignment_id")
    planned = sorted(str([str(row[name]) for name in names]) for row in rows(store, "reminder"))
    store.close()
    return Weeks(letters, planned, during)


def _seat_some(book: Book) -> None:
    communes = [unit.code for unit in book.people.units() if unit.kind is UnitKind.COMMUNE][:3]
    for number, unit in enumerate(communes):
        seat(book, f"Lan {number}", unit, at=f"telegram:1:{number}")


if __name__ == "__main__":
    logging.disable(logging.ERROR)  # each wrong hour is told, which is as it should be
    pass_or_fail("tests.faults.clocks", __doc__, [zones, jumps], numbers={"runs": 6})
