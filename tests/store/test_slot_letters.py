"""Letters for many at once, and what digests tell: what was given to whom, and what moved in a stretch of time."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.contacts import Role
from bot.messages import LetterKind
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.mail import letter
from bot.tasks import Change, Due, Status, Step, StepKind
from tests.opened_store import give_task
from tests.opened_store import seat as seated
from tests.store.opening import LAN, NOW, claim, join
from tests.store.provinces import in_can_tho

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
RECIPE = {"name": "given", "tasks": [1, 2]}


def plan_for(store: Store, *units: str, key: str = "given:7:", at: timedelta = timedelta()) -> int:
    """One letter for each person of these units, an hour's work away or now; how many were new."""

    def work(book: Book) -> int:
        ids = [unit.id for unit in book.people.units() if unit.code in units]
        return book.reminders.plan_unit_letters(key, LetterKind.ASSIGNMENT, ids, RECIPE, NOW, NOW + at)

    return store.write_now(work)


def keys(store: Store) -> list[str]:
    with store.engine.begin() as connection:
        return list(connection.execute(select(letter.c.once).order_by(letter.c.id)).scalars())


def test_one_of_two_units_gets_one_letter(store: Store) -> None:
    """Lan sits for both units that were given something: one letter to her, however often it is planned."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    join(store, "Lan", str(LAN), unit="30760")

    assert plan_for(store, "30712", "30760") == 2
    assert plan_for(store, "30712", "30760") == 0
    assert keys(store) == [f"given:7:{lan}", f"given:7:{minh}"]
    assert plan_for(store, "30760", key="given:8:") == 1


def test_who_cannot_hear_gets_no_letter(store: Store) -> None:
    """Leaders, clerks, whoever has not agreed, and a deputy beside a contact are not written to."""
    lan = join(store, "Lan", str(LAN))
    join(store, "An", "telegram:1:13", role=Role.DEPUTY)
    join(store, "Bảy", "telegram:1:14", role=Role.LEADER)
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    store.write_now(lambda book: seated(book, "Minh", "30760", at="telegram:1:12", consent=False))

    assert plan_for(store, "30712", "30760", "VPUBND") == 1
    assert keys(store) == [f"given:7:{lan}"]
    assert plan_for(store) == 0


def test_a_letter_planned_at_night_waits_for_the_morning(store: Store) -> None:
    """Written down now, it is taken at its hour and carries its recipe unharmed."""
    join(store, "Lan", str(LAN))
    plan_for(store, "30712", at=10 * HOUR)

    assert claim(store, now=NOW + 10 * HOUR - MINUTE) == []
    (one,) = claim(store, now=NOW + 10 * HOUR)
    assert (one.recipe, one.text, one.kind, one.planned_at) == (RECIPE, None, LetterKind.ASSIGNMENT, NOW)


def test_the_same_key_in_two_provinces_is_two_letters(store: Store) -> None:
    """What Cần Thơ planned under a key keeps nobody in An Giang from theirs."""
    join(store, "Lan", str(LAN))
    plan = {"text": "Tổng hợp", "urgency": 2}
    with in_can_tho(store):
        minh = join(store, "Minh", "telegram:2:12")
        first = store.write_now(lambda book: book.letters.plan("tuần", LetterKind.SUMMARY, NOW, person_id=minh, **plan))
        assert plan_for(store, "30712") == 1
    second = store.write_now(lambda book: book.letters.plan("tuần", LetterKind.SUMMARY, NOW, **plan))

    assert first
    assert second
    assert plan_for(store, "30712") == 1
    assert len(keys(store)) == 4


def test_a_task_is_told_with_all_its_units(store: Store) -> None:
    """Each once, in the order of the office's list, with its hour; unknown ids and drafts bring none."""

    def keep(book: Book) -> list[int]:
        ids = {unit.code: unit.id for unit in book.people.units()}
        notice = book.assignments.keep_directive("01/TB", "Kết luận", date(2025, 9, 11), ())
        both = (ids["30760"], ids["30712"])
        late = Due(date(2025, 9, 20), time(17))
        return [
            book.assignments.keep_task(NewTask(notice, "T02", "Hai", (), both, late, co_units=("Sở Y tế",)), NOW),
            book.assignments.keep_task(NewTask(notice, "T01", "Một", (), both[:1]), NOW),
            book.assignments.keep_task(NewTask(notice, "T03", "Ba", (), both, draft=True), NOW),
        ]

    ids = store.write_now(keep)
    found = store.read_now(lambda book: book.reminders.given([*ids, 999_999]))
    assert [(one.title, one.unit_names, one.due, one.co_units) for one in found] == [
        ("Một", ("Mỹ Hòa Hưng",), None, ()),
        ("Hai", ("Bình Hòa", "Mỹ Hòa Hưng"), Due(date(2025, 9, 20), time(17)), ("Sở Y tế",)),
    ]
    with in_can_tho(store):
        assert store.read_now(lambda book: book.reminders.given(ids)) == ()


