"""Whom a rule's call is for: which dates, which hours of the province's zone, which tasks, which people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from bot.calendar import WorkingCalendar
from bot.contacts import Role
from bot.conversation import RequestKind, Verdict
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.falling import Audience, Call, Falling, Since
from bot.store.tables import assignment, person
from bot.tasks import Due, Step, StepKind
from tests.opened_store import give_task
from tests.opened_store import seat as seated
from tests.store.opening import LAN, NOW, join
from tests.store.provinces import in_can_tho

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DUE = date(2025, 9, 19)
LATER = NOW + timedelta(days=30)
SECOND = timedelta(seconds=1)


def call(*on: date, since: Since = Since.DUE, to: Audience = Audience.UNIT, **more: object) -> Call:
    """A rule's call for these dates, each with its place as milestone."""
    falling = tuple(Falling(day, place, LATER) for place, day in enumerate(on))
    return Call("due_soon", since, to, falling, **more)  # type: ignore[arg-type]


def give(store: Store, code: str = "T02", due: date | None = DUE, units: Iterable[str] = ("30712",)) -> int:
    return store.write_now(lambda book: give_task(book, code, tuple(units), Due(due) if due else None))


def heard(store: Store, what: Call) -> list[tuple[str, str]]:
    """Who would hear about which task."""
    found = store.read_now(lambda book: book.reminders.preview(what, book.people.calendar()))
    return [(one.person_name, one.task_code) for one in found]


def planned(store: Store, what: Call) -> int:
    """How many rows planning adds for the slot of that morning."""

    def work(book: Book) -> int:
        return book.reminders.plan(what, DUE, "07:30", book.people.calendar(), NOW)

    return store.write_now(work)


def step(store: Store, one: int, kind: StepKind, at: datetime = NOW, **more: object) -> None:
    said = Step(kind, at, None, **more)  # type: ignore[arg-type]
    store.write_now(lambda book: book.assignments.record(one, said, at))


def test_only_the_dates_that_fall_due_are_called(store: Store) -> None:
    """Of deadlines on the day, the day before, the day after and none, each with its own milestone, two are called."""
    join(store, "Lan", str(LAN))
    for code, shift in (("T01", -1), ("T02", 0), ("T03", 1)):
        give(store, code, DUE + timedelta(days=shift))
    give(store, "T04", None)
    wanted = call(DUE, DUE + timedelta(days=1))
    found = store.read_now(lambda book: book.reminders.preview(wanted, book.people.calendar()))

    assert [(one.task_code, one.milestone, one.due_on) for one in found] == [
        ("T02", 0, DUE),
        ("T03", 1, DUE + timedelta(days=1)),
    ]
    assert (heard(store, call()), planned(store, call())) == ([], 0)


@pytest.mark.parametrize(
    ("after_midnight", "counts"),
    [(timedelta(), True), (timedelta(days=1) - SECOND, True), (-SECOND, False), (timedelta(days=1), False)],
)
def test_a_request_falls_on_the_provinces_day(store: Store, after_midnight: timedelta, counts: bool) -> None:
    """What Lan asked at midnight in An Giang is that day's, though London still has the day before."""
    lan = join(store, "Lan", str(LAN))
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    one = give(store)
    asked = datetime(2025, 9, 15, tzinfo=ZONE) + after_midnight
    store.write_now(lambda book: book.talks.raise_request(1, RequestKind.EXTENSION, lan, asked, assignment_id=one))

    office = call(date(2025, 9, 15), since=Since.ASKED, to=Audience.OFFICE)
    assert heard(store, office) == ([("Hoa", "T02")] if counts else [])


def test_a_request_of_another_kind_or_settled_calls_nobody(store: Store) -> None:
    """A question is no extension, and what the office decided waits for nobody."""
    lan = join(store, "Lan", str(LAN))
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    one = give(store)

    def ask(book: Book) -> None:
        book.talks.raise_request(1, RequestKind.QUESTION, lan, NOW, assignment_id=one)
        raised = book.talks.raise_request(2, RequestKind.EXTENSION, lan, NOW, assignment_id=one)
        book.talks.settle_request(raised, Verdict.REFUSED, None, None, NOW)

    store.write_now(ask)
    assert heard(store, call(NOW.astimezone(ZONE).date(), since=Since.ASKED, to=Audience.OFFICE)) == []
    assert heard(store, call(DUE, unless_asked=True)) == [("Lan", "T02")]


