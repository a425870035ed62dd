"""The office's own days in chat: understood with and without marks, shown with what they move, confirmed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from handlers.own_days import read_days
from tests.handlers.conftest import ZONE, Talk

TODAY = date(2025, 9, 15)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2/1/2026", ["2026-01-02"]),
        ("2/1", ["2026-01-02"]),
        ("18.9", ["2025-09-18"]),
        ("15/9", ["2025-09-15"]),
        ("14/9", ["2025-09-14"]),
        ("17/7", ["2025-07-17"]),
        ("16/7", ["2026-07-16"]),
        ("18/9, 22/9 và 24/9", ["2025-09-18", "2025-09-22", "2025-09-24"]),
        ("16/2 đến 18/2/2026", ["2026-02-16", "2026-02-17", "2026-02-18"]),
        ("30/12 - 2/1/2026", ["2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02"]),
        ("30/12 đến ngày 1/1", ["2025-12-30", "2025-12-31", "2026-01-01"]),
        ("18/9 tới 19/9, 25/9", ["2025-09-18", "2025-09-19", "2025-09-25"]),
        ("31/9", []),
    ],
)
def test_days_as_clerks_write_them(typed: str, days: list[str]) -> None:
    """Single days, lists and spans; without a year the next such day, and a year said last holds for the whole."""
    assert [day.isoformat() for day in read_days(typed, TODAY)] == days


@pytest.mark.parametrize(
    "said",
    ["nghỉ 18/9/2025", "nghi 18/9/2025", "Cho nghỉ ngày 18/9 nhé", "nghỉ bù 18/9", "NGÀY NGHỈ 18/9", "day off 18/9"],
)
def test_a_day_off_is_shown_with_what_it_moves_before_it_holds(talk: Talk, said: str) -> None:
    """Chị Hoa reads the day in full and how many reminders move; only her yes makes it a day off."""
    asked = talk.says("Hoa", said)
    assert "Thứ Năm, 18/9/2025: nghỉ" in asked
    assert "4 lời nhắc chuyển sang ngày, giờ khác" in asked
    assert working(talk, 18)

    assert "4 lời nhắc" in talk.says("Hoa", "1")
    assert not working(talk, 18)


@pytest.mark.parametrize("said", ["làm bù thứ bảy 20/9", "lam bu 20/9", "đi làm bù 20/9/2025", "thứ bảy 20/9 làm bù"])
def test_a_saturday_worked_wins_over_the_weekend(talk: Talk, said: str) -> None:
    """The Saturday of the deadline becomes a working day, and the calendar of reminders with it."""
    talk.says("Hoa", said)
    talk.says("Hoa", "áp dụng")
    assert working(talk, 20)
    assert "Thứ Bảy, 20/9/2025: làm việc" in talk.says("Bảy", "lịch nghỉ")


def test_no_leaves_everything_as_it_was(talk: Talk) -> None:
    """Seen what it would move, chị Hoa thinks better of it."""
    talk.says("Hoa", "nghỉ 18/9")
    assert "không đổi gì" in talk.says("Hoa", "2")
    assert working(talk, 18)
    assert talk.store.read_now(lambda book: book.timetable.own_days()) == {}


def test_a_day_that_moves_nobody_holds_at_once(talk: Talk) -> None:
    """With nothing open that counts from any date there is nothing to confirm."""
    for code in ("T02", "T04"):
        talk.says("Hoa", f"thu hồi {code} tất cả: giao nhầm")
    said = talk.says("Hoa", "nghỉ 24/12")
    assert said.startswith("✅ Đã đổi")
    assert "Không lời nhắc nào đổi giờ" in said
    assert not talk.store.read_now(lambda book: book.people.calendar().is_working(date(2025, 12, 24)))


def test_a_day_is_taken_back(talk: Talk) -> None:
    """ "bỏ ngày nghỉ" gives the day back to the general calendar; a holiday of the state is nothing to take back."""
    talk.says("Hoa", "nghỉ 18/9")
    talk.says("Hoa", "1")
    talk.says("Hoa", "bo ngay nghi 18/9")
    talk.says("Hoa", "1")
    assert working(talk, 18)
    assert "không phải ngày Văn phòng đặt" in talk.says("Hoa", "bỏ ngày nghỉ 1/1/2026")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("nghỉ 21/9", "Chủ Nhật, 21/9/2025 vốn là ngày nghỉ"),
        ("làm bù 18/9", "Thứ Năm, 18/9/2025 vốn là ngày làm việc"),
        ("nghỉ 14/9/2025", "Chủ Nhật, 14/9/2025 đã qua"),
        ("nghỉ 13/9", "Thứ Bảy, 13/9/2025 đã qua, không đổi được. Nếu là năm khác, xin ghi cả năm"),
        ("bỏ làm bù 6/9", "Thứ Bảy, 6/9/2025 đã qua"),
        ("nghỉ 31/9", "Chưa hiểu ngày «31/9»"),
        ("nghỉ 1/10 đến 30/12", "Chưa hiểu ngày"),
    ],
)
def test_what_changes_nothing_is_said_to_change_nothing(talk: Talk, said: str, answer: str) -> None:
    """A day off already, a day past, a day that is none: named, and no question asked."""
    assert answer in talk.says("Hoa", said)
    assert talk.store.read_now(lambda book: book.timetable.own_days()) == {}


def test_a_colleagues_change_in_between_is_not_overwritten(talk: Talk) -> None:
    """Anh Sơn sets the day while chị Hoa still looks at her question: her yes does nothing and says so."""
    talk.says("Hoa", "nghỉ 18/9")
    talk.says("Sơn", "nghỉ 18/9, 19/9")
    talk.says("Sơn", "1")
    assert "có người vừa đổi" in talk.says("Hoa", "1")
    assert not working(talk, 18)


def test_a_day_that_is_over_when_she_answers_stays_as_it_was(talk: Talk) -> None:
    """Chị Hoa is asked on Wednesday about Thursday and says yes on Friday: Thursday was worked, and she reads so."""
    talk.now = datetime(2025, 9, 17, 15, tzinfo=ZONE)
    talk.says("Hoa", "nghỉ 18/9, 19/9")
    talk.now = datetime(2025, 9, 19, 8, tzinfo=ZONE)
    said = talk.says("Hoa", "1")
    assert "Thứ Năm, 18/9/2025 đã qua, không đổi được" in said
    assert "Lịch làm việc không đổi" in said
    assert talk.store.read_now(lambda book: book.timetable.own_days()) == {}


def test_who_changed_the_days_last_is_told(talk: Talk) -> None:
    """Everybody may look; the number of the change, the clerk's name and the hour stand there."""
    assert "chưa đặt ngày nghỉ" in talk.says("Lan", "lịch nghỉ")
    talk.says("Sơn", "nghỉ 18/9")
    talk.says("Sơn", "1")
    said = talk.says("Lan", "lịch nghỉ")
    assert "Sửa lần 1, Sơn, 09:00 15/9/2025" in said
    assert "Đổi:" not in said
    assert "Đổi:" in talk.says("Sơn", "lịch nghỉ")


