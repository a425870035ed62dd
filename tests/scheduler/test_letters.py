"""What the clock's letters say, put together as the post does it: slots, assignments, digests, reports."""

from __future__ import annotations

from bot.contacts import Role
from bot.messages import Button
from bot.tasks import StepKind
from scheduler.assigned import plan_assignment_letters
from tests.scheduler.office import Office, at
from tests.store.opening import join

BEGIN = at("2025-09-12", "09:00")


def test_many_tasks_are_one_letter_most_urgent_first(sqlite_office: Office) -> None:
    """Overdue before due before coming, numbered in that order, with an example of an answer line by line."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    office.sweep(BEGIN)
    soon = office.give("T03", "2025-09-24", "30712", now=BEGIN)[0]
    late = office.give("T01", "2025-09-19", "30712", now=BEGIN)[0]
    today = office.give("T02", "2025-09-22", "30712", now=BEGIN)[0]
    office.sweep(at("2025-09-19", "13:30"))
    office.post(at("2025-09-19", "13:30"))

    office.sweep(at("2025-09-22", "07:30"))
    (text,) = office.post(at("2025-09-22", "07:30"))

    letter = office.sent[-1][3]
    listing = office.store.read_now(lambda book: book.talks.listing(letter.listing_id or 0, letter.person_id or 0))
    assert listing is not None
    assert listing.numbered == (late, today, soon)
    assert letter.buttons == ()
    assert letter.about_id is None
    assert text.splitlines()[0] == "Kính gửi anh/chị, có 3 việc cần lưu ý, trong đó 1 việc đã quá hạn:"
    assert text.splitlines()[-1] == "Anh/chị trả lời theo số, ví dụ: 1 xong, 2 60%, 3 xin lùi đến 1/10."


def test_one_task_has_buttons_that_stand_for_typed_sentences(sqlite_office: Office) -> None:
    """Four buttons; what each stands for is kept with the listing, and an answer needs no number."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    office.sweep(BEGIN)
    task = office.give("T02", "2025-09-20", "30712", now=BEGIN)[0]
    office.sweep(at("2025-09-15", "07:30"))
    office.post(at("2025-09-15", "07:30"))

    letter = office.sent[-1][3]
    listing = office.store.read_now(lambda book: book.talks.listing(letter.listing_id or 0, letter.person_id or 0))
    assert listing is not None
    assert letter.about_id == task
    assert letter.buttons[0] == Button("Đã xong", f"{listing.id}:0:0")
    assert [button.label for button in letter.buttons] == ["Đã xong", "Đang làm", "Vướng mắc", "Xin lùi hạn"]
    assert listing.choices == ("1 xong", "1 đang làm", "1 vướng", "1 xin lùi hạn")


def test_a_reader_of_english_gets_english(sqlite_office: Office) -> None:
    """The same letter in the language the person chose."""
    office = sqlite_office
    join(office.store, "Ann", "local:main:ann", language="en")
    office.sweep(BEGIN)
    office.give("T02", "2025-09-20", "30712", now=BEGIN)
    office.sweep(at("2025-09-15", "07:30"))

    (text,) = office.post(at("2025-09-15", "07:30"))

    assert "Due: Saturday 20/9, 5 working days left" in text
    assert "“1 extend to 26/9”" in text


def test_tasks_confirmed_together_are_one_letter_a_person(office: Office) -> None:
    """Given on Friday evening, sent on Monday 07:30, once: work, time, product, people, responsibility, authority."""
    join(office.store, "Lan", "local:main:lan")
    join(office.store, "Chị Hoa", "local:main:hoa", unit="VPUBND")
    evening = at("2025-09-12", "18:00")
    office.give("T01", "2025-09-20", "30712", now=evening, product="Kế hoạch", co_units=("VPUBND",))
    office.give("T02", None, "30712", now=evening, responsibility="Chủ tịch UBND xã", authority="UBND tỉnh")
    tasks = [one.task.id for one in office.store.read_now(lambda book: book.assignments.all())]

    planned = [office.store.write_now(lambda book: plan_assignment_letters(book, tasks, evening)) for _ in range(2)]

    assert planned == [2, 0]
    assert office.post(evening) == []
    assert len(office.post(at("2025-09-15", "07:30"))) == 2
    ((_, lan),) = office.to("lan")
    ((_, hoa),) = office.to("hoa")
    assert lan.splitlines() == [
        "Kính gửi anh/chị, đơn vị được giao 2 việc theo 123/TB-VPUBND:",
        "1. Việc T01",
        "   Hạn: Thứ Bảy 20/9, còn 5 ngày làm việc; sản phẩm: Kế hoạch",
        "   Người: Lan; trách nhiệm: chưa nêu; thẩm quyền: chưa nêu",
        "   Đơn vị phối hợp: VPUBND",
        "2. Việc T02",
        "   Hạn: chưa nêu; sản phẩm: chưa nêu",
        "   Người: Lan; trách nhiệm: Chủ tịch UBND xã; thẩm quyền: UBND tỉnh",
        "Anh/chị nhận được xin trả lời: đã nhận.",
    ]
    assert "đơn vị phối hợp của 1 việc" in hoa
    assert "- Việc T01. Chủ trì: Bình Hòa." in hoa


