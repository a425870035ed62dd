"""The sweep: what has fallen due since the last one is planned, once, however often and wherever it runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calendar import MORNING, SECOND_CALL, WorkingCalendar
from bot.contacts import Person, Role
from bot.store.book import Book
from bot.store.falling import Preview
from scheduler.digests import plan_digest, plan_report
from scheduler.handed_on import hand_on, hand_on_letters
from scheduler.moments import Moment, Occasion, coming, in_working_hours, moments_of, passed
from scheduler.policy import Policies, policies_from
from scheduler.timetable import Slot, calls

NAME = "reminders"


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep wrote down; all zero where nothing fell due."""

    slots: int = 0
    reminders: int = 0
    letters: int = 0
    digests: int = 0

    @property
    def idle(self) -> bool:
        """Nothing was to be done."""
        return self == SweepResult()


def sweep(book: Book, now: datetime) -> SweepResult:
    """Plan what fell due since the last sweep; outside working hours it waits for the next slot.

    The first sweep of a book begins its time and plans nothing.
    """
    reached = book.reminders.reached(NAME)
    if reached is None:
        book.reminders.begin(NAME, now)
        return SweepResult()
    calendar = book.people.calendar()
    if not in_working_hours(now, calendar):
        return SweepResult()
    if not passed(reached, now, calendar):
        return SweepResult(letters=_stand_in(book, calendar, now))
    reached = book.reminders.hold(NAME) or now
    # The office may have changed its days while we waited for our turn.
    book.people.look_again()
    calendar = book.people.calendar()
    missed = passed(reached, now, calendar) if in_working_hours(now, calendar) else ()
    if not missed:
        return SweepResult()
    result = _plan(book, missed, calendar, now)
    book.reminders.note_reached(NAME, now)
    return result


def _stand_in(book: Book, calendar: WorkingCalendar, now: datetime) -> int:
    """Between slots: who stands in hears today's reminders of people who were lost meanwhile; how many letters."""
    today = calendar.day_of(now)
    begins = calendar.at(today, time())
    if not book.reminders.any_lost(begins):
        return 0
    book.reminders.hold(NAME)
    present = Slot(today, SECOND_CALL if now >= calendar.at(today, SECOND_CALL) else MORNING)
    return book.reminders.tell_stand_ins(today, present.name, begins, now)


def catch_up(book: Book, people: Collection[int], since: datetime, now: datetime) -> int:
    """What fell due `since` for people whom nothing reached then, though nobody had left; how many letters.

    It belongs to the last slot that was swept; where none may be told now, the next one gathers it.
    """
    reached = book.reminders.hold(NAME)
    calendar = book.people.calendar()
    missed = passed(since, reached, calendar) if reached is not None else ()
    slots = [one.slot for one in missed if one.what is Occasion.SLOT]
    if not slots:
        return 0
    present = max(slots)
    for call in calls(slots, calendar, _policies(book)):
        book.reminders.plan(call, present.day, present.name, calendar, now, only=people)
    if present.day != calendar.day_of(now) or not in_working_hours(now, calendar):
        return 0
    book.reminders.reopen(present.day, present.name)
    return book.reminders.plan_slot_letters(present.day, present.name, now)


def behind(book: Book, now: datetime) -> bool:
    """Whether a slot has come whose reminders no sweep has planned yet; letters of earlier slots are stale by then."""
    calendar = book.people.calendar()
    reached = book.reminders.reached(NAME)
    if reached is None or not in_working_hours(now, calendar):
        return False
    return any(one.what is Occasion.SLOT for one in passed(reached, now, calendar))


def _plan(book: Book, missed: Sequence[Moment], calendar: WorkingCalendar, now: datetime) -> SweepResult:
    slots = [one.slot for one in missed if one.what is Occasion.SLOT]
    rows = letters = 0
    if slots:
        present = max(slots)
        hand_on(book, now)
        hand_on_letters(book, now)
        book.reminders.gather(present.day, present.name, now)
        for call in calls(slots, calendar, _policies(book)):
            rows += book.reminders.plan(call, present.day, present.name, calendar, now)
        letters = book.reminders.plan_slot_letters(present.day, present.name, now)
    return SweepResult(len(slots), rows, letters, _plan_digests(book, missed, calendar, now))


def _plan_digests(book: Book, missed: Sequence[Moment], calendar: WorkingCalendar, now: datetime) -> int:
    """Today's digest, and the latest report of each kind: an old digest tells nobody anything."""
    today = calendar.day_of(now)
    count = sum(plan_digest(book, one.day, now) for one in missed if one.what is Occasion.DIGEST and one.day == today)
    latest = {one.what: one for one in missed if one.what in (Occasion.WEEK, Occasion.MONTH)}
    return count + sum(plan_report(book, one, calendar, now) for one in latest.values())


def _policies(book: Book) -> Policies:
    return policies_from(book.people.province().settings)


def next_event(book: Book, now: datetime) -> datetime:
    """The next moment at which a sweep would have something to do; `now` where one has already."""
    calendar = book.people.calendar()
    reached = book.reminders.reached(NAME)
    if reached is not None and in_working_hours(now, calendar) and passed(reached, now, calendar):
        return now
    return next((one.at for one in coming(now, calendar)), now + timedelta(days=1))


def next_reminder(book: Book, now: datetime, days: int = 60) -> datetime | None:
    """The next slot in which somebody would get a reminder as the book stands now; None within so many days."""
    if not (book.people.in_roles(Role.CONTACT, Role.DEPUTY, Role.LEADER) or book.talks.open_requests()):
        return None
    calendar = book.people.calendar()
    policies = _policies(book)
    # Most slots concern no date in the book: those are passed over without asking it.
    counted = book.reminders.dates_counted_from(calendar)
    asked = {(one.day, one.slot) for one in book.asked.waiting(calendar.day_of(now))}
    end = calendar.day_of(now) + timedelta(days=days)
    for one in coming(now, calendar):
        if one.day > end:
            return None
        if one.what is not Occasion.SLOT:
            continue
        if (one.day, one.slot.name) in asked:
            return one.at
        falling = (
            call for call in calls((one.slot,), calendar, policies) if counted & {each.on for each in call.falling}
        )
        if any(book.reminders.preview(call, calendar) for call in falling):
            return one.at
    return None


def due_preview(book: Book, day: date) -> tuple[tuple[Slot, Preview], ...]:
    """Who would get what and why in the slots of a day, as the book stands now; nothing is kept."""
    calendar = book.people.calendar()
    if not calendar.is_working(day):
        return ()
    slots = {slot.name: slot for slot in (Slot(day, MORNING), Slot(day, SECOND_CALL))}
    falling = [(slot, line) for slot in slots.values() for line in _previewed(book, slot, calendar)]
    asked = [(slots[name], line) for name, line in book.asked.preview(day, list(slots))]
    return tuple(sorted((*falling, *asked), key=lambda one: one[0]))


def due_reports(book: Book, day: date) -> tuple[tuple[Moment, Person], ...]:
    """Who would get the day's digest, and a weekly or monthly report that falls on it."""
    readers = {Occasion.DIGEST: Role.OFFICE, Occasion.WEEK: Role.CHAIR, Occasion.MONTH: Role.CHAIR}
    falling = (one for one in moments_of(day, book.people.calendar()) if one.what in readers)
    return tuple((one, person) for one in falling for person in book.people.in_roles(readers[one.what]))


def _previewed(book: Book, slot: Slot, calendar: WorkingCalendar) -> Iterator[Preview]:
    for call in calls((slot,), calendar, _policies(book)):
        yield from book.reminders.preview(call, calendar)
