"""A slot letter that was worded and did not go: what becomes of it when something is told meanwhile."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, update

from bot.channels.port import Limits
from bot.effects import TakeBack
from bot.effects_done import carry_out
from bot.post_ready import Making, make_ready
from bot.store.book import Book
from bot.store.dispatch import Claimed
from bot.store.mail import letter
from bot.tasks import StepKind
from scheduler.composers import COMPOSERS
from scheduler.replanning import change_policy
from tests.scheduler.office import LIMITS, SERVED, Office, at
from tests.store.opening import join

SLOT, LATER = at("2025-09-22", "07:30"), at("2025-09-22", "08:15")
SHORT = Limits(text=130, buttons=True, files=True, per_second=1000, per_chat_second=1000)


@pytest.fixture
def tasks(office: Office) -> tuple[int, ...]:
    """Lan has T02 until today, T03 until Wednesday; the slot of 22/9 has been swept."""
    join(office.store, "Lan", "local:main:lan")
    office.sweep(at("2025-09-18", "09:00"))
    found = tuple(
        office.give(code, due, "30712", now=at("2025-09-18", "09:00"))[0]
        for code, due in (("T02", "2025-09-22"), ("T03", "2025-09-24"))
    )
    office.sweep(SLOT)
    return found


def fail(office: Office, limits: Limits = LIMITS, now: datetime = SLOT) -> str:
    """The letter is worded and begun, and does not go; what it said."""

    def work(book: Book) -> str:
        book.letters.address_due(now, SERVED)
        taken = book.letters.claim("local", "main", now, now, worker="test", limit=9, one_by_one=True)
        (one,) = make_ready(book, taken, Making(limits, COMPOSERS, SERVED), now)
        book.letters.begin(one, now, now)
        book.letters.back_to_planned(one, "no route", now)
        return one.text or ""

    return office.store.write_now(work)


def test_only_what_is_still_open_is_said(office: Office, tasks: tuple[int, ...]) -> None:
    """T03 is reported before the second try: one letter comes, it names T02 alone, and "1" in it means T02."""
    assert "T03" in fail(office)
    office.report(tasks[1], StepKind.DONE, SLOT)
    (said,) = office.post(LATER)

    letter = office.sent[-1][3]
    listing = office.store.read_now(lambda book: book.talks.listing(letter.listing_id or 0, letter.person_id or 0))
    assert "T02" in said
    assert "T03" not in said
    assert listing is not None
    assert listing.numbered == tasks[:1]


def test_where_nothing_is_left_nothing_comes(office: Office, tasks: tuple[int, ...]) -> None:
    """Both reported before the second try: the letter is cancelled and no sweep of that slot writes another."""
    fail(office)
    for task in tasks:
        office.report(task, StepKind.DONE, SLOT)
    office.sweep(LATER)

    assert office.post(LATER) == []
    assert [row["state"] for row in office.letters() if row["once"].startswith("slot:")] == ["cancelled"]


def test_no_part_of_the_old_words_follows(office: Office, tasks: tuple[int, ...]) -> None:
    """The letter was divided, and its first part failed: the later parts of what was said then don't come, either."""
    fail(office, SHORT)
    assert len([row for row in office.letters() if row["once"].startswith("slot:")]) > 1
    office.report(tasks[1], StepKind.DONE, SLOT)

    (said,) = office.post(LATER)
    assert "T03" not in said


def test_a_divided_letter_follows_a_new_policy(office: Office, tasks: tuple[int, ...]) -> None:
    """Its parts wait when two days before a deadline are no milestone any more: what comes then names T02 alone."""
    fail(office, SHORT)
    office.store.write_now(lambda book: change_policy(book, {"before": [5, 1]}, None, None, LATER))

    (said,) = office.post(LATER)
    assert "T02" in said
    assert "T03" not in said


@pytest.mark.parametrize("before", ["planned", "held", "accepted"])
def test_every_part_of_the_new_words_comes(office: Office, tasks: tuple[int, ...], before: str) -> None:
    """Divided, failed, a task reported, divided again: all of the new words arrive, whatever became of an old part."""
    fail(office, SHORT)
    with office.store.engine.begin() as ledger:
        second = letter.c.once.like("slot:%#2")
        went = "p2" if before == "accepted" else None
        assert ledger.execute(update(letter).where(second).values(state=before, platform_id=went)).rowcount == 1
    office.report(tasks[1], StepKind.DONE, SLOT)
    fail(office, SHORT)
    office.store.write_now(lambda book: book.letters.release_held())

    said = "".join(office.post(LATER))
    assert "T02" in said
    assert said.count("chỉ cần trả lời ngắn") == 1
    assert "T03" not in said