@pytest.mark.parametrize("who", ["Lan", "Bảy", "Minh"])
def test_nobody_but_the_office_moves_days(talk: Talk, who: str) -> None:
    """A contact or the chair may say "nghỉ 18/9" as often as they like."""
    talk.says(who, "nghỉ 18/9")
    talk.says(who, "1")
    assert working(talk, 18)


def working(talk: Talk, day: int) -> bool:
    """Whether the day of September is worked by the province's calendar."""
    return talk.store.read_now(lambda book: book.people.calendar().is_working(date(2025, 9, day)))


def test_a_day_that_a_list_named_is_shown_by_its_name(talk: Talk) -> None:
    """What the office imported with a name is read in chat with it; changed in chat, it is the old name no more."""
    talk.says("Hoa", "nghỉ 18/9/2025")
    talk.says("Hoa", "1")
    talk.store.write_now(lambda book: book.timetable.name_days({date(2025, 9, 18): "Ngày hội của tỉnh"}))
    assert "• Thứ Năm, 18/9/2025: nghỉ (Ngày hội của tỉnh)\n" in talk.says("Bảy", "lịch nghỉ")
    talk.says("Hoa", "làm bù 18/9/2025")
    talk.says("Hoa", "1")
    assert "• Thứ Năm, 18/9/2025: làm việc\n" in talk.says("Bảy", "lịch nghỉ")


def test_the_days_off_of_everybody_are_shown_for_a_year(talk: Talk) -> None:
    """In September Tết of February stands there, as a span with its year, and up to when the list goes."""
    said = talk.says("Lan", "lịch nghỉ")
    assert "Lịch chung nghỉ đến 15/9/2026: 1/1–2/1/2026, 16/2–20/2/2026, " in said
    assert "Lịch chung làm bù đến 15/9/2026: 10/1/2026" in said


def test_a_day_of_early_january_lies_a_little_back_too() -> None:
    """On 5/1 "30/12" is last week, not the end of the year that begins."""
    assert read_days("30/12", date(2026, 1, 5)) == (date(2025, 12, 30),)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("nghỉ thứ hai tuần sau", "Thứ Hai, 22/9/2025: nghỉ"),
        ("mai nghỉ", "Thứ Ba, 16/9/2025: nghỉ"),
        ("nghi ngay mai", "Thứ Ba, 16/9/2025: nghỉ"),
        ("làm bù thứ 7", "Thứ Bảy, 20/9/2025: làm việc"),
    ],
)
def test_a_day_in_plain_words_is_shown_before_it_holds(talk: Talk, said: str, answer: str) -> None:
    """Chị Hoa reads which day was understood, whether a reminder moves or not."""
    asked = talk.says("Hoa", said)
    assert answer in asked
    assert "Áp dụng" in asked
    assert talk.store.read_now(lambda book: book.timetable.own_days()) == {}


def test_days_not_understood_are_answered_with_examples(talk: Talk) -> None:
    """Two things in one sentence: nothing is changed, and how to say it stands there."""
    said = talk.says("Hoa", "làm việc thứ bảy 11/10 và nghỉ 13/10")
    assert said.startswith("Chưa hiểu ngày «thứ bảy 11/10 và nghỉ 13/10», chưa đổi gì. Ví dụ:")


@pytest.mark.parametrize("said", ["mai nghỉ", "nghỉ thứ hai tuần sau", "nghỉ ốm nên chưa làm"])
def test_an_officers_own_day_off_is_no_matter_of_the_calendar(talk: Talk, said: str) -> None:
    """Lan speaks of herself: no word of the province's days."""
    heard = talk.says("Lan", said)
    assert "Áp dụng" not in heard
    assert "Chưa hiểu ngày" not in heard
