"""Any assignments after any steps, for properties that must hold whatever happened."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from bot.tasks import Assignment, Due, StepKind, Task, fold
from tests.reports.an_giang import ALL_FOUR, ASSIGNED_AT, at, step

MOMENTS = st.integers(0, 30 * 24 * 60).map(lambda minutes: at(12, 0) + timedelta(minutes=minutes))
DUES = st.none() | st.builds(
    Due, st.dates(date(2025, 9, 15), date(2025, 10, 1)), st.none() | st.just(time(11)) | st.just(time(17))
)
STEPS = st.lists(
    st.builds(
        step,
        st.sampled_from(StepKind),
        MOMENTS,
        due=DUES,
        by_tap=st.booleans(),
        percent=st.none() | st.integers(0, 100),
    ),
    max_size=6,
)
SIGNS = st.lists(st.sampled_from([*ALL_FOUR, "71-NQ/TW"]), max_size=5).map(tuple)
UNITS = st.sampled_from(["Xã An Phú", "Xã Óc Eo", "Phường Long Xuyên", "Đặc khu Phú Quốc", "Sở Y tế"])


@st.composite
def assignments(draw: st.DrawFn) -> list[Assignment]:
    """Any assignments after any steps, in any order, whether or not the handlers would have let them happen."""
    tasks = [
        Task(number, f"T{number:02}", 1, f"Việc {number}", draw(SIGNS), due=draw(DUES))
        for number in range(draw(st.integers(1, 3)))
    ]
    found = []
    for number in range(draw(st.integers(0, 12))):
        task, unit = draw(st.sampled_from(tasks)), draw(UNITS)
        state = fold(draw(STEPS), task.due)
        found.append(Assignment(number, task, len(unit), f"U{len(unit)}", unit, state, ASSIGNED_AT))
    return found
