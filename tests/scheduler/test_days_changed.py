"""The office changes its own days: what was planned by the old ones is put right in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar import MORNING, SECOND_CALL, WorkingCalendar
from bot.contacts import Role
from bot.messages import LetterKind
from bot.store.timetable import Changed
from scheduler.policy import Policies, Policy
from scheduler.replanning import Moves, Pace, change_days, milestones, moves, pace, with_days
from scheduler.timetable import Slot, calls
from tests.scheduler.office import Office, at
from tests.store.opening import join

GIVEN = at("2025-09-08", "09:00")
WEDNESDAY = at("2025-09-17", "09:00")


def days(*off: str, worked: tuple[str, ...] = (), none: tuple[str, ...] = ()) -> dict[date, bool | None]:
    """What a clerk's words say of some days."""
    told: dict[str, bool | None] = {**dict.fromkeys(off, False), **dict.fromkeys(worked, True)}
    return {date.fromisoformat(day): works for day, works in {**told, **dict.fromkeys(none)}.items()}


def change(office: Office, now: datetime, wanted: Mapping[date, bool | None]) -> bool:
    """What the clerk's confirmed words do."""
    return office.store.write_now(lambda book: change_days(book, wanted, None, None, now))


def counted(office: Office, now: datetime, wanted: Mapping[date, bool | None]) -> Moves:
    """What the clerk is told beforehand."""
    return office.store.read_now(lambda book: moves(book, with_days(pace(book), wanted), now, list(wanted)))


def begun(office: Office, due: str, until: datetime, **people: Role) -> None:
    """Lan of Bình Hòa (and others) with T02, reminded until that moment."""
    for name, role in {"lan": Role.CONTACT, **people}.items():
        join(office.store, name.capitalize(), f"local:main:{name}", role=role)
    begin = at("2025-09-09", "07:00")
    office.sweep(begin)
    office.give("T02", due, "30712", now=GIVEN)
    office.run(until, begin)


def test_days_off_before_a_deadline_bring_its_last_call_forward(office: Office) -> None:
    """On Wednesday the office gives Thursday and Friday off: Lan, due Friday, hears that today is the last."""
    begun(office, "2025-09-19", WEDNESDAY)
    wanted = days("2025-09-18", "2025-09-19")

    assert counted(office, WEDNESDAY, wanted) == Moves(moved=2, dropped=1)
    assert change(office, WEDNESDAY, wanted)
    office.run(at("2025-09-23", "20:00"), WEDNESDAY)

    assert office.days("lan") == ["12/09 07:30", "17/09 07:30", "17/09 13:30", "22/09 07:30"]
    assert "hôm nay là ngày làm việc cuối" in office.to("lan")[2][1]


def test_the_same_change_twice_adds_nothing(office: Office) -> None:
    """Said again, and planned again by a second sweep, the days move nothing and nobody hears twice."""
    begun(office, "2025-09-19", WEDNESDAY)
    assert change(office, WEDNESDAY, days("2025-09-18", "2025-09-19"))
    rows, letters = office.reminders(), office.letters()

    assert not change(office, WEDNESDAY, days("2025-09-18", "2025-09-19"))
    office.sweep(WEDNESDAY + timedelta(minutes=1))
    assert (office.reminders(), office.letters()) == (rows, letters)


def test_what_was_not_said_yet_is_said_as_what_it_now_is(office: Office) -> None:
    """Friday's letter still waits when Saturday becomes a working day: it says two days left, not one."""
    begun(office, "2025-09-22", at("2025-09-18", "20:00"))
    friday = at("2025-09-19", "07:30")
    office.sweep(friday)
    change(office, friday, days(worked=("2025-09-20",)))

    assert "còn 2 ngày làm việc" in office.post(friday)[0]
    office.run(at("2025-09-22", "20:00"), friday)
    assert office.days("lan")[-4:] == ["19/09 07:30", "20/09 07:30", "22/09 07:30", "22/09 13:30"]


def test_a_change_taken_back_the_same_morning_leaves_the_morning_as_it_was(office: Office) -> None:
    """What a change withdrew before it was sent is sent after all, once, when the change is taken back."""
    begun(office, "2025-09-23", at("2025-09-18", "20:00"))
    friday = at("2025-09-19", "07:30")
    office.sweep(friday)
    change(office, friday, days(worked=("2025-09-20",)))
    assert office.post(friday) == []

    change(office, friday, days(none=("2025-09-20",)))
    office.run(at("2025-09-19", "20:00"), friday)
    assert [(row["milestone"], row["state"]) for row in office.reminders()][-1] == (-2, "sent")
    assert office.days("lan")[-1] == "19/09 07:30"


def test_a_day_off_today_keeps_what_waits_for_the_next_working_day(office: Office) -> None:
    """The office closes at nine, before the morning's letter went: it goes on the next working day, not never."""
    begun(office, "2025-09-17", at("2025-09-16", "20:00"))
    office.sweep(at("2025-09-17", "07:30"))
    change(office, WEDNESDAY, days("2025-09-17"))

    office.run(at("2025-09-18", "20:00"), WEDNESDAY)
    assert office.days("lan")[-1] == "18/09 07:30"


