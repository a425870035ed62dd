"""Two models of how Telegram counts what a bot sends: nobody outside knows which one it is."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class Meter(Protocol):
    """Counts one thing: an account, a chat or a group."""

    def admit(self, at: float) -> float:
        """0 where one more passes at this second of a steady clock, else the seconds of `retry_after`."""


@dataclass(slots=True)
class StrictWindow:
    """At most `limit` in any trailing `window` seconds; who oversteps is locked out."""

    limit: int
    window: float = 1.0
    lockout: float = 5.0
    passed: deque[float] = field(default_factory=deque)
    locked_until: float = float("-inf")

    def admit(self, at: float) -> float:
        while self.passed and self.passed[0] <= at - self.window:
            self.passed.popleft()
        if at < self.locked_until:
            return self.locked_until - at
        if len(self.passed) >= self.limit:
            self.locked_until = at + self.lockout
            return self.lockout
        self.passed.append(at)
        return 0.0


@dataclass(slots=True)
class TolerantBucket:
    """Bursts up to `capacity`, refilled at `rate` a second; overstepping costs no more than waiting for one."""

    capacity: float
    rate: float
    level: float | None = None
    seen: float = 0.0

    def admit(self, at: float) -> float:
        level = self.capacity if self.level is None else self.level
        self.level = min(self.capacity, level + (at - self.seen) * self.rate)
        self.seen = at
        if self.level < 1:
            return (1 - self.level) / self.rate
        self.level -= 1
        return 0.0


@dataclass(slots=True)
class Stormy:
    """A limit kept in peace; each storm then refuses everything for so many seconds, once so many more have passed."""

    peace: Meter
    every: int
    storms: deque[float]
    passed: int = 0
    #: (first refusal, end) of each storm so far; and when every refusal was.
    came: list[tuple[float, float]] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def admit(self, at: float) -> float:
        if self.storms and self.passed >= self.every:
            self.came.append((at, at + self.storms.popleft()))
            self.passed = 0
        if self.came and at < self.came[-1][1]:
            self.refused.append(at)
            return self.came[-1][1] - at
        pause = self.peace.admit(at)
        self.passed += not pause
        return pause


@dataclass(slots=True)
class Unlimited:
    """Counts nothing."""

    def admit(self, at: float) -> float:
        return 0.0


@dataclass(slots=True)
class Limits:
    """All meters of one account. The account itself is asked last, so that a chat's refusal costs it nothing."""

    account: Meter
    chat: Callable[[], Meter]
    group: Callable[[], Meter]
    chats: dict[int, Meter] = field(default_factory=dict)

    def admit(self, chat: int, at: float) -> int:
        """0, or the whole seconds of `retry_after`."""
        if chat not in self.chats:
            self.chats[chat] = self.group() if chat < 0 else self.chat()
        pause = self.chats[chat].admit(at) or self.account.admit(at)
        return math.ceil(pause)


def strict(per_second: int = 30) -> Limits:
    """No more in any trailing second; 5 s of lock-out for one too many."""
    return Limits(StrictWindow(per_second), lambda: StrictWindow(1), lambda: StrictWindow(20, window=60.0))


def tolerant(per_second: int = 30) -> Limits:
    """A bucket of two seconds; a chat may burst a little."""
    return Limits(
        TolerantBucket(2 * per_second, per_second), lambda: TolerantBucket(3, 1), lambda: TolerantBucket(20, 20 / 60)
    )


def unlimited() -> Limits:
    """For tests that are about something else."""
    return Limits(Unlimited(), Unlimited, Unlimited)


MODELS: dict[str, Callable[[], Limits]] = {"unlimited": unlimited, "strict": strict, "tolerant": tolerant}
