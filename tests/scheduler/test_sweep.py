"""The sweep on both databases: once however often it runs, after outages the latest only, never at a wrong hour."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import event

from bot.calendar import MORNING, SECOND_CALL
from bot.store.book import Book
from scheduler.sweep import SweepResult, due_preview, next_event, next_reminder, sweep
from tests.scheduler.office import Office, at, rules
from tests.store.opening import join

BEGIN = at("2025-09-12", "09:00")


def test_the_first_sweep_ever_begins_now(office: Office) -> None:
    """What fell due before the book existed is not caught up with."""
    join(office.store, "Lan", "local:main:lan")
    office.give("T02", "2025-09-10", "30712", now=at("2025-09-01", "09:00"))

    assert office.sweep(at("2025-09-11", "07:30")) == SweepResult()
    assert office.sweep(at("2025-09-11", "13:00")) == SweepResult()
    assert office.sweep(at("2025-09-15", "07:30")).reminders == 1


def test_a_second_sweep_of_the_same_slot_adds_nothing(office: Office, lan: int) -> None:
    """Twice at the same moment, and again a minute later: one reminder, one letter."""
    first = office.sweep(at("2025-09-15", "07:30"))
    again = [office.sweep(at("2025-09-15", hour)) for hour in ("07:30", "07:31", "13:29")]

    assert (first.slots, first.reminders, first.letters) == (2, 1, 1)
    assert all(one.idle for one in again)
    assert [one["once"] for one in office.letters()] == [f"slot:2025-09-15:07:30:{lan}"]


def test_even_a_sweep_that_lost_its_place_says_nothing_twice(office: Office, lan: int) -> None:
    """With its mark set back by hand the keys themselves hold: no new row, no new letter."""
    office.sweep(at("2025-09-15", "07:30"))
    office.store.write_now(lambda book: book.reminders.note_reached("reminders", BEGIN))

    result = office.sweep(at("2025-09-15", "07:40"))

    assert (result.reminders, result.letters) == (0, 0)
    assert len(office.reminders()) == 1


def test_replicas_that_sweep_at_once_plan_everything_once(office: Office, lan: int) -> None:
    """Six at the same moment: the sums of what they planned are those of one."""
    now = at("2025-09-15", "07:30")
    with ThreadPoolExecutor(6) as replicas:
        results = list(replicas.map(lambda _: office.sweep(now), range(6)))

    assert sum(one.reminders for one in results) == 1
    assert sum(one.letters for one in results) == 1
    assert len(office.reminders()) == len(office.letters()) == 1


def test_a_restart_after_the_hour_loses_nothing(office: Office, lan: int) -> None:
    """A process that was down from 07:29 to 08:40 sends the morning's letter when it is back."""
    office.run(at("2025-09-12", "17:00"), BEGIN)

    office.sweep(at("2025-09-15", "08:40"))

    assert len(office.post(at("2025-09-15", "08:40"))) == 1
    assert rules(office.reminders()) == [("due_soon", -5)]


def test_after_an_outage_only_the_latest_milestone_is_said(office: Office, lan: int) -> None:
    """Down from Monday to Friday 10:00: one letter, with what holds on Friday, and no backlog."""
    office.sweep(at("2025-09-19", "10:00"))

    (text,) = office.post(at("2025-09-19", "10:00"))

    assert rules(office.reminders()) == [("due_today", 0), ("due_soon", -5)]
    assert "1. Việc T02" in text
    assert "hôm nay là ngày làm việc cuối" in text
    assert "Hạn: Thứ Năm 25/9, còn 4 ngày làm việc" in text


@pytest.mark.parametrize("back", [("2025-09-19", "19:00"), ("2025-09-20", "09:00"), ("2025-09-22", "07:29")])
def test_an_outage_that_ends_at_a_wrong_hour_waits_for_the_next_slot(
    office: Office, lan: int, back: tuple[str, str]
) -> None:
    """In the evening, on Saturday, before work: nothing is planned until Monday 07:30, and then the latest alone."""
    assert office.sweep(at(*back)) == SweepResult()
    assert office.store.read_now(lambda book: next_event(book, at(*back))) == at("2025-09-22", "07:30")

    office.sweep(at("2025-09-22", "07:30"))
    (text,) = office.post(at("2025-09-22", "07:30"))

    assert rules(office.reminders()) == [("due_soon", -5), ("overdue", 1)]
    assert "trong đó 1 việc đã quá hạn" in text


