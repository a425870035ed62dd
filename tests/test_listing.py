"""Assignments in words: what a reader sees of mark, deadline and state, and how long titles are shortened."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.listing import due_words, numbered, open_list, short, state_words
from bot.messages import Text
from bot.tasks import Assignment, Due, State, Status, Task
from bot.wording import Wording, languages

TODAY = date(2025, 9, 15)
SAID = datetime(2025, 9, 15, 2, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORDS = Wording("vi", ZONE)
#: Words as titles have them, of any length.
titles = st.lists(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=20), min_size=1, max_size=20)


def given_task(
    title: str = "Kiện toàn Tổ công nghệ số", days: int | None = 5, unit: str = "Xã Bình Hòa", **state: Any
) -> Assignment:
    """A task of Bình Hòa whose deadline is so many days from today."""
    due = Due(TODAY + timedelta(days=days)) if days is not None else None
    task = Task(1, "T02", 1, title, ("57-NQ/TW",), due)
    return Assignment(7, task, len(unit), unit[-3:], unit, State(due, **state), SAID)


def said(meaning: Text) -> str:
    """The words in Vietnamese."""
    return WORDS.say(meaning)


@pytest.mark.parametrize(
    ("days", "state", "mark"),
    [
        (5, {}, "🔵"),
        (1, {}, "🔵"),
        (0, {}, "🔵"),
        (-1, {}, "🔴"),
        (-60, {"status": Status.IN_PROGRESS, "percent": 90}, "🔴"),
        (None, {}, "⚪"),
        (None, {"status": Status.IN_PROGRESS}, "⚪"),
        (5, {"status": Status.BLOCKED}, "🟡"),
        (-1, {"status": Status.BLOCKED}, "🟡"),
        (None, {"status": Status.BLOCKED}, "🟡"),
        (5, {"status": Status.REPORTED}, "🟢"),
        (-1, {"status": Status.REPORTED}, "🟢"),
        (None, {"status": Status.REPORTED}, "🟢"),
        (-1, {"status": Status.ACCEPTED}, "✅"),
        (-1, {"status": Status.RECALLED}, "⚫"),
    ],
)
def test_the_mark_says_what_has_to_be_done(days: int | None, state: dict[str, Any], mark: str) -> None:
    """Reported and blocked go before the deadline; overdue begins the day after it, and the day itself is in time."""
    assert said(numbered([given_task(days=days, **state)], TODAY, ZONE)).startswith(f"{mark} 1. ")


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, "chưa có hạn"),
        (Due(date(2025, 9, 15)), "hạn HÔM NAY (Thứ Hai 15/9)"),
        (Due(date(2025, 9, 15), time(11)), "hạn HÔM NAY (11:00 Thứ Hai 15/9)"),
        (Due(date(2025, 9, 16)), "hạn Thứ Ba 16/9 (còn 1 ngày)"),
        (Due(date(2025, 9, 20)), "hạn Thứ Bảy 20/9 (còn 5 ngày)"),
        (Due(date(2025, 9, 16), time(8, 30)), "hạn 08:30 Thứ Ba 16/9 (còn 1 ngày)"),
        (Due(date(2025, 9, 14)), "hạn Chủ Nhật 14/9, quá 1 ngày"),
        (Due(date(2025, 8, 31)), "hạn Chủ Nhật 31/8, quá 15 ngày"),
        (Due(date(2026, 2, 15)), "hạn Chủ Nhật 15/2/2026 (còn 153 ngày)"),
    ],
)
def test_a_deadline_is_said_with_how_far_it_is(due: Due | None, words: str) -> None:
    """The day before, the day itself and the day after are three different things to read."""
    assert said(due_words(due, TODAY)) == words


@pytest.mark.parametrize(("days", "words"), [(1, "(in 1 day)"), (2, "(in 2 days)"), (-1, "1 day "), (-3, "3 days ")])
def test_one_day_is_one_day_in_english(days: int, words: str) -> None:
    """Where a language counts, one day is not days."""
    english = Wording("en", ZoneInfo("Asia/Ho_Chi_Minh"))

    assert words in english.say(due_words(Due(TODAY + timedelta(days=days)), TODAY))


@given(st.integers(-400, 400))
def test_late_is_never_said_of_what_is_in_time(days: int) -> None:
    """The mark of a list's line and the words about its deadline agree on every day."""
    line = said(numbered([given_task(days=days)], TODAY, ZONE))

    assert ("quá" in line) is (days < 0) is ("🔴" in line)
    assert ("còn" in line) is (days > 0)
    assert ("HÔM NAY" in line) is (days == 0)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, "chưa báo cáo"),
        ({"status": Status.IN_PROGRESS}, "đang làm"),
        ({"status": Status.IN_PROGRESS, "percent": 60}, "đang làm (60%)"),
        ({"status": Status.IN_PROGRESS, "percent": 0}, "đang làm (0%)"),
        ({"status": Status.IN_PROGRESS, "note": "gửi lại bản có chữ ký"}, "đang làm"),
        ({"status": Status.BLOCKED, "note": "chưa có kinh phí"}, "vướng mắc (chưa có kinh phí)"),
        ({"status": Status.BLOCKED, "percent": 40, "note": "thiếu người"}, "vướng mắc (40%, thiếu người)"),
        ({"status": Status.REPORTED, "document": "45/KH-UBND"}, "đã báo xong, chờ Văn phòng xác nhận (số 45/KH-UBND)"),
        ({"status": Status.ACCEPTED, "document": "45/KH-UBND", "percent": 100}, "đã hoàn thành (100%, số 45/KH-UBND)"),
        ({"status": Status.RECALLED}, "đã thu hồi"),
        ({"last_report_at": SAID}, "chưa làm"),
    ],
)
def test_a_state_is_said_with_what_is_known_of_it(state: dict[str, Any], words: str) -> None:
    """Percent, document and obstacle stand behind the state; a note that is no obstacle does not."""
    assert said(state_words(State(None, **state))) == words


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("status", Status)
def test_every_state_has_words_in_every_language(status: Status, language: str) -> None:
    """No state comes out as its key."""
    words = Wording(language, WORDS.zone).say(state_words(State(None, status=status)))

    assert words
    assert "state." not in words