def test_what_is_told_while_the_letter_is_on_its_way_is_not_said_again(office: Office, tasks: tuple[int, ...]) -> None:
    """T03 is reported while the letter is being sent, which then fails: the second try names T02 alone."""

    def begun(book: Book) -> Claimed:
        book.letters.address_due(SLOT, SERVED)
        taken = book.letters.claim("local", "main", SLOT, SLOT, worker="test", limit=9, one_by_one=True)
        (one,) = make_ready(book, taken, Making(LIMITS, COMPOSERS, SERVED), SLOT)
        book.letters.begin(one, SLOT, SLOT)
        return one

    one = office.store.write_now(begun)
    assert "T03" in (one.text or "")
    office.report(tasks[1], StepKind.DONE, SLOT)
    office.store.write_now(lambda book: book.letters.back_to_planned(one, "no route", SLOT))

    (said,) = office.post(LATER)
    assert "T02" in said
    assert "T03" not in said


def test_a_report_taken_back_is_in_no_letter(office: Office, lan: int) -> None:
    """What Lan takes back is not in the letter that waits, and what it had made needless that afternoon comes."""
    task = office.store.read_now(lambda book: book.assignments.of_task("T02"))[0].id
    thursday, friday = at("2025-09-18", "16:00"), at("2025-09-19", "07:30")
    office.run(thursday, at("2025-09-12", "09:00"))
    office.store.write_now(lambda book: book.asked.ask((task,), lan, friday.date(), "13:30", thursday))
    office.report(task, StepKind.PROGRESS, thursday, percent=45)
    office.sweep(friday)
    assert "45%" in fail(office, now=friday)

    def back(book: Book) -> None:
        (step,) = book.assignments.steps(task)
        taken = TakeBack((step.id,), "undo", None)
        carry_out(book, [taken], inbox_id=0, incoming=None, said_id=None, now=friday)

    office.store.write_now(back)
    (said,) = office.post(friday)
    assert "T02" in said
    assert "45%" not in said
    assert [(row["slot"], row["state"]) for row in office.reminders() if row["rule"] == "again"] == [
        ("13:30", "planned")
    ]


def test_a_second_try_after_no_report_says_the_same(office: Office, tasks: tuple[int, ...]) -> None:
    """Nothing was told meanwhile: the same words come, under the same numbers."""
    said = fail(office)

    assert office.post(LATER) == [said]


def test_what_has_arrived_is_not_said_again(office: Office, tasks: tuple[int, ...]) -> None:
    """The letter came at 07:30 and T02 was reported at once: nothing is written anew about T03."""
    assert len(office.post(SLOT)) == 1
    office.report(tasks[0], StepKind.DONE, SLOT)
    office.sweep(LATER)

    assert office.post(LATER) == []
    assert [row["state"] for row in office.reminders()] == ["sent", "sent"]


def test_later_parts_are_not_looked_for_in_the_whole_ledger(office: Office, tasks: tuple[int, ...]) -> None:
    """A letter that did not go is gathered into the next slot by what its reader got since, whatever was ever sent."""
    fail(office, SHORT)
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, words: str, values: Any, *_: Any) -> None:
        given = values.values() if isinstance(values, dict) else values
        if words.startswith("UPDATE letter") and any(re.fullmatch("slot:.+#", str(value)) for value in given):
            found.append((words, values))

    event.listen(office.store.engine, "before_cursor_execute", note)
    office.sweep(at("2025-09-22", "13:30"))
    event.remove(office.store.engine, "before_cursor_execute", note)
    assert found
    for words, values in found:
        assert "person_id" in _way(office, words, values)


def _way(office: Office, words: str, values: Any) -> str:
    """How the database would look for the rows of a statement, were there many."""
    with office.store.engine.begin() as ledger:
        asks = "EXPLAIN QUERY PLAN "
        if ledger.dialect.name == "postgresql":
            asks = "EXPLAIN "
            ledger.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str([tuple(row) for row in ledger.exec_driver_sql(asks + words, values)])
