"""What the clock asks of the book: which dates fall due for whom. Values only, no statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.contacts import Role
from bot.tasks import Due


class Since(StrEnum):
    """The date a rule counts from."""

    DUE = "due"
    FOLLOW_UP = "follow_up"
    ASKED = "asked"


class Audience(StrEnum):
    """Who hears: the unit's contact (its deputy where no contact can be reached), its leader, or the office."""

    UNIT = "unit"
    LEADER = "leader"
    OFFICE = "office"


#: In which seats one hears as which audience.
HEARS: Mapping[Audience, tuple[Role, ...]] = {
    Audience.UNIT: (Role.CONTACT, Role.DEPUTY),
    Audience.LEADER: (Role.LEADER,),
    Audience.OFFICE: (Role.OFFICE,),
}


@dataclass(frozen=True, slots=True)
class Falling:
    """A date with a milestone; assignments given at or after `given_before` are too young for it."""

    on: date
    milestone: int
    given_before: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One rule's reminders of one slot.

    `unless_reported_since`: a report at or after it, not given back since, makes the call needless. `unless_asked`,
    `only_asked`: not, or only, where an extension is undecided. `tasks` are the codes meant, or with `other_tasks`
    the codes left out.
    """

    rule: str
    since: Since
    to: Audience
    falling: tuple[Falling, ...]
    unless_reported_since: datetime | None = None
    unless_asked: bool = False
    only_asked: bool = False
    tasks: tuple[str, ...] = ()
    other_tasks: bool = True


@dataclass(frozen=True, slots=True)
class Reminder:
    """One word to one person about one assignment, planned for a slot."""

    id: int
    assignment_id: int
    person_id: int
    due_version: int
    rule: str
    milestone: int
    day: date
    slot: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would hear about what, and why."""

    person_id: int
    person_name: str
    unit_name: str
    assignment_id: int
    task_code: str
    task_title: str
    due_on: date | None
    rule: str
    milestone: int


@dataclass(frozen=True, slots=True)
class Given:
    """A confirmed task and the units it was given to, in the order of the office's list."""

    id: int
    directive_id: int
    title: str
    due: Due | None
    co_units: tuple[str, ...]
    unit_ids: tuple[int, ...]
    unit_names: tuple[str, ...]
