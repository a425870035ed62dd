"""The office confirms, returns, recalls and re-opens; the units hear it, and what can't be done is said."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.tasks import Status
from tests.handlers.conftest import ZONE, Talk


@pytest.fixture
def reported(talk: Talk) -> Talk:
    """Lan has reported both tasks of Bình Hòa, Tâm the first of An Phú."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND, 2 xong QĐ 12/QĐ-UBND")
    talk.says("Tâm", "danh sách")
    talk.says("Tâm", "1 xong KH 07/KH-UBND")
    return talk


def test_what_waits_is_shown_by_task_with_document_and_time(reported: Talk) -> None:
    """Reports are grouped by task and numbered; each says its document and whether it came in time."""
    seen = reported.says("Hoa", "cần duyệt")
    assert "3 báo cáo" in seen
    assert seen.index("1. Xã An Phú: số 07/KH-UBND, báo đúng hạn") < seen.index("2. Xã Bình Hòa: số 45/KH-UBND")
    assert "3. Xã Bình Hòa: số 12/QĐ-UBND" in seen
    assert "T14. Tăng cường đối ngoại (chưa rõ đơn vị)" in seen


def test_a_late_report_is_marked(talk: Talk) -> None:
    """What was reported after the deadline says so in the clerk's list."""
    talk.now = datetime(2025, 9, 22, 9, tzinfo=ZONE)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong KH 45/KH-UBND")
    assert "báo trễ hạn" in talk.says("Hoa", "cho xac nhan")


def test_nothing_waiting_is_said(talk: Talk) -> None:
    """With nothing but a draft the list still shows it."""
    seen = talk.says("Hoa", "việc cần làm")
    assert "0 báo cáo" in seen
    assert "T14" in seen


def test_confirming_by_numbers_tells_each_person_once(reported: Talk) -> None:
    """Numbers of the list last shown; contact and deputy of each unit get one letter with all their tasks."""
    reported.says("Hoa", "chờ xác nhận")
    answer = reported.says("Hoa", "xac nhan 2,3")
    assert "Đã xác nhận hoàn thành 2 việc" in answer
    assert reported.assignment("T02", "30001").state.status is Status.ACCEPTED
    assert reported.assignment("T04", "30001").state.status is Status.ACCEPTED
    assert reported.assignment("T02", "30003").state.status is Status.REPORTED
    [letter] = reported.heard("Lan")
    assert "2 việc" in letter.text
    assert "45/KH-UBND" in letter.text
    assert len(reported.heard("Minh")) == 1
    assert reported.heard("Tâm") == []


def test_the_button_confirms_everything_shown(reported: Talk) -> None:
    """«Xác nhận tất cả» means what the list held, and says what came in since."""
    reported.says("Hoa", "cần duyệt")
    shown = reported.heard("Hoa")[0]
    reported.says("Tâm", "2 xong QĐ 9/QĐ-UBND")
    data = next(data for label, data in shown.buttons if "Xác nhận tất cả" in label)
    answer = reported.says("Hoa", "", button=data)
    assert "Đã xác nhận hoàn thành 3 việc" in answer
    assert "Còn 1 báo cáo khác" in answer
    assert reported.assignment("T04", "30003").state.status is Status.REPORTED


def test_a_number_never_finishes_what_nobody_reported(reported: Talk) -> None:
    """Tâm takes a report back while Hoa has the list before her: "xác nhận 1" then says that nothing is reported."""
    first = next(line for line in reported.says("Hoa", "cần duyệt").splitlines() if "1. " in line)
    assert "An Phú" in first
    reported.says("Tâm", "hoàn tác")
    before = {one.id: one.state.status for one in reported.store.read_now(lambda book: book.assignments.of_task("T02"))}
    answer = reported.says("Hoa", "xác nhận 1")
    after = {one.id: one.state.status for one in reported.store.read_now(lambda book: book.assignments.of_task("T02"))}
    assert after == before
    assert "chưa" in answer


