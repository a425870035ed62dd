"""What a person's unit follows up: each task with its figures over all units; to look at, not to report on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.case import Case
from bot.contacts import Action, Unit, may
from bot.effects import Effect, Say
from bot.messages import LetterKind, Outgoing, Value, lines, text
from bot.reports import figures, parts


def show_followed(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """By task, and how to see more. No numbers: what the person was last shown keeps its own."""
    units = tuple(dict.fromkeys(seat.unit for seat in case.person.seats if _looks(case, seat.unit)))
    names = tuple(unit.name for unit in units)
    followed = case.book.following.of(unit.id for unit in units)
    if not followed:
        return [Say(Outgoing(case.person.id, text("followed.none", units=names), once=""))]
    tasks = {one.task.code: one.task for one in followed}
    said: list[Value] = [text("followed.head", n=len(tasks), units=names), parts.moment(case.now)]
    for group in figures.by_task(followed, case.now, ZoneInfo(case.province.zone)):
        task = tasks[group.key]
        said += ["", parts.group_line(group, group.key), text("plain", text=task.title), parts.due(task.due)]
    said += ["", text("followed.how", code=followed[0].task.code, unit=followed[0].unit_name)]
    return [Say(Outgoing(case.person.id, lines(*said), once="", kind=LetterKind.SUMMARY))]


def _looks(case: Case, unit: Unit) -> bool:
    return may(case.person, Action.SEE_PROVINCE) or may(case.person, Action.SEE_FOLLOWED, unit.id)