def test_a_title_that_fits_stays_as_it_is() -> None:
    """Sixty-four letters are shown whole; the sixty-fifth makes it long."""
    whole = "Kế hoạch " + "a" * 55

    assert short(whole) == whole
    assert short(whole + "b") == "Kế hoạch…"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "Xây dựng kế hoạch triển khai bốn nghị quyết của Bộ Chính trị; hoàn thành trước ngày 20/9",
            "Xây dựng kế hoạch triển khai bốn nghị quyết của Bộ Chính trị…",
        ),
        (
            "Thành lập Ban Chỉ đạo phát triển khoa học, công nghệ, đổi mới, sáng tạo và chuyển đổi số",
            "Thành lập Ban Chỉ đạo phát triển khoa học, công nghệ, đổi mới…",
        ),
    ],
)
def test_a_long_title_ends_at_a_word_without_a_comma(title: str, shown: str) -> None:
    """The cut falls between two words, and what would stand before the dots as a loose sign is left out."""
    assert short(title) == shown


@given(titles.map(" ".join))
def test_a_short_title_is_the_beginning_of_the_long_one(title: str) -> None:
    """Whatever the title: never longer than its bound, and nothing in it that was not there."""
    shown = short(title)

    assert len(shown) <= 65
    assert title.startswith(shown.removesuffix("…"))
    assert shown == title or (len(title) > 64 and shown.endswith("…"))


@given(st.text(st.characters(categories=("L",)), min_size=65, max_size=200))
def test_a_title_of_one_word_is_shown(title: str) -> None:
    """A title without any space is cut within the word, not left empty."""
    assert len(short(title)) > 30


def test_lines_are_numbered_and_bear_whole_titles() -> None:
    """A list never shortens: its reader has nothing else to choose by."""
    title = "Xây dựng kế hoạch triển khai bốn nghị quyết của Bộ Chính trị, báo cáo Ủy ban nhân dân tỉnh"
    listed = said(numbered([given_task(title), given_task("Lập Tổ công tác")], TODAY, ZONE)).splitlines()

    assert listed[0] == f"🔵 1. {title}"
    assert listed[2] == "🔵 2. Lập Tổ công tác"


@pytest.mark.parametrize(
    ("units", "with_unit", "named"),
    [
        (("Xã Bình Hòa", "Xã Bình Hòa"), False, 0),
        (("Xã Bình Hòa", "Xã Bình Hòa"), True, 2),
        (("Xã Bình Hòa", "Phường Mỹ Thới"), False, 2),
        (("Xã Bình Hòa",), False, 0),
    ],
)
def test_units_are_named_where_there_are_several(units: tuple[str, ...], with_unit: bool, named: int) -> None:
    """Who answers for one unit does not read its name in every line."""
    listed = said(numbered([given_task(unit=unit) for unit in units], TODAY, ZONE, with_unit=with_unit))

    assert listed.count(" — ") == named


@pytest.mark.parametrize(
    ("many", "may_report", "hint"),
    [(1, True, "Trả lời ngắn"), (2, True, "Trả lời theo số"), (2, False, "Xem kỹ một việc"), (1, False, "Xem kỹ một")],
)
def test_the_list_ends_with_how_to_answer(many: int, may_report: bool, hint: str) -> None:
    """Who may report is shown how; a leader, who may only look, is not."""
    words = said(open_list([given_task() for _ in range(many)], TODAY, ZONE, may_report=may_report))

    assert words.startswith(f"📋 {many} việc đang mở:")
    assert words.splitlines()[-1].startswith(f"👉 {hint}")


def test_an_empty_list_says_so() -> None:
    """Nothing open is a sentence, not an empty list."""
    assert said(open_list([], TODAY, ZONE)) == "Hiện không có việc nào đang mở. Khi có việc mới, tôi sẽ nhắn ngay."


@pytest.mark.parametrize(
    ("status", "done", "words"),
    [
        (Status.ACCEPTED, 18, "hạn Thứ Bảy 20/9, xong 18/9 (đúng hạn)"),
        (Status.REPORTED, 23, "hạn Thứ Bảy 20/9, xong 23/9 (trễ 3 ngày)"),
        (Status.RECALLED, 18, "hạn Thứ Bảy 20/9 ·"),
    ],
)
def test_what_is_done_grows_no_later(status: Status, done: int, words: str) -> None:
    """A month later the list still says when it was done, and how late that was."""
    one = given_task(status=status, reported_at=datetime(2025, 9, done, 2, tzinfo=UTC))
    listed = said(numbered([one], date(2025, 10, 20), ZONE))
    assert words in listed
    assert "quá" not in listed
