"""Reminders in the book: planned once, gathered, taken back, and letters that go with them or stay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.contacts import Role
from bot.conversation import RequestKind
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.falling import Audience, Call, Falling, Since
from bot.store.mail import letter, reminder
from bot.tasks import Due, Step, StepKind
from tests.opened_store import give_task
from tests.store.opening import LAN, NOW, join
from tests.store.provinces import in_can_tho

DUE = date(2025, 9, 19)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
YOUNG = NOW + 30 * DAY


def give(store: Store, code: str = "T02", due: date = DUE, unit: str = "30712") -> int:
    return store.write_now(lambda book: give_task(book, code, (unit,), Due(due)))


def plan(
    store: Store, day: date = DUE, slot: str = "07:30", rule: str = "due_soon", on: date = DUE, milestone: int = 0
) -> int:
    """What a sweep does for one rule of a slot; how many rows were new."""
    call = Call(rule, Since.DUE, Audience.UNIT, (Falling(on, milestone, YOUNG),))

    def work(book: Book) -> int:
        new = book.reminders.plan(call, day, slot, book.people.calendar(), NOW)
        book.reminders.plan_slot_letters(day, slot, NOW)
        return new

    return store.write_now(work)


def gather(store: Store, day: date, slot: str) -> None:
    store.write_now(lambda book: book.reminders.gather(day, slot, NOW))


def rows(store: Store, table: Any = reminder) -> list[dict[str, Any]]:
    with store.engine.begin() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def stand(store: Store) -> list[tuple[int, str, str, str | None]]:
    """Day, slot, state and why of each reminder."""
    return [(row["day"].day, row["slot"], row["state"], row["why"]) for row in rows(store)]


def letters(store: Store) -> dict[str, str]:
    return {row["once"]: row["state"] for row in rows(store, letter)}


def of_slot(store: Store, person_id: int, day: date = DUE, slot: str = "07:30") -> list[tuple[int, int]]:
    """Assignment and version of the deadline of what a slot letter would speak of."""
    found = store.read_now(lambda book: book.reminders.of_slot(person_id, day, slot))
    return [(one.assignment_id, one.due_version) for one in found]


def record(store: Store, one: int, kind: StepKind, at: datetime = NOW, **more: Any) -> None:
    """A step, without what the clerk does beside it; recorded as it is said unless `known` says when."""
    known = more.pop("known", at)
    step = Step(kind, at, None, **more)
    store.write_now(lambda book: book.assignments.record(one, step, known))


# --- sweeping


def test_two_replicas_plan_one_row_and_one_letter(store: Store) -> None:
    """Eight sweeps of the same slot at once: together they add what one alone would have added."""
    lan = join(store, "Lan", str(LAN))
    one = give(store)
    with ThreadPoolExecutor(8) as replicas:
        added = sum(replicas.map(lambda _: plan(store), range(8)))

    assert added == 1
    assert of_slot(store, lan) == [(one, 1)]
    assert letters(store) == {f"slot:2025-09-19:07:30:{lan}": "planned"}


def test_a_sweep_waits_for_the_one_under_way(store: Store) -> None:
    """Replicas that take the same stretch of time take it in turns: each goes on from where the last one ended."""
    store.write_now(lambda book: book.reminders.begin("reminders", NOW))

    def sweep(_: int) -> datetime:
        def work(book: Book) -> datetime:
            reached = book.reminders.hold("reminders")
            assert reached is not None
            book.reminders.note_reached("reminders", reached + MINUTE)
            return reached

        return store.write_now(work)

    with ThreadPoolExecutor(6) as replicas:
        began = sorted(replicas.map(sweep, range(12)))

    assert began == [NOW + number * MINUTE for number in range(12)]


def test_a_sweeps_time_begins_once(store: Store) -> None:
    """A replica that starts later does not move it; other sweeps and other provinces have a time of their own."""
    for at in (NOW, NOW + DAY):
        store.write_now(lambda book, at=at: book.reminders.begin("reminders", at))  # type: ignore[misc]

    def reached(name: str) -> datetime | None:
        return store.read_now(lambda book: book.reminders.reached(name))

    assert (reached("reminders"), reached("digests")) == (NOW, None)
    with in_can_tho(store):
        assert reached("reminders") is None
        store.write_now(lambda book: book.reminders.begin("reminders", NOW + DAY))
        store.write_now(lambda book: book.reminders.note_reached("reminders", NOW + 2 * DAY))
    assert reached("reminders") == NOW


def test_every_date_that_reminders_count_from_is_told(store: Store) -> None:
    """Deadlines and obstacles' dates of what is chased, and the local day of an extension that waits; no others."""
    lan = join(store, "Lan", str(LAN))
    blocked, done = give(store, "T01", DUE), give(store, "T02", DUE + DAY)
    record(store, blocked, StepKind.BLOCKED, follow_up=date(2025, 9, 17))
    record(store, done, StepKind.DONE)
    late = datetime.fromisoformat("2025-09-15T23:30:00+00:00")
    for number, kind in enumerate((RequestKind.EXTENSION, RequestKind.QUESTION)):
        at = late + number * 3 * DAY
        store.write_now(
            lambda book, n=number, kind=kind, at=at: book.talks.raise_request(n, kind, lan, at, assignment_id=blocked)  # type: ignore[misc]
        )

    def dates(book: Book) -> set[date]:
        return {day for day in book.reminders.dates_counted_from(book.people.calendar()) if day}

    assert store.read_now(dates) == {DUE, date(2025, 9, 17), date(2025, 9, 16)}
    with in_can_tho(store):
        assert store.read_now(dates) == set()


