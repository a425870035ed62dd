"""The platform says 429: twenty storms, each asking for a pause of its own length from 1 to 60 seconds (R5)."""

from __future__ import annotations

import argparse
import asyncio
import random
from bisect import bisect_left
from collections import deque
from itertools import pairwise
from pathlib import Path

from tests.fake_bot_api.limits import Limits, Stormy, StrictWindow, strict
from tests.faults.kill import IN_FLIGHT
from tests.faults.run import open_run
from tests.faults.verdict import Verdict, database, pass_or_fail

BOTS = 5
#: Letters of a bot between two storms: more than the five seconds after which a refusal counts as a lesson.
_EVERY = 200
#: What left before the refusal was heard arrives within this; seconds.
_UNDER_WAY = 0.2


def storms(home: Path, told: argparse.Namespace) -> Verdict:
    """Nobody sends inside a pause, nothing is lost, and a second after its end the pace is the old one."""
    each = told.storms // BOTS
    letters = BOTS * _EVERY * (each + 1)
    verdict = Verdict("R5", f"{letters} reminders by {BOTS} bots through {each * BOTS} storms (seed {told.seed})")
    # All lengths from the shortest to the longest, dealt out by chance.
    pauses = [float(round(1 + 59 * number / (each * BOTS - 1))) for number in range(each * BOTS)]
    random.Random(told.seed).shuffle(pauses)
    meters = [Stormy(StrictWindow(30), _EVERY, deque(pauses[place::BOTS])) for place in range(BOTS)]
    unused = iter(meters)

    def limits() -> Limits:
        peace = strict()
        return Limits(next(unused), peace.chat, peace.group)

    async def go() -> None:
        with database(told) as url:
            async with open_run(home, letters, url, bots=BOTS, reminded=True, limits=limits) as run:
                await run.to_the_end(patience=540)
                arrivals = {meter: [] for meter in range(BOTS)}
                places = {token: place for place, token in enumerate(run.fake.accounts)}
                for one in run.fake.heard:
                    if one.method == "sendMessage" and one.status == 200:
                        arrivals[places[one.token]].append(one.at)
                _tell(verdict, meters, arrivals)
                run.findings().tell(verdict, most_copies=0, worst=1)

    asyncio.run(go())
    return verdict


def _tell(verdict: Verdict, meters: list[Stormy], arrivals: dict[int, list[float]]) -> None:
    came = sum(len(meter.came) for meter in meters)
    inside, first, before, after = 0, [], 0, 0
    for place, meter in enumerate(meters):
        times = sorted(arrivals[place])
        for begun, ended in meter.came:
            inside += sum(begun + _UNDER_WAY < at < ended for at in meter.refused)
            first.append(times[bisect_left(times, ended)] - ended)
            before += bisect_left(times, begun) - bisect_left(times, begun - 3)
            after += bisect_left(times, ended + 4) - bisect_left(times, ended + 1)
    verdict.told("storms", came)
    verdict.at_most("refusals (429)", sum(len(meter.refused) for meter in meters), came * (IN_FLIGHT + 1))
    verdict.exactly(f"sent inside a pause, later than {_UNDER_WAY} s after its first refusal", inside, 0)
    verdict.at_most("seconds from a pause's end to the first letter, at most", max(first), 1)
    verdict.told("letters a second of a bot, in 3 s before storms", before / came / 3)
    verdict.told("in the 3 s that begin 1 s after them", after / came / 3)
    verdict.at_least("share of the one in the other", after / before, 0.95)
    gaps = [later - earlier for times in arrivals.values() for earlier, later in pairwise(sorted(times))]
    verdict.told("longest time between two letters of one bot, s", max(gaps))


if __name__ == "__main__":
    pass_or_fail("tests.faults.told_to_wait", __doc__, [storms], numbers={"storms": 20}, postgresql=True)
