"""Reports: where they come from, what the receipt says, and what is asked instead of recorded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.listing import short
from bot.store.book import Book
from bot.tasks import Status
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


def test_what_was_asked_counts_from_its_answer(talk: Talk) -> None:
    """Not sure of it on the due day, settled the day after: nothing was reported before that, so it is late."""
    talk.now = datetime(2025, 9, 20, 23, 50, tzinfo=ZONE)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 chắc xong rồi")
    talk.later(minutes=30)
    assert "trễ hạn" in talk.says("Lan", "1")
    assert talk.assignment("T02", "30001").state.reported_at == talk.now


def test_words_in_time_stay_in_time_where_only_the_task_was_asked(talk: Talk) -> None:
    """ "Xong rồi" on the due day says the state; which task it was may be answered after midnight."""
    talk.now = datetime(2025, 9, 20, 23, 50, tzinfo=ZONE)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "xong rồi")
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


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1 xongg, 45 / kh-ubnd", "BÁO XONG: Xây dựng kế hoạch triển khai 4 nghị quyết — số 45/KH-UBND"),
        ("1 DA GUI, so 90/qd-ubnd ngay 14/9", "BÁO XONG: Xây dựng kế hoạch triển khai 4 nghị quyết — số 90/QĐ-UBND"),
        ("viec 1 gan xong", "ĐANG LÀM: Xây dựng kế hoạch"),
        ("2 moi dc 8/10", "ĐANG LÀM: Thành lập Ban Chỉ đạo phát triển KHCN — 80%"),
        ("2 ko vuong gi, lam dc 70% r", "ĐANG LÀM: Thành lập Ban Chỉ đạo phát triển KHCN — 70%"),
        ("2 chua lam gi", "CHƯA LÀM: Thành lập Ban Chỉ đạo"),
        ("t04 vuong kinh phi", "VƯỚNG MẮC: Thành lập Ban Chỉ đạo phát triển KHCN — «vuong kinh phi»"),
        ("2 đã trình ký, chờ chủ tịch", "ĐANG LÀM: Thành lập Ban Chỉ đạo"),
        ("1 100% nhưng chưa ký", "ĐANG LÀM: Xây dựng kế hoạch triển khai 4 nghị quyết — 100%"),
    ],
)
def test_a_receipt_says_what_was_understood_and_how_to_undo(talk: Talk, typed: str, understood: str) -> None:
    """Typed in haste, without marks: state, task, percent and number as they were taken, and the way back."""
    talk.says("Lan", "danh sách")
    receipt = talk.says("Lan", typed)
    assert understood in receipt
    assert receipt.count("hoàn tác") == 1


def test_percent_may_go_down(talk: Talk) -> None:
    """80%, then 50%: the later word stands; then done without a number and in work again forget no document."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 được 80%")
    assert "50%" in talk.says("Lan", "1 mới được 50% thôi")
    assert talk.assignment("T02", "30001").state.percent == 50
    talk.says("Lan", "1 xong, 45/KH-UBND")
    talk.says("Lan", "T02 chưa xong, còn phụ lục")
    state = talk.assignment("T02", "30001").state
    assert (state.status, state.document, state.reported_at) == (Status.IN_PROGRESS, "45/KH-UBND", None)


def test_an_obstacle_is_over_when_the_next_report_says_so(talk: Talk) -> None:
    """Blocked, with category and a day to ask again; the next report takes all of that away."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 chờ Sở Tài chính hướng dẫn, được 40%")
    state = talk.assignment("T02", "30001").state
    assert (state.status, state.percent, state.follow_up) == (Status.BLOCKED, 40, date(2025, 9, 18))
    talk.says("Lan", "việc 1 hết vướng, đang làm 60%")
    state = talk.assignment("T02", "30001").state
    assert (state.status, state.obstacle, state.note, state.follow_up) == (Status.IN_PROGRESS, None, None, None)


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (datetime(2025, 9, 20, 23, 59, 59, tzinfo=ZONE), None),
        (datetime(2025, 9, 21, 0, 0, tzinfo=ZONE), "trễ hạn 1 ngày"),
        (datetime(2025, 9, 23, 8, 0, tzinfo=ZONE), "trễ hạn 3 ngày"),
    ],
)
def test_late_is_what_the_platform_says(talk: Talk, at: datetime, late: str | None) -> None:
    """Our outage is nobody's lateness: sent on the due day, taken three days later, it is in time."""
    talk.says("Lan", "danh sách")
    talk.now = datetime(2025, 9, 23, 9, tzinfo=ZONE)
    receipt = talk.says("Lan", "1 xong, 45/KH-UBND", at=at)
    assert ("trễ hạn" in receipt) is (late is not None)
    assert (late or "BÁO XONG") in receipt


