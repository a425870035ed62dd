"""Reports: where they come from, what the receipt says, and what is asked instead of recorded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.listing import short
from handlers.report_status import Origin
from tests.handlers.conftest import ZONE, Talk


def test_an_origin_survives_a_question() -> None:
    """Words, moment and files come back out of a question's payload as they went in."""
    origin = Origin(7, "2 chắc xong", datetime(2025, 9, 15, 9, tzinfo=ZONE), by_tap=True, evidence_ids=(3, 4))
    assert Origin.kept(origin.plain()) == origin


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Thành lập Ban Chỉ đạo", "Thành lập Ban Chỉ đạo"),
        ("Kế hoạch " * 7 + "x", "Kế hoạch " * 7 + "x"),
        ("Kế hoạch " * 9, "Kế hoạch " * 6 + "Kế hoạch…"),
        ("Rà soát, " * 9, "Rà soát, " * 6 + "Rà soát…"),
    ],
)
def test_a_long_title_is_cut_at_a_word(title: str, shown: str) -> None:
    """What follows the title in a receipt is seen on a small screen."""
    assert short(title) == shown


def test_a_receipt_lists_what_stands_now(talk: Talk) -> None:
    """The list under a receipt shows what the same message has just recorded."""
    talk.says("Lan", "danh sách")
    listed = talk.says("Lan", "1 xong 45/KH-UBND, 2 60%").partition("📋")[2]
    assert "đang làm (60%)" in listed


def test_nothing_recorded_nothing_to_undo(talk: Talk) -> None:
    """A refusal asks for no document and offers no undo."""
    talk.says("Lan", "danh sách")
    talk.says("Hoa", "thu hồi T02 Bình Hòa giao nhầm")
    answer = talk.says("Lan", "1 xong")
    assert "đã được thu hồi" in answer
    assert "hoàn tác" not in answer
    assert "số, ký hiệu" not in answer


def test_an_obstacle_keeps_its_own_words_across_a_question(talk: Talk) -> None:
    """The digit that chose the task is not the obstacle."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "vướng kinh phí")
    talk.says("Lan", "1")
    assert "kinh phí" in (talk.assignment("T02", "30001").state.note or "")


def test_a_question_answered_later_keeps_the_first_moment(talk: Talk) -> None:
    """What was said on the due day and settled the day after was said in time."""
    talk.now = datetime(2025, 9, 20, 23, 50, tzinfo=ZONE)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 chắc xong rồi")
    said = talk.now
    talk.later(minutes=30)
    assert "trễ hạn" not in talk.says("Lan", "1")
    assert talk.assignment("T02", "30001").state.reported_at == said


def test_a_file_that_waited_too_long_goes_with_nothing(talk: Talk) -> None:
    """A picture of last week is no evidence of today's report."""
    talk.says("Lan", "", file="cu.jpg")
    talk.now += timedelta(days=4)
    talk.says("Lan", "danh sách")
    assert "kèm" not in talk.says("Lan", "1 xong 45/KH-UBND")


def test_an_edit_that_moves_to_another_task_is_asked(talk: Talk) -> None:
    """A number in an edited message may be that of an older list."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong")
    assert talk.assignment("T04", "30001").state.silent