def test_digests_and_reports_leave_at_their_hours(office: Office) -> None:
    """16:30 to the office every working day; Friday 15:00 to the chair, with picture and spreadsheet behind it."""
    join(office.store, "Chị Hoa", "local:main:hoa", unit="VPUBND", role=Role.OFFICE)
    join(office.store, "Chủ tịch", "local:main:chair", unit="VPUBND", role=Role.CHAIR)
    join(office.store, "Lan", "local:main:lan")
    task = office.give("T02", "2025-09-20", "30712", now=BEGIN)[0]
    office.sweep(at("2025-09-18", "13:30"))
    office.report(task, StepKind.PROGRESS, at("2025-09-19", "09:00"), percent=40)

    office.run(at("2025-09-22", "09:00"), at("2025-09-19", "15:00"))

    assert office.days("hoa") == ["19/09 16:30"]
    assert office.days("chair") == ["19/09 15:00"] * 3
    files = [letter.attachment for _, peer, _, letter in office.sent if peer == "chair"]
    assert [one and (one["name"], one["recipe"]) for one in files] == [
        None,
        ("tong-hop-2025-09-19.png", {"name": "picture"}),
        ("tong-hop-2025-09-19.xlsx", {"name": "sheet"}),
    ]
    moved = office.store.read_now(lambda book: book.reminders.moved(BEGIN, at("2025-09-19", "15:00")))
    assert [(one.assignment_id, one.before.percent, one.after.percent) for one in moved] == [(task, None, 40)]


def test_a_digest_of_a_day_that_is_over_is_dropped_and_a_report_is_put_off(sqlite_office: Office) -> None:
    """The channel was down on Friday evening: the digest would tell of yesterday, the week's report still matters."""
    office = sqlite_office
    join(office.store, "Chị Hoa", "local:main:hoa", unit="VPUBND", role=Role.OFFICE)
    join(office.store, "Chủ tịch", "local:main:chair", unit="VPUBND", role=Role.CHAIR)
    office.sweep(at("2025-09-19", "14:00"))
    office.sweep(at("2025-09-19", "16:30"))

    assert office.post(at("2025-09-19", "21:00")) == []
    office.sweep(at("2025-09-22", "07:30"))
    office.post(at("2025-09-22", "07:30"))

    assert office.days("hoa") == []
    assert office.days("chair") == ["22/09 07:30"] * 3


def test_the_office_hears_a_name_before_the_chair_does(sqlite_office: Office) -> None:
    """Due 16/9: on Friday 19/9 the clerk reads which commune is late, the chair how many; T03 has a rung of its own."""
    office = sqlite_office
    join(office.store, "Chị Hoa", "local:main:hoa", unit="VPUBND", role=Role.OFFICE)
    join(office.store, "Chủ tịch", "local:main:chair", unit="VPUBND", role=Role.CHAIR)
    office.store.write_now(lambda book: book.people.save_settings({"policy": {"tasks": {"T03": {"chair_from": 1}}}}))
    office.sweep(BEGIN)
    office.give("T02", "2025-09-16", "30712", now=BEGIN)
    office.give("T03", "2025-09-18", "30760", now=BEGIN)

    for hour in ("15:00", "16:30"):
        office.sweep(at("2025-09-19", hour))
        office.post(at("2025-09-19", hour))

    clerk, chair = office.to("hoa")[0][1], office.to("chair")[0][1]
    assert "2 lượt giao: 1 đã từ 3 ngày làm việc" in clerk
    assert "🔴 Bình Hòa: 1 việc, trễ 3 ngày" in clerk
    assert "Mỹ Hòa Hưng: 1 việc" not in clerk
    assert "Quá hạn: 2/2" in chair
    assert "🔴 Mỹ Hòa Hưng: 1 việc, trễ 1 ngày" in chair
    assert "Bình Hòa: 1 việc" not in chair


def test_a_returned_report_is_told_as_returned(sqlite_office: Office) -> None:
    """Lan said «xong», the office gave it back: the reminder says when and why, and puts no «đang làm» in her mouth."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    office.sweep(BEGIN)
    task = office.give("T02", "2025-09-22", "30712", now=BEGIN)[0]
    office.report(task, StepKind.DONE, at("2025-09-15", "09:00"), document="45/KH-UBND")
    office.report(task, StepKind.RETURN, at("2025-09-16", "10:00"), note="chưa có số văn bản")
    office.sweep(at("2025-09-22", "07:30"))
    (text,) = office.post(at("2025-09-22", "07:30"))

    assert "Báo cáo 15/9: Văn phòng trả lại 16/9, lý do: chưa có số văn bản" in text
    assert "đang làm" not in text

    office.report(task, StepKind.PROGRESS, at("2025-09-22", "08:00"), percent=60)
    office.sweep(at("2025-09-23", "07:30"))
    (text,) = office.post(at("2025-09-23", "07:30"))
    assert "Báo cáo gần nhất 22/9: đang làm (60%" in text
