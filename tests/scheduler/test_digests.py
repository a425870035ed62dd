"""When the office's digest and the chair's reports are planned, of which days they tell, and to whom they go."""

from __future__ import annotations

from datetime import date

import pytest

from bot.contacts import Role
from bot.tasks import StepKind
from scheduler.replanning import change_days
from tests.scheduler.office import Office, at
from tests.store.opening import join


@pytest.fixture
def seated(sqlite_office: Office) -> Office:
    """Chị Hoa and anh Sơn of the office, ông Bảy the chair, Lan of Bình Hòa."""
    for name, peer, role in (("Hoa", "hoa", Role.OFFICE), ("Sơn", "son", Role.OFFICE), ("Bảy", "bay", Role.CHAIR)):
        join(sqlite_office.store, name, f"local:main:{peer}", unit="VPUBND", role=role)
    join(sqlite_office.store, "Lan", "local:main:lan")
    return sqlite_office


def evening(office: Office, day: str, since: str = "16:00") -> list[str]:
    """What leaves at the end of this day, after a sweep in the afternoon."""
    office.sweep(at(day, since))
    office.sweep(at(day, "16:30"))
    return office.post(at(day, "16:30"))


def test_an_empty_day_has_a_digest_for_every_clerk_and_nobody_else(seated: Office) -> None:
    """No task yet: both clerks read that nothing waits; neither chair nor officer is written to."""
    said = evening(seated, "2025-09-17")
    assert len(said) == 2
    assert all("Không có việc nào chờ anh/chị quyết định" in one for one in said)
    assert (seated.days("hoa"), seated.days("son")) == (["17/09 16:30"], ["17/09 16:30"])
    assert seated.to("bay") == seated.to("lan") == []


def test_a_digest_swept_twice_goes_once(seated: Office) -> None:
    """A second replica sweeps the same moment: nobody reads it again."""
    assert len(evening(seated, "2025-09-17")) == 2
    assert evening(seated, "2025-09-17") == []


@pytest.mark.parametrize("day", ["2025-09-20", "2025-09-21", "2025-09-02"])
def test_a_day_off_has_no_digest(seated: Office, day: str) -> None:
    """Saturday, Sunday and the national day pass in silence."""
    assert evening(seated, day) == []


def test_the_digest_counts_its_own_day_alone(seated: Office) -> None:
    """Reported on Tuesday: in Tuesday's digest, no change in Wednesday's."""
    seated.sweep(at("2025-09-15", "15:00"))
    [task] = seated.give("T02", "2025-10-20", "30712", now=at("2025-09-15", "15:00"))
    seated.report(task, StepKind.PROGRESS, at("2025-09-16", "09:00"), percent=40)
    assert "• báo tiến độ: 1" in evening(seated, "2025-09-16")[0]
    assert "không có thay đổi nào" in evening(seated, "2025-09-17")[0]


def test_what_comes_after_the_digest_is_in_the_next_one(seated: Office) -> None:
    """Reported on Tuesday at 16:45, after the digest: Wednesday's tells of it, once, and of nothing before it."""
    seated.sweep(at("2025-09-15", "15:00"))
    [task] = seated.give("T02", "2025-10-20", "30712", now=at("2025-09-15", "15:00"))
    seated.report(task, StepKind.NOT_STARTED, at("2025-09-16", "16:29"))
    assert "• báo tiến độ" not in evening(seated, "2025-09-16")[0]
    seated.report(task, StepKind.PROGRESS, at("2025-09-16", "16:45"), percent=40)
    wednesday = evening(seated, "2025-09-17")[0]
    assert "Từ 16:30 16/9/2025:\n• báo tiến độ: 1\n\n" in wednesday
    assert "Gồm cả" not in wednesday
    assert "không có thay đổi nào" in evening(seated, "2025-09-18")[0]


def test_what_came_in_before_the_digest_and_was_written_down_after_it_is_in_the_next_one(seated: Office) -> None:
    """Lan's report of 16:29 waits for its file until after Tuesday's digest: Wednesday's tells of it, and no later."""
    seated.sweep(at("2025-09-15", "15:00"))
    one, other = seated.give("T02", "2025-10-20", "30712", "30760", now=at("2025-09-15", "15:00"))
    evening(seated, "2025-09-15")
    seated.report(one, StepKind.PROGRESS, at("2025-09-16", "16:00"), percent=20)
    assert "• báo tiến độ: 1\n" in evening(seated, "2025-09-16")[0]
    seated.report(other, StepKind.PROGRESS, at("2025-09-16", "16:29"), percent=40)
    assert all("• báo tiến độ: 1\n" in said for said in evening(seated, "2025-09-17"))
    assert "không có thay đổi nào" in evening(seated, "2025-09-18")[0]


def test_a_digest_that_an_outage_swallowed_is_in_the_next_days(seated: Office) -> None:
    """Down from 16:00 on Tuesday to Wednesday morning: nobody is written to at night, Wednesday tells of both."""
    seated.sweep(at("2025-09-15", "15:00"))
    [task] = seated.give("T02", "2025-10-20", "30712", now=at("2025-09-15", "15:00"))
    evening(seated, "2025-09-15")
    seated.report(task, StepKind.PROGRESS, at("2025-09-16", "15:30"), percent=40)
    for day, hour in (("2025-09-16", "18:00"), ("2025-09-16", "22:00"), ("2025-09-17", "07:30")):
        seated.sweep(at(day, hour))
        assert seated.post(at(day, hour)) == []
    said = evening(seated, "2025-09-17")[0]
    assert "Gồm cả Thứ Ba 16/9, hôm chưa gửi được tổng hợp" in said
    assert "Từ 16:30 15/9/2025:\n• báo tiến độ: 1\n" in said


