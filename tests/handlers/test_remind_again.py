"""A contact asks to be reminded once more: in the nearest slot, for the tasks meant, never past the deadline."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.calendar import WorkingCalendar
from handlers.remind_again import nearest_slot, wished
from tests.handlers.conftest import ZONE, Talk


def moment(words: str) -> datetime:
    """ "15/9 09:00" of 2025."""
    return datetime.strptime(f"2025/{words}", "%Y/%d/%m %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "typed", "at"),
    [
        ("15/9 09:00", "chiều nay", "15/9 13:30"),
        ("15/9 09:00", "chieu", "15/9 13:30"),
        ("15/9 09:00", "sáng mai", "16/9 07:30"),
        ("15/9 09:00", "mai", "16/9 07:30"),
        ("15/9 09:00", "chiều mai", "16/9 13:30"),
        ("15/9 09:00", "sáng", "16/9 07:30"),
        ("15/9 09:00", "lúc 3h chiều", "15/9 13:30"),
        ("15/9 09:00", "15h30", "15/9 13:30"),
        ("15/9 09:00", "luc 3 gio chieu", "15/9 13:30"),
        ("15/9 14:00", "lúc 3h chiều", "16/9 07:30"),
        ("15/9 14:00", "8h", "16/9 07:30"),
        ("15/9 14:00", "chiều nay", "16/9 07:30"),
        ("15/9 09:00", "3 giờ 30 chiều", "15/9 13:30"),
        ("15/9 09:00", "11h trưa mai", "16/9 13:30"),
        ("15/9 09:00", "8h sáng mai", "16/9 07:30"),
        ("19/9 14:00", "sáng mai", "22/9 07:30"),
        ("15/9 09:00", "24/9", "24/9 07:30"),
        ("15/9 09:00", "chiều 24/9", "24/9 13:30"),
        ("15/9 09:00", "20/9", "22/9 07:30"),
        ("15/9 09:00", "tomorrow at 3pm", "16/9 13:30"),
        ("15/9 09:00", "this afternoon", "15/9 13:30"),
        ("15/9 09:00", "lúc 9h tối nay", "15/9 13:30"),
        ("15/9 14:00", "tối nay", "16/9 07:30"),
        ("15/9 09:00", "thứ 2", "22/9 07:30"),
        ("15/9 09:00", "chiều thứ năm", "18/9 13:30"),
        ("19/9 09:00", "thứ tư tuần sau", "24/9 07:30"),
        ("16/9 09:00", "tuần sau", "22/9 07:30"),
        ("15/9 09:00", "chủ nhật", "22/9 07:30"),
        ("15/9 09:00", "ngày kia", "17/9 07:30"),
        ("15/9 09:00", "sau 2 ngày nữa", "17/9 07:30"),
        ("15/9 09:00", "chiều 2 hôm nữa", "17/9 13:30"),
        ("15/9 09:00", "1 tuần nữa", "22/9 07:30"),
        ("15/9 09:00", "2 tiếng nữa", "15/9 13:30"),
        ("15/9 14:00", "sau 3 giờ", "16/9 07:30"),
        ("15/9 09:00", "in 2 days", "17/9 07:30"),
        ("15/9 09:00", "on friday afternoon", "19/9 13:30"),
    ],
)
def test_the_nearest_slot_of_what_is_wished(now: str, typed: str, at: str) -> None:
    """On Monday 15/9/2025: half days, hours and dates land on 07:30 or 13:30 of a working day still to come."""
    wish = wished(typed, moment(now), WorkingCalendar())
    assert wish is not None
    assert nearest_slot(wish, moment(now), WorkingCalendar()) == moment(at)


@pytest.mark.parametrize("typed", ["31/9", "14/9/2024", "25h"])
def test_what_is_no_time_is_asked_for(typed: str) -> None:
    """No such day, a day past, no such hour: nothing is guessed."""
    assert wished(typed, moment("15/9 09:00"), WorkingCalendar()) is None


def asked(talk: Talk) -> list[tuple[str, date, str]]:
    """Whose reminders of which task wait in which slot."""
    return [
        (line.task_code, day, slot)
        for day in (date(2025, 9, number) for number in range(15, 24))
        for slot, line in talk.store.read_now(lambda book, day=day: book.asked.preview(day, ["07:30", "13:30"]))  # type: ignore[misc]
    ]


@pytest.mark.parametrize(
    "said", ["nhắc lại chiều nay", "chieu nhac lai em nhe", "Dạ nhắc em lúc 3h chiều với ạ", "để chiều nay nhắc lại"]
)
def test_what_was_shown_is_told_again(talk: Talk, said: str) -> None:
    """Both tasks of Lan's list, at 13:30; the answer names the hour and that the deadline stands."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", said)
    assert "Sẽ nhắc lại 2 việc lúc 13:30 15/9/2025" in answer
    assert "Hạn vẫn tính như cũ" in answer
    assert asked(talk) == [("T02", date(2025, 9, 15), "13:30"), ("T04", date(2025, 9, 15), "13:30")]


