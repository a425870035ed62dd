"""The worked example of the timetable: a deadline on Saturday 20/9/2025, followed from the notice to the autumn."""

from __future__ import annotations

from bot.contacts import Role
from tests.scheduler.office import Office, at
from tests.store.opening import join


def test_a_saturday_deadline_is_chased_as_the_timetable_says(office: Office) -> None:
    """15/9, 18/9, 19/9 with a second call, overdue on 22/9, 24/9, 30/9 and every five working days after."""
    join(office.store, "Lan", "local:main:lan")
    join(office.store, "Ông Minh", "local:main:minh", role=Role.LEADER)
    begin = at("2025-09-12", "09:00")
    office.give("T02", "2025-09-20", "30712", now=begin)

    office.run(at("2025-10-07", "20:00"), begin)

    overdue = ["22/09 07:30", "24/09 07:30", "30/09 07:30", "07/10 07:30"]
    assert office.days("lan") == ["15/09 07:30", "18/09 07:30", "19/09 07:30", "19/09 13:30", *overdue]
    assert office.days("minh") == overdue


def test_its_letters_say_what_the_day_is(sqlite_office: Office) -> None:
    """Five days left, the last working day, the second call, and two days late, each in words of its own."""
    office = sqlite_office
    join(office.store, "Lan", "local:main:lan")
    begin = at("2025-09-12", "09:00")
    office.give("T02", "2025-09-20", "30712", now=begin, title="Xây dựng kế hoạch triển khai 4 nghị quyết")

    office.run(at("2025-09-22", "20:00"), begin)

    said = dict(office.to("lan"))
    assert said["15/09 07:30"] == (
        "Chào anh/chị, có một việc sắp đến hạn:\n"
        "1. Xây dựng kế hoạch triển khai 4 nghị quyết\n"
        "   Hạn: Thứ Bảy 20/9, còn 5 ngày làm việc\n"
        "   Chưa có báo cáo\n"
        "Anh/chị chỉ cần trả lời ngắn: “1 xong”, “1 60%”, “1 vướng kinh phí” hoặc “1 xin lùi đến 26/9”."
    )
    assert "hôm nay là ngày làm việc cuối trước hạn" in said["19/09 07:30"]
    assert said["19/09 13:30"].startswith("Xin nhắc lại anh/chị: hôm nay là ngày làm việc cuối")
    assert "Hạn: Thứ Bảy 20/9, đã quá hạn 2 ngày" in said["22/09 07:30"]
