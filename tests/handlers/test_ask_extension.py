"""A later deadline: the days offered, what the rules refuse at once, several requests in one message."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.contacts import Role
from bot.conversation import RequestKind
from tests.handlers.conftest import ZONE, Talk


@pytest.mark.parametrize(
    ("today", "offered"),
    [
        (datetime(2025, 9, 15, 9, tzinfo=ZONE), ("Thứ Ba 23/9", "Thứ Sáu 26/9", "Thứ Sáu 3/10")),
        (datetime(2025, 9, 21, 9, tzinfo=ZONE), ("Thứ Ba 23/9", "Thứ Sáu 26/9", "Thứ Sáu 3/10")),
        (datetime(2025, 9, 24, 9, tzinfo=ZONE), ("Thứ Sáu 26/9", "Thứ Tư 1/10", "Thứ Tư 8/10")),
        (datetime(2026, 2, 13, 9, tzinfo=ZONE), ("Thứ Ba 24/2", "Thứ Sáu 27/2", "Thứ Sáu 6/3")),
    ],
)
def test_only_working_days_are_offered(talk: Talk, today: datetime, offered: tuple[str, ...]) -> None:
    """Two, five and ten working days after the deadline, or after today where it is past; Tết is stepped over."""
    talk.now = today
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi")
    assert [label for label, _ in talk.heard("Lan")[0].buttons] == [f"đến {day}" for day in offered]


def _asked(talk: Talk) -> list[tuple[date | None, str | None]]:
    waiting = talk.store.read_now(lambda book: book.talks.open_requests(RequestKind.EXTENSION))
    return [(one.due, one.text) for one in waiting]


def test_of_two_requests_without_a_day_one_is_asked_now(talk: Talk) -> None:
    """Only one question can be open: for the other task the day is to be written."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", "1 xin lùi, 2 xin lùi")
    assert answer.count("đến ngày nào?") == 1
    assert "anh/chị nhắn thêm ngày xin lùi" in answer


def test_a_request_keeps_the_words_it_was_made_in(talk: Talk) -> None:
    """The office reads the reason, not the digit or the date that came last."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi vì thiếu người")
    talk.says("Lan", "25/9")
    assert _asked(talk) == [(date(2025, 9, 25), "1 xin lùi vì thiếu người")]


def test_a_report_and_a_request_in_one_message_both_count(talk: Talk) -> None:
    """ "Mới 60%, xin lùi" keeps how far it is, for the office too; of a finished task it opens nothing."""
    talk.says("Lan", "danh sách")
    assert "60%" in talk.says("Lan", "1 mới 60%, xin lùi đến 25/9")
    assert "Tiến độ: 60%" in talk.heard("Hoa")[0].text
    assert talk.assignment("T02", "30001").state.percent == 60
    talk.says("Lan", "1 xong, 45/KH-UBND")
    talk.says("Hoa", "xác nhận tất cả")
    before = talk.assignment("T02", "30001").state
    talk.says("Lan", "T02 mới 80%, xin lùi đến 30/9")
    assert talk.assignment("T02", "30001").state == before


def test_requests_of_one_message_bear_different_numbers(talk: Talk) -> None:
    """A later deadline for one task and "not ours" for another are two items of the office."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi đến 25/9; 2 không phải việc của xã em")
    waiting = talk.store.read_now(lambda book: book.talks.open_requests())
    assert sorted(one.kind for one in waiting) in (
        [RequestKind.EXTENSION, RequestKind.NOT_OURS],
        [RequestKind.EXTENSION],
    )
    assert len({one.number for one in waiting}) == len(waiting)