def test_a_second_missed_outage_plans_into_the_slot_that_is_running(office: Office, lan: int) -> None:
    """Back at 14:00 on the last working day, both slots missed: one letter, of the second call's slot."""
    office.sweep(at("2025-09-18", "13:30"))
    office.post(at("2025-09-18", "13:30"))

    office.sweep(at("2025-09-19", "14:00"))

    assert [row["once"] for row in office.letters()][1:] == [f"slot:2025-09-19:13:30:{lan}"]
    assert rules(office.reminders())[2:] == [("second_call", 0)]


def test_what_could_not_leave_by_evening_is_said_in_the_next_slot(office: Office, lan: int) -> None:
    """The channel was down all Thursday: nothing goes at night, and Friday's letter says it all, once."""
    office.sweep(at("2025-09-18", "07:30"))
    office.sweep(at("2025-09-18", "13:30"))

    assert office.post(at("2025-09-18", "21:00")) == []
    office.sweep(at("2025-09-19", "07:30"))
    (text,) = office.post(at("2025-09-19", "07:30"))

    assert text.count("Việc T02") == text.count("Việc T03") == 1
    assert "2. Việc T03" in text
    assert {row["state"] for row in office.reminders()} == {"sent"}
    assert office.post(at("2025-09-19", "07:31")) == []


def test_a_jump_of_the_clock_back_and_forth_repeats_nothing(office: Office, lan: int) -> None:
    """The clock goes wrong by a day in both directions: no slot is planned a second time."""
    office.run(at("2025-09-16", "09:00"), BEGIN)
    before = (len(office.reminders()), len(office.letters()))

    for wrong in (at("2025-09-15", "07:30"), at("2025-09-15", "13:30"), at("2025-09-16", "09:01")):
        office.sweep(wrong)

    assert (len(office.reminders()), len(office.letters())) == before


def test_a_task_may_have_a_pace_of_its_own(office: Office, lan: int) -> None:
    """The province keeps the standard, T03 is reminded of three working days before."""
    settings = {"policy": {"tasks": {"T03": {"before": [3]}}}}
    office.store.write_now(lambda book: book.people.save_settings(settings))

    office.run(at("2025-09-24", "17:00"), BEGIN)

    days = [day for day, text in office.to("lan") if "Việc T03" in text]
    assert days == ["22/09 07:30"]


def test_the_preview_says_who_would_get_what_and_keeps_nothing(office: Office, lan: int) -> None:
    """For Friday 19/9: the last day and the second call of T02; and nothing for a Sunday."""
    lines = office.store.read_now(lambda book: due_preview(book, date(2025, 9, 19)))
    sunday = office.store.read_now(lambda book: due_preview(book, date(2025, 9, 21)))

    assert [(slot.at, one.person_name, one.unit_name, one.task_code, one.rule) for slot, one in lines] == [
        (MORNING, "Lan", "Bình Hòa", "T02", "due_today"),
        (SECOND_CALL, "Lan", "Bình Hòa", "T02", "second_call"),
    ]
    assert sunday == ()
    assert office.reminders() == office.letters() == []


def test_the_next_event_and_the_next_reminder(office: Office, lan: int) -> None:
    """From Friday evening the next event is Monday's first slot, the next reminder too; then Thursday's."""
    friday, monday = at("2025-09-12", "18:00"), at("2025-09-15", "07:30")
    office.sweep(at("2025-09-12", "16:59"))

    assert office.store.read_now(lambda book: next_event(book, friday)) == monday
    assert office.store.read_now(lambda book: next_reminder(book, friday)) == monday
    assert office.store.read_now(lambda book: next_reminder(book, monday)) == at("2025-09-18", "07:30")
    assert office.store.read_now(lambda book: next_reminder(book, monday, days=2)) is None
    assert office.store.read_now(lambda book: next_event(book, monday)) == monday


def test_an_idle_sweep_asks_four_short_questions(office: Office, lan: int) -> None:
    """Where nothing has passed since the last one, it reads its mark, the calendar and whether anybody was lost."""
    office.sweep(at("2025-09-15", "07:30"))
    asked: list[str] = []
    with office.store.engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *seen: asked.append(seen[2].split()[0]))
        result = sweep(Book(connection, office.store.province_id), at("2025-09-15", "07:31"))

    assert result.idle
    assert [one for one in asked if one != "BEGIN"] == ["SELECT"] * 4