def test_one_task_by_its_number(talk: Talk) -> None:
    """Only the second; a number that is none is named."""
    talk.says("Lan", "danh sách")
    assert "Thành lập Ban Chỉ đạo" in talk.says("Lan", "nhắc lại việc 2 sáng mai")
    assert "không có việc đang chờ làm số 7" in talk.says("Lan", "nhắc lại việc 7 sáng mai")
    assert asked(talk) == [("T04", date(2025, 9, 16), "07:30")]


def test_asked_anew_the_later_word_holds(talk: Talk) -> None:
    """This afternoon, then tomorrow morning instead, and the same once more: one reminder of each task."""
    for said in ("nhắc lại chiều nay", "nhắc lại sáng mai", "nhắc lại sáng mai"):
        talk.says("Lan", said)
    assert asked(talk) == [("T02", date(2025, 9, 16), "07:30"), ("T04", date(2025, 9, 16), "07:30")]


def test_a_report_makes_it_needless(talk: Talk) -> None:
    """What Lan reports done before the hour is not told again; the other is."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "nhắc lại chiều nay")
    talk.says("Lan", "1 xong")
    assert [code for code, _, _ in asked(talk)] == ["T04"]


def test_a_report_taken_back_leaves_what_was_asked_for(talk: Talk) -> None:
    """ "1 xong" was a slip, taken back or edited away: Lan is reminded of both tasks as she had asked."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "nhắc lại chiều nay")
    before = asked(talk)
    talk.says("Lan", "1 xong")
    talk.says("Lan", "hoàn tác")
    assert asked(talk) == before
    talk.says("Lan", "1 60%")
    talk.says("Lan", "cảm ơn", edits=True)
    assert asked(talk) == before


def test_what_was_asked_for_since_stands_alone(talk: Talk) -> None:
    """This afternoon, then a report, then tomorrow morning: the report taken back, only the later word holds."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "nhắc lại việc 1 chiều nay")
    talk.says("Lan", "1 60%")
    talk.says("Lan", "nhắc lại việc 1 sáng mai")
    talk.says("Lan", "hoàn tác")
    assert asked(talk) == [("T02", date(2025, 9, 16), "07:30")]


def test_an_hour_that_has_passed_does_not_come_back(talk: Talk) -> None:
    """Reported in the morning, taken back at two: the reminder of half past one is over."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "nhắc lại việc 1 chiều nay")
    talk.says("Lan", "1 60%")
    talk.later(hours=5)
    talk.says("Lan", "hoàn tác")
    assert asked(talk) == []


