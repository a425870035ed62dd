"""How often people are reminded: the policy as plain data the office may change, and how far a day lies from a date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from bot.calendar import WorkingCalendar

#: An assignment this long overdue is no longer chased by the clock; the office's digest still counts it.
CHASED_FOR = timedelta(days=800)
#: No run of days off is longer than this, whatever the office's own days say.
_LONGEST_BREAK = 120


class BrokenPolicy(ValueError):  # noqa: N818  (what the office's own setting is)
    """A setting of the policy that can't be followed; the message names it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Milestones in working days: `before` the due, after it (`overdue`, then `every`), and after being asked.

    The longer something is overdue, the higher it is named: to the unit's leader `leader_from` so many days, in the
    office's digest `office_from`, in the chair's reports `chair_from`.
    """

    before: tuple[int, ...] = (5, 2, 1)
    second_call: bool = True
    overdue: tuple[int, ...] = (1, 3, 7)
    every: int = 5
    leader_from: int = 1
    office_from: int = 3
    chair_from: int = 7
    undecided: tuple[int, ...] = (2,)


@dataclass(frozen=True, slots=True)
class Policies:
    """The province's policy, and that of the tasks (by code) that have one of their own."""

    standard: Policy = field(default_factory=Policy)
    by_task: Mapping[str, Policy] = field(default_factory=dict)


STANDARD = Policy()


def policies_from(settings: Mapping[str, Any]) -> Policies:
    """What a province's settings["policy"] says over the standard. Raises BrokenPolicy, which names what is wrong."""
    own = dict(_table("policy", settings.get("policy") or {}))
    tasks = _table("policy: tasks", own.pop("tasks", {}))
    standard = _changed(STANDARD, own)
    by_task = {code: _changed(standard, _table(f"policy: {code}", changes)) for code, changes in tasks.items()}
    return Policies(standard, by_task)


def _table(name: str, said: object) -> Mapping[str, Any]:
    if isinstance(said, Mapping):
        return said
    raise BrokenPolicy(f"{name}: {said!r} is not a table of settings")


def _changed(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    known = {one.name: getattr(policy, one.name) for one in fields(Policy)}
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            raise BrokenPolicy(f"policy: {name!r} is none of {', '.join(sorted(known))}")
        values[name] = _checked(name, value, known[name])
    return replace(policy, **values)


def _checked(name: str, value: Any, like: object) -> object:
    if isinstance(like, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(like, int):
        if _days(value):
            return value
    elif isinstance(value, list | tuple) and all(_days(each) for each in value):
        return tuple(value)
    raise BrokenPolicy(f"policy: {name} can't be {value!r}")


def _days(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 250


@dataclass(frozen=True, slots=True)
class Distance:
    """How a working day lies to a date: working days from it up to the date, and since the date.

    `last`: the date is that day, or follows it before the next working day. `first`: the date is that day, or lies
    between it and the working day before.
    """

    before: int
    after: int
    last: bool
    first: bool


def distance(on: date, day: date, calendar: WorkingCalendar) -> Distance:
    """How working day `day` lies to the date `on`."""
    return distance_by(calendar.working_days_between, on, day)


def distance_by(between: Callable[[date, date], int], on: date, day: date) -> Distance:
    """The same by another way of counting the working days after a date up to another."""
    eve = timedelta(days=1)
    return Distance(
        before=between(day - eve, on - eve),
        after=between(on, day),
        last=on >= day and between(day, on) == 0,
        first=on <= day and between(on - eve, day - eve) == 0,
    )


def dates_around(day: date, calendar: WorkingCalendar, ahead: int) -> Iterator[tuple[date, Distance]]:
    """All dates a rule may count from on working day `day`: up to `ahead` working days later, CHASED_FOR earlier."""
    yield day, Distance(0, 0, last=True, first=True)
    before = 1
    between = 0
    for days in range(1, ahead + _LONGEST_BREAK):
        on = day + timedelta(days=days)
        works = calendar.is_working(on)
        between += works
        if before > ahead:
            break
        yield on, Distance(before, 0, last=between == 0, first=False)
        before += works
    after = 1
    between = 0
    for days in range(1, CHASED_FOR.days + 1):
        on = day - timedelta(days=days)
        works = calendar.is_working(on)
        between += works
        yield on, Distance(0, after, last=False, first=between == 0)
        after += works