@pytest.mark.parametrize(("given_before", "called"), [(NOW, False), (NOW + SECOND, True)])
def test_what_was_given_just_now_is_too_young(store: Store, given_before: datetime, called: bool) -> None:
    """A task given at the very moment is left out of the slot that is running, one given before it is not."""
    join(store, "Lan", str(LAN))
    give(store)
    with store.engine.begin() as connection:
        connection.execute(assignment.update().values(assigned_at=NOW))

    young = Call("due_soon", Since.DUE, Audience.UNIT, (Falling(DUE, 0, given_before),))
    assert planned(store, young) == int(called)


@pytest.mark.parametrize(
    ("reported", "called"), [(NOW - SECOND, True), (NOW, False), (NOW + SECOND, False), (None, True)]
)
def test_a_report_of_the_same_day_makes_the_call_needless(
    store: Store, reported: datetime | None, called: bool
) -> None:
    """At the day's first moment it counts as that day's, a second before it does not; silence is called."""
    join(store, "Lan", str(LAN))
    one = give(store)
    if reported is not None:
        step(store, one, StepKind.PROGRESS, reported, percent=30)

    assert planned(store, call(DUE, unless_reported_since=NOW)) == int(called)


@pytest.mark.parametrize(
    ("kinds", "by_due", "by_date"),
    [
        ([], True, False),
        ([StepKind.BLOCKED], True, True),
        ([StepKind.BLOCKED, StepKind.PROGRESS], True, False),
        ([StepKind.BLOCKED, StepKind.RECALL], False, False),
        ([StepKind.DONE], False, False),
        ([StepKind.DONE, StepKind.ACCEPT], False, False),
        ([StepKind.DONE, StepKind.RETURN], True, False),
    ],
)
def test_status_decides_who_is_chased(store: Store, kinds: list[StepKind], by_due: bool, by_date: bool) -> None:
    """Reported, accepted and recalled rest; only what is still blocked is looked at on the date agreed."""
    join(store, "Lan", str(LAN))
    one = give(store)
    for kind in kinds:
        step(store, one, kind, follow_up=DUE if kind is StepKind.BLOCKED else None)

    assert heard(store, call(DUE)) == [("Lan", "T02")] * by_due
    assert heard(store, call(DUE, since=Since.FOLLOW_UP)) == [("Lan", "T02")] * by_date


@pytest.mark.parametrize(
    ("codes", "others", "left"),
    [
        (("T02",), True, ["T01", "T03"]),
        (("T02",), False, ["T02"]),
        ((), True, ["T01", "T02", "T03"]),
        (("T02'; --", "T0_", "t02"), False, []),
    ],
)
def test_a_task_with_a_pace_of_its_own_is_told_apart(
    store: Store, codes: tuple[str, ...], others: bool, left: list[str]
) -> None:
    """By exactly its code: named alone, or left out of what holds for all others."""
    join(store, "Lan", str(LAN))
    for code in ("T01", "T02", "T03"):
        give(store, code)

    assert [code for _, code in heard(store, call(DUE, tasks=codes, other_tasks=others))] == left


def test_who_holds_two_seats_of_a_unit_hears_once(store: Store) -> None:
    """Lan is contact and leader of Bình Hòa and contact of Mỹ Hòa Hưng: one row a task of each, not two."""
    join(store, "Lan", str(LAN))
    join(store, "Lan", str(LAN), role=Role.LEADER)
    join(store, "Lan", str(LAN), role=Role.DEPUTY)
    join(store, "Lan", str(LAN), unit="30760")
    give(store, units=("30712", "30760"))

    assert heard(store, call(DUE)) == [("Lan", "T02"), ("Lan", "T02")]
    assert planned(store, call(DUE)) == 2
    assert heard(store, call(DUE, to=Audience.LEADER)) == [("Lan", "T02")]


def test_a_second_phone_is_no_second_reminder(store: Store) -> None:
    """Lan has Telegram and Zalo: the row is hers, not her phones'."""
    join(store, "Lan", str(LAN), "zalo:9:3f")
    give(store)

    assert planned(store, call(DUE)) == 1