def test_a_digest_that_could_not_leave_in_time_is_in_the_next_one(seated: Office) -> None:
    """Planned on Friday, the platform away until eight: dropped; on Monday it is told, with the weekend's changes."""
    seated.sweep(at("2025-09-11", "15:00"))
    [task] = seated.give("T02", "2025-10-20", "30712", now=at("2025-09-11", "15:00"))
    evening(seated, "2025-09-11")
    seated.report(task, StepKind.PROGRESS, at("2025-09-12", "09:00"), percent=40)
    seated.sweep(at("2025-09-12", "16:30"))
    assert seated.post(at("2025-09-12", "20:00")) == []
    seated.report(task, StepKind.DONE, at("2025-09-14", "09:00"))
    evening(seated, "2025-09-15")
    said = seated.to("hoa")[-1][1]
    assert "Gồm cả Thứ Sáu 12/9" in said
    assert "• báo xong: 1\n• báo tiến độ: 1\n" in said


def test_several_missed_days_are_named_from_the_first_to_the_last(seated: Office) -> None:
    """Away on Tuesday and Wednesday; a clerk who came meanwhile reads the same as the others."""
    seated.sweep(at("2025-09-15", "15:00"))
    evening(seated, "2025-09-15")
    join(seated.store, "Thu", "local:main:thu", unit="VPUBND", role=Role.OFFICE)
    said = evening(seated, "2025-09-18")
    assert len(said) == 3
    assert all("Gồm cả từ Thứ Ba 16/9 đến Thứ Tư 17/9" in one for one in said)


def test_the_week_with_a_friday_off_is_reported_before_it(seated: Office) -> None:
    """30/4 to 2/5/2025 were off: the chair reads the week on Tuesday 29/4 at 15:00, and nothing on that Friday."""
    seated.sweep(at("2025-04-29", "14:00"))
    seated.sweep(at("2025-04-29", "15:00"))
    seated.post(at("2025-04-29", "15:00"))
    assert seated.days("bay") == ["29/04 15:00"] * 3
    assert "29/4/2025" in seated.to("bay")[0][1].splitlines()[0]
    seated.sweep(at("2025-05-02", "15:00"))
    seated.post(at("2025-05-02", "15:00"))
    assert len(seated.days("bay")) == 3


def test_the_first_on_a_saturday_is_reported_on_monday_of_the_month_before(seated: Office) -> None:
    """1/11/2025 was a Saturday: on Monday the 3rd the chair reads October, counted to its last day."""
    seated.sweep(at("2025-10-31", "15:30"))
    [task] = seated.give("T02", "2025-12-20", "30712", now=at("2025-10-31", "15:30"))
    seated.report(task, StepKind.PROGRESS, at("2025-10-31", "16:00"), percent=40)
    seated.report(task, StepKind.DONE, at("2025-11-02", "09:00"))
    seated.sweep(at("2025-11-01", "07:30"))
    assert seated.post(at("2025-11-01", "07:30")) == []
    seated.sweep(at("2025-11-03", "07:30"))
    seated.post(at("2025-11-03", "07:30"))
    month = seated.to("bay")[0][1]
    assert month.startswith("BÁO CÁO THÁNG 10/2025\n")
    assert "• báo tiến độ: 1" in month
    assert "• báo xong" not in month


def test_who_joined_by_a_channel_that_is_gone_is_named_with_what_to_do(seated: Office) -> None:
    """Lan's bot is served no more: the digest names her with her unit and tells how she gets in again."""
    join(seated.store, "Minh", "telegram:1:12", unit="30760")
    seated.store.write_now(lambda book: book.served.note([("local", "main")], at("2025-09-17", "08:00")))
    said = evening(seated, "2025-09-17")[0]
    assert "Chưa liên lạc được với ai: 2 đơn vị" in said
    assert "Không nhắn được cho 1 người vì kênh của họ không còn dùng:\nSở, ngành (1): Mỹ Hòa Hưng (Minh)" in said
    assert "Cấp mã mới để họ vào lại: «mã mời <đơn vị>», thêm «phó đầu mối» hoặc «lãnh đạo»" in said


def test_namesakes_who_are_cut_off_are_two_people(seated: Office) -> None:
    """A Minh in either commune, both by a bot that is gone: two codes are to be given, not one."""
    join(seated.store, "Minh", "telegram:1:12", unit="30760")
    join(seated.store, "Minh", "telegram:1:13", unit="30712")
    seated.store.write_now(lambda book: book.served.note([("local", "main")], at("2025-09-17", "08:00")))
    said = evening(seated, "2025-09-17")[0]
    assert "Không nhắn được cho 2 người" in said
    assert "Bình Hòa (Minh), Mỹ Hòa Hưng (Minh)" in said


def test_a_month_is_reported_once_though_its_day_was_declared_off(seated: Office) -> None:
    """Told on Wednesday 1/10 at 07:30; at ten the office declares that day off: on Thursday it is not told again."""
    seated.sweep(at("2025-09-30", "15:30"))
    seated.sweep(at("2025-10-01", "07:30"))
    seated.post(at("2025-10-01", "07:30"))
    off = {date(2025, 10, 1): False}
    seated.store.write_now(lambda book: change_days(book, off, None, None, at("2025-10-01", "10:00")))
    seated.sweep(at("2025-10-02", "07:30"))
    seated.post(at("2025-10-02", "07:30"))
    assert [text.splitlines()[0] for _, text in seated.to("bay") if "THÁNG" in text] == ["BÁO CÁO THÁNG 9/2025"]
