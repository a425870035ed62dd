"""Rows of tasks, assignments and steps become values, and a state becomes a row again."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, exists, select

from bot.conversation import RequestKind
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
_task_columns = itemgetter(
    "task_due_on", "task_due_time", "follow_up_unit", *(f"task_{name}" for name in _AS_IT_STANDS)
)


def due_from(row: Row) -> Due | None:
    """The deadline of a row."""
    return Due(row["due_on"], row["due_time"]) if row["due_on"] is not None else None


def step_from(row: Row) -> Step:
    """A report or decision of a row."""
    return Step(
        kind=_STEP_KINDS[row["kind"]],
        at=row["at"],
        seat_id=row["seat_id"],
        percent=row["percent"],
        document=row["document"],
        note=row["note"],
        obstacle=row["obstacle"],
        due=due_from(row),
        follow_up=row["follow_up"],
        has_evidence=row["has_evidence"],
        by_tap=row["by_tap"],
        for_unit=row["for_unit"],
        said_id=row["said_id"],
        id=row["id"],
    )


def task_from(row: Row) -> Task:
    """A task out of a row in which its columns bear `task_`."""
    return _task(tuple(row["task_resolutions"]), tuple(row["task_co_units"]), *_task_columns(row))


# Many units are given one task, and each of their rows tells the whole of it.
@lru_cache(maxsize=4096)
def _task(
    resolutions: tuple[str, ...],
    co_units: tuple[str, ...],
    due_on: date | None,
    due_time: time | None,
    follow_up_unit: str | None,
    *as_it_stands: Any,
) -> Task:
    return Task(
        resolutions=resolutions,
        co_units=co_units,
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


def state_from(row: Row) -> State:
    """Where the assignment of a row stands."""
    return State(
        due=due_from(row),
        status=_STATUSES[row["status"]],
        percent=row["percent"],
        document=row["document"],
        note=row["note"],
        obstacle=row["obstacle"],
        follow_up=row["follow_up"],
        last_report_at=row["last_report_at"],
        reported_at=row["reported_at"],
        accepted_at=row["accepted_at"],
        reported_by_tap=row["reported_by_tap"],
        extensions=row["extensions"],
        has_evidence=row["has_evidence"],
    )


def assignment_from(row: Row) -> Assignment:
    """An assignment out of a row of WHOLE."""
    return Assignment(
        id=row["id"],
        task=task_from(row),
        unit_id=row["unit_id"],
        unit_code=row["unit_code"],
        unit_name=row["unit_name"],
        state=state_from(row),
        assigned_at=row["assigned_at"],
        due_version=row["due_version"],
        received_at=row["received_at"],
        extension_asked=row["extension_asked"],
    )


def _whole() -> Select[Any]:
    asked = exists().where(
        request.c.assignment_id == assignment.c.id,
        request.c.kind == RequestKind.EXTENSION,
        request.c.settled_at.is_(None),
    )
    columns = [*assignment.c, *[c.label(f"task_{c.name}") for c in task.c if c.name != "id"]]
    names = [unit.c.code.label("unit_code"), unit.c.name.label("unit_name"), _FOLLOWER.c.name.label("follow_up_unit")]
    return (
        select(*columns, *names, asked.label("extension_asked"))
        .join(task, task.c.id == assignment.c.task_id)
        .join(unit, unit.c.id == assignment.c.unit_id)
        .outerjoin(_FOLLOWER, _FOLLOWER.c.id == task.c.follow_up_unit_id)
        .where(assignment.c.province_id == bindparam("province"))
        .order_by(task.c.code, unit.c.position)
    )


#: Built once: putting so wide a statement together costs more than running it.
WHOLE = _whole()
#: Tasks alone, whether anybody was given them or not.
TASKS = select(*[c.label(f"task_{c.name}") for c in task.c], _FOLLOWER.c.name.label("follow_up_unit")).outerjoin(
    _FOLLOWER, _FOLLOWER.c.id == task.c.follow_up_unit_id
)
