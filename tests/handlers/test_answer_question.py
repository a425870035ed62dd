"""One open question a person: what answers it, what leaves it open, what closes it, and when it is too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation import QUESTION_LIVES
from bot.tasks import Status
from tests.handlers.conftest import Talk


def done(talk: Talk, unit: str = "30001") -> list[str]:
    """Which tasks of the unit are reported."""
    return [code for code in ("T02", "T04") if talk.assignment(code, unit).state.status is Status.REPORTED]


@pytest.mark.parametrize(
    "between", ["danh sách", "chi tiết 2", "giúp", "cảm ơn anh", "hạn ngày nào?", "dữ liệu của tôi"]
)
def test_a_command_leaves_the_question_open(talk: Talk, between: str) -> None:
    """Lan looks something up before she answers: "2" still means the second that was offered."""
    talk.says("Lan", "xong rồi")
    talk.says("Lan", between)
    assert "BÁO XONG: Thành lập Ban Chỉ đạo" in talk.says("Lan", "2")
    assert done(talk) == ["T04"]


def test_a_certain_report_closes_the_question_on_its_task(talk: Talk) -> None:
    """Asked about T04, Lan writes "T04 được 90%": a "1" after it is no answer any more."""
    talk.says("Lan", "T04 chắc xong rồi")
    talk.says("Lan", "T04 được 90%")
    talk.says("Lan", "1")
    state = talk.assignment("T04", "30001").state
    assert (state.status, state.percent) == (Status.IN_PROGRESS, 90)


def test_a_report_on_another_task_leaves_it_open(talk: Talk) -> None:
    """Asked about T04, Lan reports T02: the "1" that follows still settles T04."""
    talk.says("Lan", "T04 chắc xong rồi")
    talk.says("Lan", "T02 được 30%")
    talk.says("Lan", "1")
    assert done(talk) == ["T04"]


def test_colleagues_have_questions_of_their_own(talk: Talk) -> None:
    """Minh's "1" does not answer what Lan was asked."""
    talk.says("Lan", "T04 chắc xong rồi")
    talk.says("Minh", "1")
    assert done(talk) == []
    talk.says("Lan", "1")
    assert done(talk) == ["T04"]


@pytest.mark.parametrize(
    ("between", "answer", "status"),
    [
        ("T04 được 60%", "1", Status.REPORTED),
        ("T04 xong, 12/QĐ-UBND", "2", Status.IN_PROGRESS),
        ("T04 vướng kinh phí", "1", Status.REPORTED),
    ],
)
def test_an_answer_is_a_later_word_than_a_colleagues(talk: Talk, between: str, answer: str, status: Status) -> None:
    """Minh reports while Lan is asked: what her receipt then says is what stands."""
    talk.says("Lan", "T04 cũng tạm")
    talk.later(minutes=5)
    talk.says("Minh", between)
    talk.later(minutes=5)
    assert "Đã ghi" in talk.says("Lan", answer)
    state = talk.assignment("T04", "30001").state
    assert (state.status, state.last_report_at) == (status, talk.now)


@pytest.mark.parametrize(
    ("later", "recorded"),
    [(QUESTION_LIVES - timedelta(seconds=1), True), (QUESTION_LIVES, False), (timedelta(days=40), False)],
)
def test_a_button_works_for_three_days(talk: Talk, later: timedelta, recorded: bool) -> None:
    """Pressed in time it records; pressed late it says that the question has expired, and records nothing."""
    talk.says("Lan", "xong rồi")
    data = dict(talk.heard("Lan")[0].buttons)["1"]
    talk.now += later
    answer = talk.says("Lan", "", button=data)
    assert ("đã hết hạn" in answer) is not recorded
    assert (done(talk) != []) is recorded


def test_an_old_button_does_not_answer_the_newer_question(talk: Talk) -> None:
    """Two questions in a row: the first one's "2" says that it is settled, and the second stays open."""
    talk.says("Lan", "xong rồi")
    old = dict(talk.heard("Lan")[0].buttons)["2"]
    talk.says("Lan", "được 50%")
    assert "đã được trả lời rồi" in talk.says("Lan", "", button=old)
    talk.says("Lan", "2")
    state = talk.assignment("T04", "30001").state
    assert (state.status, state.percent) == (Status.IN_PROGRESS, 50)


@pytest.mark.parametrize("data", ["1:0:7", "99999:0:0", "0", "", "x:y:z", "1:0:-1", "9" * 40 + ":0:0"])
def test_a_made_up_button_reports_nothing(talk: Talk, data: str) -> None:
    """Whatever stands in a forged button: an answer perhaps, never a report."""
    talk.says("Lan", "xong rồi")
    talk.says("Lan", "", button=data)
    assert done(talk) == []


def test_nobody_presses_a_colleagues_button(talk: Talk) -> None:
    """The button under Lan's question does nothing in Minh's hands."""
    talk.says("Lan", "xong rồi")
    data = dict(talk.heard("Lan")[0].buttons)["1"]
    talk.says("Minh", "", button=data)
    talk.says("Tâm", "", button=data)
    assert (done(talk), done(talk, "30003")) == ([], [])


def test_an_expired_question_says_so_once(talk: Talk) -> None:
    """The late "1" is told that it is too late; the next one is read as anybody's bare number."""
    talk.says("Lan", "xong rồi")
    talk.later(days=4)
    assert "đã hết hạn" in talk.says("Lan", "1")
    assert "đã hết hạn" not in talk.says("Lan", "1")
    assert done(talk) == []


def test_yes_in_the_other_language(talk: Talk) -> None:
    """Asked in English after a change of language, "Yes" and "1" are the offered words."""
    talk.says("Lan", "english")
    talk.says("Lan", "list")
    talk.says("Lan", "1 done 5/KH-UBND, 2 probably done")
    label = talk.heard("Lan")[0].buttons[0][0]
    talk.says("Lan", label.upper())
    assert done(talk) == ["T02"]
