"""What the office did, told to the people of the units it touches: one letter a person, in working hours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case import Case
from bot.contacts import Role
from bot.effects import Say
from bot.messages import Outgoing, Text, text
from bot.tasks import Assignment


@dataclass(frozen=True, slots=True)
class Told:
    """The letters, when they go out where not at once, and the units in which nobody can be told."""

    letters: tuple[Say, ...]
    at: datetime | None
    nobody_in: tuple[str, ...]

    def words(self) -> Text | None:
        """One line for the clerk."""
        if self.nobody_in:
            return text("told.nobody_in", units=self.nobody_in)
        return text("told.later", at=self.at) if self.at is not None and self.letters else None


def tell_units(
    case: Case,
    affected: Iterable[Assignment],
    says: Callable[[tuple[Assignment, ...]], Text],
    *,
    also: int | None = None,
    at_once: bool = False,
) -> Told:
    """To contacts and deputies (and the asker `also`), everybody with the assignments of their own units."""
    by_unit: dict[int, list[Assignment]] = {}
    for one in affected:
        by_unit.setdefault(one.unit_id, []).append(one)
    later = working_moment(case, at_once=at_once)
    waits = also if at_once else None
    letters: list[Say] = []
    everything = tuple(one for theirs in by_unit.values() for one in theirs)
    for person in case.book.people.in_roles(Role.CONTACT, Role.DEPUTY):
        units = dict.fromkeys(seat.unit.id for seat in person.seats if seat.role in (Role.CONTACT, Role.DEPUTY))
        theirs = tuple(one for unit_id in units for one in by_unit.get(unit_id, ()))
        if theirs and person.id != case.person.id:
            letters.append(_letter(person.id, theirs, says, later, awaited=person.id == waits))
            also = None if person.id == also else also
    if also is not None and also != case.person.id and everything:
        letters.append(_letter(also, everything, says, later, awaited=also == waits))
    # Who joined and is cut off, or has shut us out, gets a letter that waits: that is no telling.
    deaf = {unit.id for unit in case.book.people.units_without_contact()} if everything else set()
    nobody = dict.fromkeys(one.unit_name for one in everything if one.unit_id in deaf)
    return Told(tuple(letters), later, tuple(nobody))


def working_moment(case: Case, *, at_once: bool = False) -> datetime | None:
    """When a letter may go that the reader did not just ask for; None where that is now."""
    moment = case.book.people.calendar().next_working_moment(case.now)
    return None if at_once or moment <= case.now else moment


def _letter(
    person_id: int,
    theirs: Sequence[Assignment],
    says: Callable[[tuple[Assignment, ...]], Text],
    later: datetime | None,
    *,
    awaited: bool,
) -> Say:
    # No numbers: what the person was last shown keeps its own. One task can be answered by replying to the letter.
    about = theirs[0].id if len(theirs) == 1 else None
    return Say(Outgoing(person_id, says(tuple(theirs)), once="", about=about, not_before=later, awaited=awaited))
