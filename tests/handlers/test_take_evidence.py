"""Files: which task they go to, whom they wait for, what they do not change, and what the receipt says of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.contacts import Role
from bot.tasks import Status
from tests.handlers.conftest import Talk


def kept_with(talk: Talk, code: str, unit: str = "30001") -> list[str]:
    """The names of the files that stand with a task."""
    one = talk.assignment(code, unit)
    return sorted(file.name for file in talk.store.read_now(lambda book: book.inbox.placed([one.id])))


def test_a_photo_then_its_words_make_one_report(talk: Talk) -> None:
    """The picture waits; "1 xong" takes it along, the receipt counts it, and no question is left."""
    assert "Tệp này là của việc nào ạ?" in talk.says("Lan", "", file="kh45.jpg")
    assert "kèm 1 tệp" in talk.says("Lan", "1 xong, 45/KH-UBND")
    assert kept_with(talk, "T02") == ["kh45.jpg"]
    assert kept_with(talk, "T04") == []
    talk.says("Lan", "2")
    assert talk.assignment("T04", "30001").state.silent


def test_two_photos_and_one_answer(talk: Talk) -> None:
    """Both pictures that waited go to the task that "2" names; the state of the task is not touched."""
    talk.says("Lan", "", file="a.jpg")
    talk.says("Lan", "", file="b.jpg")
    assert "Đã lưu 2 tệp" in talk.says("Lan", "2")
    assert kept_with(talk, "T04") == ["a.jpg", "b.jpg"]
    assert talk.assignment("T04", "30001").state.status is Status.ASSIGNED


@pytest.mark.parametrize(
    "typed", ["ảnh của việc 2", "của việc T04 ạ", "anh nay la cua viec 2", "tệp này của việc số 2"]
)
def test_words_that_name_the_task_answer_the_question(talk: Talk, typed: str) -> None:
    """Not only the digit: a short sentence with the number or the code."""
    talk.says("Lan", "", file="a.jpg")
    assert "Đã lưu 1 tệp vào việc «Thành lập Ban Chỉ đạo" in talk.says("Lan", typed)
    assert kept_with(talk, "T04") == ["a.jpg"]


@pytest.mark.parametrize("typed", ["3", "9 ạ", "không", "cảm ơn anh", "hạn ngày nào?"])
def test_an_answer_that_names_no_task_places_nothing(talk: Talk, typed: str) -> None:
    """The file goes on waiting, with nobody's task, until a number says where."""
    talk.says("Lan", "", file="a.jpg")
    talk.says("Lan", typed)
    assert kept_with(talk, "T02") + kept_with(talk, "T04") == []


def test_the_same_digit_twice_places_a_file_once(talk: Talk) -> None:
    """The button pressed again finds the question settled; the picture stays where it went."""
    talk.says("Lan", "", file="a.jpg")
    buttons = dict(talk.heard("Lan")[0].buttons)
    assert "Đã lưu 1 tệp" in talk.says("Lan", "", button=buttons["1"])
    assert "đã được trả lời rồi" in talk.says("Lan", "", button=buttons["2"])
    assert (kept_with(talk, "T02"), kept_with(talk, "T04")) == (["a.jpg"], [])


def test_a_file_for_a_list_of_one_goes_there_at_once(talk: Talk) -> None:
    """With one open task nothing is asked; a finished report is not told to say "xong" again."""
    talk.says("Hoa", "thu hồi T04 Bình Hòa giao nhầm")
    assert "Nếu việc đã xong" in talk.says("Lan", "", file="a.jpg")
    talk.says("Lan", "xong")
    answer = talk.says("Lan", "", file="b.jpg")
    assert "Đã lưu 1 tệp" in answer
    assert "Nếu việc đã xong" not in answer
    assert kept_with(talk, "T02") == ["a.jpg", "b.jpg"]


