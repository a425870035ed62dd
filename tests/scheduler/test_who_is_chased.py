"""Whom the clock chases and whom it leaves alone: reports, new deadlines, requests, seats."""

from __future__ import annotations

from datetime import date, timedelta

from bot.contacts import Role
from bot.conversation import RequestKind
from bot.messages import Address
from bot.tasks import Due, Step, StepKind
from tests.scheduler.office import Office, at, rules
from tests.store.opening import join

BEGIN = at("2025-09-12", "09:00")


def test_a_report_of_the_same_day_cancels_what_was_planned(office: Office, lan: int) -> None:
    """Between planning and sending Lan reports: the reminder goes, and with its last reminder the letter."""
    office.sweep(at("2025-09-15", "07:30"))
    task = office.reminders()[0]["assignment_id"]

    office.report(task, StepKind.PROGRESS, at("2025-09-15", "07:30"), percent=40)

    gone = [(row["state"], row["why"].split()[0]) for row in (*office.reminders(), *office.letters())]
    assert gone == [("cancelled", "progress")] * 2


def test_the_letter_stays_for_what_is_left_in_it(office: Office, lan: int) -> None:
    """Of two tasks in one letter one is reported: the letter speaks of the other alone."""
    office.sweep(at("2025-09-18", "07:30"))
    first, second = (row["assignment_id"] for row in office.reminders())

    office.report(first, StepKind.DONE, at("2025-09-18", "07:30"))
    (text,) = office.post(at("2025-09-18", "07:31"))

    assert [row["state"] for row in office.reminders()] == ["cancelled", "sent"]
    assert "Việc T03" in text
    assert "Việc T02" not in text
    assert office.sent[-1][3].about_id == second


def test_who_reported_this_morning_is_not_called_at_half_past_one(office: Office, lan: int) -> None:
    """An ack is no report; a percentage is."""
    task = office.give("T04", "2025-09-19", "30712", now=BEGIN)[0]
    office.run(at("2025-09-19", "07:40"), BEGIN)
    office.store.write_now(lambda book: book.assignments.note_received([task], at("2025-09-19", "08:00")))
    saturday = next(row["assignment_id"] for row in office.reminders() if row["assignment_id"] != task)
    office.report(saturday, StepKind.PROGRESS, at("2025-09-19", "08:00"), percent=80)

    office.run(at("2025-09-19", "14:00"), at("2025-09-19", "13:30"))

    day, text = office.to("lan")[-1]
    assert day == "19/09 13:30"
    assert "Việc T04" in text
    assert "Đã nhận việc, chưa có báo cáo" in text
    assert "Việc T02" not in text


def test_reported_is_never_chased_and_returned_is(office: Office, lan: int) -> None:
    """A finished report rests with the office; once returned the task has its reminders again."""
    t02, t03 = (one.id for one in office.store.read_now(lambda book: book.assignments.all()))
    office.report(t02, StepKind.DONE, at("2025-09-12", "10:00"))
    office.report(t03, StepKind.DONE, at("2025-09-12", "10:00"))

    office.run(at("2025-09-22", "17:00"), BEGIN)
    silent = office.days("lan")
    office.report(t02, StepKind.RETURN, at("2025-09-23", "09:00"), note="thiếu phụ lục")
    office.run(at("2025-09-24", "17:00"), at("2025-09-23", "09:00"))

    assert silent == []
    assert office.days("lan") == ["24/09 07:30"]


def test_an_extension_starts_the_milestones_anew(office: Office, lan: int) -> None:
    """The new deadline has its own 5, 2, 1, 0; what was planned for the old one is cancelled, not sent."""
    task = office.store.read_now(lambda book: book.assignments.of_task("T02"))[0].id
    office.sweep(at("2025-09-18", "07:30"))

    office.report(task, StepKind.EXTEND, at("2025-09-18", "07:30"), due=Due(date(2025, 9, 26)))
    office.run(at("2025-09-29", "17:00"), at("2025-09-18", "07:31"))

    rows = [row for row in office.reminders() if row["assignment_id"] == task and row["rule"] != "escalate"]
    assert [(row["day"].day, row["rule"], row["due_version"], row["state"]) for row in rows] == [
        (18, "due_soon", 1, "cancelled"),
        (19, "due_soon", 2, "sent"),
        (24, "due_soon", 2, "sent"),
        (25, "due_soon", 2, "sent"),
        (26, "due_today", 2, "sent"),
        (26, "second_call", 2, "sent"),
        (29, "overdue", 2, "sent"),
    ]


