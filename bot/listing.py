"""Assignments in words: one line each, numbered, with due and state, wherever a list is shown to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from bot.messages import Text, lines, text
from bot.tasks import Assignment, Due, State, Status

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
    year = "" if due.on.year == today.year else text("due.of_year", year=str(due.on.year))
    key = "due.at" if due.at else "due.on"
    when = text(key, due=due.on, hour=due.at, year=year)
    if left < 0:
        return text("due.late", when=when, n=-left)
    if left == 0:
        return text("due.today", when=when)
    return text("due.left", when=when, n=left)


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


def line(number: int, one: Assignment, today: date, *, with_unit: bool, asked: date | None = None) -> Text:
    """One numbered line; `asked` is the later deadline that waits for the office."""
    mark = text(_mark(one, today))
    unit = text("list.unit", unit=one.unit_name) if with_unit else ""
    due = due_words(one.due, today)
    standing = standing_words(one)
    state = text("list.asked", state=standing, due=asked) if asked else standing
    return text("list.line", number=number, mark=mark, title=one.task.title, unit=unit, due=due, state=state)


def numbered(
    assignments: Sequence[Assignment],
    today: date,
    *,
    with_unit: bool = False,
    asked: Mapping[int, date | None] = MappingProxyType({}),
) -> Text:
    """All lines, numbered from 1; the unit is named where there are several, or on wish."""
    several = with_unit or len({one.unit_id for one in assignments}) > 1
    rows = (
        line(number, one, today, with_unit=several, asked=asked.get(one.id))
        for number, one in enumerate(assignments, 1)
    )
    return lines(*rows)


def still_open(assignments: Sequence[Assignment], numbering: Sequence[int], today: date, *, with_unit: bool) -> Text:
    """What is left to do, each under the number it bears in a numbering that was shown already."""
    place = {one: number for number, one in enumerate(numbering, 1)}
    several = with_unit or len({one.unit_id for one in assignments}) > 1
    left = sorted(assignments, key=lambda one: place[one.id])
    rows = (line(place[one.id], one, today, with_unit=several) for one in left)
    return lines(text("list.left", n=len(left)), *rows)


def open_list(
    assignments: Sequence[Assignment],
    today: date,
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
    return lines(head, numbered(assignments, today, with_unit=with_unit, asked=asked), text(hint))


def _mark(one: Assignment, today: date) -> str:
    if one.state.status is Status.REPORTED:
        return "mark.reported"
    if one.state.status is Status.BLOCKED:
        return "mark.blocked"
    if one.due is None:
        return "mark.no_due"
    return "mark.overdue" if one.due.on < today else "mark.open"
