"""What whoever keeps the machines watches of a running house: is it ready, is all well, and its figures for Prometheus.

Nothing here names a person, a unit or a word of theirs: figures leave the house.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.port import Channel
from bot.clock import Clock, monotonic
from bot.post import Post
from bot.post_ready import oldest_waiting
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.pace import pause_name, quota_name

#: The clock ticks every 20 seconds; later than this something is wrong with it; seconds.
LATE_SWEEP = 90.0
#: A database that answers no question in this time does not answer; seconds.
PATIENCE = 5.0
#: What has to be counted row by row is counted this often at most; seconds.
COUNT_EVERY = 60.0
_MEMORY = Path("/proc/self/statm")

Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Pulse:
    """When the house's clock last did its work to the end, on a steady clock, and how long that took."""

    beaten: float = field(default_factory=monotonic)
    took: float = 0.0

    def beat(self, begun: float) -> None:
        """A tick that began then has ended."""
        self.beaten = monotonic()
        self.took = self.beaten - begun

    @property
    def lag(self) -> float:
        """Seconds since the last tick that ended well."""
        return monotonic() - self.beaten


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of Prometheus: a gauge, or a counter where its name ends so; a value for each set of labels."""

    name: str
    says: str
    values: tuple[tuple[Labels, float], ...]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it."""
        yield f"# HELP {self.name} {self.says}"
        yield f"# TYPE {self.name} {'counter' if self.name.endswith('_total') else 'gauge'}"
        for labels, value in self.values:
            shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
            yield f"{self.name}{{{shown}}} {value:g}" if shown else f"{self.name} {value:g}"


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the store tells in one reading."""

    oldest: datetime | None
    waiting: Mapping[str, int]
    unfinished: int
    unfinished_since: datetime | None
    pauses: Mapping[tuple[str, str], tuple[float, float]]


class Vitals:
    """The watch over one house."""

    def __init__(
        self, store: Store, clock: Clock, post: Post, channels: Mapping[tuple[str, str], Channel], pulse: Pulse
    ) -> None:
        self._store = store
        self._clock = clock
        self._post = post
        self._channels = channels
        self._pulse = pulse
        self._held = (float("-inf"), 0)
        self._cut_off = 0

    async def ready(self) -> Mapping[str, object]:
        """Whether this process can take messages in: its database answers, and its clock does its work."""
        answers = True
        try:
            async with asyncio.timeout(PATIENCE):
                await self._store.read(lambda book: book.people.is_founded())
        except Exception:  # noqa: BLE001  (whatever it is: the database does not answer)
            answers = False
        lag = self._pulse.lag
        return {"ok": answers and lag < LATE_SWEEP, "database": answers, "sweep_lag_seconds": round(lag)}

    async def health(self) -> Mapping[str, object]:
        """The same, and what a person should look at: accounts whose token is dead, letters that wait too long."""
        ready = await self.ready()
        stopped = [f"{channel}:{account}" for channel, account in sorted(self._post.stopped)]
        waits = await self._waits() if ready["database"] else 0.0
        told = {"oldest_unsent_seconds": round(waits), "stopped_accounts": stopped}
        return {**ready, **told, "ok": bool(ready["ok"]) and not stopped}

    async def figures(self) -> str:
        """Everything for Prometheus. Raises where the database does not answer."""
        async with asyncio.timeout(PATIENCE):
            now = self._clock.now()
            counted = await self._store.read(lambda book: self._count(book, now))
            held = await self._held_letters()
        found = [*self._of_the_store(counted, held, now), *self._of_the_post(), *self._of_the_process()]
        return "".join(f"{line}\n" for figure in found for line in figure.lines())

    async def _waits(self) -> float:
        now = self._clock.now()
        return _since(await self._store.read(lambda book: oldest_waiting(book, now)), now)

    def _count(self, book: Book, now: datetime) -> _Counted:
        machine_now = self._post.machine_time(book)
        pace = book.letters.pace
        unfinished, since = book.inbox.depth()
        return _Counted(
            oldest=oldest_waiting(book, now),
            waiting=book.letters.under_way(),
            unfinished=unfinished,
            unfinished_since=since,
            pauses={
                key: (pace.paused_for(pause_name(*key), machine_now), pace.paused_for(quota_name(*key), machine_now))
                for key in self._channels
            },
        )

    async def _held_letters(self) -> int:
        counted_at, many = self._held
        if monotonic() - counted_at >= COUNT_EVERY:
            many, self._cut_off = await self._store.read(_counted_seldom)
            self._held = (monotonic(), many)
        return many

    def _of_the_store(self, counted: _Counted, held: int, now: datetime) -> Iterable[Figure]:
        yield _plain(
            "nhacviec_oldest_unsent_seconds", "How long a letter that may go waits.", _since(counted.oldest, now)
        )
        waiting = tuple((_labels(state=state), float(many)) for state, many in sorted(counted.waiting.items()))
        yield Figure("nhacviec_letters_waiting", "Letters not settled, by state.", waiting)
        yield _plain("nhacviec_letters_held", "Letters that wait for a person, counted once a minute.", held)
        yield _plain("nhacviec_people_cut_off", "People whose account is no longer served, as often.", self._cut_off)
        yield _plain("nhacviec_inbox_waiting", "Messages kept whose effect is still to come.", counted.unfinished)
        oldest = _since(counted.unfinished_since, now)
        yield _plain("nhacviec_inbox_oldest_seconds", "How long the oldest of them waits.", oldest)
        paused = {key: pause for key, (pause, _) in counted.pauses.items()}
        used_up = {key: quota for key, (_, quota) in counted.pauses.items()}
        yield _by_account("nhacviec_pause_seconds", "How long the account still pauses.", paused)
        yield _by_account("nhacviec_quota_pause_seconds", "How long its quota is used up: only answers go.", used_up)

    def _of_the_post(self) -> Iterable[Figure]:
        rhythms = self._post.rhythms
        outcomes = tuple(
            (_labels(channel=channel, account=account, outcome=outcome), float(many))
            for (channel, account), rhythm in rhythms.items()
            for outcome, many in sorted(rhythm.counts.items())
        )
        yield Figure("nhacviec_sent_total", "Letters this process tried to send, by what came of it.", outcomes)
        pace = {key: 1 / rhythm.gait.every for key, rhythm in rhythms.items()}
        yield _by_account("nhacviec_pace_per_second", "Most letters that the account may send in a second.", pace)
        reach = {key: rhythm.reach for key, rhythm in rhythms.items()}
        yield _by_account("nhacviec_round_trip_seconds", "The shortest way there and back, on the safe side.", reach)
        jitter = {key: rhythm.jitter for key, rhythm in rhythms.items()}
        yield _by_account("nhacviec_jitter_seconds", "By how much a usual round trip is longer.", jitter)
        stopped = {key: float(key in self._post.stopped) for key in self._channels}
        yield _by_account("nhacviec_account_stopped", "1 where the platform no longer takes the token.", stopped)
        came = tuple(
            (_labels(channel=channel, account=account, what=what), float(many))
            for (channel, account), one in self._channels.items()
            for what, many in sorted(getattr(one, "counts", {}).items())
        )
        yield Figure("nhacviec_updates_total", "What came in by this process, and what was wrong with it.", came)

    def _of_the_process(self) -> Iterable[Figure]:
        yield _plain("nhacviec_sweep_lag_seconds", "Since the clock last did its work.", self._pulse.lag)
        yield _plain("nhacviec_sweep_seconds", "How long that took.", self._pulse.took)
        if _MEMORY.exists():
            pages = int(_MEMORY.read_text(encoding="ascii").split()[1])
            size = float(pages * os.sysconf("SC_PAGE_SIZE"))
            yield _plain("process_resident_memory_bytes", "Memory of this process.", size)


def _counted_seldom(book: Book) -> tuple[int, int]:
    """Letters held, and people who sit on no account that is served."""
    return book.letters.many_held(), len({one.person_id for one in book.served.cut_off()})


def _since(moment: datetime | None, now: datetime) -> float:
    return (now - moment) / timedelta(seconds=1) if moment is not None else 0.0


def _plain(name: str, says: str, value: float) -> Figure:
    return Figure(name, says, (((), float(value)),))


def _by_account(name: str, says: str, values: Mapping[tuple[str, str], float]) -> Figure:
    shown = sorted(values.items())
    return Figure(name, says, tuple((_labels(channel=key[0], account=key[1]), value) for key, value in shown))


def _labels(**labels: Any) -> Labels:
    return tuple(labels.items())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