def test_a_reminder_of_an_old_deadline_is_not_sent_even_if_nobody_cancelled_it(office: Office, lan: int) -> None:
    """The letter asks again when it is put together: a row of an earlier due version no longer holds."""
    office.sweep(at("2025-09-15", "07:30"))
    row = office.reminders()[0]
    now = at("2025-09-15", "07:30")
    extended = Step(StepKind.EXTEND, now, None, due=Due(date(2025, 10, 10)))

    office.store.write_now(lambda book: book.assignments.record(row["assignment_id"], extended, now))

    assert office.post(at("2025-09-15", "07:31")) == []
    assert [(row["state"], row["why"]) for row in office.reminders()] == [("cancelled", "new due")]
    assert [row["state"] for row in office.letters()] == ["cancelled"]


def test_fifty_who_cannot_be_reached_do_not_stand_before_one_who_can(office: Office) -> None:
    """Contacts without consent, without an address, or gone are passed over in the statement itself."""
    office.sweep(BEGIN)
    gone = [join(office.store, f"Người {n}", f"local:main:p{n}", unit="30760") for n in range(12)]
    join(office.store, "Lan", "local:main:lan")
    office.give("T02", "2025-09-20", "30760", "30712", now=BEGIN)
    for n, person_id in enumerate(gone):
        if n % 2:
            where = Address("local", "main", f"p{n}")
            office.store.write_now(lambda book, where=where: book.people.refuse_address(where, "blocked", BEGIN))
        else:
            office.store.write_now(lambda book, person_id=person_id: book.people.erase(person_id, BEGIN))

    result = office.sweep(at("2025-09-15", "07:30"))
    office.post(at("2025-09-15", "07:30"))

    assert (result.reminders, result.letters) == (1, 1)
    assert office.days("lan") == ["15/09 07:30"]


def test_no_deadline_is_no_deadline(sqlite_office: Office) -> None:
    """A task without one is never due, near or late, in a whole year of weekly sweeps that catch up with all slots."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    office.sweep(BEGIN)
    office.give("T05", None, "30712", now=BEGIN)

    swept = [office.sweep(at("2025-09-15", "09:00") + timedelta(weeks=week)) for week in range(52)]

    assert sum(one.slots for one in swept) > 400
    assert office.reminders() == []
    assert office.letters() == []


def test_a_deputy_stands_in_only_where_no_contact_can_be_reached(sqlite_office: Office) -> None:
    """Contact first; once the contact's only address is refused, the deputy gets the reminders."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    join(office.store, "Hùng", "local:main:hung", role=Role.DEPUTY)
    office.give("T02", "2025-09-20", "30712", now=BEGIN)
    office.run(at("2025-09-17", "17:00"), BEGIN)
    lan = Address("local", "main", "lan")
    office.store.write_now(lambda book: book.people.refuse_address(lan, "blocked", at("2025-09-17", "17:00")))

    office.run(at("2025-09-18", "17:00"), at("2025-09-17", "17:00"))

    assert office.days("lan") == ["15/09 07:30"]
    assert office.days("hung") == ["18/09 07:30"]


def test_where_the_contacts_account_is_gone_the_deputy_hears(office: Office) -> None:
    """Lan's bot is served no more: the unit counts as one whose contact can't be reached, and Bình reads of it."""
    join(office.store, "Lan", "telegram:1:lan")
    join(office.store, "Bình", "local:main:binh", role=Role.DEPUTY)
    office.sweep(BEGIN)
    office.give("T02", "2025-09-20", "30712", now=BEGIN)
    office.store.write_now(lambda book: book.served.note([("local", "main")], at("2025-09-12", "17:30")))
    office.run(at("2025-09-15", "07:40"), at("2025-09-15", "07:30"))

    assert office.days("binh") == ["15/09 07:30"]
    assert [row["state"] for row in office.reminders()] == ["sent"]


def test_who_left_the_seat_gets_nothing_of_what_was_planned(office: Office, lan: int) -> None:
    """Planned at 07:30, the person gone at 07:31: the old phone is silent at once."""
    office.sweep(at("2025-09-15", "07:30"))
    office.store.write_now(lambda book: book.people.erase(lan, at("2025-09-15", "07:31")))

    assert office.post(at("2025-09-15", "07:32")) == []


def asks_for_more_time(office: Office, lan: int) -> None:
    """On Thursday, for T02, until Friday next week; the office has not decided."""
    task = office.store.read_now(lambda book: book.assignments.of_task("T02"))[0]
    office.store.write_now(
        lambda book: book.talks.raise_request(
            book.talks.next_request_number(),
            RequestKind.EXTENSION,
            lan,
            at("2025-09-18", "09:00"),
            unit_id=task.unit_id,
            assignment_id=task.id,
            due=date(2025, 9, 26),
        )
    )


