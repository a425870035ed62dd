"""Assignments and a moment become figures that add up, views by group, and the lists behind them; no words here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.reports.names import NameKind, kind_of, order
from bot.tasks import Assignment, Cell, Change, Status, StepKind, cell

ACCEPTED = (Cell.ACCEPTED_IN_TIME, Cell.ACCEPTED_LATE, Cell.ACCEPTED_NO_DUE)
REPORTED = (Cell.REPORTED_IN_TIME, Cell.REPORTED_LATE, Cell.REPORTED_NO_DUE)
OPEN = (Cell.OPEN_IN_TIME, Cell.OPEN_OVERDUE, Cell.OPEN_NO_DUE)


def as_percent(part: int, whole: int) -> float | None:
    """The percentage to one decimal as it may be shown: 100 only of all, 0 only of none; None of nothing."""
    if whole <= 0:
        return None
    tenths = (part * 2000 + whole) // (2 * whole)
    if part < whole:
        tenths = min(tenths, 999)
    if part > 0:
        tenths = max(tenths, 1)
    return tenths / 10


@dataclass(frozen=True, slots=True)
class Share:
    """A part, never without the whole it is a part of."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """As it may be shown; None where there is nothing to be a part of."""
        return as_percent(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells at one moment, and what they add up to. `tasks` and `units` are those that stand behind the total.

    `silent` and `blocked` are among the open ones; `silent_with_due` among the silent ones.
    """

    at: datetime
    cells: Mapping[Cell, int]
    silent: int = 0
    silent_with_due: int = 0
    blocked: int = 0
    tasks: int = 0
    units: int = 0

    def of(self, *cells: Cell) -> int:
        """How many stand in these cells together."""
        return sum(self.cells.get(each, 0) for each in cells)

    @property
    def accepted(self) -> int:
        """Confirmed by the office."""
        return self.of(*ACCEPTED)

    @property
    def reported(self) -> int:
        """Said to be done, not yet confirmed."""
        return self.of(*REPORTED)

    @property
    def open(self) -> int:
        """Neither reported nor accepted."""
        return self.of(*OPEN)

    @property
    def overdue(self) -> int:
        """Open after the deadline."""
        return self.of(Cell.OPEN_OVERDUE)

    @property
    def recalled(self) -> int:
        """Taken back by the office: outside the total."""
        return self.of(Cell.RECALLED)

    @property
    def total(self) -> int:
        """All but recalled: the denominator of every percentage here."""
        return self.accepted + self.reported + self.open

    @property
    def completion(self) -> Share:
        """Accepted ÷ all but recalled."""
        return self.share(self.accepted)

    def share(self, part: int) -> Share:
        """A part of all but recalled."""
        return Share(part, self.total)


