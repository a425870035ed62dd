"""One statement finds whom a rule's call is for; its cost follows what falls due, not what the book holds."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import time, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from bot.calendar import WorkingCalendar
from bot.contacts import Role
from bot.conversation import RequestKind
from bot.store.columns import Instant, microseconds
from bot.store.falling import HEARS, Audience, Call, Since
from bot.store.mail import reminder
from bot.store.served import works
from bot.store.tables import address, assignment, person, request, seat, step, task
from bot.tasks import Status, StepKind

_CHASED = [status.value for status in Status if status.chased]


def reachable() -> ColumnElement[bool]:
    """The person agreed to the notice, is still there, and has an address that works.

    Asked for one by one: of an EXISTS PostgreSQL makes a join, and then sometimes walks all addresses for each person.
    """
    return _there(works())


def can_wait() -> ColumnElement[bool]:
    """The same, whether its account is served just now or not: what is said once only waits for it."""
    return _there(address.c.refused_at.is_(None))


def _there(by: ColumnElement[bool]) -> ColumnElement[bool]:
    there = select(address.c.id).where(address.c.person_id == person.c.id, by).limit(1)
    return and_(person.c.consent_at.is_not(None), person.c.left_at.is_(None), there.scalar_subquery().is_not(None))


def given_back() -> ColumnElement[bool]:
    """The office has returned the assignment's last report, or opened it again since."""
    again = step.c.kind.in_([StepKind.RETURN.value, StepKind.REOPEN.value])
    since = and_(step.c.superseded_at.is_(None), step.c.at >= assignment.c.last_report_at)
    return exists().where(step.c.assignment_id == assignment.c.id, again, since)


def _sitting(*roles: Role) -> ColumnElement[bool]:
    return and_(seat.c.until.is_(None), seat.c.role.in_([role.value for role in roles]))


