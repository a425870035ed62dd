"""What the people of a simulated year do: reports, extensions, obstacles, decisions, reminders asked for again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Protocol

from bot.conversation import RequestKind, Verdict
from bot.store.book import Book
from bot.tasks import Due, Step, StepKind
from handlers.remind_again import nearest_slot
from tests.faults.shadow import CHASED, DAY, ZONE, Duty

#: Something done: by the platform's clock at `said`, taken by us at `now`.
Act = Callable[[Book, datetime, datetime], None]


class Stage(Protocol):
    """Where acts are put, and what is counted."""

    asked: dict[tuple[int, int], tuple[date, time]]
    counts: Counter[str]

    def put(self, at: datetime, act: Act) -> None: ...


class Life:
    """One seeded way for everybody to behave; what they do is noted in the shadow's duties."""

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self._stage = stage
        self._dice = dice

    def begins(self, duty: Duty, given: datetime) -> None:
        """Seven of ten report in time, the others late; some come back, ask, are stuck, are recalled."""
        dice, put = self._dice, self._stage.put
        days = (duty.due - given.date()).days if duty.due else 30
        kind = dice.random()
        end = dice.randrange(days + 1) if kind < 0.7 else days + dice.randrange(1, 30)
        done = given + DAY * end + timedelta(minutes=dice.randrange(5, 600))
        put(done, self._step(duty, StepKind.DONE))
        put(done + timedelta(hours=dice.randrange(3, 80)), self._step(duty, StepKind.ACCEPT))
        if kind > 0.9:
            put(done + timedelta(hours=2), self._step(duty, StepKind.RETURN))
            put(done + DAY * dice.randrange(3, 9), self._step(duty, StepKind.DONE))
        for _ in range(dice.randrange(3)):
            put(self._some_time(given, end), self._step(duty, StepKind.PROGRESS))
        if dice.random() < 0.12:
            put(self._some_time(given, days), self._step(duty, StepKind.BLOCKED))
        if duty.due and dice.random() < 0.1:
            wish = datetime.combine(duty.due - DAY * dice.randrange(4), time(10, 5), ZONE)
            put(max(wish, given + DAY), self._asking(duty))
        if dice.random() < 0.02:
            put(self._some_time(given, 12), self._step(duty, StepKind.RECALL))
        if dice.random() < 0.15:
            put(self._some_time(given, days), self._again(duty))

    def _some_time(self, given: datetime, days: int) -> datetime:
        return given + timedelta(minutes=self._dice.randrange(60, days * 1440 + 120))

    def _step(self, duty: Duty, kind: StepKind) -> Act:
        def take(book: Book, said: datetime, now: datetime) -> None:
            decides = kind in (StepKind.ACCEPT, StepKind.RETURN)
            if duty.status in ("accepted", "recalled") or (decides and duty.status != "reported"):
                return
            follow_up = (said + DAY * 4).astimezone(ZONE).date() if kind is StepKind.BLOCKED else None
            self._record(book, duty, Step(kind, said, None, follow_up=follow_up), now)

        return take

    def _record(self, book: Book, duty: Duty, step: Step, now: datetime) -> None:
        after = book.assignments.record(duty.id, step, now).after
        book.reminders.cancel(duty.id, step.kind.value)
        duty.status, duty.follow_up = after.status.value, after.follow_up
        # What was returned is no report that anybody could rest on.
        if step.kind.is_report or step.kind is StepKind.RETURN:
            duty.last_report = after.last_report_at if step.kind.is_report else None
        for key in [key for key in self._stage.asked if key[0] == duty.id]:
            del self._stage.asked[key]

    def _asking(self, duty: Duty) -> Act:
        def ask(book: Book, _said: datetime, now: datetime) -> None:
            if duty.status not in CHASED or duty.asked or duty.due is None:
                return
            number = book.talks.next_request_number()
            until = max(duty.due, now.astimezone(ZONE).date()) + DAY * 9
            of_it = {"assignment_id": duty.id, "due": until}
            book.talks.raise_request(number, RequestKind.EXTENSION, duty.contacts[0], now, **of_it)
            duty.asked = now.astimezone(ZONE).date()
            wait = timedelta(hours=self._dice.choice((5, 30, 80, 150)))
            self._stage.put(now + wait, self._deciding(duty, number, until))
            self._stage.counts["extensions asked for"] += 1

        return ask

    def _deciding(self, duty: Duty, number: int, until: date) -> Act:
        def decide(book: Book, said: datetime, now: datetime) -> None:
            granted = number % 2 == 0 and duty.status not in ("accepted", "recalled")
            request = book.talks.request(number)
            assert request is not None
            verdict = Verdict.GRANTED if granted else Verdict.REFUSED
            book.talks.settle_request(request.id, verdict, None, None, now)
            duty.asked = None
            if granted:
                self._record(book, duty, Step(StepKind.EXTEND, said, None, due=Due(until)), now)
                duty.due = until

        return decide

    def _again(self, duty: Duty) -> Act:
        def ask(book: Book, _said: datetime, now: datetime) -> None:
            calendar = book.people.calendar()
            wish = now + timedelta(hours=self._dice.choice((3, 6, 20)))
            slot = nearest_slot(wish, now, calendar).astimezone(ZONE)
            if duty.status not in CHASED or (duty.due is not None and slot.date() > duty.due):
                return
            book.asked.ask((duty.id,), duty.contacts[0], slot.date(), f"{slot:%H:%M}", now)
            self._stage.asked[duty.id, duty.contacts[0]] = (slot.date(), slot.time())
            self._stage.counts["asked for again"] += 1

        return ask