def test_thanks_under_a_photo_are_no_report(talk: Talk) -> None:
    """A caption of courtesy says nothing of the task: the file is asked about, nothing is marked received or done."""
    assert "Tệp này là của việc nào" in talk.says("Lan", "cảm ơn anh", file="a.jpg")
    one = talk.assignment("T02", "30001")
    assert (one.state.silent, one.received_at) == (True, None)


def test_two_tasks_under_one_photo_ask_where_it_belongs(talk: Talk) -> None:
    """ "1 xong, 2 60%" with a picture: both are recorded, the picture is asked about, and "2" answers that alone."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", "1 xong 45/KH-UBND, 2 60%", file="a.jpg")
    assert "BÁO XONG" in answer
    assert "Tệp này là của việc nào" in answer
    listed = [line for line in answer.split("Tệp này là của việc nào")[1].splitlines() if line[:2] == "2."]
    assert "Đã lưu 1 tệp" in talk.says("Lan", "2")
    where = "T02" if "kế hoạch" in listed[0] else "T04"
    assert kept_with(talk, where) == ["a.jpg"]
    assert talk.assignment("T04", "30001").state.percent == 60


def test_colleagues_files_do_not_mix(talk: Talk) -> None:
    """Lan's waiting picture does not go along with Minh's report."""
    talk.says("Lan", "", file="cua lan.jpg")
    talk.says("Minh", "danh sách")
    assert "kèm" not in talk.says("Minh", "T02 xong, 45/KH-UBND")
    assert kept_with(talk, "T02") == []
    talk.says("Lan", "T02 xong")
    assert kept_with(talk, "T02") == ["cua lan.jpg"]


def test_a_file_taken_back_with_its_report_may_go_elsewhere(talk: Talk) -> None:
    """A picture sent under the wrong task: "hoàn tác", then the right one takes it along."""
    talk.says("Lan", "T04 xong", file="a.jpg")
    talk.says("Lan", "hoàn tác")
    assert (kept_with(talk, "T04"), talk.assignment("T04", "30001").state.has_evidence) == ([], False)
    assert "kèm 1 tệp" in talk.says("Lan", "T02 xong")
    assert kept_with(talk, "T02") == ["a.jpg"]


@pytest.mark.parametrize(
    ("unit", "role", "said"),
    [
        ("30001", Role.LEADER, "không phải đầu mối báo cáo"),
        ("VPUBND", Role.CHAIR, "không báo cáo cho đơn vị nào"),
        ("30004", Role.CONTACT, "Đã lưu 1 tệp vào việc"),
    ],
)
def test_whose_file_is_taken(talk: Talk, unit: str, role: Role, said: str) -> None:
    """A leader's and the chair's picture belongs to no task, and both hear why; a contact's goes to their own."""
    talk.join("Quý", unit, role)
    assert said in talk.says("Quý", "", file="a.jpg")
    assert kept_with(talk, "T02") == []
    assert kept_with(talk, "T02", "30004") == (["a.jpg"] if unit == "30004" else [])


def test_a_file_after_all_is_confirmed_belongs_to_nothing(talk: Talk) -> None:
    """Nothing is open any more: the file is asked to be explained, and no accepted task gains it."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong 45/KH-UBND, 2 xong 12/QĐ-UBND")
    talk.says("Hoa", "xác nhận tất cả")
    assert "không có việc nào đang mở" in talk.says("Lan", "", file="muon.jpg")
    assert kept_with(talk, "T02") + kept_with(talk, "T04") == []


def test_a_question_of_last_week_is_answered_too_late(talk: Talk) -> None:
    """The digit that comes on the fourth day is told so; it reports nothing and places nothing."""
    talk.says("Lan", "", file="a.jpg")
    talk.now += timedelta(days=3, minutes=1)
    assert "đã hết hạn" in talk.says("Lan", "1")
    assert kept_with(talk, "T02") == []
    assert talk.assignment("T02", "30001").state.silent
