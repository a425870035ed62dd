"""Taking back: whose words, until when, how far, and what the receipt says stands now."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.tasks import Status
from tests.handlers.conftest import ZONE, Talk


@pytest.fixture
def listed(talk: Talk) -> Talk:
    """Lan and Minh have the two tasks of Bình Hòa before them: 1 is T02, 2 is T04."""
    talk.says("Lan", "danh sách")
    talk.says("Minh", "danh sách")
    return talk


def status(talk: Talk, code: str = "T02", unit: str = "30001") -> Status:
    return talk.assignment(code, unit).state.status


@pytest.mark.parametrize(
    "typed",
    [
        "hoàn tác",
        "Hoan tac",
        "/hoantac",
        "HỦY BÁO CÁO",
        "rút lại",
        "lấy lại",
        "nhầm rồi ạ",
        "em gửi nhầm, bỏ tin trên giúp em",
        "gui nham roi",
        "undo",
    ],
)
def test_a_report_is_taken_back_in_many_words(listed: Talk, typed: str) -> None:
    """By the command or by saying that it was a mistake: the task stands as before, and the receipt says so."""
    listed.says("Lan", "1 được 60%")
    answer = listed.says("Lan", typed)
    assert "Đã rút lại báo cáo vừa rồi" in answer
    assert "Xây dựng kế hoạch triển khai 4 nghị quyết: chưa báo cáo" in answer
    assert listed.assignment("T02", "30001").state.silent


def test_undo_goes_back_one_message_at_a_time(listed: Talk) -> None:
    """80%, 50%, done: three undos bring back 50%, then 80%, then nothing; a fourth says that nothing is left."""
    for typed in ("1 được 80%", "1 được 50%", "1 xong, 45/KH-UBND"):
        listed.says("Lan", typed)
    stood = []
    for _ in range(3):
        listed.says("Lan", "hoàn tác")
        state = listed.assignment("T02", "30001").state
        stood.append((state.status, state.percent, state.document))
    assert stood == [(Status.IN_PROGRESS, 50, None), (Status.IN_PROGRESS, 80, None), (Status.ASSIGNED, None, None)]
    assert "chưa có báo cáo nào để rút lại" in listed.says("Lan", "hoàn tác")


def test_one_undo_takes_back_all_of_one_message(listed: Talk) -> None:
    """Two tasks reported in one message are both taken back, and both are named."""
    listed.says("Lan", "1 xong 45/KH-UBND, 2 60%")
    answer = listed.says("Lan", "hoàn tác")
    assert answer.partition("việc đang mở")[0].count("chưa báo cáo") == 2
    assert (status(listed), status(listed, "T04")) == (Status.ASSIGNED, Status.ASSIGNED)


def test_nobody_takes_back_what_a_colleague_said(listed: Talk) -> None:
    """Minh has reported nothing: his undo leaves Lan's report, and the other way round each takes back their own."""
    listed.says("Lan", "1 được 40%")
    assert "chưa có báo cáo nào" in listed.says("Minh", "hoàn tác")
    listed.says("Minh", "1 được 70%")
    listed.says("Lan", "hoàn tác")
    assert listed.assignment("T02", "30001").state.percent == 70
    listed.says("Minh", "hoàn tác")
    assert listed.assignment("T02", "30001").state.silent


@pytest.mark.parametrize(
    ("decision", "left"),
    [
        ("xác nhận T02 Bình Hòa", Status.ACCEPTED),
        ("trả lại T02 Bình Hòa thiếu phụ lục", Status.IN_PROGRESS),
        ("thu hồi T02 Bình Hòa giao nhầm", Status.RECALLED),
    ],
)
def test_what_the_office_decided_on_is_not_undone(listed: Talk, decision: str, left: Status) -> None:
    """Confirmed, returned or recalled: the undo is refused in words, twice over, and nothing moves."""
    listed.says("Lan", "1 xong, 45/KH-UBND")
    listed.says("Hoa", decision)
    for _ in range(2):
        assert "Văn phòng đã xử lý báo cáo đó" in listed.says("Lan", "hoàn tác")
        assert status(listed) is left


