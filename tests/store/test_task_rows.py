"""Rows become values: what is read back is what was kept, field by field."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.store.task_rows import TASKS, columns_of, state_of, step_from, task_of
from bot.tasks import State, Status, Step, Task
from tests.any_steps import dues, few, states, steps

words = st.text(max_size=8)
maybe_words = st.none() | words
signs = st.lists(words, max_size=2).map(tuple)
tasks = st.builds(
    Task,
    id=st.integers(1, 9),
    code=words,
    directive_id=st.integers(1, 9),
    title=words,
    resolutions=signs,
    due=dues,
    due_phrase=maybe_words,
    responsibility=maybe_words,
    product=maybe_words,
    authority=maybe_words,
    co_units=signs,
    recurs=maybe_words,
    remark=maybe_words,
    draft=st.booleans(),
    follow_up_unit_id=st.none() | st.integers(1, 9),
    follow_up_unit=maybe_words,
)


def line_of(task: Task) -> list[Any]:
    """A task as the book reads it beside an assignment."""
    row = {f"task_{name}": value for name, value in asdict(task).items()}
    row["task_due_on"] = task.due.on if task.due else None
    row["task_due_time"] = task.due.at if task.due else None
    row["task_resolutions"], row["task_co_units"] = json.dumps(task.resolutions), json.dumps(task.co_units)
    row["follow_up_unit"] = row.pop("task_follow_up_unit")
    return [row[column.key] for column in TASKS.selected_columns]


@few
@given(tasks, words)
def test_a_task_is_what_its_row_says(task: Task, remark: str) -> None:
    """Every field comes back, also right after another task that differs from it in one word alone."""
    other = replace(task, remark=remark)

    assert task_of(*line_of(task)) == task
    assert task_of(*line_of(other)) == other


@few
@given(states)
def test_a_state_is_what_its_row_says(state: State) -> None:
    """Where an assignment stands is the same after it was written down."""
    line = list({**columns_of(state), "status": state.status.value}.values())

    assert state_of(line) == state
    assert isinstance(state_of(line).status, Status)


@few
@given(steps)
def test_a_step_is_what_its_row_says(step: Step) -> None:
    """A report or decision is the same after it was written down."""
    due = {"due_on": step.due.on if step.due else None, "due_time": step.due.at if step.due else None}

    assert step_from({**asdict(step), "kind": step.kind.value, **due}) == step
