"""People, units and seats, and the one table that says who may do what. No store, no text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.messages import Address


class Role(StrEnum):
    """What a seat is for."""

    CONTACT = "contact"
    DEPUTY = "deputy"
    LEADER = "leader"
    OFFICE = "office"
    CHAIR = "chair"
    ADMIN = "admin"


class Action(StrEnum):
    """What a person may want to do; handlers ask `may` before they do it."""

    SEE_UNIT = "see_unit"
    SEE_FOLLOWED = "see_followed"
    REPORT = "report"
    HAND_OVER = "hand_over"
    SUMMARISE = "summarise"
    SEE_PROVINCE = "see_province"
    CONFIRM = "confirm"
    DECIDE = "decide"
    REPORT_FOR_UNIT = "report_for_unit"
    INVITE = "invite"
    TIMETABLE = "timetable"


_OWN_UNIT = {
    Role.CONTACT: {Action.SEE_UNIT, Action.SEE_FOLLOWED, Action.REPORT, Action.HAND_OVER},
    Role.DEPUTY: {Action.SEE_UNIT, Action.SEE_FOLLOWED, Action.REPORT},
    Role.LEADER: {Action.SEE_UNIT, Action.SEE_FOLLOWED, Action.HAND_OVER},
}
_WHOLE_PROVINCE = {
    Role.OFFICE: {
        Action.SEE_UNIT,
        Action.SUMMARISE,
        Action.SEE_PROVINCE,
        Action.CONFIRM,
        Action.DECIDE,
        Action.REPORT_FOR_UNIT,
        Action.INVITE,
        Action.TIMETABLE,
    },
    Role.CHAIR: {Action.SEE_UNIT, Action.SUMMARISE, Action.SEE_PROVINCE},
    Role.ADMIN: {Action.INVITE, Action.SEE_PROVINCE},
}


class UnitKind(StrEnum):
    """Kinds of the units' list; departments and sectors together are "sở, ban, ngành"."""

    PROVINCE = "province"
    DEPARTMENT = "department"
    SECTOR = "sector"
    PARTY = "party"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, department or other body of the province; the code is its key, the name may change."""

    id: int
    code: str
    name: str
    type: str
    kind: UnitKind
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in a unit, held by one person."""

    id: int
    person_id: int
    unit: Unit
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who joined; `consent_at` is None until the data notice was agreed to."""

    id: int
    name: str
    language: str
    seats: tuple[Seat, ...] = ()
    addresses: tuple[Address, ...] = ()
    post: str | None = None
    phone: str | None = None
    consent_at: datetime | None = None

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units this person may answer for or look at as one of theirs."""
        return tuple(dict.fromkeys(seat.unit for seat in self.seats if seat.role in _OWN_UNIT))

    def seat_for(self, unit_id: int) -> Seat | None:
        """The seat from which this person speaks for a unit: reporting seats first."""
        mine = [seat for seat in self.seats if seat.unit.id == unit_id]
        mine.sort(key=lambda seat: (Action.REPORT not in _OWN_UNIT.get(seat.role, set()), seat.id))
        return mine[0] if mine else None

    def seat_as(self, *roles: Role) -> Seat | None:
        """The first seat with one of these roles."""
        return next((seat for seat in self.seats if seat.role in roles), None)


def may(person: Person, action: Action, unit_id: int | None = None) -> bool:
    """Whether this person may do it, for this unit where one is meant. Nobody may before consent."""
    if person.consent_at is None:
        return False
    for seat in person.seats:
        if action in _WHOLE_PROVINCE.get(seat.role, set()):
            return True
        if action in _OWN_UNIT.get(seat.role, set()) and unit_id in (None, seat.unit.id):
            return True
    return False


def may_look(person: Person, unit_id: int, follow_up_unit_id: int | None) -> bool:
    """Whether this person may look at what a unit was given: as its own, or in the unit that follows the task up."""
    if may(person, Action.SEE_UNIT, unit_id):
        return True
    return follow_up_unit_id is not None and may(person, Action.SEE_FOLLOWED, follow_up_unit_id)


@dataclass(frozen=True, slots=True)
class Invite:
    """A joining code as issued: printed once, kept as a hash."""

    unit: Unit
    role: Role
    code: str = field(repr=False)
    expires_at: datetime
    #: Who is cut off and gives up the seat to whoever uses it.
    replaces: tuple[str, ...] = ()
