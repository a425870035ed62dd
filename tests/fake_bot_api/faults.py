"""What goes wrong, and when: a timetable that a seed replays."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

BEFORE = frozenset(
    {"drop_before", "400", "401", "403", "404", "409", "413", "429", "500", "502", "migrate", "block_page"}
)
AFTER = frozenset({"accept_then_drop", "stall", "drip", "junk"})


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` befalls calls whose method begins with `method`: those numbered `first`, `first + 1` … (`times` of them),
    or, where `chance` is given, each with that probability.

    `value` is the seconds of retry_after, stall or drip, the new chat of a migration, or the words of a refusal.
    """

    kind: str
    method: str = "send"
    first: int = 1
    times: int = 1
    chance: float | None = None
    value: float | str | None = None

    def __post_init__(self) -> None:
        if self.kind not in BEFORE | AFTER:
            raise ValueError(f"no such fault: {self.kind}")


@dataclass(slots=True)
class Timetable:
    """The faults of one run, in order of precedence."""

    faults: list[Fault] = field(default_factory=list)
    seed: int = 0
    counts: Counter[int] = field(default_factory=Counter)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def plan(self, faults: Iterable[Fault]) -> None:
        """From now on these, numbered from the next call."""
        self.faults = list(faults)
        self.counts.clear()

    def strikes(self, method: str) -> Fault | None:
        """The fault of this call, if it has one."""
        struck = None
        for place, fault in enumerate(self.faults):
            if not method.startswith(fault.method):
                continue
            self.counts[place] += 1
            due = (
                fault.first <= self.counts[place] < fault.first + fault.times
                if fault.chance is None
                else self.dice.random() < fault.chance
            )
            struck = struck or (fault if due else None)
        return struck
