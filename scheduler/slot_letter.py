"""The one letter of a slot: put together when it is claimed, from the reminders that still hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.calendar import WorkingCalendar
from bot.contacts import Person
from bot.conversation import RequestKind
from bot.messages import Outgoing
from bot.store.book import Book
from bot.store.falling import HEARS, Audience, Reminder
from bot.tasks import Assignment, Status, Step, StepKind, urgency
from scheduler.handed_on import hand_on
from scheduler.letter_parts import LetterToCompose
from scheduler.moments import in_working_hours
from scheduler.slot_words import Heard, Moment, says
from scheduler.timetable import BY_NAME

#: It is not dropped but handed on, where anybody else hears of it.
_NO_SEAT = "no seat"


def compose_slot(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing | None:
    """The words of a slot letter; None where nothing it was planned for holds any more.

    Outside working hours it is None too, and the reminders stay planned: the next slot's sweep gathers them.
    """
    calendar = book.people.calendar()
    person = book.people.person(letter.person_id) if letter.person_id is not None else None
    if person is None or not in_working_hours(now, calendar):
        return None
    planned = book.reminders.of_slot(person.id, date.fromisoformat(letter.recipe["day"]), letter.recipe["slot"])
    held = tuple(_holding(book, planned, person, calendar, now))
    if not held:
        return None
    book.reminders.note_told(reminder.id for reminder, _ in held)
    heard = _heard(book, held)
    numbered = tuple(one.id for one in (*heard.own, *heard.led))
    return Outgoing(
        to=person.id,
        says=says(heard, Moment(now, calendar)),
        once=letter.once,
        kind=letter.kind,
        choices=heard.choices(Moment(now, calendar)),
        numbered=numbered,
        about=numbered[0] if len(numbered) == 1 and not heard.undecided else None,
    )


def _holding(
    book: Book, planned: Sequence[Reminder], person: Person, calendar: WorkingCalendar, now: datetime
) -> Iterator[tuple[Reminder, Assignment]]:
    """What still holds; the rest is handed on, or dropped with its reason."""
    known = {one.id: one for one in book.assignments.many({reminder.assignment_id for reminder in planned})}
    today = calendar.day_of(now)
    reported = {one.id for one in known.values() if Moment(now, calendar).reported(one)}
    settled = reported - book.reminders.given_back(reported) if reported else reported
    dropped: dict[str, list[int]] = {}
    for reminder in planned:
        one = known[reminder.assignment_id]
        why = _why_not(reminder, one, person, today, reported_today=one.id in settled)
        if why is None:
            yield reminder, one
        else:
            dropped.setdefault(why, []).append(reminder.id)
    if _NO_SEAT in dropped and (place := (planned[0].day, planned[0].slot)) in hand_on(book, now):
        book.reminders.reopen(*place)
        book.reminders.plan_slot_letters(*place, now)
    for why, ids in dropped.items():
        book.reminders.drop(ids, why)


def _why_not(  # noqa: PLR0911  (one line a reason)
    reminder: Reminder, one: Assignment, person: Person, today: date, *, reported_today: bool
) -> str | None:
    rule = BY_NAME[reminder.rule]
    state = one.state
    if not state.status.chased:
        return state.status.value
    if reminder.due_version != one.due_version:
        return "new due"
    if not _sits(person, rule.to, one.unit_id):
        return _NO_SEAT
    if rule.needless_after_report and reported_today:
        return "reported today"
    if rule.rests_while_asked and one.extension_asked:
        return "extension asked"
    if rule.name == "undecided" and not one.extension_asked:
        return "decided"
    if rule.name == "follow_up" and not (
        state.status is Status.BLOCKED and state.follow_up and state.follow_up <= today
    ):
        return "looked at"
    return None


def _sits(person: Person, to: Audience, unit_id: int) -> bool:
    seats = [seat for seat in person.seats if seat.role in HEARS[to]]
    return any(to is Audience.OFFICE or seat.unit.id == unit_id for seat in seats)


def _heard(book: Book, held: Sequence[tuple[Reminder, Assignment]]) -> Heard:
    """Sorted by whom the person hears it as; what one must act on oneself is not told twice."""
    by_audience: dict[Audience, dict[int, Assignment]] = {to: {} for to in Audience}
    rules: dict[int, set[str]] = {}
    for reminder, one in held:
        by_audience[BY_NAME[reminder.rule].to][one.id] = one
        rules.setdefault(one.id, set()).add(reminder.rule)
    own = by_audience[Audience.UNIT]
    led = [one for one in by_audience[Audience.LEADER].values() if one.id not in own]
    asked = by_audience[Audience.OFFICE]
    requests = book.talks.open_requests(RequestKind.EXTENSION) if asked else ()
    return Heard(
        own=tuple(sorted(own.values(), key=urgency)),
        led=tuple(sorted(led, key=lambda one: (one.unit_name, *urgency(one)))),
        undecided=tuple((one, asked[one.assignment_id]) for one in requests if one.assignment_id in asked),
        rules={assignment_id: frozenset(names) for assignment_id, names in rules.items()},
        given_back=_given_back(book, [*own.values(), *led]),
    )


def _given_back(book: Book, told: Sequence[Assignment]) -> Mapping[int, Step]:
    """The step by which the office returned the last report of each of these, or opened it again since."""
    under_way = [one.id for one in told if one.state.status is Status.IN_PROGRESS and not one.state.silent]
    found: dict[int, Step] = {}
    for one in book.reminders.given_back(under_way) if under_way else ():
        again = [step for step in book.assignments.steps(one) if step.kind in (StepKind.RETURN, StepKind.REOPEN)]
        found[one] = again[-1]
    return found
