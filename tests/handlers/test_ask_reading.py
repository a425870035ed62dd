"""What is asked instead of recorded: which task, what state, "is this right?"; and how one short answer settles it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.conversation import RequestKind
from bot.store.assignments import NewTask
from bot.store.book import Book
from bot.tasks import Due, Status
from tests.handlers.conftest import ZONE, Talk


@pytest.fixture
def listed(talk: Talk) -> Talk:
    """Lan has three tasks before her: 1 is T02, 2 is T04, 3 is T20, whose product is a document."""

    def work(book: Book) -> None:
        units = {unit.code: unit.id for unit in book.people.units()}
        notice = book.assignments.keep_directive("02/TB-VPUBND", "Kết luận khác", date(2025, 9, 12), ("66-NQ/TW",))
        given = (units["30001"],)
        due = Due(date(2025, 9, 25))
        new = NewTask(notice, "T20", "Báo cáo cải cách hành chính", ("66-NQ/TW",), given, due=due, product="Báo cáo")
        book.assignments.keep_task(new, talk.now)

    talk.store.write_now(work)
    talk.says("Lan", "danh sách")
    return talk


def stands(talk: Talk) -> dict[str, tuple[Status, int | None]]:
    """The tasks of Bình Hòa."""
    states = {code: talk.assignment(code, "30001").state for code in ("T02", "T04", "T20")}
    return {code: (state.status, state.percent) for code, state in states.items()}


def reminded(talk: Talk, *codes: str) -> None:
    """Lan gets a letter that numbers these tasks alone, as a reminder does."""
    ids = [talk.assignment(code, "30001").id for code in codes]
    talk.store.write_now(lambda book: book.talks.keep_listing(talk.ids["Lan"], ids, [], talk.now))


NOTHING = dict.fromkeys(("T02", "T04", "T20"), (Status.ASSIGNED, None))


@pytest.mark.parametrize(
    "typed", ["3 40%", "việc 3 xong", "3 vướng kinh phí", "3 xin lùi đến 30/9", "2 được 50%, 3 xong"]
)
def test_a_number_of_an_older_longer_list_is_asked(listed: Talk, typed: str) -> None:
    """A reminder has two numbers: a 3 may be that of the list before, so nothing of it is recorded."""
    reminded(listed, "T04", "T20")
    answer = listed.says("Lan", typed)
    assert "chưa ghi" in answer or "chưa rõ việc nào" in answer
    assert stands(listed) == NOTHING


def test_a_receipt_goes_on_with_the_numbers_shown(listed: Talk) -> None:
    """After "2 xong" the others are still 1 and 3, and 2 is still what it was: a second thought finds it."""
    receipt = listed.says("Lan", "2 xong, 45/QĐ-UBND")
    assert "1. Xây dựng kế hoạch" in receipt
    assert "3. Báo cáo cải cách" in receipt
    listed.says("Lan", "2 mới 60%")
    assert stands(listed) == {**NOTHING, "T04": (Status.IN_PROGRESS, 60)}


def test_a_receipt_numbers_behind_the_reminder_what_that_left_out(listed: Talk) -> None:
    """A reminder of one task alone, answered: the others follow as 2 and 3, and are that from then on."""
    reminded(listed, "T20")
    receipt = listed.says("Lan", "1 xong, 45/BC-UBND")
    assert "2. Xây dựng kế hoạch" in receipt
    assert "3. Thành lập" in receipt
    listed.says("Lan", "3 được 20%, 1 mới 90%")
    assert stands(listed) == {**NOTHING, "T04": (Status.IN_PROGRESS, 20), "T20": (Status.IN_PROGRESS, 90)}


def test_a_task_not_shown_is_still_named_by_code_title_or_all(listed: Talk) -> None:
    """Only a number can be that of another list: code and words of the title are not asked about."""
    listed.says("Lan", "1 xong, 45/KH-UBND")
    listed.says("Lan", "T02 mới 40%")
    assert stands(listed)["T02"] == (Status.IN_PROGRESS, 40)
    listed.says("Lan", "xây dựng kế hoạch triển khai 4 nghị quyết được 70%")
    assert stands(listed)["T02"] == (Status.IN_PROGRESS, 70)
    listed.says("Lan", "cả 3 việc xong")
    assert {status for status, _ in stands(listed).values()} == {Status.REPORTED}


def test_the_numbers_of_a_question_are_numbers(listed: Talk) -> None:
    """The question lists three tasks anew: "2 40%" then means the second as it stands there."""
    reminded(listed, "T20")
    asked = listed.says("Lan", "được 40%")
    assert "2. Xây dựng kế hoạch" in asked
    listed.says("Lan", "2 được 40%")
    assert stands(listed)["T02"] == (Status.IN_PROGRESS, 40)


@pytest.mark.parametrize(
    "typed", ["2", "2.", "số 2", "chọn 2", "#2", "2 ạ", " 2 ) ", "thành lập ban chỉ đạo phát triển khcn"]
)
def test_one_number_or_its_words_settle_which_task(listed: Talk, typed: str) -> None:
    """However the digit is typed, and by the offered words themselves."""
    assert "chưa rõ việc nào" in listed.says("Lan", "xong rồi")
    assert stands(listed) == NOTHING
    assert "✅" in listed.says("Lan", typed)
    assert stands(listed) == {**NOTHING, "T04": (Status.REPORTED, None)}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1, 2", ("T02", "T04")),
        ("1 2", ("T02", "T04")),
        ("1 va 3", ("T02", "T20")),
        ("số 2 và số 3 ạ", ("T04", "T20")),
        ("dạ 1,2,3", ("T02", "T04", "T20")),
        ("cả ba", ("T02", "T04", "T20")),
        ("cả 3 việc ạ", ("T02", "T04", "T20")),
        ("tất cả", ("T02", "T04", "T20")),
        ("hết", ("T02", "T04", "T20")),
        ("all", ("T02", "T04", "T20")),
    ],
)
def test_several_numbers_settle_several_tasks(listed: Talk, typed: str, codes: tuple[str, ...]) -> None:
    """Each of the chosen tasks is recorded, the others are not, and a "1" afterwards is no answer any more."""
    listed.says("Lan", "được 60%")
    listed.says("Lan", typed)
    assert stands(listed) == NOTHING | dict.fromkeys(codes, (Status.IN_PROGRESS, 60))
    assert "Đã ghi" not in listed.says("Lan", "1")


@pytest.mark.parametrize("typed", ["4", "0", "99", "không", "1, 9", "cả hai", "cả", "both", "ok", "cảm ơn"])
def test_what_was_not_offered_settles_nothing(listed: Talk, typed: str) -> None:
    """A number beyond the offers, "không", courtesy: nothing is recorded."""
    listed.says("Lan", "xong rồi")
    listed.says("Lan", typed)
    assert stands(listed) == NOTHING


def test_courtesy_leaves_a_question_open(listed: Talk) -> None:
    """ "Dạ vâng ạ" between question and answer changes nothing: the "2" after it still counts."""
    listed.says("Lan", "xong rồi")
    listed.says("Lan", "dạ em cảm ơn anh")
    listed.says("Lan", "2")
    assert stands(listed)["T04"] == (Status.REPORTED, None)


@pytest.mark.parametrize(
    ("pressed", "status"),
    [
        ("đã xong", Status.REPORTED),
        ("đang làm", Status.IN_PROGRESS),
        ("chưa làm", Status.ASSIGNED),
        ("đang vướng", Status.BLOCKED),
    ],
)
def test_each_state_that_is_offered_is_recorded_as_such(listed: Talk, pressed: str, status: Status) -> None:
    """ "2 cũng tạm" is asked; what is pressed is what stands, said once in the receipt with how to take it back."""
    assert "Tôi chưa chắc ý anh/chị về việc «Thành lập Ban Chỉ đạo" in listed.says("Lan", "2 cũng tạm")
    receipt = listed.presses("Lan", pressed)
    assert "hoàn tác" in receipt
    assert stands(listed)["T04"][0] is status
    assert not listed.assignment("T04", "30001").state.silent


def test_an_uncertain_task_may_turn_out_to_ask_for_time(listed: Talk) -> None:
    """ "Đã trễ rồi" settled as "xin lùi hạn" asks for the day next, in the words first typed."""
    listed.says("Lan", "2 đã trễ rồi")
    assert "đến ngày nào?" in listed.presses("Lan", "xin lùi hạn")
    listed.says("Lan", "26/9")
    [waiting] = listed.store.read_now(lambda book: book.talks.open_requests(RequestKind.EXTENSION))
    assert (waiting.due, waiting.text) == (date(2025, 9, 26), "2 đã trễ rồi")


def test_not_right_is_no_record(listed: Talk) -> None:
    """ "Không đúng" leaves everything as it was, says so, and a "1" after it answers nothing."""
    listed.says("Lan", "1 xong, 2 chắc xong")
    assert "tôi chưa ghi gì" in listed.says("Lan", "không đúng")
    listed.says("Lan", "1")
    assert stands(listed) == NOTHING


def test_of_several_the_clear_ones_wait_for_a_yes(listed: Talk) -> None:
    """One of three is unclear: the others are shown and recorded after "1", then the unclear one is asked."""
    shown = listed.says("Lan", "1 xong 45/KH-UBND, 2 chắc xong, 3 70%")
    assert "số 45/KH-UBND" in shown
    assert "70%" in shown
    assert stands(listed) == NOTHING
    answer = listed.says("Lan", "1")
    assert "Tôi chưa chắc ý anh/chị về việc «Thành lập" in answer
    assert stands(listed) == {
        "T02": (Status.REPORTED, None),
        "T04": (Status.ASSIGNED, None),
        "T20": (Status.IN_PROGRESS, 70),
    }


def test_the_office_reads_what_was_typed_not_the_digit(listed: Talk) -> None:
    """ "Việc 9 không phải của xã em" settled by "2": the office gets the sentence, as "not ours", from a deputy too."""
    listed.says("Minh", "danh sách")
    for name in ("Lan", "Minh"):
        listed.says(name, "việc 9 không phải của xã em")
        answer = listed.says(name, "2")
        assert "«không phải việc của đơn vị»" in answer
        [letter] = listed.heard("Hoa")
        assert "«việc 9 không phải của xã em»" in letter.text
        assert "[T04]" in letter.text


def test_a_digit_pressed_twice_records_once(listed: Talk) -> None:
    """The button under the question, pressed again by a nervous thumb, says that it was answered."""
    listed.says("Lan", "xong rồi")
    data = dict(listed.heard("Lan")[0].buttons)["2"]
    assert "✅" in listed.says("Lan", "", button=data)
    assert "đã được trả lời rồi" in listed.says("Lan", "", button=data)
    one = listed.assignment("T04", "30001")
    assert len(listed.store.read_now(lambda book: book.assignments.steps(one.id))) == 1


def test_a_question_ends_with_its_task(listed: Talk) -> None:
    """The office recalls the task while Lan is asked about it: her "1" is told so, and takes no other task."""
    listed.says("Lan", "2 chắc xong")
    listed.says("Hoa", "thu hồi T04 Bình Hòa giao nhầm")
    assert "đã hết hạn" in listed.says("Lan", "1")
    assert (stands(listed)["T02"], stands(listed)["T20"]) == (NOTHING["T02"], NOTHING["T20"])


@pytest.mark.parametrize("typed", ["12/bc-ubnd", "bc số 12 / BC-UBND ạ", "so 12/bc-ubnd ngay 15/9", "12/BC-UBND"])
def test_a_bare_number_completes_the_report(listed: Talk, typed: str) -> None:
    """Asked for the product's number, Lan types just that: the report keeps its moment and gains the document."""
    said = listed.now
    assert "cho xin số, ký hiệu văn bản (sản phẩm: Báo cáo)" in listed.says("Lan", "3 xong")
    listed.later(hours=5)
    assert "số 12/BC-UBND" in listed.says("Lan", typed)
    state = listed.assignment("T20", "30001").state
    assert (state.document, state.reported_at) == ("12/BC-UBND", said)


