"""People's own data: seen, corrected, withdrawn; the language they are spoken to in."""

from __future__ import annotations

import pytest

from tests.handlers.conftest import Talk


@pytest.mark.parametrize("typed", ["sđt 0912 345 678", "sdt +84 912.345.678", "số điện thoại của tôi là 02963852576"])
def test_a_telephone_number_is_taken_as_written(talk: Talk, typed: str) -> None:
    """Spaces, points and the country's code do not matter."""
    assert "Đã sửa thành" in talk.says("Lan", typed)
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
