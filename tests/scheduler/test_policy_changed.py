"""The office changes how often people are reminded: what waits follows at once, for all or for one task alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from scheduler.replanning import change_policy
from tests.scheduler.office import Office, at

NOON = at("2025-09-19", "13:30")


def change(office: Office, now: Any, policy: dict[str, Any]) -> bool:
    """What the clerk's confirmed words do."""
    return office.store.write_now(lambda book: change_policy(book, policy, None, None, now))


def test_a_second_call_turned_off_is_not_sent(office: Office, lan: int) -> None:
    """It was planned at 13:30 and has not left when the office thinks better of it; on again, it goes, once."""
    office.run(at("2025-09-19", "12:00"), at("2025-09-12", "09:00"))
    office.sweep(NOON)
    change(office, NOON, {"second_call": False})
    assert office.post(NOON) == []

    change(office, NOON, {})
    office.run(at("2025-09-19", "20:00"), NOON)
    assert office.days("lan").count("19/09 13:30") == 1


def test_a_new_milestone_of_this_morning_is_told_today(office: Office, lan: int) -> None:
    """On Wednesday 17/9, three days before T02 is due, three days become a milestone: Lan hears the same day, once."""
    wednesday = at("2025-09-17", "09:00")
    office.run(wednesday, at("2025-09-12", "09:00"))
    assert office.days("lan") == ["15/09 07:30"]

    assert change(office, wednesday, {"before": [5, 3, 1]})
    assert not change(office, wednesday, {"before": [5, 3, 1]})
    office.run(at("2025-09-17", "20:00"), wednesday + timedelta(minutes=1))
    assert office.days("lan") == ["15/09 07:30", "17/09 09:01"]
    assert "Việc T02" in office.to("lan")[1][1]


def test_one_tasks_own_pace_leaves_the_others_alone(office: Office, lan: int) -> None:
    """T03 gets a reminder of its own six days before; the words of Lan's letter do not name T02 that day."""
    wednesday = at("2025-09-17", "09:00")
    office.run(wednesday, at("2025-09-12", "09:00"))
    change(office, wednesday, {"tasks": {"T03": {"before": [6]}}})
    office.run(at("2025-09-17", "20:00"), wednesday)

    assert "Việc T03" in office.to("lan")[-1][1]
    assert "Việc T02" not in office.to("lan")[-1][1]
    assert [(row["rule"], row["milestone"]) for row in office.reminders()] == [("due_soon", -5), ("due_soon", -6)]
