"""What a composer is given, and the words about one assignment that several letters share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from bot.calendar import WorkingCalendar
from bot.contacts import Role
from bot.listing import state_words
from bot.messages import LetterKind, Text, text
from bot.store.book import Book
from bot.tasks import Assignment, Due, Status, Step
from scheduler.moments import in_working_hours


class LetterToCompose(Protocol):
    """A letter that has been claimed and has no text yet."""

    @property
    def once(self) -> str: ...
    @property
    def kind(self) -> LetterKind: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def recipe(self) -> Mapping[str, Any]: ...


def due_words(due: Due | None, now: datetime, calendar: WorkingCalendar) -> Text:
    """The deadline and how far it is: working days before it, days of the calendar after it."""
    if due is None:
        return text("remind.due.none")
    today = calendar.day_of(now)
    when = text("remind.due.hour", on=due.on, at=due.at) if due.at else text("remind.due.day", on=due.on)
    if now >= due.ends(calendar.zone):
        days = (today - due.on).days
        return text("remind.due.late", when=when, n=days) if days else text("remind.due.hour_passed", when=when)
    if today == due.on:
        return text("remind.due.today", when=when)
    left = calendar.working_days_between(today, due.on)
    if left == 0:
        return text("remind.due.last_working_day", when=when)
    # Counted as the milestones are: from today up to the deadline's day.
    return text("remind.due.left", when=when, n=calendar.working_days_between(_eve(today), _eve(due.on)))


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def last_report(one: Assignment, calendar: WorkingCalendar, given_back: Step | None = None) -> Text:
    """What the unit said last, and when; or that the office gave it back since, for the unit said nothing of that."""
    state = one.state
    if given_back is not None and state.last_report_at is not None:
        why = text("remind.given_back.why", note=given_back.note) if given_back.note else ""
        said, back = (calendar.day_of(moment) for moment in (state.last_report_at, given_back.at))
        return text(f"remind.given_back.{given_back.kind}", on=said, back=back, why=why)
    if state.last_report_at is None:
        if state.status is not Status.ASSIGNED:
            return text("remind.stands", state=state_words(state))
        return text("remind.silent_received" if one.received_at else "remind.silent")
    stands = text("remind.not_started") if state.status is Status.ASSIGNED else state_words(state)
    return text("remind.reported", on=calendar.day_of(state.last_report_at), state=stands)


def sits_as(book: Book, person_id: int, role: Role) -> bool:
    """Whether this person holds such a seat now."""
    person = book.people.person(person_id)
    return person is not None and any(seat.role is role for seat in person.seats)


def put_off(book: Book, letter: LetterToCompose, calendar: WorkingCalendar, now: datetime) -> bool:
    """Outside working hours: plan the letter anew for the next ones, under a key of its own, and say so."""
    if in_working_hours(now, calendar):
        return False
    later = calendar.next_working_moment(now)
    book.letters.plan(
        f"{letter.once}+", letter.kind, now, person_id=letter.person_id, recipe=letter.recipe, not_before=later
    )
    return True