def test_while_an_extension_is_undecided_no_ladder_climbs(office: Office, lan: int) -> None:
    """No second call, no word to the leader; the contact hears that it is undecided, the office is reminded."""
    join(office.store, "Ông Minh", "local:main:minh", role=Role.LEADER)
    join(office.store, "Chị Hoa", "local:main:hoa", unit="VPUBND", role=Role.OFFICE)
    asks_for_more_time(office, lan)

    office.run(at("2025-09-22", "15:00"), at("2025-09-18", "09:00"))

    own = dict(office.to("lan"))
    assert office.days("minh") == []
    assert "19/09 13:30" not in own
    assert "đề nghị lùi hạn của anh/chị đang chờ" in own["19/09 07:30"]
    assert "Đã xin lùi hạn, Văn phòng chưa quyết định" in own["22/09 07:30"]
    reminded = {day: text for day, text in office.to("hoa") if "07:30" in day}
    assert list(reminded) == ["22/09 07:30"]
    assert "Đề nghị 1, Bình Hòa: Việc T02. Hạn 20/9, xin lùi đến 26/9, gửi ngày 18/9." in reminded["22/09 07:30"]


def test_a_morning_missed_is_told_after_lunch_where_the_second_call_rests(office: Office, lan: int) -> None:
    """Down at 07:30 of the last day: of T02, its extension undecided, Lan then hears what she missed, and once."""
    office.give("T04", "2025-09-20", "30712", now=BEGIN)
    office.run(at("2025-09-17", "16:00"), BEGIN)
    asks_for_more_time(office, lan)
    known = len(office.reminders())

    office.run(at("2025-09-19", "17:00"), at("2025-09-19", "13:31"))

    assert [day for day in office.days("lan") if day.startswith("19/09")] == ["19/09 13:31"]
    assert "Đã xin lùi hạn, Văn phòng chưa quyết định" in office.to("lan")[-1][1]
    assert rules(office.reminders()[known:]) == [("second_call", 0), ("due_today", 0), ("due_soon", -5)]


def test_what_was_returned_the_same_morning_is_called_for_after_lunch(office: Office, lan: int) -> None:
    """Done at 08:30, returned at 10:00 of the last day: the second call comes; reported again at 11:00 it does not."""
    office.give("T04", "2025-09-20", "30712", now=BEGIN)
    tasks = [one.id for one in office.store.read_now(lambda book: book.assignments.all()) if one.task.code != "T03"]
    office.run(at("2025-09-19", "08:00"), BEGIN)
    for task in tasks:
        office.report(task, StepKind.DONE, at("2025-09-19", "08:30"))
        office.report(task, StepKind.RETURN, at("2025-09-19", "10:00"))
    office.report(tasks[1], StepKind.DONE, at("2025-09-19", "11:00"))

    office.run(at("2025-09-19", "17:00"), at("2025-09-19", "11:01"))

    day, said = office.to("lan")[-1]
    assert day == "19/09 13:30"
    assert "Việc T02" in said
    assert "Việc T04" not in said
    assert "chưa nhận được báo cáo" not in said


def test_a_blocked_task_is_looked_at_on_the_day_agreed(sqlite_office: Office) -> None:
    """The follow-up date brings a reminder even without a deadline; on a Sunday, on Monday."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    office.sweep(BEGIN)
    task = office.give("T05", None, "30712", now=BEGIN)[0]
    office.report(
        task, StepKind.BLOCKED, at("2025-09-12", "10:00"), note="chưa có kinh phí", follow_up=date(2025, 9, 21)
    )

    office.run(at("2025-09-26", "17:00"), BEGIN)

    ((day, text),) = office.to("lan")
    assert day == "22/09 07:30"
    assert text.startswith("Chào anh/chị, hôm nay là ngày hẹn xem lại vướng mắc")
    assert "chưa có kinh phí" in text


def test_a_task_given_this_morning_is_not_reminded_of_in_the_same_hour(office: Office) -> None:
    """Its assignment letter leaves at 07:30; the reminder of that morning would say the same again."""
    join(office.store, "Lan", "local:main:lan")
    office.sweep(at("2025-09-18", "16:00"))
    office.give("T09", "2025-09-19", "30712", now=at("2025-09-18", "19:00"))

    office.run(at("2025-09-19", "15:00"), at("2025-09-18", "19:00"))

    assert office.days("lan") == ["19/09 13:30"]