def test_a_saturday_worked_sends_what_waited_for_monday(office: Office) -> None:
    """A letter that waits for Monday goes on the Saturday that the office works instead."""
    evening = at("2025-09-12", "20:00")
    lan = join(office.store, "Lan", "local:main:lan")
    office.sweep(evening)
    waits = office.store.write_now(lambda book: book.people.calendar().next_working_moment(evening))
    office.store.write_now(
        lambda book: book.letters.plan(
            "notice", LetterKind.ASSIGNMENT, evening, person_id=lan, text="Tin", not_before=waits
        )
    )
    change(office, evening, days(worked=("2025-09-13",)))

    office.run(at("2025-09-13", "08:00"), evening)
    assert office.days("lan")[-1] == "13/09 07:30"


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (days("2025-09-20"), Moves()),
        (days("2025-09-24"), Moves(moved=3)),
        (days("2025-09-25"), Moves(moved=2, dropped=1)),
        (days(worked=("2025-09-27",)), Moves(moved=6)),
    ],
    ids=["off already", "the day before the due", "the due", "a Saturday after the due"],
)
def test_the_clerk_is_told_how_many_reminders_move(
    sqlite_office: Office, wanted: dict[date, bool | None], told: Moves
) -> None:
    """Lan and her leader, due on Thursday 25/9: each reminder of each person that would go at another time."""
    begun(sqlite_office, "2025-09-25", at("2025-09-16", "20:00"), minh=Role.LEADER)

    assert counted(sqlite_office, at("2025-09-16", "20:00"), wanted) == told


@pytest.mark.parametrize(
    ("told", "read"),
    [(at("2025-09-18", "16:45"), "18/09 16:45"), (at("2025-09-19", "08:00"), "22/09 07:30")],
    ids=["Thursday evening", "Friday morning"],
)
def test_a_friday_given_off_late_does_not_cost_the_chair_the_week(office: Office, told: datetime, read: str) -> None:
    """By then Thursday's 15:00 is over: ông Bảy reads up to Thursday in the next working hour, the rest next week."""
    join(office.store, "Bảy", "local:main:bay", unit="VPUBND", role=Role.CHAIR)
    office.sweep(at("2025-09-18", "07:00"))
    office.sweep(at("2025-09-18", "16:30"))
    if told > at("2025-09-19", "07:30"):
        office.sweep(at("2025-09-19", "07:30"))
    assert change(office, told, days("2025-09-19"))
    assert not change(office, told, days("2025-09-19"))
    office.run(at("2025-09-26", "15:00"), told)

    titles = [(when, text.splitlines()[0]) for when, text in office.to("bay") if "BÁO CÁO TUẦN" in text]
    assert titles == [
        (read, "BÁO CÁO TUẦN 13/9 – 18/9/2025"),
        ("26/09 15:00", "BÁO CÁO TUẦN 19/9 – 26/9/2025"),
    ]


def test_what_lan_asked_for_comes_on_a_day_she_had_thought_better_of(office: Office) -> None:
    """Thursday afternoon, no, Friday, her last day, which is given off: she is reminded on Thursday, not never."""
    begun(office, "2025-09-19", WEDNESDAY)
    lan, task = office.reminders()[0]["person_id"], office.reminders()[0]["assignment_id"]
    for day, slot in ((18, "13:30"), (19, "07:30")):
        office.store.write_now(
            lambda book, day=day, slot=slot: book.asked.ask((task,), lan, date(2025, 9, day), slot, WEDNESDAY)  # type: ignore[misc]
        )
    change(office, WEDNESDAY, days("2025-09-19"))

    asked = [(row["day"].day, row["slot"], row["state"]) for row in office.reminders() if row["rule"] == "again"]
    assert asked == [(18, "13:30", "planned"), (19, "07:30", "cancelled")]


def test_every_change_is_kept_with_its_number(office: Office) -> None:
    """A second change of a day stands beside the first: what it put in place of what."""
    change(office, WEDNESDAY, days("2025-09-18"))
    change(office, WEDNESDAY, days(worked=("2025-09-20",), none=("2025-09-18",)))

    last = office.store.read_now(lambda book: book.timetable.last_change(Changed.CALENDAR))
    assert last is not None
    assert (last.number, dict(last.before)) == (2, {"2025-09-18": False, "2025-09-20": None})
    assert dict(last.after) == {"2025-09-18": None, "2025-09-20": True}
    assert office.store.read_now(lambda book: book.people.calendar().own) == {date(2025, 9, 20): True}


autumn = st.dates(date(2025, 8, 25), date(2025, 10, 20))


@settings(max_examples=30, deadline=None)
@given(
    own=st.dictionaries(autumn, st.booleans(), max_size=8),
    day=autumn,
    dates=st.sets(autumn, min_size=1, max_size=6),
    before=st.sets(st.integers(1, 8), max_size=3),
)
def test_what_is_counted_is_what_a_sweep_would_plan(
    own: Mapping[date, bool], day: date, dates: set[date], before: set[int]
) -> None:
    """Under any days of the office's and any policy, both ways of asking name the same milestones in the same slots."""
    here = Pace(WorkingCalendar(own=own), Policies(Policy(before=tuple(before)), {"T05": Policy(second_call=False)}))
    found = {(key, slot) for key, slot in milestones(here, sorted(dates), day, day, ("T05",))}

    planned = set()
    for slot in (Slot(day, MORNING), Slot(day, SECOND_CALL)) if here.calendar.is_working(day) else ():
        for call in calls((slot,), here.calendar, here.policies):
            planned |= {
                ((call.tasks, call.other_tasks, call.rule, one.on, one.milestone), slot)
                for one in call.falling
                if one.on in dates
            }
    assert found == planned
