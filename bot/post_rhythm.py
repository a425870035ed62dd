"""How fast an account may be written to, learnt from its own answers: how long its network takes, and what it refuses.

A platform counts what arrives in any second; we only know when letters left and when their answers came. A letter's
arrival lies between the two, so a place in that second is free again, for certain, one second after its answer, less
the shortest way there and back: whoever is sent then arrives more than a second later, however unsteady the network is.
With a one-way jitter of J seconds this makes limit / (1 + J) on average, which is what the steadiest even pace could do
at best; nobody has to know J.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from math import sqrt

from bot.channels.port import Limits
from bot.store.pace import LEAD, Gait, Turn

#: How a letter ended that the platform refused for our pace.
LIMITED = "limited"
#: Letters of one second are counted one by one up to this many; faster accounts are paced evenly alone.
_COUNTED = 60
#: The share of its limit that such a faster account uses.
_SHARE = 0.97
#: Turns come at least so far apart, measured by the average: less than 1, or who came late could never catch up.
_APART = 0.9
#: A chat rests longer than its platform asks for by this: letters to it may overtake each other's delays.
_EASE = 1.25
#: So many round trips are remembered; with fewer than the second number nothing is concluded from them.
_REMEMBERED, _ENOUGH = 1000, 8
#: Measured times are trusted up to so many seconds.
_GRAIN = 0.0005
#: How long before its moment a turn is taken: the slowest write of late, so many times, and these seconds; at most the
#: third number, for so long an answer may have to wait behind what was taken before it. A quicker one fades in by this.
_LONGER, _SPARE, _LEAD_AT_MOST, _FORGETS = 1.2, 0.02, 0.15, 0.97
#: A refusal this soon after the last pause says that the platform takes less than we believed; seconds.
_SOON = 5.0
#: How much slower it goes then, at most, and what each letter that is taken gives back of it.
_SLOWER, _SLOWEST, _RECOVERS = 1.1, 3.0, 0.0003


@dataclass(frozen=True, slots=True)
class Departure:
    """A letter that may leave at its turn. Machine time was `machine` at some instant from `before` to `after`.

    Those two are of our own clock: another thread, or the way to a database, may lie between the two clocks' readings.
    Whatever is concluded from them errs towards later, or two letters would stand in one place at the platform.
    """

    turn: Turn
    machine: float
    before: float
    after: float

    @property
    def at(self) -> float:
        """When it leaves, on our clock."""
        return self.after + self.turn.moment - self.machine

    def machine_time(self, steady: float) -> float:
        """What machine time it was at the latest when our clock showed this."""
        return self.machine + steady - self.before


class Rhythm:
    """One account's, in this process; what all senders share stands in the store."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._trips: deque[float] = deque(maxlen=_REMEMBERED)
        self._noted = 0
        self._paused_until = float("-inf")
        self._stretch = 1.0
        self._written = 0.0
        #: What became of the letters, in this process.
        self.counts: Counter[str] = Counter()
        #: Seconds that the way there and back takes at the very least; 0 while unknown.
        self.reach = 0.0

    @property
    def gait(self) -> Gait:
        """What the store gives turns by."""
        rate = self._limits.per_second / self._stretch
        if self._limits.per_second > _COUNTED:
            return Gait(every=1 / (rate * _SHARE), lead=self._lead)
        places = int(self._limits.per_second)
        return Gait(_APART / rate, places, window=self._stretch, reach=self.reach, lead=self._lead)

    @property
    def jitter(self) -> float:
        """By how many seconds a usual round trip is longer than the shortest."""
        ordered = sorted(self._trips)
        return ordered[len(ordered) // 2] - ordered[0] if ordered else 0.0

    def chat_rest(self, peer: str) -> float:
        """Seconds until the same chat may be written to again."""
        if self._limits.is_group(peer):
            return _EASE * 60 / self._limits.per_group_minute
        return _EASE / self._limits.per_chat_second

    def took(self, seconds: float) -> None:
        """A letter was taken, so many seconds after it left."""
        self.counts["accepted"] += 1
        self._trips.append(seconds)
        self._stretch = max(1.0, self._stretch - _RECOVERS)
        self._noted += 1
        if seconds < self.reach or self._noted % 16 == 0 or self._noted < 64:
            self.reach = self._surely()

    def wrote(self, seconds: float) -> None:
        """It took so long to write down that letters are begun: what took long of late may do so again."""
        self._written = max(seconds, self._written * _FORGETS)

    @property
    def _lead(self) -> float:
        return max(LEAD, min(_LEAD_AT_MOST, _SPARE + self._written * _LONGER))

    def failed(self, outcome: str, at: float, pause: float) -> None:
        """A letter was not taken; the account pauses for so many seconds from `at`, on a steady clock."""
        self.counts[outcome] += 1
        if outcome != LIMITED or at < self._paused_until:
            return  # the second: sent before we heard of the pause
        if at < self._paused_until + _SOON:
            self._stretch = min(_SLOWEST, self._stretch * _SLOWER)
        self._paused_until = at + pause

    def _surely(self) -> float:
        """The shortest trip, less what it may still be above the truth: of few trips the shortest is not very short."""
        if len(self._trips) < _ENOUGH:
            return 0.0
        shortest = min(self._trips)
        return max(0.0, shortest - 2 * self.jitter * sqrt(2 / len(self._trips)) - _GRAIN)