@pytest.mark.parametrize(
    "typed", ["T02 mới 80%", "T02 vướng kinh phí", "T02 chưa làm", "T02 xong, 46/KH-UBND", "nhầm, T02 mới 50%"]
)
def test_an_accepted_task_is_the_offices_to_open(talk: Talk, typed: str) -> None:
    """Whatever is said of it goes to the office as typed, under a number; the task stays finished."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong, 45/KH-UBND")
    talk.says("Hoa", "xác nhận T02 Bình Hòa")
    talk.says("Lan", "danh sách")
    before = talk.assignment("T02", "30001").state
    assert "đã được xác nhận hoàn thành" in talk.says("Lan", typed)
    assert f"«{typed}»" in talk.heard("Hoa")[0].text
    assert talk.assignment("T02", "30001").state == before


def test_receipt_of_a_list_is_said_once(talk: Talk) -> None:
    """ "Đã nhận" notes both tasks, is no report, and the second time there is nothing left to note."""
    talk.says("Lan", "danh sách")
    assert "nhận được 2 việc" in talk.says("Lan", "da nhan a")
    one = talk.assignment("T02", "30001")
    assert one.received_at is not None
    assert one.state.silent
    assert "Dạ, tôi đã rõ" in talk.says("Lan", "ok")
    assert "Dạ, tôi đã rõ" in talk.says("Minh", "ok")


def test_one_message_may_say_five_different_things(talk: Talk) -> None:
    """A report, a later deadline: each has its line, the office hears of the request alone, and one undo ends both."""
    talk.says("Lan", "danh sách")
    answer = talk.says("Lan", "1 xong 45/KH-UBND, 2 xin lùi đến 25/9")
    assert "BÁO XONG" in answer
    assert "xin lùi «Thành lập Ban Chỉ đạo phát triển KHCN» từ 20/9 đến Thứ Năm 25/9" in answer
    assert len(talk.heard("Hoa")) == 1
    talk.says("Lan", "hoàn tác")
    assert talk.assignment("T02", "30001").state.silent
    assert talk.store.read_now(lambda book: book.talks.open_requests()) == ()


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 4000,
        "1 " * 1500,
        "xong " * 900,
        "{title} xong",
        "%s %d",
        "'; DROP TABLE step; --",
        "1 xong\x00",
        "﷽" * 300,
    ],
)
def test_hostile_words_make_no_report(talk: Talk, typed: str) -> None:
    """Endless, empty or with the marks of other languages: answered, and no other task is touched."""
    talk.says("Lan", "danh sách")
    assert talk.says("Lan", typed)
    assert talk.assignment("T04", "30001").state.silent
    assert talk.assignment("T02", "30003").state.silent


def test_a_note_as_long_as_a_letter_is_shortened_where_it_is_listed(talk: Talk) -> None:
    """An obstacle of two thousand signs is recorded, and the receipt stays readable on a phone."""
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 vướng thiếu kinh phí mua máy tính " + "và mua máy in " * 70)
    receipt = talk.says("Lan", "1")
    assert "VƯỚNG MẮC" in receipt
    assert len(receipt) < 600
    assert talk.assignment("T02", "30001").state.status is Status.BLOCKED


def test_acceptance_by_evidence_needs_no_clerk(talk: Talk) -> None:
    """Where the province accepts by evidence, "xong" alone waits, and the number that follows settles it."""

    def work(book: Book) -> None:
        book.people.save_settings({**book.people.province().settings, "acceptance": "evidence"})

    talk.store.write_now(work)
    talk.says("Lan", "danh sách")
    talk.says("Lan", "1 xong")
    assert talk.assignment("T02", "30001").state.status is Status.REPORTED
    talk.says("Lan", "T02 xong, 45/KH-UBND")
    assert talk.assignment("T02", "30001").state.status is Status.ACCEPTED
