"""Steps, states and histories for properties of the task model."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st

from bot.tasks import (
    Assignment,
    Due,
    State,
    Status,
    Step,
    StepKind,
    Task,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DUE = Due(date(2025, 9, 20))
FRIDAY = datetime(2025, 9, 12, 7, 30, tzinfo=ZONE)
SIGN = timedelta(microseconds=1)

kinds = st.sampled_from(StepKind)
moments = st.timedeltas(timedelta(), timedelta(days=44)).map(lambda passed: datetime(2025, 9, 1, tzinfo=UTC) + passed)
dues = st.none() | st.builds(
    Due, st.dates(date(2025, 9, 1), date(2025, 10, 15)), st.none() | st.times().map(lambda t: t.replace(tzinfo=None))
)
steps = st.builds(
    Step,
    kind=kinds,
    at=moments,
    seat_id=st.integers(1, 5),
    percent=st.none() | st.integers(0, 100),
    document=st.none() | st.sampled_from(["KH 45/KH-UBND", "QĐ 12/QĐ-UBND"]),
    note=st.none() | st.sampled_from(["chờ kinh phí", "sai mẫu"]),
    obstacle=st.none() | st.sampled_from(["funding", "staff"]),
    due=dues,
    follow_up=st.none() | st.dates(date(2025, 9, 1), date(2025, 10, 15)),
    has_evidence=st.booleans(),
    by_tap=st.booleans(),
)
histories = st.lists(steps, max_size=6)
states = st.builds(
    State,
    due=dues,
    status=st.sampled_from(Status),
    reported_at=st.none() | moments,
    accepted_at=st.none() | moments,
    reported_by_tap=st.booleans(),
)
few = settings(max_examples=40, deadline=None)


def step(kind: StepKind, at: datetime = FRIDAY, **more: object) -> Step:
    return Step(kind, at, seat_id=1, **more)  # type: ignore[arg-type]


def assignment(state: State, number: int = 1, code: str = "T02") -> Assignment:
    task = Task(number, code, 1, "Xây dựng kế hoạch", ("57-NQ/TW",), due=state.due)
    return Assignment(number, task, 1, "30712", "Xã Bình Hòa", state, FRIDAY)