# --- gathering what was left unsaid


def test_what_a_slot_left_unsaid_comes_with_the_next(store: Store) -> None:
    """Neither lost nor said under the old slot: Friday's unsaid reminder stands in Monday's letter."""
    lan = join(store, "Lan", str(LAN))
    one = give(store)
    plan(store)
    monday = DUE + 3 * DAY
    gather(store, monday, "07:30")

    assert (of_slot(store, lan), of_slot(store, lan, monday)) == ([], [(one, 1)])


def test_after_an_outage_only_the_newest_of_a_rule_is_said(store: Store) -> None:
    """Three mornings unsent leave one line a task and rule; another rule, task or person keeps its own."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    one = give(store)
    for number in range(3):
        plan(store, DUE + number * DAY, milestone=number)
    plan(store, DUE, rule="overdue")
    gather(store, DUE + 5 * DAY, "07:30")
    left = [row for row in rows(store) if row["state"] == "planned"]

    assert sorted((row["person_id"], row["rule"], row["milestone"]) for row in left) == [
        (lan, "due_soon", 2),
        (lan, "overdue", 0),
        (minh, "due_soon", 2),
        (minh, "overdue", 0),
    ]
    assert {row["assignment_id"] for row in left} == {one}
    assert {row["day"] for row in left} == {DUE + 5 * DAY}


def test_what_was_said_is_not_gathered(store: Store) -> None:
    """A reminder that went out, or was taken back, stays with its day; and its older twin is not said after it."""
    join(store, "Lan", str(LAN))
    give(store)
    for number in range(2):
        plan(store, DUE + number * DAY)
    newest = rows(store)[1]["id"]
    store.write_now(lambda book: book.reminders.note_told([newest]))
    gather(store, DUE + 4 * DAY, "13:30")

    assert stand(store) == [(19, "07:30", "cancelled", "superseded"), (20, "07:30", "sent", None)]


@pytest.mark.parametrize(
    ("day", "slot", "moved"),
    [(DUE, "07:30", False), (DUE, "13:30", True), (DUE - DAY, "13:30", False), (DUE + DAY, "07:30", True)],
)
def test_only_earlier_slots_are_gathered(store: Store, day: date, slot: str, moved: bool) -> None:
    """The running slot keeps what is planned for it, and what is planned for later is not brought forward."""
    join(store, "Lan", str(LAN))
    give(store)
    plan(store)
    gather(store, day, slot)

    assert stand(store) == [(day.day, slot, "planned", None) if moved else (19, "07:30", "planned", None)]


def test_whom_nothing_reaches_is_not_gathered_for(store: Store) -> None:
    """Lan blocked the bot overnight: what was left for her ends, Minh's goes on."""
    join(store, "Lan", str(LAN))
    minh = join(store, "Minh", "telegram:1:12")
    one = give(store)
    plan(store)
    store.write_now(lambda book: book.people.refuse_address(LAN, "blocked", NOW))
    gather(store, DUE + DAY, "07:30")

    assert of_slot(store, minh, DUE + DAY) == [(one, 1)]
    assert sorted(stand(store)) == [(19, "07:30", "cancelled", "unreachable"), (20, "07:30", "planned", None)]


