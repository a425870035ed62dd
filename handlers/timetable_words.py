"""The office's days and the reminders' pace in words: as they are shown, asked about, and told when they changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.case import Case
from bot.messages import Text, Value, lines, text
from bot.store.timetable import Changed, TimetableChange
from scheduler.policy import Policy, policies_from
from scheduler.replanning import Moves

#: How a day becomes again what it was: the office's word on it dropped, or said anew as it was.
_WAYS_BACK = {
    ("dropped", False): "undo.drop_day_off",
    ("dropped", True): "undo.drop_day_worked",
    ("kept", False): "undo.day_off",
    ("kept", True): "undo.day_worked",
}
#: More tasks with a policy of their own than this are not told in full beside the common one.
SHOWN = 3


def day_words(case: Case, day: date, works: bool | None, called: str | None = None) -> Text:
    """What holds on this day from now on, and by what name; None: what holds for everybody."""
    if works is not None:
        name = text("days.name", name=called) if called else ""
        return text("days.line_worked" if works else "days.line_off", day=day, name=name)
    calendar = case.book.people.calendar()
    general = type(calendar)(calendar.zone).is_working(day)
    return text("days.line_general_worked" if general else "days.line_general_off", day=day)


def pace_words(settings: Mapping[str, Any], code: str | None) -> Iterator[Value]:
    """How people are reminded by these settings: all, or of the task with this code."""
    policies = policies_from({"policy": settings})
    if code is not None and code not in policies.by_task:
        yield text("pace.as_all", code=code)
        return
    yield text("pace.of_task", code=code) if code else text("pace.of_all")
    yield from _lines(policies.by_task[code] if code else policies.standard)
    if policies.by_task and code is None:
        yield text("pace.own_tasks", codes=tuple(policies.by_task))


def _lines(policy: Policy) -> Iterator[Text]:
    if policy.before:
        yield text("pace.before", days=_listed(policy.before))
    else:
        yield text("pace.not_before")
    yield text("pace.second_call" if policy.second_call else "pace.no_second_call")
    yield text("pace.overdue", days=_listed(policy.overdue), every=str(policy.every))
    higher = {"leader": policy.leader_from, "office": policy.office_from, "chair": policy.chair_from}
    yield text("pace.higher", **{name: str(days) for name, days in higher.items()})


def _listed(days: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(day) for day in days)


def pace_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Value]:
    """What these settings say otherwise than those before: of all, and of tasks with a pace of their own."""
    old, new = (policies_from({"policy": one}) for one in (before, after))
    if old.standard != new.standard:
        yield from pace_words(after, None)
    codes = sorted({*old.by_task, *new.by_task})
    for code in [one for one in codes if old.by_task.get(one) != new.by_task.get(one)][:SHOWN]:
        yield from pace_words(after, code)


def put_back_words(change: TimetableChange) -> Text:
    """What to type so that it is again as it was before this change of the office's days or of the reminders' pace."""
    if change.what is Changed.POLICY:
        return text("undo.pace")
    ways: dict[str, list[date]] = {}
    for day, works in change.after.items():
        was = change.before.get(day)
        way = _WAYS_BACK["dropped" if was is None else "kept", works if was is None else was]
        ways.setdefault(way, []).append(date.fromisoformat(day))
    return lines(text("undo.days"), *(text(way, days=tuple(days)) for way, days in ways.items()))


def moved_words(found: Moves) -> Text:
    """How many reminders a change moves, drops and adds."""
    parts = tuple(
        part
        for part in (
            text("moves.moved", n=found.moved) if found.moved else None,
            text("moves.dropped", n=found.dropped) if found.dropped else None,
            text("moves.added", n=found.added) if found.added else None,
        )
        if part is not None
    )
    return text("moves.told", parts=parts, until=found.until) if parts else text("moves.none")
