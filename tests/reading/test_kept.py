"""What chat keeps of a reply beside the contract."""

from datetime import date

from bot.reading import OpenTask, read

TODAY = date(2025, 9, 15)
TASKS = [OpenTask(41, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20))]


def test_an_obstacle_keeps_its_words_and_category() -> None:
    """The words stand as typed, the category is one of the office's."""
    item = read("70%, đang vướng kinh phí", TODAY, TASKS).items[0]
    assert (item.reason, item.obstacle) == ("đang vướng kinh phí", "funding")


def test_the_reason_of_a_request_is_kept() -> None:
    """What follows 'vì' is the reason of an extension."""
    item = read("xin lùi 3 ngày vì chủ tịch đi công tác", TODAY, TASKS).items[0]
    assert item.due == date(2025, 9, 23)
    assert item.reason == "chủ tịch đi công tác"


def test_a_promise_keeps_its_day_and_is_no_extension() -> None:
    """'mai em gửi' is progress; the day is kept, not asked for."""
    item = read("mai em gửi", TODAY, TASKS).items[0]
    assert (item.promised, item.due) == (date(2025, 9, 16), None)


def test_a_successor_is_named() -> None:
    """The name after the form of address is kept for the office."""
    assert read("chuyển đầu mối sang chị Lan", TODAY, TASKS).items[0].successor == "Lan"