# --- what moved


@pytest.fixture
def one(store: Store) -> int:
    """T02 of Bình Hòa, due on 20/9."""
    return store.write_now(lambda book: give_task(book, due=Due(date(2025, 9, 20))))


def record(
    store: Store, one: int, kind: StepKind, said: int, known: int | None = None, percent: int | None = None
) -> None:
    """A step said so many minutes after NOW and recorded then, or later where `known` says so."""
    due = Due(date(2025, 9, 30)) if kind is StepKind.EXTEND else None
    step = Step(kind, NOW + said * MINUTE, None, percent=percent, due=due)
    at = NOW + (said if known is None else known) * MINUTE
    store.write_now(lambda book: book.assignments.record(one, step, at))


def moved(store: Store, since: int, until: int) -> tuple[Change, ...]:
    """What moved between these minutes after NOW."""
    return store.read_now(lambda book: book.reminders.moved(NOW + since * MINUTE, NOW + until * MINUTE))


def test_a_day_begins_where_the_last_one_ended(store: Store, one: int) -> None:
    """Each change is told in one stretch and in no other: the first moment belongs to it, the last to the next."""
    for minute, percent in ((10, 10), (20, 20), (30, 30)):
        record(store, one, StepKind.PROGRESS, minute, percent=percent)

    assert [change.step.percent for change in moved(store, 10, 20)] == [10]
    assert [change.step.percent for change in moved(store, 20, 31)] == [20, 30]
    assert moved(store, 31, 99) == ()


def test_a_change_is_told_from_what_it_found(store: Store, one: int) -> None:
    """What was said before the stretch is the state it starts from, its deadline with it."""
    record(store, one, StepKind.PROGRESS, 1, percent=40)
    record(store, one, StepKind.EXTEND, 2)
    record(store, one, StepKind.DONE, 20)
    (change,) = moved(store, 10, 30)

    assert (change.before.status, change.before.percent) == (Status.IN_PROGRESS, 40)
    assert (change.after.status, change.after.due) == (Status.REPORTED, Due(date(2025, 9, 30)))
    assert change.recorded_at == NOW + 20 * MINUTE


def test_what_was_taken_back_did_not_move(store: Store, one: int) -> None:
    """A report undone within the day is no change of the day, and later ones are told without it."""
    record(store, one, StepKind.PROGRESS, 10, percent=90)
    wrong = store.read_now(lambda book: book.assignments.steps(one))[0]
    store.write_now(lambda book: book.assignments.take_back(wrong.id, "undo", None, NOW + 11 * MINUTE))
    record(store, one, StepKind.PROGRESS, 12, percent=30)

    assert [(change.before.percent, change.after.percent) for change in moved(store, 0, 60)] == [(None, 30)]


@pytest.mark.parametrize("decision", [StepKind.RETURN, StepKind.EXTEND])
def test_the_digest_ends_where_the_assignment_stands(store: Store, one: int, decision: StepKind) -> None:
    """What was sent before the clerk's decision but came after it stands after it, in digest and book."""
    record(store, one, StepKind.DONE, 10)
    record(store, one, decision, 30)
    record(store, one, StepKind.DONE, 20, known=40)
    stands = store.read_now(lambda book: book.assignments.get(one))
    told = moved(store, 0, 60)

    assert stands is not None
    assert told[-1].after == stands.state
    assert [change.step.kind for change in told] == [StepKind.DONE, decision, StepKind.DONE]
    for earlier, later in pairwise(told):
        assert later.before == earlier.after


def test_late_words_are_told_on_the_day_they_came(store: Store, one: int) -> None:
    """What the network kept back overnight is today's change, in its own place among the reports."""
    record(store, one, StepKind.PROGRESS, 5, known=50, percent=20)
    record(store, one, StepKind.PROGRESS, 8, percent=60)

    assert [change.step.percent for change in moved(store, 0, 20)] == [60]
    assert [(change.before.percent, change.after.percent) for change in moved(store, 40, 60)] == [(None, 20)]


def test_another_provinces_day_is_its_own(store: Store, one: int) -> None:
    """An Giang's changes stand in no digest of Cần Thơ."""
    record(store, one, StepKind.DONE, 10)
    with in_can_tho(store):
        assert moved(store, 0, 60) == ()
