"""A year run against its shadow: each sweep plans exactly what was due, and each letter goes at a right hour, once."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import event, select

from bot.contacts import Role, UnitKind
from bot.imports import found_sample
from bot.messages import LetterKind
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.mail import letter, reminder
from bot.store.migrate import upgrade
from bot.tasks import Due
from scheduler.assigned import plan_assignment_letters
from scheduler.replanning import change_days, change_policy
from scheduler.sweep import sweep
from tests.faults.shadow import AFTERNOON, DAY, MORNING, ZONE, Duty, Rhythm, Told, Wall
from tests.faults.year_life import Act, Life
from tests.scheduler.office import Office
from tests.store.opening import join

#: When the process looks at the clock, beside the moments at which it comes back.
_TICKS = ("00:10", "07:29", "07:30", "11:45", "13:30", "15:00", "16:30", "17:05", "20:00")
#: A sweep so short a time before an outage was the last thing that was done.
_NO_POST = timedelta(seconds=15)


class Plan(Protocol):
    """What a run has to go through."""

    begins: date
    ends: date
    units: int
    tasks: int
    outages: tuple[tuple[str, float], ...]
    days: tuple[tuple[str, str, bool | None], ...]
    policies: tuple[tuple[str, dict[str, Any]], ...]


def moment(iso: str) -> datetime:
    """An hour of An Giang."""
    return datetime.fromisoformat(iso).replace(tzinfo=ZONE)


def at(day: date, hour: time) -> datetime:
    """That hour of that day in An Giang."""
    return datetime.combine(day, hour, ZONE)


class Year:
    """One run; `wrong` is everything that the shadow would have otherwise."""

    def __init__(self, folder: Path, plan: Plan, seed: int, wall: Wall | None = None) -> None:
        self.plan, self.dice = plan, random.Random(seed)
        self.store = Store(f"sqlite:///{folder / 'year.sqlite3'}")
        event.listen(self.store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        upgrade(self.store.engine)
        found_sample(self.store, with_tasks=False)
        self.office, self.wall, self.life = Office(self.store), wall or Wall(), Life(self, self.dice)
        self.duties: dict[int, Duty] = {}
        self.asked: dict[tuple[int, int], tuple[date, time]] = {}
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._outages = [(moment(start), moment(start) + timedelta(hours=hours)) for start, hours in plan.outages]
        self._reached = at(plan.begins, time(0, 1))
        self._missed: Counter[Told] = Counter()
        self._told: set[tuple[int, str, date, int]] = set()
        self._slots: set[tuple[str, date, bool]] = set()
        self._last_row = self._letters = 0
        self._order = count()
        self._waiting: list[tuple[datetime, int, datetime, Act | None]] = []
        self._now = self._reached
        self._prepare()

    def put(self, at: datetime, act: Act | None, said: datetime | None = None) -> None:
        """Let this happen then."""
        heapq.heappush(self._waiting, (at, next(self._order), said or at, act))

    def _prepare(self) -> None:
        units = self.store.read_now(lambda book: book.people.units())
        codes = [unit.code for unit in units if unit.kind is not UnitKind.PROVINCE][: self.plan.units]
        contacts, leaders = {}, {}
        for number, code in enumerate(codes):
            pair = range(2 if number % 10 == 0 else 1)
            contacts[code] = tuple(join(self.store, "Lan", f"local:main:c{number}-{n}", unit=code) for n in pair)
            leaders[code] = (join(self.store, "Minh", f"local:main:l{number}", unit=code, role=Role.LEADER),)
        self.wall.office = (join(self.store, "Hoa", "local:main:hoa", unit="VPUBND", role=Role.OFFICE),)
        join(self.store, "Bảy", "local:main:bay", unit="VPUBND", role=Role.CHAIR)
        self.store.write_now(lambda book: sweep(book, self._reached))
        days = [self.plan.begins + DAY * n for n in range((self.plan.ends - self.plan.begins).days + 1)]
        for day in days:
            for hour in _TICKS:
                self.put(at(day, time.fromisoformat(hour)), None)
        for _, back in self._outages:
            self.put(back + timedelta(seconds=1), None)
        for said, day_off, works in self.plan.days:
            self.put(moment(said), self._moving(date.fromisoformat(day_off), works))
        for said, policy in self.plan.policies:
            self.put(moment(said), self._pacing(policy))
        for number in range(1, self.plan.tasks + 1):
            given = at(days[len(days) * (number - 1) // (self.plan.tasks + 1)], self.dice.choice(_GIVEN))
            due = given.date() + DAY * self.dice.randrange(2, min(40, len(days) // 2)) if number % 13 else None
            amount = len(codes) if number % 4 == 1 else self.dice.randrange(3, max(4, len(codes) // 3))
            chosen = tuple(self.dice.sample(codes, amount))
            people = {code: (contacts[code], leaders[code]) for code in chosen}
            self.put(given, self._giving(f"T{number:02d}", due, people))

    def _giving(
        self, code: str, due: date | None, people: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]
    ) -> Act:
        def give(book: Book, _said: datetime, now: datetime) -> None:
            ids = {unit.code: unit.id for unit in book.people.units()}
            notice = book.assignments.keep_directive(None, f"Kết luận {code}", now.date(), [])
            units = tuple(ids[unit] for unit in people)
            new = NewTask(notice, code, f"Việc {code}", (), units, Due(due) if due else None)
            task = book.assignments.keep_task(new, now)
            self._letters += plan_assignment_letters(book, [task], now)
            for one in book.assignments.of_task(code):
                self.duties[one.id] = Duty(one.id, code, due, now, *people[one.unit_code])
                self.life.begins(self.duties[one.id], now)

        return give

    # The office changes the timetable

    def _moving(self, day: date, works: bool | None) -> Act:
        def move(book: Book, _said: datetime, now: datetime) -> None:
            own = {**self.wall.own, day: works}
            after = replace(self.wall, own={one: said for one, said in own.items() if said is not None})
            self._changed(book, after, now, lambda: change_days(book, {day: works}, None, None, now))

        return move

    def _pacing(self, policy: dict[str, Any]) -> Act:
        def pace(book: Book, _said: datetime, now: datetime) -> None:
            common = rhythm(Rhythm(), policy)
            of_task = {code: rhythm(common, own) for code, own in policy.get("tasks", {}).items()}
            after = replace(self.wall, rhythm=common, of_task=of_task)
            self._changed(book, after, now, lambda: change_policy(book, policy, None, None, now))

        return pace

    def _changed(self, book: Book, after: Wall, now: datetime, change: Callable[[], bool]) -> None:
        """What a change brings into a slot of today that is over is told all the same, and nothing else."""
        before, self.wall = self.wall, after
        self._letters += change()
        today = now.astimezone(ZONE).date()
        over = [(today, hour) for hour in (MORNING, AFTERNOON) if at(today, hour) <= self._reached]
        more: Counter[Told] = Counter()
        if before.works(today) and after.works(today):
            old, new = (self._each(wall, over, today) for wall in (before, after))
            more = Counter(key for key in new - old if (key[0], key[2], today, key[1]) not in self._told)
        self._compare(book, more, now)
        self.counts["milestones brought forward by a change of the timetable"] += len(more)

    def _each(self, wall: Wall, slots: list[tuple[date, time]], today: date) -> Counter[Told]:
        """What these slots bring, each by itself."""
        found: Counter[Told] = Counter()
        for slot in slots:
            found |= wall.wanted(self.duties.values(), [slot], today)
        return found

    # The process

    def run(self) -> None:
        """From the first day to the end of the last."""
        while self._waiting:
            due, _, said, act = heapq.heappop(self._waiting)
            if due > at(self.plan.ends, time(21)):
                break
            now = self._now = max(self._now, due)
            back = next((back for down, back in self._outages if down < now < back), None)
            if back is not None:
                self._down(now, back, said, act)
            elif act is not None:
                letters = self._letters
                self.store.write_now(lambda book: act(book, said, now))  # noqa: B023  (it is done before the next)
                if self._letters > letters:
                    self._post(now)
            else:
                self.store.write_now(lambda book: self._tick(book, now))  # noqa: B023
                self._post(now)
        self._judge()
        self.store.close()

    def _down(self, now: datetime, back: datetime, said: datetime, act: Act | None) -> None:
        """The platform keeps what people say; what a slot would have brought is noted."""
        if act is not None:
            self.put(back, act, said)
            return
        for hour in (MORNING, AFTERNOON):
            today = now.astimezone(ZONE).date()
            if now == at(today, hour):
                self._missed |= self.wall.wanted(self.duties.values(), [(today, hour)], today)

    def _tick(self, book: Book, now: datetime) -> None:
        wanted: Counter[Told] = Counter()
        slots = [slot for slot in self._passed(now) if self.wall.works(slot[0])]
        if slots and self.wall.at_work(now):
            last = max(slots)[0]
            wanted = self.wall.wanted(self.duties.values(), slots, last)
            self._account(wanted, self._each(self.wall, slots, last))
            self._reached = now
        sweep(book, now)
        self._compare(book, wanted, now)
        # Once more at the same moment: nothing may come of it.
        if not sweep(book, now).idle:
            self.wrong.append(f"{now:%d/%m/%Y %H:%M} a second sweep planned something")

    def _passed(self, now: datetime) -> Iterator[tuple[date, time]]:
        day = self._reached.astimezone(ZONE).date()
        while day <= now.astimezone(ZONE).date():
            yield from ((day, hour) for hour in (MORNING, AFTERNOON) if self._reached < at(day, hour) <= now)
            day += DAY

    def _account(self, wanted: Counter[Told], each: Counter[Told]) -> None:
        """Every milestone of these slots is told, stands in a later one, or was settled while we were away."""
        missed, self._missed = self._missed, Counter()
        for key in each | missed:
            told = "told" if key in wanted else "merged into a later one" if key in each else "settled in an outage"
            self.counts[f"milestones {told}"] += 1
        self.counts["milestones"] += len(each | missed)

    def _compare(self, book: Book, wanted: Counter[Told], now: datetime) -> None:
        """The rows that were planned are those wanted, one each."""
        fresh = select(reminder).where(reminder.c.id > self._last_row).order_by(reminder.c.id)
        rows = list(book._connection.execute(fresh).mappings())
        self._last_row = rows[-1]["id"] if rows else self._last_row
        planned = [row for row in rows if row["rule"] != "again"]
        found = Counter((row["assignment_id"], row["person_id"], row["rule"], row["milestone"]) for row in planned)
        self._told |= {(row["assignment_id"], row["rule"], row["day"], row["person_id"]) for row in planned}
        self.wrong += [f"{now:%d/%m/%Y %H:%M} not planned: {key}" for key in wanted - found]
        self.wrong += [f"{now:%d/%m/%Y %H:%M} planned, not wanted: {key}" for key in found - wanted]

    def _post(self, now: datetime) -> None:
        """What may go goes, unless the process ends before it comes to that."""
        if any(timedelta() <= down - now < _NO_POST for down, _ in self._outages):
            return
        place = len(self.office.sent)
        self.office.post(now)
        local = now.astimezone(ZONE)
        for _, peer, _, one in self.office.sent[place:]:
            self.counts[f"letters: {one.kind}"] += 1
            if not self.wall.at_work(now):
                self.wrong.append(f"{local:%d/%m/%Y %H:%M} a letter to {peer} at a wrong hour")
            slot = (peer, local.date(), local.time() < AFTERNOON)
            if one.kind is LetterKind.REMINDER and "#" not in one.once:
                if slot in self._slots:
                    self.wrong.append(f"{local:%d/%m/%Y %H:%M} a second letter to {peer} in one slot")
                self._slots.add(slot)

    # The account

    def _judge(self) -> None:
        """Each row is told in a letter that was taken, or cancelled with a reason; none was forgotten."""
        letters = {row["once"]: row["state"] for row in self._rows(select(letter.c.once, letter.c.state))}
        for row in self._rows(select(reminder)):
            key = f"slot:{row['day']}:{row['slot']}:{row['person_id']}"
            self.counts[f"rows {row['state']}" + (f": {row['why']}" if row["state"] == "cancelled" else "")] += 1
            if row["state"] == "sent" and letters.get(key) != "accepted":
                self.wrong.append(f"told in no letter that went: {dict(row)}")
            if row["state"] == "cancelled" and not row["why"]:
                self.wrong.append(f"cancelled without a reason: {dict(row)}")
            if row["state"] == "planned" and at(row["day"], time.fromisoformat(row["slot"])) <= self._now:
                self.wrong.append(f"forgotten: {dict(row)}")
        self.counts["rows"] = sum(number for what, number in self.counts.items() if what.startswith("rows "))
        self.counts["units"], self.counts["tasks"] = self.plan.units, self.plan.tasks
        self.counts["assignments"] = len(self.duties)
        self.counts["wrong"] = len(self.wrong)

    def _rows(self, statement: Any) -> list[Mapping[str, Any]]:
        with self.store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def table(self) -> list[tuple[str, int]]:
        """All counts, in the order of their names."""
        return sorted(self.counts.items())


_GIVEN = (time(9, 10), time(10, 30), time(14, 20), time(16, 40))


def rhythm(common: Rhythm, said: Mapping[str, Any]) -> Rhythm:
    """A rhythm with what the office's words change of it."""
    known = {one.name for one in fields(Rhythm)}
    own = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items() if name in known}
    return replace(common, **own)
