"""People's own data: seen, corrected, withdrawn; the language they are spoken to in."""

from __future__ import annotations

import pytest

from bot.contacts import Role
from tests.handlers.conftest import Talk


@pytest.mark.parametrize("typed", ["sđt 0912 345 678", "sdt +84 912.345.678", "số điện thoại của tôi là 02963852576"])
def test_a_telephone_number_is_taken_as_written(talk: Talk, typed: str) -> None:
    """Spaces, points and the country's code do not matter; what was changed is named."""
    assert "Đã sửa số điện thoại thành" in talk.says("Lan", typed)
    assert "345" in talk.says("Lan", "dữ liệu của tôi") or "0296" in typed


@pytest.mark.parametrize("typed", ["sđt 123", "sđt của chị Hoa", "sđt 09123456789012345"])
def test_what_is_no_telephone_number_is_refused(talk: Talk, typed: str) -> None:
    """The example says how it should look, and nothing is changed."""
    assert "chưa đúng" in talk.says("Lan", typed)
    assert "Điện thoại: chưa có" in talk.says("Lan", "dữ liệu của tôi")


def test_a_name_is_corrected_and_kept_short(talk: Talk) -> None:
    """A name of a thousand signs is cut, not refused."""
    talk.says("Lan", "tên tôi là Nguyễn Thị Lan" + "n" * 1000)
    assert len(talk.says("Lan", "dữ liệu của tôi").splitlines()[0]) < 120


def test_languages_change_there_and_back(talk: Talk) -> None:
    """By its name, or the other one where none is named."""
    assert "English" in talk.says("Lan", "tiếng anh")
    assert "tiếng Việt" in talk.says("Lan", "ngôn ngữ")
    assert "English" in talk.says("Lan", "đổi ngôn ngữ")
    assert "tiếng Việt" in talk.says("Lan", "tiếng việt")


def test_withdrawing_needs_the_whole_sentence(talk: Talk) -> None:
    """Asking changes nothing; the sentence ends the seat and tells every clerk once."""
    assert "Chắc chắn thì trả lời" in talk.says("Lan", "rút đồng ý")
    assert "📋" in talk.says("Lan", "danh sách")
    talk.says("Lan", "rút đồng ý và xóa dữ liệu")
    assert [len(talk.heard(name)) for name in ("Hoa", "Sơn")] == [1, 1]
    assert talk.says("Lan", "danh sách") == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("tên tôi là Trần Thị Lan", "Dữ liệu của Trần Thị Lan"),
        ("doi ten Lan Anh", "Dữ liệu của Lan Anh"),
        ("chức vụ của tôi là Phó Chủ tịch", "Chức vụ: Phó Chủ tịch"),
        ("sua chuc vu van thu", "Chức vụ: van thu"),
        ("sđt 0912 345 678", "Điện thoại: 0912 345 678"),
        ("tên tôi là {name} <b>%s</b>", "Dữ liệu của {name} <b>%s</b>"),
    ],
)
def test_what_was_corrected_is_shown_and_is_the_readers_alone(talk: Talk, typed: str, shown: str) -> None:
    """As typed, braces and all; a colleague's data stays as it was, and his list does not show it."""
    before = talk.says("Minh", "dữ liệu của tôi")
    assert "Đã sửa " in talk.says("Lan", typed)
    assert shown in talk.says("Lan", "dữ liệu của em")
    assert talk.says("Minh", "dữ liệu của tôi") == before


def test_the_office_reads_the_corrected_name(talk: Talk) -> None:
    """A question put after the change bears the new name; the six points of a task name it too."""
    talk.says("Lan", "tên tôi là Trần Thị Lan")
    talk.says("Lan", "nộp ở đâu ạ?")
    assert "(Trần Thị Lan)" in talk.heard("Hoa")[0].text
    assert "Trần Thị Lan" in talk.says("Minh", "chi tiết T02")


@pytest.mark.parametrize(
    "typed",
    [
        "rút đồng ý nhé",
        "rút đồng ý và xóa",
        "không rút đồng ý và xóa dữ liệu",
        "rút lại đồng ý với kế hoạch",
        "xóa dữ liệu",
    ],
)
def test_nobody_leaves_by_half_a_sentence(talk: Talk, typed: str) -> None:
    """Only the whole sentence, or its button, ends a seat: anything near it leaves Lan where she is."""
    talk.says("Lan", typed)
    assert "việc đang mở" in talk.says("Lan", "danh sách")


def test_who_left_may_come_back_as_somebody_new(talk: Talk) -> None:
    """After leaving, nothing of before is shown or undone; the unit's reports are still the unit's."""
    talk.says("Lan", "T02 được 40%")
    talk.says("Lan", "sđt 0912 345 678")
    talk.says("Lan", "rút đồng ý và xóa dữ liệu")
    talk.join("Lan", "30001", Role.CONTACT)
    assert "Điện thoại: chưa có" in talk.says("Lan", "dữ liệu của tôi")
    assert "chưa có báo cáo nào" in talk.says("Lan", "hoàn tác")
    assert "đang làm (40%)" in talk.says("Lan", "danh sách")


def test_a_clerk_who_leaves_is_not_told_of_herself(talk: Talk) -> None:
    """Hoa withdraws: Sơn hears that the seat is empty, once; requests go to him alone from then on."""
    assert "Ghế trống" not in talk.says("Hoa", "rút đồng ý và xóa dữ liệu")
    assert ["Ghế trống" in letter.text for letter in talk.heard("Sơn")] == [True]
    talk.says("Lan", "nộp ở đâu ạ?")
    assert [len(talk.heard(name)) for name in ("Sơn", "Hoa")] == [1, 0]


@pytest.mark.parametrize("typed", ["1 xong, 45/KH-UBND", "1 done, 45/KH-UBND", "1 готово, 45/KH-UBND"])
def test_reports_are_read_in_any_language_and_answered_in_ones_own(talk: Talk, typed: str) -> None:
    """Minh has chosen English: Vietnamese, English or Russian words are recorded alike, the receipt is English."""
    talk.says("Minh", "english")
    talk.says("Minh", "list")
    assert "Noted as DONE" in talk.says("Minh", typed)
    assert talk.assignment("T02", "30001").state.document == "45/KH-UBND"
    talk.says("Lan", "danh sách")
    assert "BÁO XONG" in talk.says("Lan", "T04 done")


def test_everybody_reads_a_request_in_their_own_language(talk: Talk) -> None:
    """Sơn reads English, Hoa Vietnamese: the same request, the same number, the asker's words untouched in both."""
    talk.says("Sơn", "english")
    talk.says("Lan", "nộp bản giấy ở đâu ạ?")
    letters = {name: talk.heard(name)[0].text for name in ("Hoa", "Sơn")}
    assert all("#1" in letter and "nộp bản giấy ở đâu ạ?" in letter for letter in letters.values())
    assert "hỏi" in letters["Hoa"]
    assert "hỏi" not in letters["Sơn"]
