"""What goes wrong, and when: a timetable that a seed replays."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

BEFORE = frozenset(
    {"drop_before", "400", "401", "403", "404", "409", "413", "429", "500", "502", "migrate", "block_page"}
)
AFTER = frozenset({"accept_then_drop", "stall", "slow", "drip", "junk"})


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` befalls calls whose method begins with `method`: those numbered `first`, `first + 1` … (`times` of them),
    or, where `chance` is given, each with that probability, or all that come `since` so many seconds after the plan was
    made, `until` so many (with `chance` too: each of those with that probability).

    `value` is the seconds of retry_after, stall, slow or drip, the new chat of a migration, or the words of a refusal.
    """

    kind: str
    method: str = "send"
    first: int = 1
    times: int = 1
    chance: float | None = None
    value: float | str | None = None
    since: float | None = None
    until: float = float("inf")

    def __post_init__(self) -> None:
        if self.kind not in BEFORE | AFTER:
            raise ValueError(f"no such fault: {self.kind}")


@dataclass(slots=True)
class Timetable:
    """The faults of one run, in order of precedence. `clock` counts seconds."""

    faults: list[Fault] = field(default_factory=list)
    seed: int = 0
    clock: Callable[[], float] = time.monotonic
    counts: Counter[int] = field(default_factory=Counter)
    dice: random.Random = field(init=False)
    made_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.made_at = self.clock()

    def plan(self, faults: Iterable[Fault]) -> None:
        """From now on these, numbered from the next call."""
        self.faults = list(faults)
        self.counts.clear()
        self.made_at = self.clock()

    def strikes(self, method: str) -> Fault | None:
        """The fault of this call, if it has one."""
        struck = None
        for place, fault in enumerate(self.faults):
            if not method.startswith(fault.method):
                continue
            self.counts[place] += 1
            due = self._due(fault, self.counts[place])
            struck = struck or (fault if due else None)
        return struck

    def _due(self, fault: Fault, number: int) -> bool:
        if fault.since is not None and not fault.since <= self.clock() - self.made_at < fault.until:
            return False
        if fault.chance is not None:
            return self.dice.random() < fault.chance
        return fault.since is not None or fault.first <= number < fault.first + fault.times