def test_a_new_deadline_does_not_end_the_right_to_undo(listed: Talk) -> None:
    """The office granting more time judges no report: 60% said in the same message may still be taken back."""
    listed.says("Lan", "1 mới 60%, xin lùi đến 25/9")
    listed.says("Hoa", "duyệt 1")
    assert "Đã rút lại báo cáo" in listed.says("Lan", "hoàn tác")
    after = listed.assignment("T02", "30001").state
    assert (after.status, after.extensions) == (Status.ASSIGNED, 1)


@pytest.mark.parametrize(("hours", "taken_back"), [(0, True), (23, True), (24, True), (25, False), (24 * 9, False)])
def test_a_day_is_left_to_take_back(listed: Talk, hours: int, taken_back: bool) -> None:
    """Until 24 hours have gone; after that the right state has to be reported."""
    listed.says("Lan", "1 được 60%")
    listed.later(hours=hours)
    answer = listed.says("Lan", "hoàn tác")
    assert ("Đã rút lại" in answer) is taken_back
    assert ("đã quá 24 giờ" in answer) is not taken_back
    assert listed.assignment("T02", "30001").state.silent is taken_back


def test_undoing_an_addition_leaves_the_report_of_the_due_day_in_time(listed: Talk) -> None:
    """ "Xong" on the due day, said again two days later and taken back: the first report stands, in time."""
    listed.now = datetime(2025, 9, 20, 23, tzinfo=ZONE)
    listed.says("Lan", "1 xong")
    said = listed.now
    listed.later(days=2)
    listed.says("Lan", "T02 xong rồi")
    listed.says("Lan", "hoàn tác")
    state = listed.assignment("T02", "30001").state
    assert (state.status, state.reported_at) == (Status.REPORTED, said)


def test_a_question_to_the_office_is_taken_back_before_the_report_it_followed(listed: Talk) -> None:
    """The newest thing goes first, one at a time; what the office has answered is over."""
    listed.says("Lan", "1 xong")
    listed.later(minutes=1)
    listed.says("Lan", "nộp bản giấy ở đâu ạ?")
    assert "Đã rút lại mục số 1" in listed.says("Lan", "hoàn tác")
    assert status(listed) is Status.REPORTED
    assert "đã được rút" in listed.says("Hoa", "tl 1 tầng 2")
    assert "chưa báo cáo" in listed.says("Lan", "hoàn tác")
    listed.says("Lan", "mẫu báo cáo nào ạ?")
    listed.says("Hoa", "tl 2 mẫu số 3")
    assert "chưa có báo cáo nào" in listed.says("Lan", "hoàn tác")


def test_a_refused_request_is_not_taken_back(listed: Talk) -> None:
    """The office has refused a later deadline: the undo finds the report before it, not the request."""
    listed.says("Lan", "2 được 30%")
    listed.says("Lan", "1 xin lùi đến 25/9")
    listed.says("Hoa", "không duyệt 1 hạn đã chốt")
    answer = listed.says("Lan", "hoàn tác")
    assert "Thành lập Ban Chỉ đạo phát triển KHCN: chưa báo cáo" in answer
    assert "mục số" not in answer


def test_an_edit_that_says_nothing_takes_back_what_was_said(listed: Talk) -> None:
    """ "1 xong" edited to "cảm ơn anh": the report no longer stands, and Lan is told so."""
    listed.says("Lan", "1 xong")
    answer = listed.says("Lan", "cảm ơn anh", edits=True)
    assert "báo cáo cũ của tin này không còn tính" in answer
    assert "chưa báo cáo" in answer
    assert listed.assignment("T02", "30001").state.silent


def test_an_edit_after_the_office_decided_goes_to_the_office(listed: Talk) -> None:
    """A confirmed report is not rewritten by editing its message: the new words become a question to the office."""
    listed.says("Lan", "1 xong, 45/KH-UBND")
    listed.says("Hoa", "xác nhận T02 Bình Hòa")
    before = listed.assignment("T02", "30001").state
    answer = listed.says("Lan", "1 mới được 80%", edits=True)
    assert "đã được xác nhận hoàn thành" in answer
    assert "«1 mới được 80%»" in listed.heard("Hoa")[0].text
    assert listed.assignment("T02", "30001").state == before


def test_an_edit_closes_the_question_its_old_words_raised(listed: Talk) -> None:
    """ "1 chắc xong" edited to "1 được 90%": a late "1" is no answer any more."""
    listed.says("Lan", "1 chắc xong rồi")
    listed.says("Lan", "1 được 90%", edits=True)
    listed.says("Lan", "1")
    state = listed.assignment("T02", "30001").state
    assert (state.status, state.percent) == (Status.IN_PROGRESS, 90)


