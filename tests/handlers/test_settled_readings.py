"""What was chosen is kept beside the words: by which question, over how many steps, and what of it is no lesson."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.contacts import Role
from bot.reading.settled import exported
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.tasks import Due
from tests.handlers.conftest import Talk


@pytest.fixture
def listed(talk: Talk) -> Talk:
    """Lan has before her: 1 is T02, 2 is T04."""
    talk.says("Lan", "danh sách")
    return talk


def told(talk: Talk) -> list[dict[str, Any]]:
    """What the office can read of it now."""
    asked = talk.store.read_now(lambda book: book.talks.readings_asked())
    found = (exported(one, talk.now, taken_back=back, names=()) for one, back in asked)
    return [one for one in found if one is not None]


def items(of: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The slots that are filled."""
    return [{name: value for name, value in item.items() if value is not None} for item in of]


def test_a_choice_stands_beside_the_words_and_their_list(listed: Talk) -> None:
    """ "T04 cũng tạm" settled by "đang làm": code and store's numbers have become those of the list she had."""
    listed.says("Lan", "T04 cũng tạm")
    listed.presses("Lan", "đang làm")
    [one] = told(listed)
    assert (one["text"], one["typed"], one["today"]) == ("việc 2 cũng tạm", "T04 cũng tạm", "2025-09-15")
    assert [(task["id"], task["title"], task["due"]) for task in one["tasks"]] == [
        (1, "Xây dựng kế hoạch triển khai 4 nghị quyết", "2025-09-20"),
        (2, "Thành lập Ban Chỉ đạo phát triển KHCN", "2025-09-20"),
    ]
    assert items(one["understood"]) == [{"task": 2, "kind": "unclear"}]
    assert (one["outcome"], items(one["chosen"])) == ("chosen", [{"task": 2, "kind": "progress"}])


def test_what_took_two_questions_is_whole_after_the_second(listed: Talk) -> None:
    """ "Cũng tạm" asks which task, then what state: the first answer alone says nothing whole."""
    listed.says("Lan", "cũng tạm")
    listed.says("Lan", "2")
    listed.says("Lan", "1")
    assert [(one["text"], one["outcome"], items(one["chosen"])) for one in told(listed)] == [
        ("cũng tạm", "partly", [{"task": 2, "kind": "unclear"}]),
        ("cũng tạm", "chosen", [{"task": 2, "kind": "done"}]),
    ]


def test_several_numbers_are_one_answer(listed: Talk) -> None:
    """ "Xong rồi", asked which task, answered "1, 2": one line, with both."""
    listed.says("Lan", "xong rồi")
    listed.says("Lan", "1, 2")
    assert [(one["text"], one["outcome"], items(one["chosen"])) for one in told(listed)] == [
        ("xong rồi", "chosen", [{"task": 1, "kind": "done"}, {"task": 2, "kind": "done"}]),
    ]


def test_what_was_shown_again_is_told_once(listed: Talk) -> None:
    """A "2" hours later brings the question back; the answer to that is the one line."""
    listed.says("Lan", "xong rồi")
    listed.later(hours=3)
    listed.says("Lan", "2")
    listed.says("Lan", "2")
    assert [(one["outcome"], items(one["chosen"])) for one in told(listed)] == [
        ("chosen", [{"task": 2, "kind": "done"}]),
    ]


def test_the_rest_completes_what_was_clear(listed: Talk) -> None:
    """ "1 xong 45/KH-UBND, 2 chắc xong": the yes to the first and the answer to the second make one meaning."""
    listed.says("Lan", "1 xong 45/KH-UBND, 2 chắc xong")
    listed.says("Lan", "1")
    listed.says("Lan", "2")
    first, second = told(listed)
    done = {"task": 1, "kind": "done", "document": "45/KH-UBND"}
    assert (first["outcome"], items(first["chosen"])) == ("partly", [done])
    assert (second["outcome"], items(second["chosen"])) == ("chosen", [done, {"task": 2, "kind": "progress"}])


@pytest.mark.parametrize(
    ("typed", "answer", "outcome"),
    [
        ("1 xong, 2 chắc xong", "không đúng", "not_right"),
        ("2 cũng tạm", "chuyển Văn phòng", "office"),
        ("2 cũng tạm", "T04 được 90%", "unanswered"),
    ],
)
def test_no_choice_is_taken_for_one(listed: Talk, typed: str, answer: str, outcome: str) -> None:
    """Not right, left to the office, or told anew in other words: the words are kept, with no meaning beside them."""
    listed.says("Lan", typed)
    listed.says("Lan", answer)
    assert [(one["text"], one["outcome"], one["chosen"]) for one in told(listed)] == [(typed, outcome, [])]


def test_an_open_question_is_told_when_it_can_no_longer_be_answered(listed: Talk) -> None:
    """While Lan may still answer nothing is told; three days later, though nobody closed it, that she did not."""
    listed.says("Lan", "2 cũng tạm")
    assert told(listed) == []
    listed.later(days=3)
    assert [one["outcome"] for one in told(listed)] == ["unanswered"]


@pytest.mark.parametrize(("typed", "answer"), [("2 cũng tạm", "1"), ("xin lùi đến 25/9", "2")])
def test_a_choice_taken_back_is_no_lesson(listed: Talk, typed: str, answer: str) -> None:
    """Lan taps the wrong state, or sends a request she did not mean, and says "hoàn tác": what she chose is marked."""
    listed.says("Lan", typed)
    listed.says("Lan", answer)
    assert [one["outcome"] for one in told(listed)] == ["chosen"]
    listed.says("Lan", "hoàn tác")
    assert [one["outcome"] for one in told(listed)] == ["taken_back"]


def test_a_request_that_a_newer_one_replaces_was_rightly_understood(listed: Talk) -> None:
    """Lan chose "to 25/9", then asks for 28/9: the bot closed her first request, she took back nothing."""
    listed.says("Lan", "xin lùi đến 25/9")
    listed.says("Lan", "2")
    listed.says("Lan", "việc 2 xin lùi đến 28/9")
    assert [one["outcome"] for one in told(listed)] == ["chosen"]
    listed.says("Lan", "hoàn tác")
    assert [one["outcome"] for one in told(listed)] == ["chosen"]


def test_two_units_are_not_named(listed: Talk) -> None:
    """Hạnh sits for a commune and a department: her list is told without the units that stand beside titles in chat."""
    listed.join("Hạnh", "30002", Role.CONTACT)

    def work(book: Book) -> None:
        units = {unit.code: unit.id for unit in book.people.units()}
        notice = book.assignments.keep_directive("02/TB-VPUBND", "Kết luận khác", date(2025, 9, 12), ("66-NQ/TW",))
        new = NewTask(notice, "T20", "Báo cáo cải cách", ("66-NQ/TW",), (units["STC"],), due=Due(date(2025, 9, 25)))
        book.assignments.keep_task(new, listed.now)
        book.joining.give_seat(listed.ids["Hạnh"], units["STC"], Role.CONTACT, listed.now)

    listed.store.write_now(work)
    assert "Xã Định Hòa" in listed.says("Hạnh", "danh sách")
    listed.says("Hạnh", "báo cáo cải cách chắc xong")
    listed.says("Hạnh", "1")
    [one] = told(listed)
    assert "Định Hòa" not in str(one)
    assert {task["title"] for task in one["tasks"]} >= {"Báo cáo cải cách"}
