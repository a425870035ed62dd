"""Which kind it is where one task gets several."""

import pytest

from bot.reading import Kind
from bot.reading.precedence import ruled
from tests.reading.told import told


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("vướng kinh phí, xin lùi đến 30/9", "extension due=2025-09-30"),
        ("mới được 50%, xin lùi đến 30/9", "extension 50% due=2025-09-30"),
        ("chưa làm, xin thêm 3 ngày", "extension due=2025-09-23"),
        ("dạ rõ, xin lùi đến 30/9", "extension due=2025-09-30"),
        ("xin lùi đến 30/9, mẫu nào ạ?", "extension due=2025-09-30"),
        ("70%, đang vướng kinh phí", "blocked 70%"),
        ("chưa làm được vì thiếu kinh phí", "blocked"),
        ("xong rồi nhưng còn vướng kinh phí thanh toán", "blocked"),
        ("đang làm thì kẹt số liệu của thuế", "blocked"),
        ("vướng kinh phí, hỏi ai ạ?", "blocked"),
        ("dạ rõ, em đang làm", "progress"),
        ("cảm ơn anh, em đang làm", "progress"),
        ("đang làm, hạn còn mấy ngày ạ?", "progress"),
        ("xong rồi, nộp ở đâu ạ?", "done"),
        ("ok anh, xong rồi", "done"),
        ("chưa làm, nộp ở đâu ạ?", "not_started"),
        ("dạ rõ, nộp ở đâu ạ?", "question"),
        ("cảm ơn anh, mẫu nào ạ?", "question"),
        ("ok cảm ơn anh", "ack"),
        ("chào anh, đã nhận", "ack"),
        ("cảm ơn anh", "other"),
        ("ok, we are blocked by missing funds", "blocked"),
        ("thanks, working on it", "progress"),
        ("спасибо, в работе", "progress"),
    ],
)
def test_what_counts_where_several_things_are_said(text: str, meaning: str) -> None:
    """Extension, obstacle, state, handover, question, receipt, talk: the first of them that was said."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("khó khăn nhưng vẫn làm được 65%", "progress 65%"),
        ("vướng nhưng vẫn đang làm", "progress"),
        ("vướng mặt bằng nhưng không ảnh hưởng, đang làm 55%", "progress 55%"),
        ("không vướng gì, đang làm 80%", "progress 80%"),
        ("hết vướng rồi, đang làm tiếp", "progress"),
        ("đã tháo gỡ, đang làm 40%", "progress 40%"),
        ("difficult, but still working, 65%", "progress 65%"),
        ("трудно, но работаем, 65%", "progress 65%"),
    ],
)
def test_an_obstacle_that_does_not_stop_the_work(text: str, meaning: str) -> None:
    """Said not to be in the way, or to be over, it is no obstacle."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("nhầm, chưa xong", "progress"),
        ("nhầm rồi, đang làm 40%", "progress 40%"),
        ("báo nhầm, xong rồi", "done"),
        ("xin lỗi em gửi nhầm, xin lùi đến 30/9", "extension due=2025-09-30"),
        ("gửi nhầm rồi, bỏ tin trên", "correction task=-"),
        ("nhầm ạ", "correction task=-"),
        ("sorry, wrong message: it is not finished", "progress"),
        ("ошибка, ещё не готово", "progress"),
    ],
)
def test_a_correction_that_states_something_new(text: str, meaning: str) -> None:
    """It is that new state; a correction only where nothing new is said."""
    assert told(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("xong chưa?", "question"),
        ("xong chưa anh", "question"),
        ("bao giờ phải xong?", "question"),
        ("có phải xong trước 20/9 không ạ", "question"),
        ("gia hạn thế nào?", "question"),
        ("anh gia hạn chưa", "question"),
        ("trễ đến 25/9 được không ạ?", "extension due=2025-09-25"),
        ("gia hạn đến 25/9 được không", "extension due=2025-09-25"),
        ("việc này ai làm?", "question"),
        ("nộp ở đâu ạ", "question"),
        ("is it done?", "question"),
        ("когда нужно сдать?", "question"),
    ],
)
def test_a_question_about_a_status_is_a_question(text: str, meaning: str) -> None:
    """'xong chưa?' reports nothing; a later day asked for politely is a request all the same."""
    assert told(text) == meaning


def test_whatever_is_said_the_rulings_have_an_answer() -> None:
    """Nothing said at all, or only what nobody ruled on, is unclear and never certain."""
    assert ruled(frozenset()) == (Kind.UNCLEAR, False)
    assert ruled(frozenset({"nobody ever said this"})) == (Kind.UNCLEAR, False)
    assert ruled(frozenset({"too_much", "done", "asked_later"})) == (Kind.UNCLEAR, False)