def test_a_leaver_keeps_no_right_to_undo(listed: Talk) -> None:
    """Lan withdraws consent: her unit's report stays, and a second "hoàn tác" from her phone moves nothing."""
    listed.says("Lan", "1 xong, 45/KH-UBND")
    listed.says("Lan", "rút đồng ý và xóa dữ liệu")
    listed.says("Lan", "hoàn tác")
    assert status(listed) is Status.REPORTED
    assert "chưa có báo cáo nào" in listed.says("Minh", "hoàn tác")


def test_neither_report_nor_undo_moves_a_number(listed: Talk) -> None:
    """'1 xong' leaves 2 what it was, and once it is taken back, 1 is again what it was."""
    assert "2. Thành lập Ban Chỉ đạo" in listed.says("Lan", "1 xong, 5/KH-UBND")
    listed.says("Lan", "nhầm")
    listed.says("Lan", "1 được 60%")
    assert "60%" in listed.says("Lan", "danh sách").partition("2. ")[0]


def test_words_that_take_a_request_back_make_no_new_one(listed: Talk) -> None:
    """Read as a request for more time, but speaking of dropping one that waits: asked, with the withdrawal offered."""
    listed.says("Lan", "1 xin lùi đến 25/9")
    answer = listed.says("Lan", "bỏ xin lùi việc 1 giùm em nghe chị Hoa")
    assert "2. rút lại tin «1 xin lùi đến 25/9»" in answer
    assert listed.heard("Hoa") == []
    assert "không xin lùi đến 25/9 nữa" in listed.says("Lan", "2")
    assert "đã được rút" in listed.says("Hoa", "duyệt 1")


def test_a_request_goes_by_its_number(listed: Talk) -> None:
    """ "Rút lại mục số 2" leaves the first, and nobody takes back a colleague's."""
    listed.says("Lan", "1 xin lùi đến 25/9")
    listed.says("Lan", "nộp bản giấy ở đâu ạ?")
    assert "Không có đề nghị nào như vậy" in listed.says("Minh", "rút lại mục số 2")
    assert "Đã rút lại mục số 2" in listed.says("Lan", "rút lại mục số 2")
    assert "Anh/chị muốn rút" not in listed.says("Lan", "rút lại đề nghị")
    assert "đã được rút" in listed.says("Hoa", "duyệt 1")


def test_a_request_older_than_a_day_is_withdrawn_by_name(listed: Talk) -> None:
    """What still waits may go at any time where it is named; "hoàn tác" alone looks back a day."""
    listed.says("Lan", "1 xin lùi đến 25/9")
    listed.later(hours=30)
    assert "chưa có báo cáo nào" in listed.says("Lan", "hoàn tác")
    assert "không xin lùi đến 25/9 nữa" in listed.says("Lan", "thôi không xin lùi nữa")


def test_a_change_of_days_or_pace_says_how_it_is_put_back(talk: Talk) -> None:
    """Chị Hoa: "hoàn tác" after a day off, after that day dropped again, and after a pace: never "mở lại"."""
    talk.says("Hoa", "nghỉ 18/9/2025")
    talk.says("Hoa", "1")
    assert "«bỏ ngày nghỉ 18/9/2025»" in talk.says("Hoa", "hoàn tác")
    talk.says("Hoa", "bỏ ngày nghỉ 18/9/2025")
    talk.says("Hoa", "1")
    assert "«nghỉ 18/9/2025»" in talk.says("Hoa", "hoàn tác")
    talk.says("Hoa", "nhắc trước 5 ngày")
    talk.says("Hoa", "1")
    assert "«lịch nhắc như cũ»" in talk.says("Hoa", "hoàn tác")
    talk.says("Tâm", "T02 xong")
    talk.says("Hoa", "xác nhận T02 An Phú")
    assert "mở lại" in talk.says("Hoa", "hoàn tác")
    talk.says("Hoa", "lịch nhắc như cũ")
    talk.says("Hoa", "1")
    assert "«lịch nhắc như cũ»" in talk.says("Hoa", "hoàn tác")
    assert "«lịch nhắc như cũ»" not in talk.says("Sơn", "hoàn tác")