def test_a_number_of_another_list_finishes_nothing(reported: Talk) -> None:
    """An unclear note by telephone lists that unit's tasks: "1" is then one of them, and unreported."""
    reported.says("Hoa", "cần duyệt")
    reported.says("Hoa", "ghi hộ Phú An cũng tạm được")
    reported.says("Hoa", "xác nhận 1")
    reported.says("Hoa", "trả lại 1 thiếu dấu")
    found = reported.store.read_now(lambda book: book.assignments.of_task("T02"))
    assert all(one.state.status is Status.ASSIGNED for one in found if one.unit_name == "Xã Phú An")


def test_an_old_button_confirms_nothing_its_list_did_not_show(reported: Talk) -> None:
    """A list settled long ago is no list of what came since: its button says so, and confirms nothing."""
    reported.says("Hoa", "cần duyệt")
    data = next(value for label, value in reported.heard("Hoa")[-1].buttons if "tất cả" in label)
    reported.says("Hoa", "", button=data)
    reported.says("Tâm", "T04 xong, 9/QĐ-UBND")
    waits = [one.state.status for one in (reported.assignment("T04", "30003"),)]
    assert "đã xử lý xong" in reported.says("Hoa", "", button=data)
    assert [reported.assignment("T04", "30003").state.status] == waits == [Status.REPORTED]


def test_confirming_all_without_a_list_means_all_that_is_reported(reported: Talk) -> None:
    """A clerk who was shown nothing confirms what waits, and reads it all."""
    answer = reported.says("Hoa", "xác nhận hết")
    assert "Đã xác nhận hoàn thành 3 việc" in answer
    assert "Không có báo cáo nào" in reported.says("Sơn", "xác nhận tất cả")


def test_many_are_named_by_task(reported: Talk) -> None:
    """More than three are answered by task, with every unit's name."""
    reported.says("Tâm", "2 xong QĐ 9/QĐ-UBND")
    answer = reported.says("Hoa", "xác nhận tất cả")
    assert "T02. Xây dựng kế hoạch triển khai 4 nghị quyết (2 đơn vị)" in answer
    assert "An Phú, Bình Hòa" in answer


def test_confirming_a_task_takes_what_is_reported(reported: Talk) -> None:
    """«xác nhận T02» leaves the units that have not reported alone."""
    answer = reported.says("Hoa", "xác nhận t2")
    assert "2 việc" in answer
    assert reported.assignment("T02", "30002").state.status is Status.ASSIGNED
    assert "chưa có đơn vị nào báo xong" in reported.says("Hoa", "xác nhận T16")


def test_confirming_a_unit_by_name(reported: Talk) -> None:
    """Name with or without marks, one or several; who had not reported stands apart, with the way back."""
    answer = reported.says("Hoa", "xac nhan T02 binh hoa, Định Hòa")
    assert "T02 — Xã Bình Hòa" in answer
    done, _, unreported = answer.partition("✅ Đã xác nhận hoàn thành 1 việc mà đơn vị CHƯA báo xong:")
    assert "Bình Hòa" in done
    assert "Bình Hòa" not in unreported
    assert "T02 — Xã Định Hòa" in unreported
    assert "tính theo lúc xác nhận. Nếu nhầm, nhắn «mở lại T02 Xã Định Hòa" in unreported
    for unit in ("30001", "30002"):
        assert reported.assignment("T02", unit).state.status is Status.ACCEPTED
    reported.says("Hoa", "mở lại T02 Xã Định Hòa nhầm đơn vị")
    assert reported.assignment("T02", "30002").state.status is Status.IN_PROGRESS


