"""A later deadline: the days offered, what the rules refuse at once, several requests in one message."""

from __future__ import annotations

from datetime import date, datetime

import pytest

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