@pytest.mark.parametrize("typed", ["1 xin lùi đến 10/9", "1 xin lùi đến 20/9", "1 xin gia hạn đến 1/9/2025"])
def test_a_day_that_is_no_later_is_asked_again(talk: Talk, typed: str) -> None:
    """A day past, or not after the deadline: the deadline is said, later days are offered, the office hears nothing."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", typed)
    assert "không muộn hơn thời hạn hiện nay" in answer
    assert "(Thứ Bảy 20/9)" in answer
    assert "1. đến Thứ Ba 23/9" in answer
    assert (_asked(talk), talk.heard("Hoa")) == ([], [])


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("25/9", date(2025, 9, 25)),
        ("den 25/9 a", date(2025, 9, 25)),
        ("thứ sáu tuần sau", date(2025, 9, 26)),
        ("2", date(2025, 9, 26)),
        ("đến Thứ Sáu 3/10", date(2025, 10, 3)),
        ("cuối tháng", date(2025, 9, 30)),
        ("thêm 3 ngày", date(2025, 9, 23)),
        ("19/9", None),
        ("31/9", None),
        ("hôm nào cũng được", None),
    ],
)
def test_the_day_alone_answers_the_question(talk: Talk, typed: str, day: date | None) -> None:
    """Asked "đến ngày nào?", Lan types a day however she likes; what is no later day goes nowhere."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi")
    talk.says("Lan", typed)
    assert _asked(talk) == ([(day, "1 xin lùi")] if day else [])


def test_a_day_for_a_question_of_last_week_asks_for_nothing(talk: Talk) -> None:
    """On the fourth day a bare date no longer completes the request."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi")
    talk.later(days=3, minutes=1)
    talk.says("Lan", "26/9")
    assert _asked(talk) == []


def test_the_last_request_is_the_one_that_stands(talk: Talk) -> None:
    """Minh asks for another day than Lan did: one request waits, and the first button of the clerk is told so."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi đến 25/9")
    grant = talk.heard("Hoa")[0].buttons[0][1]
    talk.says("Minh", "T02 xin lùi đến 30/9")
    assert [due for due, _ in _asked(talk)] == [date(2025, 9, 30)]
    assert "đã được rút" in talk.says("Hoa", "", button=grant)
    assert talk.assignment("T02", "30001").state.extensions == 0


def test_granted_once_is_granted_for_good(talk: Talk) -> None:
    """A second extension of one task is refused at once and in words; another task may still be asked for."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi đến 25/9")
    talk.says("Hoa", "duyệt 1")
    for typed in ("T02 xin lùi đến 30/9", "T02 xin lùi"):
        assert "chỉ cho lùi một lần" in talk.says("Lan", typed)
    assert _asked(talk) == []
    talk.says("Lan", "T04 xin lùi đến 30/9")
    assert len(_asked(talk)) == 1


def test_after_the_due_a_request_holds_from_when_it_was_asked(talk: Talk) -> None:
    """Asked on the due day, granted two days after: a report within the new deadline is in time."""
    talk.now = datetime(2025, 9, 19, 16, tzinfo=ZONE)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xin lùi đến 25/9")
    talk.now = datetime(2025, 9, 22, 9, tzinfo=ZONE)
    talk.says("Hoa", "duyệt 1")
    assert "trễ hạn" not in talk.says("Lan", "T02 xong, 45/KH-UBND")
    assert "không có thời hạn" in _of_undated(talk)


def _of_undated(talk: Talk) -> str:
    talk.join("Phúc", "STC", Role.CONTACT)
    talk.says("Phúc", "danh sách")
    return talk.says("Phúc", "T16 xin lùi đến 30/9")


@pytest.mark.parametrize(
    "typed",
    [
        "1 trễ đến 25/9 được không ạ?",
        "1 xin gia han den 25/9",
        "viec 1 cho them 5 ngay",
        "1 lùi hạn đến thứ năm tuần sau",
    ],
)
def test_one_wish_in_many_words(talk: Talk, typed: str) -> None:
    """Asked as a question, without marks, by days or weekday: the receipt names both days, and the old one holds."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", typed)
    assert "từ 20/9 đến Thứ Năm 25/9" in answer
    assert "Thời hạn cũ vẫn tính" in answer
