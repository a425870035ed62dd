"""Rows of tasks, assignments and steps become values, and a state becomes a row again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, time
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, exists, select, type_coerce

from bot.conversation import RequestKind
from bot.store.columns import unpacked
from bot.store.kept import Row
from bot.store.tables import assignment, request, task, unit
from bot.tasks import Assignment, Due, State, Status, Step, StepKind, Task

_FOLLOWER = unit.alias("follower")
#: By what a row says.
_STATUSES = {one.value: one for one in Status}
_STEP_KINDS = {one.value: one for one in StepKind}
#: What of a task stands in its columns as it is.
_AS_IT_STANDS = tuple(
    field.name for field in fields(Task) if field.name not in ("resolutions", "due", "co_units", "follow_up_unit")
)
#: A step's columns in the order in which `step_of` takes them: its deadline's two after its obstacle.
OF_STEP = (
    *("kind", "at", "seat_id", "percent", "document", "note", "obstacle", "due_on", "due_time"),
    *("follow_up", "has_evidence", "by_tap", "for_unit", "said_id", "id"),
)
_step_columns = itemgetter(*OF_STEP)


def step_of(line: Sequence[Any]) -> Step:
    """A report or decision of a row's values, those of OF_STEP."""
    kind, at, seat_id, percent, document, note, obstacle, due_on, due_time, *rest = line
    due = Due(due_on, due_time) if due_on is not None else None
    return Step(_STEP_KINDS[kind], at, seat_id, percent, document, note, obstacle, due, *rest)


def step_from(row: Row) -> Step:
    """A report or decision of a row."""
    return step_of(_step_columns(row))


# Many units are given one task, and each of their rows tells the whole of it.
@lru_cache(maxsize=4096)
def task_of(
    resolutions: str,
    co_units: str,
    due_on: date | None,
    due_time: time | None,
    follow_up_unit: str | None,
    *as_it_stands: Any,
) -> Task:
    """A task out of a row's values, those of TASKS: its lists as they are written down."""
    return Task(
        resolutions=tuple(unpacked(resolutions)),
        co_units=tuple(unpacked(co_units)),
        due=Due(due_on, due_time) if due_on else None,
        follow_up_unit=follow_up_unit,
        **dict(zip(_AS_IT_STANDS, as_it_stands, strict=True)),
    )


def columns_of(state: State) -> dict[str, Any]:
    """What a row keeps of a state."""
    return {
        "status": state.status,
        "percent": state.percent,
        "document": state.document,
        "note": state.note,
        "obstacle": state.obstacle,
        "follow_up": state.follow_up,
        "due_on": state.due.on if state.due else None,
        "due_time": state.due.at if state.due else None,
        "last_report_at": state.last_report_at,
        "reported_at": state.reported_at,
        "accepted_at": state.accepted_at,
        "reported_by_tap": state.reported_by_tap,
        "extensions": state.extensions,
        "has_evidence": state.has_evidence,
    }


OF_STATE = tuple(columns_of(State(due=None)))


def state_of(line: Sequence[Any]) -> State:
    """Where an assignment stands, by a row's values, those of OF_STATE."""
    status, percent, document, note, obstacle, follow_up, due_on, due_time, *rest = line
    due = Due(due_on, due_time) if due_on is not None else None
    return State(due, _STATUSES[status], percent, document, note, obstacle, follow_up, *rest)


def assignment_of(line: Sequence[Any]) -> Assignment:
    """An assignment out of the values of a row of WHOLE."""
    number, unit_id, unit_code, unit_name, *rest = line[_STATED:]
    return Assignment(
        number, task_of(*line[:_TOLD]), unit_id, unit_code, unit_name, state_of(line[_TOLD:_STATED]), *rest
    )


def _of_task() -> list[ColumnElement[Any]]:
    """The columns that become a task. Its lists stay as they are written: of most rows they are known."""
    lists = [type_coerce(task.c[name], String).label(f"task_{name}") for name in ("resolutions", "co_units")]
    due = [task.c[name].label(f"task_{name}") for name in ("due_on", "due_time")]
    same = [task.c[name].label(f"task_{name}") for name in _AS_IT_STANDS]
    return [*lists, *due, _FOLLOWER.c.name.label("follow_up_unit"), *same]


def _whole() -> Select[Any]:
    asked = exists().where(
        request.c.assignment_id == assignment.c.id,
        request.c.kind == RequestKind.EXTENSION,
        request.c.settled_at.is_(None),
    )
    unit_columns = [assignment.c.unit_id, unit.c.code.label("unit_code"), unit.c.name.label("unit_name")]
    rest = [assignment.c[name] for name in ("assigned_at", "due_version", "received_at")]
    state = [assignment.c[name] for name in OF_STATE]
    return (
        select(*_OF_TASK, *state, assignment.c.id, *unit_columns, *rest, asked.label("extension_asked"))
        .join(task, task.c.id == assignment.c.task_id)
        .join(unit, unit.c.id == assignment.c.unit_id)
        .outerjoin(_FOLLOWER, _FOLLOWER.c.id == task.c.follow_up_unit_id)
        .where(assignment.c.province_id == bindparam("province"))
        .order_by(task.c.code, unit.c.position)
    )


_OF_TASK = _of_task()
#: Where in a row of WHOLE the values of its task end, and those of its state.
_TOLD = len(_OF_TASK)
_STATED = _TOLD + len(OF_STATE)
#: Built once: putting so wide a statement together costs more than running it.
WHOLE = _whole()
#: Tasks alone, whether anybody was given them or not.
TASKS = select(*_OF_TASK).outerjoin(_FOLLOWER, _FOLLOWER.c.id == task.c.follow_up_unit_id)
