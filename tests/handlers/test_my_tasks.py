"""A person's own list and one task's six points: order, numbers, whose it is, and what stays unseen."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.contacts import Role
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.tasks import Due, Status
from tests.handlers.conftest import ZONE, Talk


def give(talk: Talk, *tasks: tuple[str, str, Due | None], unit: str = "30001", product: str | None = None) -> None:
    """Further tasks (code, title, due) of a unit."""

    def work(book: Book) -> None:
        place = book.people.unit(unit)
        assert place is not None
        notice = book.assignments.keep_directive("02/TB-VPUBND", "Kết luận khác", date(2025, 9, 12), ("66-NQ/TW",))
        for code, title, due in tasks:
            new = NewTask(notice, code, title, ("66-NQ/TW",), (place.id,), due=due, product=product)
            book.assignments.keep_task(new, talk.now)

    talk.store.write_now(work)


def titles(answer: str) -> list[str]:
    """The numbered titles in their order."""
    rows = [line.split(". ", 1) for line in answer.splitlines() if ". " in line[:6]]
    return [title.split(" — ")[0] for _, title in rows]


@pytest.mark.parametrize(
    "typed", ["danh sách", "DS", "ds viec", "việc của em", "/viec", "còn việc nào", "xem việc", "việc"]
)
def test_the_list_is_asked_for_in_many_words(talk: Talk, typed: str) -> None:
    """Every way of asking brings the open list, numbered."""
    assert "2 việc đang mở" in talk.says("Lan", typed)


def test_most_urgent_first_and_reported_last(talk: Talk) -> None:
    """Overdue, then by deadline, then without one; what waits for the office stands at the end."""
    give(
        talk,
        ("T30", "Rà soát thủ tục", Due(date(2025, 9, 12))),
        ("T31", "Họp giao ban", Due(date(2025, 9, 15), time(14))),
        ("T32", "Tuyên truyền", None),
    )
    talk.says("Lan", "danh sách")
    talk.says("Lan", "T02 xong 45/KH-UBND")
    answer = talk.says("Lan", "danh sách")
    assert titles(answer) == [
        "Rà soát thủ tục",
        "Họp giao ban",
        "Thành lập Ban Chỉ đạo phát triển KHCN",
        "Tuyên truyền",
        "Xây dựng kế hoạch triển khai 4 nghị quyết",
    ]
    assert "🔴 1. Rà soát thủ tục" in answer
    assert "quá 3 ngày" in answer
    assert "hạn HÔM NAY (14:00" in answer
    assert "⚪ 4. Tuyên truyền" in answer
    assert "🟢 5. Xây dựng" in answer


def test_the_number_of_the_newest_list_counts(talk: Talk) -> None:
    """A task more urgent comes in; the new list begins with it, and "1" is that one from then on."""
    talk.says("Lan", "danh sách")
    give(talk, ("T30", "Rà soát thủ tục", Due(date(2025, 9, 16))))
    talk.says("Lan", "1 được 10%")
    assert talk.assignment("T02", "30001").state.percent == 10
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 được 20%")
    assert talk.assignment("T30", "30001").state.percent == 20
    assert talk.assignment("T02", "30001").state.percent == 10


def test_a_deputy_sees_what_the_contact_reported(talk: Talk) -> None:
    """Minh's list shows Lan's 40%, her obstacle in her words, and later her document."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 được 40%, 2 vướng kinh phí")
    seen = talk.says("Minh", "danh sách")
    assert "đang làm (40%)" in seen
    assert "vướng kinh phí" in seen
    talk.says("Lan", "1 xong, 45/kh-ubnd")
    assert "số 45/KH-UBND" in talk.says("Minh", "danh sách")


def test_two_at_once_leave_the_later_word(talk: Talk) -> None:
    """Lan and Minh report the same task in one minute: the later one stands, whichever reached us first."""
    talk.says("Lan", "danh sách")
    talk.says("Minh", "danh sách")
    talk.says("Minh", "T02 được 90%", at=datetime(2025, 9, 15, 8, 59, 50, tzinfo=ZONE))
    talk.says("Lan", "T02 được 70%", at=datetime(2025, 9, 15, 8, 59, 10, tzinfo=ZONE))
    assert talk.assignment("T02", "30001").state.percent == 90
    talk.says("Minh", "hoàn tác")
    assert talk.assignment("T02", "30001").state.percent == 70


