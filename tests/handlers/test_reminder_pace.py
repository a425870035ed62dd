"""How often people are reminded, in the office's plain words: previewed, confirmed, for one task or all, put back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.policy import STANDARD, Policies, policies_from
from tests.handlers.conftest import Talk


def policies(talk: Talk) -> Policies:
    """As they hold."""
    return policies_from(talk.store.read_now(lambda book: book.people.province().settings))


def says(talk: Talk, *said: str) -> str:
    """Chị Hoa says it and confirms; the last preview."""
    shown = ""
    for one in said:
        shown = talk.says("Hoa", one)
        talk.says("Hoa", "1")
    return shown


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("nhắc trước 5, 3, 1 ngày", {"before": (5, 3, 1)}),
        ("nhac truoc 1 va 3 ngay lam viec", {"before": (3, 1)}),
        ("không nhắc trước hạn", {"before": ()}),
        ("không nhắc lần hai", {"second_call": False}),
        ("tat nhac lan 2 nhé", {"second_call": False}),
        ("nhắc quá hạn 1, 2, 4 rồi mỗi 3 ngày", {"overdue": (1, 2, 4), "every": 3}),
        ("quá hạn nhắc 2 ngày", {"overdue": (2,)}),
        ("báo lãnh đạo từ 3 ngày", {"leader_from": 3}),
        ("báo văn phòng từ 5 ngày", {"office_from": 5}),
        ("bao chu tich tu 10 ngay", {"chair_from": 10}),
        ("remind 4, 2 days before", {"before": (4, 2)}),
    ],
)
def test_plain_words_change_one_thing_for_all(talk: Talk, said: str, changed: dict[str, object]) -> None:
    """Each phrase changes what it names, after a yes, and nothing else."""
    talk.says("Hoa", said)
    assert policies(talk).standard == STANDARD
    talk.says("Hoa", "1")
    assert policies(talk) == Policies(replace(STANDARD, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["T04 nhắc trước 3 ngày", "việc t4 nhắc trước 3", "nhắc T04 trước 3 ngày"])
def test_one_task_has_a_pace_of_its_own(talk: Talk, said: str) -> None:
    """T04 alone; what it does not name goes on as for all, also when that changes later."""
    shown = says(talk, said)
    assert "Lịch nhắc riêng của T04" in shown
    assert "Trước hạn 3 ngày" in shown
    says(talk, "không nhắc lần hai")
    assert policies(talk).by_task == {"T04": replace(STANDARD, before=(3,), second_call=False)}
    assert policies(talk).standard == replace(STANDARD, second_call=False)


def test_the_preview_counts_what_comes_and_goes(talk: Talk) -> None:
    """Lan has T02 and T04, Tâm too, due on 20/9: without the call of two days before four reminders go."""
    assert "Tính theo sổ hiện nay, đến hết 15/10/2025: 4 lời nhắc không còn." in talk.says(
        "Hoa", "nhắc trước 5, 1 ngày"
    )
    assert "Tính theo sổ hiện nay, đến hết 15/10/2025: 2 lời nhắc không còn, thêm 2 lời nhắc." in talk.says(
        "Hoa", "T04 nhắc trước 5, 3, 1"
    )


def test_another_phrase_puts_it_back(talk: Talk) -> None:
    """ "Lịch nhắc như cũ" shows what was before and, confirmed, restores it; "như chung" ends a task's own."""
    assert "chưa được sửa lần nào" in talk.says("Hoa", "lịch nhắc như cũ")
    says(talk, "nhắc trước 3 ngày", "T04 không nhắc lần hai")
    assert "T04 nhắc theo lịch chung" in says(talk, "lịch nhắc như cũ")
    assert policies(talk) == Policies(replace(STANDARD, before=(3,)))

    says(talk, "T04 nhắc trước 2 ngày", "T04 nhắc như chung")
    assert policies(talk) == Policies(replace(STANDARD, before=(3,)))
    says(talk, "T02 nhắc trước 2 ngày", "lịch nhắc chuẩn")
    assert policies(talk) == Policies(STANDARD, {"T02": replace(STANDARD, before=(2,))})


def test_it_is_shown_as_it_holds(talk: Talk) -> None:
    """For all and for one task, with who changed it last."""
    says(talk, "nhắc trước 3 ngày", "T04 không nhắc lần hai")
    assert "Có lịch nhắc riêng: T04." in talk.says("Sơn", "lịch nhắc")
    own = talk.says("Sơn", "lịch nhắc T04")
    assert "Ngày hạn không nhắc lần hai" in own
    assert "Sửa lần 2, Hoa" in own
    assert "T02 nhắc theo lịch chung" in talk.says("Sơn", "lịch nhắc T02")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("nhắc trước 0 ngày", "từ 1 đến 250"),
        ("nhắc trước 300 ngày", "từ 1 đến 250"),
        ("nhắc trước 5, 2, 1 ngày", "không có gì đổi"),
        ("T99 nhắc trước 2 ngày", "Không có nhiệm vụ mã T99"),
        ("lịch nhắc T99", "Không có nhiệm vụ mã T99"),
        ("nhắc lần hai", "không có gì đổi"),
    ],
)
def test_what_cannot_be_or_is_so_already_is_said(talk: Talk, said: str, answer: str) -> None:
    """No question is asked, and a "1" after it changes nothing."""
    assert answer in talk.says("Hoa", said)
    talk.says("Hoa", "1")
    assert policies(talk) == Policies(STANDARD)


@pytest.mark.parametrize("who", ["Lan", "Bảy"])
def test_nobody_but_the_office_changes_it(talk: Talk, who: str) -> None:
    """A contact who asks for fewer reminders, or the chair, moves nothing by such words."""
    talk.says(who, "không nhắc lần hai")
    talk.says(who, "1")
    assert policies(talk) == Policies(STANDARD)