@pytest.mark.parametrize(
    ("now", "said", "answer"),
    [
        ("15/9 09:00", "nhắc lại 22/9", "không hẹn nhắc sau hạn được. Muộn nhất là 13:30 19/9/2025"),
        ("19/9 09:00", "nhắc lại sáng mai", "Muộn nhất là 13:30 19/9/2025"),
        ("19/9 14:00", "nhắc lại sáng mai", "từ giờ đến hạn không còn lượt nhắc nào"),
        ("22/9 09:00", "nhắc lại chiều nay", "đã quá hạn, không hẹn nhắc lại được"),
    ],
)
def test_never_past_the_deadline(talk: Talk, now: str, said: str, answer: str) -> None:
    """Due on Saturday 20/9: what would come later is refused in plain words, and nothing is planned."""
    talk.now = moment(now)
    assert talk.says("Lan", said).count(answer) == 2
    assert asked(talk) == []


@pytest.mark.parametrize("said", ["2 nhắc lại", "nhắc lại", "nhắc 2", "nhắc lại sau", "sếp nhắc lại chiều nay"])
def test_words_without_a_time_plan_nothing(talk: Talk, said: str) -> None:
    """A bare number is a task, not an hour; what names no time is read as any other reply."""
    talk.says("Lan", said)
    assert asked(talk) == []


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("nhắc lại lúc 9h tối nay", "13:30 15/9/2025"),
        ("nhắc em thứ 5", "07:30 18/9/2025"),
        ("nhắc tôi thứ 5", "07:30 18/9/2025"),
        ("nhac toi mai", "07:30 16/9/2025"),
        ("nhac lai 9h toi nay", "13:30 15/9/2025"),
        ("nhắc lại sau 2 ngày nữa", "07:30 17/9/2025"),
        ("nhắc lại 2 tiếng nữa nhé", "13:30 15/9/2025"),
        ("remind me in 2 days", "07:30 17/9/2025"),
    ],
)
def test_days_and_spans_are_understood(talk: Talk, said: str, at: str) -> None:
    """The day of the week, a number of days or hours ahead, the evening: the nearest slot is named."""
    talk.says("Lan", "danh sách")
    assert f"Sẽ nhắc lại 2 việc lúc {at}" in talk.says("Lan", said)


@pytest.mark.parametrize(
    "said",
    [
        "nhắc lại",
        "nhắc tôi",
        "nhac lai mot lan nua",
        "nhắc lại hôm kia",
        "nhắc lại lúc nào rảnh ạ",
        "nhắc em vài bữa nữa",
        "nhắc lại việc 2 vài hôm nữa",
        "remind me later",
    ],
)
def test_a_time_not_understood_is_asked_for_with_examples(talk: Talk, said: str) -> None:
    """It is no report: Lan is not asked which task she speaks of, and a number right after it opens nothing."""
    talk.says("Lan", "danh sách")
    assert "Chưa rõ nhắc lại lúc nào" in talk.says("Lan", said)
    assert asked(talk) == []


@pytest.mark.parametrize(
    "said", ["nhắc lại là việc 1 đã xong rồi", "nhắc lại việc 1 xong", "nhắc em việc 1 đến hạn ngày nào?"]
)
def test_a_report_or_question_that_begins_like_a_plea_is_read_as_such(talk: Talk, said: str) -> None:
    """ "Nhắc lại là việc 1 đã xong rồi" says that it is done: it is not lost in the answer about times."""
    talk.says("Lan", "danh sách")
    assert "Chưa rõ nhắc lại lúc nào" not in talk.says("Lan", said)


def test_with_nothing_to_do_there_is_nothing_to_be_reminded_of(talk: Talk) -> None:
    """After both reports Lan is told so."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong, 2 xong")
    assert "không có việc nào đang chờ làm" in talk.says("Lan", "nhắc lại chiều nay")


def test_only_who_reports_is_reminded_again(talk: Talk) -> None:
    """Chị Hoa of the office has no task of her own: her words plan nothing."""
    talk.says("Hoa", "nhắc lại chiều nay")
    assert asked(talk) == []