def test_a_unit_hears_that_its_unreported_task_is_finished(talk: Talk) -> None:
    """Lan said 40%, Tâm is stuck: the office ends the one, sends the other on, and both read on what."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 được 40%")
    talk.says("Tâm", "danh sách")
    talk.says("Tâm", "1 vướng kinh phí")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    assert "1 việc đơn vị chưa báo xong, không cần báo cáo nữa" in talk.heard("Lan")[0].text
    assert "CHƯA báo xong, lý do: đã đủ kinh phí" in talk.says("Hoa", "trả lại T02 An Phú đã đủ kinh phí")
    assert "yêu cầu làm tiếp 1 việc đơn vị chưa báo xong, lý do: đã đủ kinh phí" in talk.heard("Tâm")[0].text
    assert talk.assignment("T02", "30003").state.status is Status.IN_PROGRESS
    assert "đã được xác nhận hoàn thành" in talk.says("Hoa", "trả lại T02 Bình Hòa thiếu dấu")


@pytest.mark.parametrize("typed", ["xn hết", "xác nhận T02", "xác nhận T02 tất cả", "trả lại T02 tất cả thiếu dấu"])
def test_what_is_decided_for_all_at_once_touches_reports_alone(reported: Talk, typed: str) -> None:
    """One slip of a clerk must not finish, or send back, a hundred communes that have said nothing."""
    reported.says("Hoa", typed)
    for unit in ("STC", "30002", "30004"):
        assert reported.assignment("T02", unit).state.status is Status.ASSIGNED
    assert reported.assignment("T02", "30001").state.status is not Status.REPORTED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("xác nhận 99", "không có số 99"),
        ("xác nhận T99", "Không có nhiệm vụ mã T99"),
        ("xác nhận T02 Bình Hoà Đông", "Không tìm thấy đơn vị"),
        ("xác nhận T02 Bình Hỏi", "Có phải: Xã Bình Hòa"),
        ("xác nhận T16 Bình Hòa", "không được giao T16"),
    ],
)
def test_what_is_unknown_is_said(reported: Talk, typed: str, said: str) -> None:
    """An unknown number, task or unit confirms nothing."""
    reported.says("Hoa", "cần duyệt")
    assert said in reported.says("Hoa", typed)
    assert reported.assignment("T02", "30001").state.status is Status.REPORTED


def test_numbers_without_a_list_are_refused(reported: Talk) -> None:
    """A clerk who was shown no list can't mean a number of it."""
    assert "Chưa có danh sách" in reported.says("Sơn", "xác nhận 1")


def test_the_second_clerk_hears_that_it_is_done(reported: Talk) -> None:
    """Two clerks confirm the same: the second is told that it was confirmed, and nobody is told twice."""
    reported.says("Hoa", "cần duyệt")
    reported.says("Sơn", "cần duyệt")
    reported.says("Hoa", "xác nhận 1")
    assert "đã được xác nhận hoàn thành lúc" in reported.says("Sơn", "xác nhận 1")
    assert reported.heard("Tâm") == []


def test_a_unit_may_not_confirm(reported: Talk) -> None:
    """Lan writes what only a clerk may: nothing of it happens."""
    for typed in ("xác nhận T02 Bình Hòa", "xác nhận tất cả", "trả lại T02 Bình Hòa thiếu dấu"):
        reported.says("Lan", typed)
        assert reported.assignment("T02", "30001").state.status is Status.REPORTED
    reported.says("Lan", "thu hồi T02 Bình Hòa trùng việc")
    assert reported.assignment("T02", "30001").state.status.open


def test_the_chair_may_not_confirm(reported: Talk) -> None:
    """The chair reads everything and decides nothing here."""
    reported.says("Bảy", "xác nhận tất cả")
    assert reported.assignment("T02", "30001").state.status is Status.REPORTED


def test_returning_needs_a_reason(reported: Talk) -> None:
    """Without a reason nothing is returned, and the clerk is told how to give one."""
    reported.says("Hoa", "cần duyệt")
    assert "«trả lại 2 thiếu dấu»" in reported.says("Hoa", "trả lại 2")
    assert reported.assignment("T02", "30001").state.status is Status.REPORTED


@pytest.mark.parametrize("typed", ["trả lại 2 thiếu dấu", "tra lai T02 Binh Hoa thiếu dấu"])
def test_a_returned_report_is_the_units_again(reported: Talk, typed: str) -> None:
    """The unit reads the reason, what is due, and how to report again."""
    reported.says("Hoa", "cần duyệt")
    assert "Đã trả lại 1 việc, lý do: thiếu dấu" in reported.says("Hoa", typed)
    assert reported.assignment("T02", "30001").state.status is Status.IN_PROGRESS
    [letter] = reported.heard("Lan")
    assert "lý do: thiếu dấu" in letter.text
    assert "20/9" in letter.text


def test_numbers_and_a_reason_want_commas(reported: Talk) -> None:
    """«trả lại 2 3 trang sai» may mean one or two: nothing is guessed."""
    reported.says("Hoa", "cần duyệt")
    assert "dấu phẩy" in reported.says("Hoa", "trả lại 2 3 trang sai")
    assert reported.assignment("T02", "30001").state.status is Status.REPORTED


