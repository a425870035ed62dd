"""New tasks: everything confirmed together is one letter a person, sent in working hours, with its six clear points."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.calendar import WorkingCalendar
from bot.contacts import Person, Role
from bot.messages import Choice, LetterKind, Outgoing, Text, Value, lines, text
from bot.store.book import Book
from bot.store.falling import HEARS, Audience, Given
from bot.tasks import Assignment, Directive, urgency
from scheduler.letter_parts import LetterToCompose, due_words, put_off

#: More units than this are counted, not named.
_NAMED = 3
#: Later than this the reminders have told a successor what there is to do.
_WAITS_FOR = timedelta(days=30)


def plan_assignment_letters(book: Book, task_ids: Sequence[int], now: datetime) -> int:
    """One letter for each person whose unit was given (or is to help with) one of these tasks; how many were new.

    Called once the tasks are confirmed, in the same transaction; they are sent from the next working moment on.
    """
    tasks = book.reminders.given(task_ids)
    return _plan(book, tasks, _meant(book, tasks), now) if tasks else 0


def plan_for_new_contacts(book: Book, now: datetime) -> None:
    """What had not left when its reader's seat in a unit ended is for who hears for that unit now."""
    waited = [
        one
        for one in book.inherited.unread(LetterKind.ASSIGNMENT, HEARS[Audience.UNIT], now - _WAITS_FOR)
        if one.recipe["name"] == "assigned"
    ]
    # Who keeps another unit still hears for that one: the letter stays, without the words that it had.
    book.inherited.unsay([one.id for one in waited])
    waiting = set()
    for one in waited:
        tasks = book.reminders.given(one.recipe["tasks"])
        meant = _meant(book, tasks) & {one.unit_id}
        if meant and not _plan(book, tasks, meant, now):
            waiting.add(one.id)
    book.inherited.note_handed_on({one.id for one in waited} - waiting)


def _meant(book: Book, tasks: Sequence[Given]) -> set[int]:
    """The units that were given these tasks or are to help with them."""
    codes = {unit.code: unit.id for unit in book.people.units()}
    meant = {unit_id for one in tasks for unit_id in one.unit_ids}
    return meant | {codes[code] for one in tasks for code in one.co_units if code in codes}


def _plan(book: Book, tasks: Sequence[Given], meant: Collection[int], now: datetime) -> int:
    first = min(tasks, key=lambda one: one.id)
    recipe = {"name": "assigned", "tasks": sorted(one.id for one in tasks)}
    key = f"assigned:{first.directive_id}:{first.id}:"
    at = book.people.calendar().next_working_moment(now)
    return book.reminders.plan_unit_letters(key, LetterKind.ASSIGNMENT, sorted(meant), recipe, now, at)


def compose_assigned(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing | None:
    """What was given together, as far as it still stands and is this person's; None where nothing is left of it."""
    calendar = book.people.calendar()
    person = book.people.person(letter.person_id) if letter.person_id is not None else None
    if person is None or put_off(book, letter, calendar, now):
        return None
    given = book.reminders.given(letter.recipe["tasks"])
    own, helping = _own(book, person, given), _helping(person, given)
    if not own and not helping:
        return None
    directives = {one.id: one for one in book.assignments.directives()}
    people = {one.unit_id: _contacts(book, one.unit_id) for one in own}
    numbered = tuple(one.id for one in own)
    return Outgoing(
        to=person.id,
        says=lines(*_own_words(own, directives, people, calendar, now), *_helping_words(helping, calendar, now)),
        once=letter.once,
        kind=letter.kind,
        choices=(Choice(text("remind.choice.received"), "đã nhận"),) if own else (),
        numbered=numbered,
        about=numbered[0] if len(numbered) == 1 else None,
    )


def _unit_seats(person: Person) -> dict[int, str]:
    """The units this person hears for: id -> code."""
    seats = (seat for seat in person.seats if seat.role in (Role.CONTACT, Role.DEPUTY))
    return {seat.unit.id: seat.unit.code for seat in seats}


def _own(book: Book, person: Person, given: Sequence[Given]) -> tuple[Assignment, ...]:
    tasks = {one.id for one in given}
    found = (one for one in book.assignments.open_of(_unit_seats(person)) if one.task.id in tasks)
    return tuple(sorted(found, key=urgency))


def _helping(person: Person, given: Sequence[Given]) -> tuple[Given, ...]:
    units = _unit_seats(person)
    return tuple(one for one in given if set(units.values()) & set(one.co_units) and not set(units) & set(one.unit_ids))


def _contacts(book: Book, unit_id: int) -> tuple[str, ...]:
    return tuple(person.name for person in book.people.in_roles(Role.CONTACT, unit_id=unit_id))


def _own_words(
    own: Sequence[Assignment],
    directives: Mapping[int, Directive],
    people: Mapping[int, tuple[str, ...]],
    calendar: WorkingCalendar,
    now: datetime,
) -> Iterator[Value]:
    if not own:
        return
    sources = tuple(dict.fromkeys(_source(directives[one.task.directive_id]) for one in own))
    yield text("assigned.head", n=len(own), sources=sources)
    several_units = len({one.unit_id for one in own}) > 1
    for number, one in enumerate(own, 1):
        unit = text("remind.unit", unit=one.unit_name) if several_units else ""
        yield text("remind.line", number=number, title=one.task.title, unit=unit)
        yield from _points(one, people[one.unit_id], calendar, now)
    yield text("assigned.ask")


def _source(directive: Directive) -> str:
    return directive.number or directive.title


def _points(one: Assignment, people: tuple[str, ...], calendar: WorkingCalendar, now: datetime) -> Iterator[Value]:
    """The clear points beside the work itself; what the notice left open is said to be open."""
    task, unsaid = one.task, text("assigned.unsaid")
    time = due_words(one.due, now, calendar) if one.due else text("assigned.no_time")
    yield text("remind.detail", what=text("assigned.time", due=time, product=task.product or unsaid))
    responsible = {"responsibility": task.responsibility or unsaid, "authority": task.authority or unsaid}
    yield text("remind.detail", what=text("assigned.people", people=people or unsaid, **responsible))
    if task.co_units:
        yield text("remind.detail", what=text("assigned.co_units", units=task.co_units))


def _helping_words(helping: Sequence[Given], calendar: WorkingCalendar, now: datetime) -> Iterator[Value]:
    if not helping:
        return
    yield text("assigned.helping", n=len(helping))
    for one in helping:
        named = one.unit_names[:_NAMED]
        more = len(one.unit_names) - len(named)
        leads: Text | tuple[str, ...] = text("assigned.units", n=len(one.unit_names)) if more else named
        due = due_words(one.due, now, calendar) if one.due else text("assigned.no_time")
        yield text("assigned.helping_line", title=one.title, leads=leads, due=due)