def test_what_is_confirmed_or_recalled_leaves_the_list(talk: Talk) -> None:
    """Nothing open is said as such, with the promise of word when something comes."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    assert titles(talk.says("Lan", "ds")) == ["Thành lập Ban Chỉ đạo phát triển KHCN"]
    talk.says("Hoa", "thu hồi T04 Bình Hòa giao nhầm")
    assert "không có việc nào đang mở" in talk.says("Lan", "ds")


@pytest.mark.parametrize(
    "typed", ["chi tiết 1", "ct 1", "chi tiet T02", "chi tiết t02", "nội dung việc 1", "chi tiết T02 Bình Hòa"]
)
def test_the_six_points_of_one_task(talk: Talk, typed: str) -> None:
    """People, work, time, responsibility, product, authority; what the notice left open is said to be open."""
    talk.says("Lan", "danh sách")
    seen = talk.says("Lan", typed)
    assert "(mã T02)" in seen
    assert "Rõ người: Xã Bình Hòa — Lan" in seen
    assert "Rõ thời gian: hạn Thứ Bảy 20/9 (còn 5 ngày)" in seen
    assert seen.count("văn bản chưa nêu") == 3
    assert "68-NQ/TW" in seen


def test_an_open_request_for_time_is_seen_with_the_task(talk: Talk) -> None:
    """Minh sees that Lan has asked for a later deadline; once decided, the new day stands there instead."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi đến 25/9")
    assert "Đang chờ Văn phòng quyết định việc xin lùi hạn" in talk.says("Minh", "chi tiết T02")
    talk.says("Hoa", "duyệt 1")
    seen = talk.says("Minh", "chi tiết T02")
    assert "Đang chờ" not in seen
    assert "Thứ Năm 25/9" in seen


@pytest.mark.parametrize(
    "typed", ["chi tiết 9", "chi tiết 0", "chi tiết T16", "chi tiết T99", "chi tiết T02 An Phú", "ct 12"]
)
def test_what_is_not_theirs_is_not_found(talk: Talk, typed: str) -> None:
    """A number not on the list, another unit's task, a code that does not exist: one answer, which tells nothing."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", typed)
    assert "không tìm thấy việc đó trong danh sách" in answer
    assert "An Phú" not in answer


def test_details_of_a_closed_task_can_still_be_read(talk: Talk) -> None:
    """The number of the list shown before means the confirmed task, and says that it is finished."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    assert "đã hoàn thành (số 45/KH-UBND)" in talk.says("Lan", "chi tiết T02")


def test_a_person_of_two_units_names_the_unit(talk: Talk) -> None:
    """Lan also answers for An Phú: every line says whose it is, and a code alone records nothing."""
    talk.store.write_now(lambda book: _seat(book, talk, "Lan", "30003"))
    seen = talk.says("Lan", "danh sách")
    assert (seen.count("— Xã An Phú"), seen.count("— Xã Bình Hòa")) == (2, 2)
    talk.says("Lan", "T02 xong")
    assert [talk.assignment("T02", unit).state.status for unit in ("30001", "30003")] == [Status.ASSIGNED] * 2
    assert "Xã An Phú" in talk.says("Lan", "chi tiết T02")
    assert "Rõ người: Xã An Phú — Lan, Tâm" in talk.says("Lan", "chi tiết T02 An Phú")


def _seat(book: Book, talk: Talk, name: str, unit: str) -> None:
    place = book.people.unit(unit)
    assert place is not None
    book.joining.give_seat(talk.ids[name], place.id, Role.CONTACT, talk.now)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hạn ngày nào vậy?", "📅"),
        ("han nop la khi nao", "📅"),
        ("còn mấy việc nữa ạ?", "2 việc đang mở"),
        ("em còn việc nào nữa ạ?", "2 việc đang mở"),
    ],
)
def test_what_the_book_knows_is_answered_without_the_office(talk: Talk, typed: str, said: str) -> None:
    """Deadline and list come at once; no clerk is disturbed."""
    talk.says("Lan", "danh sách")
    assert said in talk.says("Lan", typed)
    assert talk.heard("Hoa") == []


def test_what_the_book_does_not_know_goes_to_every_clerk_once(talk: Talk) -> None:
    """Where to hand in: numbered, in the asker's words, to both clerks and to nobody of another unit."""
    assert "mục số 1" in talk.says("Lan", "nộp ở đâu ạ?")
    assert [len(talk.heard(name)) for name in ("Hoa", "Sơn", "Bảy", "Tâm", "Minh")] == [1, 1, 0, 0, 0]
    assert "Xã Bình Hòa (Lan)" in talk.heard("Sơn")[0].text


def test_what_was_received_is_shown_and_still_chased(talk: Talk) -> None:
    """ "Đã nhận" is no report: the unit's list, one task and the office's view say received, and not reported."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "đã nhận")

    assert talk.says("Lan", "danh sách").count("đã nhận, chưa báo cáo") == 2
    assert "đã nhận, chưa báo cáo" in talk.says("Lan", "chi tiết 1")
    assert talk.says("Hoa", "tình hình Bình Hòa").count("đã nhận, chưa báo cáo") == 2
    assert "Bình Hòa" in talk.says("Hoa", "ai chưa báo cáo")


def test_what_waits_for_the_office_is_seen_in_the_list(talk: Talk) -> None:
    """A later deadline asked for: until when and who decides stands at its task alone, until it is decided."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "2 xin lùi đến 25/9")
    answer = talk.says("Lan", "việc của tôi")
    assert answer.count("xin lùi đến 25/9, chờ Văn phòng duyệt") == 1
    assert "chờ Văn phòng duyệt" in answer.partition("2. Thành lập")[2]
    assert "Đang chờ Văn phòng quyết định việc xin lùi hạn đến Thứ Năm 25/9" in talk.says("Lan", "chi tiết 2")
    talk.says("Hoa", "duyệt 1")
    assert "chờ Văn phòng duyệt" not in talk.says("Lan", "việc của tôi")