def test_several_units_must_be_named(reported: Talk) -> None:
    """A task of many units is not returned by its code alone; «tất cả» says it plainly."""
    assert "giao nhiều đơn vị" in reported.says("Hoa", "trả lại T02")
    answer = reported.says("Hoa", "trả lại T02 tất cả thiếu phụ lục")
    assert "Đã trả lại 2 việc" in answer
    assert "chưa báo xong" in answer


def test_a_name_that_is_nearly_a_units_recalls_nothing(reported: Talk) -> None:
    """A slip in the name never means all units."""
    assert "Có phải" in reported.says("Hoa", "thu hồi T02 Bình Hỏi trùng việc")
    assert reported.assignment("T02", "30001").state.status is Status.REPORTED


def test_recalled_and_opened_again(reported: Talk) -> None:
    """A recall tells the unit why; what is open can't be opened, what was recalled can."""
    assert "không cần mở lại" in reported.says("Hoa", "mở lại T02 An Phú nhầm")
    assert "Đã thu hồi 1 việc, lý do: trùng việc" in reported.says("Hoa", "thu hồi T02 Bình Hòa trùng việc")
    assert reported.assignment("T02", "30001").state.status is Status.RECALLED
    assert "không phải thực hiện nữa" in reported.heard("Lan")[0].text
    assert "Đã mở lại 1 việc" in reported.says("Hoa", "mo lai T02 Binh Hoa nhầm đơn vị")
    assert reported.assignment("T02", "30001").state.status is Status.IN_PROGRESS
    assert "nhầm đơn vị" in reported.heard("Lan")[0].text


def test_an_accepted_task_opens_again_with_a_reason(reported: Talk) -> None:
    """Accepted is not the end: the office opens it again and says why."""
    reported.says("Hoa", "xác nhận T02 Bình Hòa")
    assert "lý do" in reported.says("Hoa", "mở lại T02 Bình Hòa")
    reported.says("Hoa", "mở lại T02 Bình Hòa phụ lục sai")
    assert reported.assignment("T02", "30001").state.status is Status.IN_PROGRESS


def test_units_are_not_woken_at_night(reported: Talk) -> None:
    """A clerk who works late has the answer at once; the units hear it at the next working hour."""
    reported.now = datetime(2025, 9, 19, 21, tzinfo=ZONE)
    answer = reported.says("Hoa", "xác nhận T02 Bình Hòa")
    assert "Đơn vị sẽ được báo lúc 07:30 22/9/2025" in answer
    assert reported.heard("Hoa")[0].not_before == reported.now
    assert reported.heard("Lan")[0].not_before == datetime(2025, 9, 22, 7, 30, tzinfo=ZONE)


def test_a_unit_where_nobody_joined_is_named(reported: Talk) -> None:
    """The clerk learns that nobody could be told."""
    answer = reported.says("Hoa", "thu hồi T02 Định Hòa giao nhầm")
    assert "⚠️ Chưa báo được cho Xã Định Hòa" in answer


def test_nobody_is_promised_to_who_can_not_be_written_to(reported: Talk) -> None:
    """Late in the evening the bot by which Lan joined is gone: it is not said that her unit will be told at 07:30."""
    reported.now = datetime(2025, 9, 19, 21, tzinfo=ZONE)
    reported.store.write_now(lambda book: book.served.note({("local", "another")}, reported.now))
    answer = reported.says("Hoa", "xác nhận T02 Bình Hòa")

    assert "⚠️ Chưa báo được cho Xã Bình Hòa: hiện không nhắn được cho ai ở đó." in answer
    assert "sẽ được báo" not in answer


def test_a_decision_holds_against_a_fast_clock(reported: Talk) -> None:
    """A report stamped ahead of our clock is still accepted by a decision made after it arrived."""
    ahead = reported.now.replace(minute=2)
    reported.says("Tâm", "1 xong QĐ 9/QĐ-UBND", at=ahead)
    reported.says("Hoa", "xác nhận T04 An Phú")
    assert reported.assignment("T04", "30003").state.status is Status.ACCEPTED
