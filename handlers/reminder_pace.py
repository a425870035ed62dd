"""How often people are reminded, for all tasks or for one: shown, changed by a plain phrase, put back by another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.case import Case
from bot.effects import Effect
from bot.messages import Text, Value, lines, text
from bot.store.timetable import Changed
from handlers.change_timetable import follows, propose
from handlers.meant_assignments import assignments_of
from handlers.office_decision import answered
from handlers.timetable_words import SHOWN, pace_words
from scheduler.policy import policies_from

_Policy = dict[str, Any]


def show(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """As it holds, for all or for one task."""
    code, unknown = _task(case, slots)
    if unknown is not None:
        return [answered(case, unknown)]
    settings = _settings(case)
    common = code is not None and code not in policies_from({"policy": settings}).by_task
    more = pace_words(settings, None) if common else ()
    return [answered(case, lines(*pace_words(settings, code), *more, _last(case), text("pace.how")))]


def before(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """So many working days before a deadline."""
    return _change(case, slots, before=sorted(_numbers(slots), reverse=True))


def not_before(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Not before the day of the deadline."""
    return _change(case, slots, before=[])


def second_call(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Twice on the day of the deadline."""
    return _change(case, slots, second_call=True)


def no_second_call(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Once on the day of the deadline."""
    return _change(case, slots, second_call=False)


def overdue(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """So many working days after a deadline, and then at a steady pace."""
    steady = {"every": int(slots["number"])} if "number" in slots else {}
    return _change(case, slots, overdue=sorted(_numbers(slots)), **steady)


def leader_from(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """From so many working days on the unit's leader hears of it."""
    return _change(case, slots, leader_from=int(slots["number"]))


def office_from(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """From so many working days on the office's digest names it."""
    return _change(case, slots, office_from=int(slots["number"]))


def chair_from(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """From so many working days on the chair's reports name it."""
    return _change(case, slots, chair_from=int(slots["number"]))


def standard(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """One task as all the others; or all as the house has it from the beginning, tasks with their own left alone."""
    code, unknown = _task(case, slots)
    if unknown is not None:
        return [answered(case, unknown)]
    settings = _settings(case)
    tasks = {known: own for known, own in settings.get("tasks", {}).items() if known != code}
    kept = {name: value for name, value in settings.items() if name != "tasks"} if code else {}
    return _propose(case, {**kept, **({"tasks": tasks} if tasks else {})}, code)


def put_back(case: Case, _slots: Mapping[str, str]) -> Sequence[Effect]:
    """As it was before the last change."""
    last = case.book.timetable.last_change(Changed.POLICY)
    if last is None:
        return [answered(case, text("pace.never_changed"))]
    return _propose(case, dict(last.before), None)


def _settings(case: Case) -> _Policy:
    return dict(case.book.people.province().settings.get("policy") or {})


def _task(case: Case, slots: Mapping[str, str]) -> tuple[str | None, Text | None]:
    """The code of the task that is meant, None for all; and what to say where there is none of that code."""
    if "task" not in slots:
        return None, None
    found = assignments_of(case, slots["task"])
    if not found:
        return None, text("meant.no_task", code=slots["task"].upper())
    return found[0].task.code, None


def _numbers(slots: Mapping[str, str]) -> set[int]:
    return {int(number) for number in re.findall(r"\d+", slots["numbers"])}


def _change(case: Case, slots: Mapping[str, str], **values: Any) -> Sequence[Effect]:
    code, unknown = _task(case, slots)
    if unknown is not None:
        return [answered(case, unknown)]
    settings = _settings(case)
    if code is None:
        settings.update(values)
    else:
        tasks = dict(settings.get("tasks", {}))
        tasks[code] = {**tasks.get(code, {}), **values}
        settings["tasks"] = tasks
    if not follows(case, settings):
        return [answered(case, text("pace.impossible"))]
    return _propose(case, settings, code)


def _propose(case: Case, settings: _Policy, code: str | None) -> Sequence[Effect]:
    before, after = (policies_from({"policy": one}) for one in (_settings(case), settings))
    if before == after:
        return [answered(case, lines(text("pace.same"), *pace_words(settings, code)))]
    # Where all tasks are spoken of, those with a policy of their own that changes are shown too.
    codes = sorted({*before.by_task, *after.by_task}) if code is None else []
    also = [one for one in codes if before.by_task.get(one) != after.by_task.get(one)][:SHOWN]
    shown: list[Value] = [*pace_words(settings, code), *(part for one in also for part in pace_words(settings, one))]
    return propose(case, {"policy": settings}, lines(*shown), always=True)


def _last(case: Case) -> Text | None:
    last = case.book.timetable.last_change(Changed.POLICY)
    if last is None:
        return None
    by = text("days.by", name=last.by) if last.by else ""
    return text("days.last", number=str(last.number), by=by, at=last.at)