def test_a_file_that_came_with_a_report_is_the_document(listed: Talk) -> None:
    """Lan sent the paper along when she was still at work: done, she is not asked for its number."""
    listed.says("Lan", "3 được 60%", file="bao-cao.jpg")
    assert "số, ký hiệu văn bản" not in listed.says("Lan", "3 xong")


def test_a_file_that_was_placed_by_itself_may_be_anything(listed: Talk) -> None:
    """A picture put with the task before anything was reported leaves the number of its product to be asked."""
    listed.says("Lan", "", file="cuoc-hop.jpg")
    listed.says("Lan", "3")
    assert "cho xin số, ký hiệu văn bản" in listed.says("Lan", "T20 xong")


def test_a_number_that_completes_a_colleagues_completion_stands(listed: Talk) -> None:
    """Minh sent another number while Lan was asked for hers: the later one stands, and the report keeps its moment."""
    said = listed.now
    listed.says("Lan", "3 xong")
    listed.later(minutes=5)
    listed.says("Minh", "T20 xong, 11/BC-UBND")
    listed.later(minutes=5)
    listed.says("Lan", "12/BC-UBND")
    state = listed.assignment("T20", "30001").state
    assert (state.document, state.reported_at) == ("12/BC-UBND", said)


@pytest.mark.parametrize("typed", ["chưa có", "chua co anh oi", "để sau ạ", "bổ sung sau"])
def test_a_number_that_is_not_there_yet_unsettles_nothing(listed: Talk, typed: str) -> None:
    """ "Chưa có" after the question for the number is no "chưa làm": it stays done, and the number may follow."""
    listed.says("Lan", "3 xong")
    assert "bổ sung sau" in listed.says("Lan", typed)
    assert stands(listed)["T20"] == (Status.REPORTED, None)
    listed.says("Lan", "12/BC-UBND")
    assert listed.assignment("T20", "30001").state.document == "12/BC-UBND"


def test_a_number_four_days_later_is_asked(listed: Talk) -> None:
    """The question for the document has expired: a bare number alone no longer says which task it is of."""
    listed.says("Lan", "3 xong")
    listed.now = datetime(2025, 9, 19, 9, 1, tzinfo=ZONE)
    listed.says("Lan", "12/BC-UBND")
    assert [listed.assignment(code, "30001").state.document for code in ("T02", "T04", "T20")] == [None] * 3
