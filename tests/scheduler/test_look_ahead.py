"""What is shown beforehand is what comes: every line of a day's preview is planned by its sweeps, and no other."""

from __future__ import annotations

from datetime import date, timedelta

from bot.contacts import Role
from scheduler.replanning import change_days, change_policy
from scheduler.sweep import due_preview, due_reports, next_reminder
from tests.scheduler.office import Office, at
from tests.store.opening import join

BEGIN = at("2025-09-11", "09:00")


def test_two_weeks_previews_are_what_is_planned(sqlite_office: Office) -> None:
    """Asked the evening before, through own days off, a Saturday worked and a task with a pace of its own."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    join(office.store, "Minh", "local:main:minh", role=Role.LEADER)
    join(office.store, "Tâm", "local:main:tam", unit="30760")
    office.sweep(BEGIN)
    for code, due in (("T02", "2025-09-20"), ("T04", "2025-09-25")):
        office.give(code, due, "30712", "30760", now=BEGIN)
    days = {date(2025, 9, 18): False, date(2025, 9, 27): True}
    office.store.write_now(lambda book: change_days(book, days, None, None, BEGIN))
    office.store.write_now(
        lambda book: change_policy(book, {"tasks": {"T04": {"before": [4], "second_call": False}}}, None, None, BEGIN)
    )

    now = at("2025-09-15", "16:59")
    office.sweep(now)
    known, shown = len(office.reminders()), 0
    for day in (date(2025, 9, 16) + timedelta(days=n) for n in range(12)):
        lines = office.store.read_now(lambda book, day=day: due_preview(book, day))  # type: ignore[misc]
        office.run(at(day.isoformat(), "20:00"), now)
        now = at(day.isoformat(), "20:01")
        rows = office.reminders()[known:]
        known += len(rows)
        shown += len(lines)
        assert sorted(
            (slot.name, one.person_id, one.assignment_id, one.rule, one.milestone) for slot, one in lines
        ) == (
            sorted((row["slot"], row["person_id"], row["assignment_id"], row["rule"], row["milestone"]) for row in rows)
        )
    assert shown > 15


def test_what_was_asked_for_is_shown_and_jumped_to(office: Office, lan: int) -> None:
    """Lan asked for Tuesday afternoon: the day's preview names it, and the next reminder is that one."""
    now = at("2025-09-15", "20:00")
    office.run(now, at("2025-09-12", "09:00"))
    first = office.reminders()[0]["assignment_id"]
    office.store.write_now(lambda book: book.asked.ask((first,), lan, date(2025, 9, 16), "13:30", now))

    ((slot, line),) = office.store.read_now(lambda book: due_preview(book, date(2025, 9, 16)))
    assert (slot.name, line.person_name, line.task_code, line.rule) == ("13:30", "Lan", "T02", "again")
    assert office.store.read_now(lambda book: next_reminder(book, now)) == at("2025-09-16", "13:30")


def test_digests_and_reports_are_shown_too(office: Office) -> None:
    """Friday 19/9: the week's report to the chair, the digest to the clerk; on Wednesday the digest alone."""
    join(office.store, "Hoa", "local:main:hoa", unit="VPUBND", role=Role.OFFICE)
    join(office.store, "Bảy", "local:main:bay", unit="VPUBND", role=Role.CHAIR)

    def told(day: str) -> list[tuple[str, str]]:
        found = office.store.read_now(lambda book: due_reports(book, date.fromisoformat(day)))
        return [(f"{moment.hour:%H:%M}", person.name) for moment, person in found]

    assert told("2025-09-19") == [("15:00", "Bảy"), ("16:30", "Hoa")]
    assert told("2025-09-17") == [("16:30", "Hoa")]
    assert told("2025-10-01") == [("07:30", "Bảy"), ("16:30", "Hoa")]
    assert told("2025-09-20") == []
