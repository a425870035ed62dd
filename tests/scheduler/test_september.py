"""September 2025 as a whole: a golden run, and any course of events keeps the two promises of the slots."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import WORK_BEGINS, WORK_ENDS, WorkingCalendar
from bot.contacts import Role
from bot.messages import LetterKind
from bot.tasks import Due, StepKind
from tests.scheduler.office import ZONE, Office, at
from tests.store.opening import Kept, join

BEGIN = at("2025-09-11", "15:00")
GOLDEN = Path(__file__).with_name("september_2025.txt")


def test_the_golden_run_of_september(sqlite_office: Office) -> None:
    """Who got what when, from the meeting of 11/9 to the end of the month, line by line as it was looked at."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    join(office.store, "Ông Minh", "local:main:minh", role=Role.LEADER)
    join(office.store, "Tuấn", "local:main:tuan", unit="30760")
    office.sweep(BEGIN)
    t02 = office.give("T02", "2025-09-20", "30712", "30760", now=BEGIN)
    office.give("T04", "2025-09-20", "30712", now=BEGIN)
    office.give("T03", "2025-09-25", "30760", now=BEGIN)
    office.run(at("2025-09-18", "12:00"), BEGIN)
    office.report(t02[1], StepKind.DONE, at("2025-09-18", "12:00"))
    office.report(t02[0], StepKind.EXTEND, at("2025-09-18", "12:00"), due=Due(date(2025, 9, 26)))
    office.run(at("2025-09-30", "18:00"), at("2025-09-18", "12:01"))

    said = [
        f"{day} {peer}: {text.splitlines()[0]}" for peer in ("lan", "minh", "tuan") for day, text in office.to(peer)
    ]

    assert "\n".join(said) + "\n" == GOLDEN.read_text(encoding="utf-8")


@given(
    events=st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from(["sweep", "post", "report", "extend", "give", "nothing"])),
        min_size=4,
        max_size=14,
    )
)
@settings(max_examples=25, deadline=None)
def test_at_most_one_letter_a_person_and_slot_and_none_at_a_wrong_hour(
    kept_sqlite: Kept, events: list[tuple[int, str]]
) -> None:
    """Whatever happens in whatever order, with sweeps and the post late or early."""
    calendar = WorkingCalendar()
    office = Office(kept_sqlite.fresh())
    join(office.store, "Lan", "local:main:lan")
    now = BEGIN
    office.sweep(now)
    tasks = [office.give("T00", "2025-09-15", "30712", now=now)[0]]
    for number, (hours, what) in enumerate(events, 1):
        now += timedelta(hours=hours, minutes=number)
        if what == "give":
            due = (now + timedelta(days=number)).date().isoformat()
            tasks.append(office.give(f"T{number:02}", due, "30712", now=now)[0])
        elif what == "report":
            office.report(tasks[number % len(tasks)], StepKind.PROGRESS, now, percent=number)
        elif what == "extend":
            due_on = (now + timedelta(days=3)).date()
            office.report(tasks[number % len(tasks)], StepKind.EXTEND, now, due=Due(due_on))
        if what != "post":
            office.sweep(now)
        if what != "sweep":
            office.post(now)

    reminders = [(moment.astimezone(ZONE), one) for moment, _, _, one in office.sent if one.kind is LetterKind.REMINDER]
    assert all(calendar.is_working(moment.date()) for moment, _ in reminders)
    assert all(WORK_BEGINS <= moment.time() < WORK_ENDS for moment, _ in reminders)
    slots = Counter((one["person_id"], one["recipe"]["day"], one["recipe"]["slot"]) for one in office.letters())
    assert set(slots.values()) <= {1}