def test_an_old_deadlines_reminder_does_not_stand_for_the_new(store: Store) -> None:
    """Changed between planning and claiming: both rows are there, told apart by their version."""
    lan = join(store, "Lan", str(LAN))
    one = give(store)
    plan(store)
    record(store, one, StepKind.EXTEND, due=Due(DUE + DAY))
    assert plan(store, DUE, on=DUE) == 0
    assert plan(store, DUE, on=DUE + DAY) == 1
    gather(store, DUE + 3 * DAY, "07:30")

    assert of_slot(store, lan, DUE + 3 * DAY) == [(one, 1), (one, 2)]


# --- taking back


def test_a_letter_goes_when_nothing_is_left_in_it(store: Store) -> None:
    """Of two tasks one is recalled: the letter stays for the other; with the second it goes, each letter by itself."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12", unit="30760")
    first, second = give(store, "T01"), give(store, "T02")
    give(store, "T03", unit="30760")
    plan(store)
    hers, his = f"slot:2025-09-19:07:30:{lan}", f"slot:2025-09-19:07:30:{minh}"
    store.write_now(lambda book: book.reminders.cancel(first, "recall"))
    assert letters(store) == {hers: "planned", his: "planned"}
    assert of_slot(store, lan) == [(second, 1)]
    store.write_now(lambda book: book.reminders.cancel(second, "recall"))

    assert letters(store) == {hers: "cancelled", his: "planned"}


def test_a_report_cancels_every_slot_that_speaks_of_it(store: Store) -> None:
    """Both of a unit's people and both of a day's slots, in the transaction of the report."""
    join(store, "Lan", str(LAN))
    join(store, "Minh", "telegram:1:12")
    one = give(store)
    plan(store)
    plan(store, slot="13:30", rule="second_call")

    def report(book: Book) -> None:
        book.assignments.record(one, Step(StepKind.DONE, NOW, None), NOW)
        book.reminders.cancel(one, "done")

    store.write_now(report)
    assert {(row["state"], row["why"]) for row in rows(store)} == {("cancelled", "done")}
    assert set(letters(store).values()) == {"cancelled"}
    assert len(letters(store)) == 4


def test_a_letter_worded_or_on_its_way_is_not_torn_up(store: Store) -> None:
    """Once it was put together it says what it says; cancelling its reminders afterwards leaves it to the post."""
    join(store, "Lan", str(LAN))
    one = give(store)
    plan(store)
    letter_id = rows(store, letter)[0]["id"]
    store.write_now(lambda book: book.letters.fill(letter_id, "Việc T02 …", (), None, one, None))
    store.write_now(lambda book: book.reminders.cancel(one, "done"))

    assert list(letters(store).values()) == ["planned"]


def test_what_was_said_stays_said(store: Store) -> None:
    """A later report does not rewrite that Lan was reminded."""
    join(store, "Lan", str(LAN))
    one = give(store)
    plan(store)
    told = rows(store)[0]["id"]
    store.write_now(lambda book: book.reminders.note_told([told]))
    store.write_now(lambda book: book.reminders.cancel(one, "done"))

    assert stand(store) == [(19, "07:30", "sent", None)]


def test_what_the_office_must_decide_outlives_a_report(store: Store) -> None:
    """Lan reports while her extension waits: the unit is chased no more, the clerk's reminder to decide stays."""
    lan = join(store, "Lan", str(LAN))
    hoa = join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    one = give(store)
    store.write_now(lambda book: book.talks.raise_request(1, RequestKind.EXTENSION, lan, NOW, assignment_id=one))
    plan(store)
    asked = Call("undecided", Since.ASKED, Audience.OFFICE, (Falling(date(2025, 9, 12), 2, YOUNG),))
    store.write_now(lambda book: book.reminders.plan(asked, DUE, "07:30", book.people.calendar(), NOW))
    store.write_now(lambda book: book.reminders.cancel(one, "progress"))

    assert (of_slot(store, lan), of_slot(store, hoa)) == ([], [(one, 1)])


def test_another_province_cancels_and_gathers_nothing_of_ours(store: Store) -> None:
    """Cần Thơ's sweep and clerk leave An Giang's reminders and letters where they are."""
    lan = join(store, "Lan", str(LAN))
    one = give(store)
    plan(store)
    before = rows(store), rows(store, letter)
    with in_can_tho(store):
        gather(store, DUE + DAY, "07:30")
        store.write_now(lambda book: book.reminders.cancel(one, "recall"))
        assert of_slot(store, lan) == []
        assert store.write_now(lambda book: book.reminders.plan_slot_letters(DUE, "07:30", NOW)) == 0

    assert (rows(store), rows(store, letter)) == before
