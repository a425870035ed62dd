"""What a year of reminders has to be, worked out apart from the product: a calendar by hand, and the rules counted out.

Nothing here is taken from bot/calendar.py or scheduler/: days are met one by one, as on a wall calendar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
MORNING, AFTERNOON = time(7, 30), time(13, 30)
#: Weekdays off in An Giang from September 2025 to September 2026, and the weekend days worked for them.
OFF = frozenset(
    {
        *(date(2025, 9, day) for day in (1, 2)),
        *(date(2026, 1, day) for day in (1, 2)),
        *(date(2026, 2, day) for day in (16, 17, 18, 19, 20)),
        *(date(2026, 4, day) for day in (27, 30)),
        date(2026, 5, 1),
        date(2026, 8, 31),
        *(date(2026, 9, day) for day in (1, 2)),
    }
)
WORKED = frozenset(map(date.fromisoformat, ("2026-01-10", "2026-08-22")))
CHASED = ("assigned", "in_progress", "blocked")
#: Nobody is reminded of what is so long overdue: the chair's reports have told of it all the while.
GIVEN_UP = timedelta(days=800)
#: (assignment, person, rule, milestone): one word to one person.
Told = tuple[int, int, str, int]
#: What dates bring in a slot, worked out once a slot.
Known = dict[tuple[date, date, time, "Rhythm"], list[tuple[str, int, str]]]


@dataclass
class Duty:
    """One assignment as the year has left it; `asked` is the day an undecided extension was asked for."""

    id: int
    code: str
    due: date | None
    given: datetime
    contacts: tuple[int, ...]
    leaders: tuple[int, ...]
    status: str = "assigned"
    last_report: datetime | None = None
    follow_up: date | None = None
    asked: date | None = None
    version: int = 1


@dataclass(frozen=True)
class Rhythm:
    """How often a task's people are reminded."""

    before: tuple[int, ...] = (5, 2, 1)
    second_call: bool = True
    overdue: tuple[int, ...] = (1, 3, 7)
    every: int = 5
    leader_from: int = 1


@dataclass
class Wall:
    """The wall calendar, the rhythms, and who sits in the office."""

    own: dict[date, bool] = field(default_factory=dict)
    rhythm: Rhythm = field(default_factory=Rhythm)
    of_task: dict[str, Rhythm] = field(default_factory=dict)
    office: tuple[int, ...] = ()
    off: frozenset[date] = OFF
    worked: frozenset[date] = WORKED

    def works(self, day: date) -> bool:
        """Whether offices are open."""
        if day in self.own:
            return self.own[day]
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def at_work(self, moment: datetime) -> bool:
        """Whether somebody may be written to unasked."""
        local = moment.astimezone(ZONE)
        hour = local.time()
        return self.works(local.date()) and (MORNING <= hour < time(11, 30) or AFTERNOON <= hour < time(17))

    def met(self, first: date, last: date) -> int:
        """Working days from the first up to the last, both counted."""
        return sum(self.works(first + DAY * n) for n in range((last - first).days + 1))

    def working_eve(self, day: date) -> date:
        """The working day before."""
        day -= DAY
        while not self.works(day):
            day -= DAY
        return day

    def milestones(self, duty: Duty, day: date, hour: time, known: Known) -> Iterator[tuple[str, int, str]]:
        """(whom, working days, rule) that a duty's dates bring in that slot, whatever was reported."""
        rhythm = self.of_task.get(duty.code, self.rhythm)
        if duty.due is not None:
            key = (duty.due, day, hour, rhythm)
            if key not in known:
                known[key] = list(self.of_due(duty.due, day, hour, rhythm))
            yield from known[key]
        if hour != MORNING:
            return
        waits = duty.status == "blocked" and duty.follow_up is not None and duty.follow_up <= day
        if waits and duty.follow_up and not self.met(duty.follow_up, day - DAY):
            yield "unit", 0, "follow_up"
        if duty.asked is not None and self.met(duty.asked + DAY, day) == 2:
            yield "office", 2, "undecided"

    def of_due(self, due: date, day: date, hour: time, rhythm: Rhythm) -> Iterator[tuple[str, int, str]]:
        """(whom, working days, rule) that a deadline brings in that slot."""
        last_day = due >= day and not self.met(day + DAY, due)
        if hour == AFTERNOON:
            if last_day and rhythm.second_call:
                yield "unit", 0, "second_call"
            return
        if last_day:
            yield "unit", 0, "due_today"
        elif due > day and (left := self.met(day, due - DAY)) in rhythm.before:
            yield "unit", -left, "due_soon"
        if due >= day or day - due > GIVEN_UP:
            return
        late, longest = self.met(due + DAY, day), max(rhythm.overdue)
        if late in rhythm.overdue or (late > longest and (late - longest) % rhythm.every == 0):
            yield "unit", late, "overdue"
            if late >= rhythm.leader_from:
                yield "leader", late, "escalate"

    def wanted(self, duties: Iterable[Duty], slots: list[tuple[date, time]], today: date) -> Counter[Told]:
        """Who has to hear what once these slots are over: of each date the latest milestone, as things stand now."""
        found: Counter[Told] = Counter()
        known: Known = {}
        open_slots = [slot for slot in sorted(slots, reverse=True) if self.works(slot[0])]
        for duty in duties:
            if duty.status not in CHASED:
                continue
            seen: set[tuple[str, bool]] = set()
            for day, hour in open_slots:
                for whom, days, rule in self.milestones(duty, day, hour, known):
                    family = (whom, rule == "follow_up")
                    if family in seen or (rule in ("second_call", "escalate") and duty.asked is not None):
                        continue
                    seen.add(family)
                    if self._holds(duty, rule, day, hour, today):
                        people = {"unit": duty.contacts, "leader": duty.leaders, "office": self.office}[whom]
                        found.update((duty.id, person, rule, days) for person in people)
        return found

    def _holds(self, duty: Duty, rule: str, day: date, hour: time, today: date) -> bool:
        settled = duty.last_report is not None and duty.last_report.astimezone(ZONE).date() >= today
        needless = settled and rule not in ("follow_up", "undecided")
        arrives = datetime.combine(self.working_eve(day), time(17), ZONE)
        if hour == AFTERNOON:
            arrives = datetime.combine(day, time(11, 30), ZONE)
        return not needless and duty.given < arrives