def _hears(to: Audience, unit_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Which seat (with its person, reachable) hears about an assignment of this unit."""
    match to:
        case Audience.OFFICE:
            return _sitting(Role.OFFICE)
        case Audience.LEADER:
            return and_(_sitting(Role.LEADER), seat.c.unit_id == unit_id)
        case Audience.UNIT:
            # The roles once more beside the OR: PostgreSQL else looks through every seat of the province for each unit.
            first = or_(seat.c.role == Role.CONTACT.value, ~_reaches_a_contact(unit_id))
            return and_(seat.c.unit_id == unit_id, _sitting(Role.CONTACT, Role.DEPUTY), first)


def _reaches_a_contact(unit_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a contact of the unit can be reached, so that no deputy stands in."""
    first, holder, where = seat.alias(), person.alias(), address.alias()
    return exists().where(
        first.c.unit_id == unit_id,
        first.c.until.is_(None),
        first.c.role == Role.CONTACT.value,
        holder.c.id == first.c.person_id,
        holder.c.consent_at.is_not(None),
        holder.c.left_at.is_(None),
        where.c.person_id == holder.c.id,
        works(where),
    )


def unit_people(province_id: int, unit_ids: ColumnElement[bool]) -> Select[Any]:
    """(person_id) of everybody who hears for the units that `unit_ids`, a condition on the seat, lets through.

    With contacts whose account is not served just now: their letter is held until it is.
    """
    return (
        select(seat.c.person_id)
        .join(person, person.c.id == seat.c.person_id)
        .where(
            seat.c.province_id == province_id, unit_ids, _hears(Audience.UNIT, seat.c.unit_id.expression), can_wait()
        )
        .distinct()
    )


def sits(to: Audience, person_id: ColumnElement[int], unit_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether this person holds a seat in which one hears, as this audience, of that unit's assignments."""
    held = seat.alias("held")
    mine = [held.c.person_id == person_id, held.c.until.is_(None), held.c.role.in_([role.value for role in HEARS[to]])]
    if to is not Audience.OFFICE:
        mine.append(held.c.unit_id == unit_id)
    return exists().where(*mine)


def heirs(province_id: int, to: Audience, rules: Collection[str]) -> Select[Any]:
    """(reminder_id, person_id): who hears now of planned reminders whose person has no such seat any more."""
    planned = reminder.c.state == bindparam("planned", "planned", literal_execute=True)
    unit_id: ColumnElement[int] = assignment.c.unit_id.expression
    return (
        select(reminder.c.id.label("reminder_id"), seat.c.person_id)
        .join(assignment, assignment.c.id == reminder.c.assignment_id)
        .join(seat, _hears(to, unit_id))
        .join(person, person.c.id == seat.c.person_id)
        .where(
            reminder.c.province_id == province_id,
            seat.c.province_id == province_id,
            planned,
            reminder.c.rule.in_(rules),
            ~sits(to, reminder.c.person_id.expression, unit_id),
            reachable(),
        )
        .distinct()
    )


def stand_ins(told: ColumnElement[bool]) -> Select[Any]:
    """(person_id, and what else a reminder has): who hears now, of these reminders, in place of one of their unit."""
    sits = seat.alias("sits")
    of_unit = exists().where(
        sits.c.person_id == reminder.c.person_id,
        sits.c.unit_id == assignment.c.unit_id,
        sits.c.until.is_(None),
        sits.c.role.in_([Role.CONTACT.value, Role.DEPUTY.value]),
    )
    kept = [reminder.c[name] for name in ("assignment_id", "due_version", "milestone", "rule", "day", "slot")]
    return (
        select(seat.c.person_id, *kept)
        .select_from(reminder)
        .join(assignment, assignment.c.id == reminder.c.assignment_id)
        .join(seat, _hears(Audience.UNIT, assignment.c.unit_id.expression))
        .join(person, person.c.id == seat.c.person_id)
        .where(told, of_unit, reachable())
        .distinct()
    )


def recipients(province_id: int, call: Call, calendar: WorkingCalendar, *, on_sqlite: bool) -> Select[Any]:
    """(assignment_id, person_id, due_version, milestone, unit_id, person_name) of everything the call is for."""
    due = _falling(call, calendar, on_sqlite=on_sqlite)
    found = _counted(call, due)
    meant = select(
        assignment.c.id.label("assignment_id"),
        seat.c.person_id,
        assignment.c.due_version,
        due.c.milestone,
        assignment.c.unit_id,
        person.c.name.label("person_name"),
    ).select_from(
        found.join(seat, _hears(call.to, assignment.c.unit_id.expression)).join(person, person.c.id == seat.c.person_id)
    )
    return meant.where(
        assignment.c.province_id == province_id,
        seat.c.province_id == province_id,
        assignment.c.assigned_at < due.c.given_before,
        reachable(),
        *_still_wanted(call),
    ).distinct()


def _falling(call: Call, calendar: WorkingCalendar, *, on_sqlite: bool) -> Subquery:
    """The dates that fall due, as a table: from the day on, up to the next, in the kind the rule counts from.

    They travel as one parameter, so that the statement is the same every day and is compiled once.
    """
    asked = call.since is Since.ASKED
    rows = []
    for one in call.falling:
        following = one.on + timedelta(days=1)
        begins: object = microseconds(calendar.at(one.on, time())) if asked else one.on.isoformat()
        ends: object = microseconds(calendar.at(following, time())) if asked else following.isoformat()
        rows.append([begins, ends, one.milestone, microseconds(one.given_before)])
    told = bindparam("falling", json.dumps(rows), String)
    counted = Instant() if asked else Date()
    shape = (("begins", counted), ("ends", counted), ("milestone", Integer()), ("given_before", Instant()))
    found: list[ColumnElement[Any]]
    if on_sqlite:
        each = func.json_each(told).table_valued("value")
        found = [type_coerce(func.json_extract(each.c.value, f"$[{n}]"), kind) for n, (_, kind) in enumerate(shape)]
    else:
        each = func.json_array_elements(cast(told, JSON)).table_valued(column("value", JSON))
        found = [cast(each.c.value.op("->>")(literal(n, Integer)), kind) for n, (_, kind) in enumerate(shape)]
    named = (part.label(name) for part, (name, _) in zip(found, shape, strict=True))
    return select(*named).subquery("due")


def _counted(call: Call, due: Subquery) -> FromClause:
    match call.since:
        case Since.DUE:
            return due.join(assignment, assignment.c.due_on == due.c.begins)
        case Since.FOLLOW_UP:
            return due.join(assignment, assignment.c.follow_up == due.c.begins)
        case Since.ASKED:
            waits = and_(
                request.c.kind == RequestKind.EXTENSION.value,
                request.c.settled_at.is_(None),
                request.c.asked_at >= due.c.begins,
                request.c.asked_at < due.c.ends,
            )
            return due.join(request, waits).join(assignment, assignment.c.id == request.c.assignment_id)


def _still_wanted(call: Call) -> list[ColumnElement[bool]]:
    wanted = [_status(call)]
    if call.unless_reported_since is not None:
        last = assignment.c.last_report_at
        wanted.append(or_(last.is_(None), last < call.unless_reported_since, given_back()))
    if call.unless_asked or call.only_asked:
        waits = exists().where(
            request.c.assignment_id == assignment.c.id,
            request.c.kind == RequestKind.EXTENSION.value,
            request.c.settled_at.is_(None),
        )
        wanted.append(waits if call.only_asked else ~waits)
    if call.tasks:
        coded = assignment.c.task_id.in_(
            select(task.c.id).where(task.c.province_id == assignment.c.province_id, task.c.code.in_(call.tasks))
        )
        wanted.append(~coded if call.other_tasks else coded)
    return wanted


def _status(call: Call) -> ColumnElement[bool]:
    """Written out, not bound: the partial indexes are used only where the database sees their own condition."""
    if call.since is Since.FOLLOW_UP:
        return assignment.c.status == bindparam("blocked", Status.BLOCKED.value, literal_execute=True)
    return assignment.c.status.in_(bindparam("chased", _CHASED, expanding=True, literal_execute=True))
