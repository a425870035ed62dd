"""Assignments in words: one line each, numbered, with due and state, wherever a list is shown to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.messages import Text, lines, text
from bot.tasks import Assignment, Due, State, Status, reported_late

#: So much of a title stands where its whole length would hide what is said of it.
_SHORT = 64


def short(title: str) -> str:
    """A long title as receipts and questions name it: cut at a word's end. Lists and details have it whole."""
    if len(title) <= _SHORT:
        return title
    whole_words = title[: _SHORT + 1].rpartition(" ")[0].rstrip(" ,;:.")
    return (whole_words or title[:_SHORT]) + "…"


def due_words(due: Due | None, today: date) -> Text:
    """The deadline as a person says it: the day, and how far it is."""
    if due is None:
        return text("due.none")
    left = (due.on - today).days
    when = _when(due, today)
    if left < 0:
        return text("due.late", when=when, n=-left)
    if left == 0:
        return text("due.today", when=when)
    return text("due.left", when=when, n=left)


def _when(due: Due, today: date) -> Text:
    year = "" if due.on.year == today.year else text("due.of_year", year=str(due.on.year))
    return text("due.at" if due.at else "due.on", due=due.on, hour=due.at, year=year)


def time_words(one: Assignment, today: date, zone: ZoneInfo) -> Text:
    """The deadline beside where it stands: what is done is as late as it was when it was done, and not a day more."""
    state = one.state
    if one.due is None or state.status.chased:
        return due_words(one.due, today)
    when = _when(one.due, today)
    done = state.reported_at or state.accepted_at
    if done is None or state.status is Status.RECALLED:
        return text("due.was", when=when)
    if not reported_late(state, zone):
        return text("due.done_in_time", when=when, at=done)
    late = max(1, (done.astimezone(zone).date() - one.due.on).days)
    return text("due.done_late", when=when, at=done, n=late)


def state_words(state: State) -> Text:
    """Where it stands, with what is known of it."""
    details = tuple(
        part
        for part in (
            text("state.percent", percent=state.percent) if state.percent is not None else None,
            text("state.document", document=state.document) if state.document else None,
            text("state.note", note=state.note) if state.note and state.status is Status.BLOCKED else None,
        )
        if part is not None
    )
    begun = state.status is not Status.ASSIGNED or state.silent
    name = text(f"state.{state.status}") if begun else text("state.not_started")
    return text("state.with", state=name, details=details) if details else name


def standing_words(one: Assignment) -> Text:
    """The same of a whole assignment: that it was received is told while nothing was reported."""
    received = one.received_at is not None and one.state.silent and one.state.status is Status.ASSIGNED
    return text("state.received") if received else state_words(one.state)


def line(
    number: int, one: Assignment, today: date, zone: ZoneInfo, *, with_unit: bool, asked: date | None = None
) -> Text:
    """One numbered line; `asked` is the later deadline that waits for the office."""
    mark = text(_mark(one, today))
    unit = text("list.unit", unit=one.unit_name) if with_unit else ""
    due = time_words(one, today, zone)
    standing = standing_words(one)
    state = text("list.asked", state=standing, due=asked) if asked else standing
    return text("list.line", number=number, mark=mark, title=one.task.title, unit=unit, due=due, state=state)


def numbered(
    assignments: Sequence[Assignment],
    today: date,
    zone: ZoneInfo,
    *,
    with_unit: bool = False,
    asked: Mapping[int, date | None] = MappingProxyType({}),
) -> Text:
    """All lines, numbered from 1; the unit is named where there are several, or on wish."""
    several = with_unit or len({one.unit_id for one in assignments}) > 1
    rows = (
        line(number, one, today, zone, with_unit=several, asked=asked.get(one.id))
        for number, one in enumerate(assignments, 1)
    )
    return lines(*rows)


def still_open(
    assignments: Sequence[Assignment], numbering: Sequence[int], today: date, zone: ZoneInfo, *, with_unit: bool
) -> Text:
    """What is left to do, each under the number it bears in a numbering that was shown already."""
    place = {one: number for number, one in enumerate(numbering, 1)}
    several = with_unit or len({one.unit_id for one in assignments}) > 1
    left = sorted(assignments, key=lambda one: place[one.id])
    rows = (line(place[one.id], one, today, zone, with_unit=several) for one in left)
    return lines(text("list.left", n=len(left)), *rows)


def open_list(
    assignments: Sequence[Assignment],
    today: date,
    zone: ZoneInfo,
    *,
    with_unit: bool = False,
    may_report: bool = True,
    asked: Mapping[int, date | None] = MappingProxyType({}),
) -> Text:
    """A person's open list with a word on how to answer; says so where nothing is open.

    `asked`: by assignment, the later deadline asked for on which the office has not decided.
    """
    if not assignments:
        return text("list.nothing")
    head = text("list.head", n=len(assignments))
    hint = ("list.hint" if len(assignments) > 1 else "list.hint_one") if may_report else "list.hint_look"
    return lines(head, numbered(assignments, today, zone, with_unit=with_unit, asked=asked), text(hint))


def _mark(one: Assignment, today: date) -> str:
    if one.state.status is Status.REPORTED:
        return "mark.reported"
    if one.state.status is Status.ACCEPTED:
        return "mark.accepted"
    if one.state.status is Status.RECALLED:
        return "mark.recalled"
    if one.state.status is Status.BLOCKED:
        return "mark.blocked"
    if one.due is None:
        return "mark.no_due"
    return "mark.overdue" if one.due.on < today else "mark.open"
