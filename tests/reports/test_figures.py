"""Figures add up whatever happened, say what they are a share of, and open to the lists behind them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given as when
from hypothesis import settings
from hypothesis import strategies as st

from bot.reports import figures
from bot.reports.figures import Figures, Share, as_percent
from bot.tasks import Assignment, Cell, Change, Due, State, Status, StepKind, Task
from tests.reports.an_giang import (
    ALL_FOUR,
    T01,
    T02,
    T03,
    T04,
    T18,
    ZONE,
    at,
    given,
    province,
    step,
)
from tests.reports.any_assignments import MOMENTS, assignments


@when(assignments(), MOMENTS)
@settings(max_examples=150, deadline=None)
def test_every_assignment_is_counted_exactly_once(found: list[Assignment], now: datetime) -> None:
    """The cells make the total, the total and the recalled make all, and each subtotal is the sum of its cells."""
    counted = figures.count(found, now, ZONE)
    assert sum(counted.cells.values()) == len(found)
    assert counted.total + counted.recalled == len(found)
    assert counted.accepted + counted.reported + counted.open == counted.total
    assert counted.of(Cell.OPEN_IN_TIME, Cell.OPEN_OVERDUE, Cell.OPEN_NO_DUE) == counted.open
    assert counted.silent_with_due <= counted.silent <= counted.open
    assert counted.blocked + counted.silent <= counted.open


@when(assignments(), MOMENTS)
@settings(max_examples=100, deadline=None)
def test_views_add_up_to_the_total(found: list[Assignment], now: datetime) -> None:
    """By unit, by task and by kind each assignment stands once; by resolution once under each that its task serves."""
    total = figures.count(found, now, ZONE)
    for view in (figures.by_unit, figures.by_task, figures.by_kind):
        groups = view(found, now, ZONE)
        for cell in Cell:
            assert sum(group.figures.of(cell) for group in groups) == total.of(cell)
    by_sign = figures.by_resolution(found, now, ZONE)
    assert sum(sum(group.figures.cells.values()) for group in by_sign) == sum(
        len(set(each.task.resolutions)) or 1 for each in found
    )


@when(assignments(), MOMENTS)
@settings(max_examples=100, deadline=None)
def test_lists_hold_what_the_figures_say(found: list[Assignment], now: datetime) -> None:
    """Each list is as long as its figure, and what is late, due, blocked or silent is open."""
    counted = figures.count(found, now, ZONE)
    late = figures.overdue(found, now, ZONE)
    assert len(late) == counted.overdue
    assert sum(unit.count for unit in figures.overdue_units(late)) == counted.overdue
    assert len(figures.silent(found)) == counted.silent
    assert len(figures.waiting(found)) == counted.reported
    assert len(figures.blocked(found)) == counted.blocked
    assert len(figures.due_within(found, now, ZONE, 400)) == counted.of(Cell.OPEN_IN_TIME)


@when(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percentage_never_says_all_or_none_falsely(part: int, whole: int) -> None:
    """100 % stands only for all and 0 % only for none, however large the numbers; else it is right to a tenth."""
    part = min(part, whole)
    percent = as_percent(part, whole)
    assert percent is not None
    assert (percent == 100) == (part == whole)
    assert (percent == 0) == (part == 0)
    assert abs(percent - 100 * part / whole) <= 0.1


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(108, 163, 66.3), (999, 1000, 99.9), (9999, 10000, 99.9), (1, 10000, 0.1), (1, 8, 12.5), (0, 0, None)],
)
def test_percentages_are_rounded_as_people_do(part: int, whole: int, shown: float | None) -> None:
    """Half a tenth goes up; of nothing there is no percentage."""
    assert as_percent(part, whole) == shown


def test_the_rate_leaves_out_what_was_recalled() -> None:
    """Two tasks accepted out of three that stand is 2/3, though a fourth was recalled."""
    done = (step(StepKind.DONE, at(15)), step(StepKind.ACCEPT, at(16)))
    found = [
        given(1, T02, "Xã An Phú", *done),
        given(2, T02, "Xã Óc Eo", *done),
        given(3, T02, "Sở Y tế"),
        given(4, T02, "Sở Tư pháp", step(StepKind.RECALL, at(15))),
    ]
    counted = figures.count(found, at(17), ZONE)
    assert counted.completion == Share(2, 3)
    assert (counted.total, counted.recalled, counted.units, counted.tasks) == (3, 1, 3, 1)


def test_a_task_counts_under_each_resolution_and_once_in_the_total() -> None:
    """T02 serves four: four lines of one, then NQ 71, then what serves none; the total has three."""
    found = [given(1, T02, "Xã An Phú"), given(2, T03, "Sở Y tế"), given(3, T18, "Sở Nội vụ")]
    groups = figures.by_resolution(found, at(15), ZONE)
    assert [group.key for group in groups] == [*ALL_FOUR, "71-NQ/TW", ""]
    assert [group.figures.total for group in groups] == [1] * 6
    assert figures.count(found, at(15), ZONE).total == 3


def test_units_stand_worst_first() -> None:
    """Overdue before silent before the rest, equals in the Vietnamese alphabet, the finished last."""
    progress = step(StepKind.PROGRESS, at(15))
    done = (step(StepKind.DONE, at(15)), step(StepKind.ACCEPT, at(16)))
    found = [
        given(1, T04, "Xã Ba Chúc", *done),
        given(2, T01, "Xã Đông Hòa"),
        given(3, T04, "Xã Ô Lâm", progress),
        given(4, T04, "Xã Óc Eo", progress),
        given(5, T04, "Xã An Phú"),
        given(6, T01, "Xã Cô Tô", progress),
    ]
    names = [group.name for group in figures.by_unit(found, at(22), ZONE)]
    assert names == ["Xã An Phú", "Xã Óc Eo", "Xã Ô Lâm", "Xã Đông Hòa", "Xã Cô Tô", "Xã Ba Chúc"]


def test_days_late_are_calendar_days() -> None:
    """Due Saturday 20/9: on time until midnight, one day late on Sunday, two on Monday though offices were shut."""
    found = [given(1, T02, "Xã An Phú")]
    assert figures.overdue(found, at(20, 23, 59), ZONE) == ()
    assert [late.days for late in figures.overdue(found, at(21, 0, 0), ZONE)] == [1]
    assert [late.days for late in figures.overdue(found, at(22, 7, 45), ZONE)] == [2]


def test_an_hour_that_passed_is_late_by_no_day() -> None:
    """Due at 11:00: at 11:00 of that day it is overdue, by less than a day."""
    task = Task(9, "T09", 1, "Báo cáo nhanh", (), due=Due(date(2025, 9, 22), time(11)))
    found = [given(1, task, "Xã An Phú")]
    assert figures.overdue(found, at(22, 10, 59), ZONE) == ()
    assert [late.days for late in figures.overdue(found, at(22, 11, 0), ZONE)] == [0]


def test_what_was_reported_in_time_is_not_overdue_later() -> None:
    """Lan reported at 23:58 on the due day: a month later it waits for the office, and is not late."""
    found = [given(1, T02, "Xã An Phú", step(StepKind.DONE, at(20, 23, 58)))]
    counted = figures.count(found, at(20, 23, 59) + timedelta(days=30), ZONE)
    assert counted.of(Cell.REPORTED_IN_TIME) == counted.reported == 1
    assert counted.overdue == 0


def test_lists_are_in_the_order_of_need() -> None:
    """The oldest report waits first; the nearest deadline is silent first, what has none last."""
    found = [
        given(1, T18, "Sở Nội vụ"),
        given(2, T03, "Sở Y tế"),
        given(3, T02, "Xã Óc Eo"),
        given(4, T02, "Xã An Phú"),
        given(5, T02, "Sở Tư pháp", step(StepKind.DONE, at(18))),
        given(6, T02, "Công an tỉnh", step(StepKind.DONE, at(16))),
    ]
    assert [each.id for each in figures.silent(found)] == [4, 3, 2, 1]
    assert [each.id for each in figures.waiting(found)] == [6, 5]


def test_coming_due_is_open_and_not_yet_late() -> None:
    """Within five days of 20/9: what is due that day and on 25/9, not what is reported or overdue."""
    early = Task(8, "T08", 1, "Việc đã trễ", (), due=Due(date(2025, 9, 19)))
    found = [
        given(1, T03, "Sở Y tế"),
        given(2, T02, "Xã An Phú"),
        given(3, T02, "Xã Óc Eo", step(StepKind.DONE, at(19))),
        given(4, early, "Sở Nội vụ"),
    ]
    assert [each.id for each in figures.due_within(found, at(20), ZONE, 5)] == [2, 1]
    assert [each.id for each in figures.due_within(found, at(20), ZONE, 4)] == [2]


def test_moves_count_assignments_not_messages() -> None:
    """Minh reported the same task's progress twice today: one assignment moved."""
    twice = [
        Change(1, State(None), State(None), step(StepKind.PROGRESS, at(15, hour)), at(15, hour)) for hour in (9, 14)
    ]
    other = Change(2, State(None), State(None), step(StepKind.DONE, at(15)), at(15))
    assert figures.moved([*twice, other]) == {StepKind.PROGRESS: 1, StepKind.DONE: 1}


def test_the_sample_province_has_every_cell_that_a_deadline_allows() -> None:
    """The province that other tests look at is no empty one: everybody is in it, in many states."""
    found = province()
    counted = figures.count(found, at(22, 7, 45), ZONE)
    assert (counted.total, counted.recalled, counted.units) == (177, 1, 119)
    assert {each.state.status for each in found} == set(Status)
    assert sum(amount > 0 for amount in counted.cells.values()) == 9
    assert isinstance(counted, Figures)