@pytest.mark.parametrize(
    ("contact", "heard_by"),
    [("well", ["Lan"]), ("refused", ["An"]), ("not agreed", ["An"]), ("left", ["An"]), ("handed over", ["An"])],
)
def test_the_deputy_stands_in_for_one_who_cannot_hear(store: Store, contact: str, heard_by: list[str]) -> None:
    """For whatever reason nothing reaches the contact, and only then."""
    lan = store.write_now(
        lambda book: seated(book, "Lan", "30712", at=str(LAN), consent=contact != "not agreed"),
    )
    join(store, "An", "telegram:1:13", role=Role.DEPUTY)
    give(store)
    if contact == "refused":
        store.write_now(lambda book: book.people.refuse_address(LAN, "blocked", NOW))
    if contact == "left":
        store.write_now(lambda book: book.people.erase(lan, NOW))
    if contact == "handed over":
        with store.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE seat SET until = since + 1 WHERE person_id = {lan}")

    assert [name for name, _ in heard(store, call(DUE))] == heard_by


def test_every_clerk_hears_of_every_unit(store: Store) -> None:
    """The office's list goes to all clerks who can be reached, the unit's own people aside."""
    join(store, "Lan", str(LAN))
    for number, name in enumerate(["Hoa", "Bình"]):
        join(store, name, f"telegram:1:5{number}", unit="VPUBND", role=Role.OFFICE)
    store.write_now(lambda book: seated(book, "Mới", "VPUBND", Role.OFFICE, at="telegram:1:59", consent=False))
    give(store, units=("30712", "30760"))

    assert heard(store, call(DUE, to=Audience.OFFICE)) == [("Hoa", "T02")] * 2 + [("Bình", "T02")] * 2


@pytest.mark.parametrize("to", list(Audience))
def test_provinces_are_chased_apart(store: Store, to: Audience) -> None:
    """Same codes, same dates, same roles in Cần Thơ: each province's sweep finds its own people alone."""
    seats = ((Role.CONTACT, "30712"), (Role.LEADER, "30712"), (Role.OFFICE, "VPUBND"))

    def fill(who: str, account: int) -> None:
        for number, (role, unit) in enumerate(seats):
            join(store, f"{who} {role}", f"telegram:{account}:{number}", unit=unit, role=role)
        give(store)

    fill("Lan", 1)
    with in_can_tho(store):
        assert heard(store, call(DUE, to=to)) == []
        fill("Minh", 2)
        assert [name.split()[0] for name, _ in heard(store, call(DUE, to=to))] == ["Minh"]
        assert planned(store, call(DUE, to=to)) == 1
    assert [name.split()[0] for name, _ in heard(store, call(DUE, to=to))] == ["Lan"]
    assert planned(store, call(DUE, to=to)) == 1


def test_a_province_in_another_zone_has_other_days(store: Store) -> None:
    """The same request counts for the day that its province's calendar says it was asked on."""
    lan = join(store, "Lan", str(LAN))
    join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    one = give(store)
    asked = datetime(2025, 9, 15, 0, 30, tzinfo=ZONE)
    store.write_now(lambda book: book.talks.raise_request(1, RequestKind.EXTENSION, lan, asked, assignment_id=one))
    london = WorkingCalendar(ZoneInfo("Europe/London"), {})

    def days(calendar: WorkingCalendar) -> list[int]:
        there = [
            day
            for day in (13, 14, 15, 16)
            if store.read_now(lambda book, day=day: book.reminders.preview(asks(day), calendar))  # type: ignore[misc]
        ]
        counted = store.read_now(lambda book: book.reminders.dates_counted_from(calendar))
        assert date(2025, 9, there[0]) in counted
        return there

    def asks(day: int) -> Call:
        return call(date(2025, 9, day), since=Since.ASKED, to=Audience.OFFICE)

    assert days(WorkingCalendar(ZONE, {})) == [15]
    assert days(london) == [14]


def test_ids_beyond_32_bits_are_planned_like_any(store: Store) -> None:
    """After more than two thousand million rows a reminder is still one row, one letter, and found again."""
    big = 2**40
    with store.engine.begin() as connection:
        row = {"id": big, "province_id": store.province_id, "name": "Cũ", "language": "vi", "joined_at": NOW}
        connection.execute(insert(person), [row])
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT setval('person_id_seq', {big + 1})")
            connection.exec_driver_sql(f"SELECT setval('assignment_id_seq', {big})")
    lan = join(store, "Lan", str(LAN))
    one = give(store)

    assert lan > big
    assert planned(store, call(DUE)) == 1
    assert store.write_now(lambda book: book.reminders.plan_slot_letters(DUE, "07:30", NOW)) == 1
    (row_,) = store.read_now(lambda book: book.reminders.of_slot(lan, DUE, "07:30"))
    assert (row_.assignment_id, row_.person_id) == (one, lan)