def count(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> Figures:
    """The figures of these assignments at this moment."""
    given = tuple(assignments)
    cells = Counter(cell(each.state, now, zone) for each in given)
    standing = [each for each in given if each.state.status is not Status.RECALLED]
    quiet = silent(standing)
    return Figures(
        at=now,
        cells={each: cells.get(each, 0) for each in Cell},
        silent=len(quiet),
        silent_with_due=sum(each.due is not None for each in quiet),
        blocked=sum(each.state.status is Status.BLOCKED for each in standing),
        tasks=len({each.task.id for each in standing}),
        units=len({each.unit_id for each in standing}),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a view: `key` is a resolution's sign ("" for none), a unit's or task's code, or a kind of unit."""

    key: str
    name: str
    figures: Figures


def _grouped(
    assignments: Iterable[Assignment],
    keys: Callable[[Assignment], Iterable[tuple[str, str]]],
    now: datetime,
    zone: ZoneInfo,
) -> list[Group]:
    members: dict[tuple[str, str], list[Assignment]] = {}
    for each in assignments:
        for key in keys(each):
            members.setdefault(key, []).append(each)
    return [Group(key, name, count(found, now, zone)) for (key, name), found in members.items()]


def sign_order(sign: str) -> tuple[bool, int, str]:
    """Sort key of signs: by number, the empty sign last."""
    digits = "".join(letter for letter in sign.partition("-")[0] if letter.isdecimal())
    return not sign, int(digits or 0), sign


def by_resolution(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> tuple[Group, ...]:
    """By the sign's number; a task counts under each it serves (so the lines may exceed the total), none last."""
    found = _grouped(assignments, lambda each: [(sign, sign) for sign in set(each.task.resolutions) or {""}], now, zone)
    return tuple(sorted(found, key=lambda group: sign_order(group.key)))


def by_unit(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> tuple[Group, ...]:
    """Worst first: most overdue, then silent, blocked, open, waiting to be confirmed; equals by name."""
    found = _grouped(assignments, lambda each: [(each.unit_code, each.unit_name)], now, zone)
    return tuple(sorted(found, key=_worst_first))


def _worst_first(group: Group) -> tuple[int, int, int, int, int, object]:
    figures = group.figures
    return -figures.overdue, -figures.silent, -figures.blocked, -figures.open, -figures.reported, order(group.name)


def by_task(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> tuple[Group, ...]:
    """By the task's code."""
    found = _grouped(assignments, lambda each: [(each.task.code, each.task.title)], now, zone)
    return tuple(sorted(found, key=lambda group: group.key))


def by_kind(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> tuple[Group, ...]:
    """By kind of unit (a `NameKind`), offices first."""
    found = _grouped(assignments, lambda each: [(kind := kind_of(each.unit_name), kind)], now, zone)
    return tuple(sorted(found, key=lambda group: list(NameKind).index(NameKind(group.key))))


@dataclass(frozen=True, slots=True)
class Late:
    """An overdue assignment; `days` are calendar days after the deadline's day, 0 where only its hour has passed."""

    assignment: Assignment
    days: int


def days_late(due: date, now: datetime, zone: ZoneInfo) -> int:
    """Calendar days since the deadline's day: weekends and holidays count, as in the usual tracking sheet."""
    return max(0, (now.astimezone(zone).date() - due).days)


def overdue(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo) -> tuple[Late, ...]:
    """Open after the deadline, longest late first."""
    found = [
        Late(each, days_late(each.due.on, now, zone))
        for each in assignments
        if each.due is not None and cell(each.state, now, zone) is Cell.OPEN_OVERDUE
    ]
    found.sort(key=lambda late: (-late.days, order(late.assignment.unit_name), late.assignment.task.code))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class LateUnit:
    """A unit with overdue assignments: how many, and how many days the oldest is late."""

    code: str
    name: str
    count: int
    days: int


def overdue_units(late: Iterable[Late]) -> tuple[LateUnit, ...]:
    """The units behind these, most overdue assignments first, then longest late, then by name."""
    members: dict[tuple[str, str], list[int]] = {}
    for each in late:
        members.setdefault((each.assignment.unit_code, each.assignment.unit_name), []).append(each.days)
    found = [LateUnit(code, name, len(days), max(days)) for (code, name), days in members.items()]
    return tuple(sorted(found, key=lambda unit: (-unit.count, -unit.days, order(unit.name))))


def _nearest_due(assignment: Assignment) -> tuple[bool, date, str, object]:
    due = assignment.due
    return due is None, due.on if due else date.max, assignment.task.code, order(assignment.unit_name)


def silent(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Open with no standing report, with or without a deadline; nearest deadline first, those without one last."""
    return tuple(
        sorted((each for each in assignments if each.state.status.chased and each.state.silent), key=_nearest_due)
    )


def waiting(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """Reported done and not yet confirmed, longest waiting first."""
    found = [(each.state.reported_at, each) for each in assignments if each.state.status is Status.REPORTED]
    found.sort(key=lambda pair: (pair[0] is not None, pair[0], pair[1].id))
    return tuple(each for _, each in found)


def blocked(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """With an obstacle reported, nearest deadline first."""
    return tuple(sorted((each for each in assignments if each.state.status is Status.BLOCKED), key=_nearest_due))


def due_within(assignments: Iterable[Assignment], now: datetime, zone: ZoneInfo, days: int) -> tuple[Assignment, ...]:
    """Open, not yet overdue, and due today or in this many days; nearest first."""
    last = now.astimezone(zone).date() + timedelta(days=days)
    found = [
        each
        for each in assignments
        if each.due is not None and each.due.on <= last and cell(each.state, now, zone) is Cell.OPEN_IN_TIME
    ]
    return tuple(sorted(found, key=_nearest_due))


def moved(changes: Sequence[Change]) -> Mapping[StepKind, int]:
    """How many assignments each kind of step touched; several steps of one kind on one assignment count once."""
    return Counter(kind for _, kind in {(change.assignment_id, change.step.kind) for change in changes})
