"""An office for the clock's tests: tasks given, reports recorded, time run, letters put together as the post does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.channels.port import Limits
from bot.post_ready import Making, make_ready
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.dispatch import Claimed
from bot.store.engine import Store
from bot.store.mail import letter, reminder
from bot.store.unsaid import needless_by
from bot.tasks import Change, Due, Step, StepKind
from scheduler.composers import COMPOSERS
from scheduler.sweep import SweepResult, behind, next_event, sweep

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SERVED = [("local", "main")]
LIMITS = Limits(text=4096, buttons=True, files=True, per_second=1000, per_chat_second=1000)


def at(day: str, hour: str) -> datetime:
    """`at("2025-09-19", "07:30")` in An Giang."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), ZONE)


@dataclass
class Office:
    """One store and what is done to it; `sent` is all that went out: (moment, peer, text, letter's row)."""

    store: Store
    sent: list[tuple[datetime, str, str, Claimed]] = field(default_factory=list)
    directive: int = 0

    def give(
        self,
        code: str,
        due: str | None,
        *units: str,
        now: datetime,
        title: str = "",
        hour: str | None = None,
        **more: Any,
    ) -> tuple[int, ...]:
        """A task for these units; the ids of its assignments, in the units' order."""
        on = Due(date.fromisoformat(due), time.fromisoformat(hour) if hour else None) if due else None

        def work(book: Book) -> tuple[int, ...]:
            if not self.directive:
                self.directive = book.assignments.keep_directive("123/TB-VPUBND", "Kết luận", date(2025, 9, 11), [])
            ids = {unit.code: unit.id for unit in book.people.units()}
            new = NewTask(
                self.directive,
                code,
                title or f"Việc {code}",
                ("57-NQ/TW",),
                tuple(ids[unit] for unit in units),
                on,
                **more,
            )
            book.assignments.keep_task(new, now)
            by_unit = {one.unit_code: one.id for one in book.assignments.of_task(code)}
            return tuple(by_unit[unit] for unit in units)

        return self.store.write_now(work)

    def report(self, assignment_id: int, kind: StepKind, now: datetime, **more: Any) -> Change:
        """A step recorded as the clerk does it."""

        def work(book: Book) -> Change:
            change = book.assignments.record(assignment_id, Step(kind, now, None, **more), now)
            book.reminders.cancel(assignment_id, needless_by(change.step))
            return change

        return self.store.write_now(work)

    def sweep(self, now: datetime) -> SweepResult:
        """One sweep."""
        return self.store.write_now(lambda book: sweep(book, now))

    def post(self, now: datetime) -> list[str]:
        """Everything due leaves, put together as the post does it; the texts, in order."""

        def work(book: Book) -> tuple[Claimed, ...]:
            book.letters.address_due(now, SERVED, limit=10_000)
            answers_only = behind(book, now)
            taken = book.letters.claim(
                "local", "main", now, now, worker="test", limit=10_000, answers_only=answers_only, one_by_one=True
            )
            ready = make_ready(book, taken, Making(LIMITS, COMPOSERS, SERVED), now)
            for one in ready:
                book.letters.begin(one, now, now)
                book.letters.accepted(one, f"p{one.id}", now)
            return ready

        ready = self.store.write_now(work)
        self.sent += [(now, one.to.peer, one.text or "", one) for one in ready]
        return [one.text or "" for one in ready]

    def run(self, until: datetime, begin: datetime) -> None:
        """Step from event to event as the demo does: sweep, then post."""
        now = begin
        while now <= until:
            self.sweep(now)
            self.post(now)
            following = self.store.read_now(lambda book, now=now: next_event(book, now))  # type: ignore[misc]
            now = following if following > now else now + timedelta(seconds=20)

    def to(self, peer: str) -> list[tuple[str, str]]:
        """What a phone got: (local day and hour, text)."""
        return [(f"{moment.astimezone(ZONE):%d/%m %H:%M}", text) for moment, whom, text, _ in self.sent if whom == peer]

    def days(self, peer: str) -> list[str]:
        """When a phone got something."""
        return [when for when, _ in self.to(peer)]

    def reminders(self) -> list[dict[str, Any]]:
        """All reminder rows."""
        return self._rows(select(reminder).order_by(reminder.c.id))

    def letters(self) -> list[dict[str, Any]]:
        """All letters."""
        return self._rows(select(letter).order_by(letter.c.id))

    def _rows(self, statement: Any) -> list[dict[str, Any]]:
        with self.store.engine.begin() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]


def rules(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """Which rules said something, with their milestones, in order."""
    return [(row["rule"], row["milestone"]) for row in rows]
