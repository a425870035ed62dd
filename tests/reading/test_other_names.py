"""Names that hang on other names of the reply: the others, several at once, a name told more narrowly beside it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import OpenTask
from tests.reading.told import THREE, told

FOUR = (
    OpenTask(5, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20)),
    OpenTask(12, "Kế hoạch thực hiện Nghị quyết 59", "59-NQ/TW", date(2025, 9, 20)),
    OpenTask(9, "Lập danh sách hộ nghèo, hộ cận nghèo", None, date(2025, 9, 30)),
    OpenTask(31, "Lắp camera an ninh tại các ấp", None, date(2025, 10, 15)),
)
TWO_OF_57 = (
    OpenTask(61, "Số hóa hồ sơ hộ tịch", "57-NQ/TW", date(2025, 9, 30)),
    OpenTask(62, "Kiểm tra an toàn thông tin", "57-NQ/TW", date(2025, 9, 30)),
    OpenTask(63, "Phương án ứng phó mùa lũ", None, None),
)


@pytest.mark.parametrize(
    "text",
    [
        "việc 1 xong, các việc khác đang làm",
        "57 xong, hai việc kia đang làm",
        "57 xong r, 2 viec con lai dang lam",
        "việc 1 xong rồi, mấy cái kia đang làm",
        "1 xong hết rồi, còn lại đang làm",
        "57 is done, the other two in progress",
        "57 готово, остальные в работе",
    ],
)
def test_the_others_are_those_that_the_reply_does_not_name(text: str) -> None:
    """Who reports one task and then "the others" has reported the whole list."""
    assert told(text, THREE) == "done task=41 & progress task=17 & progress task=88"


@pytest.mark.parametrize("text", ["57 xong, ba việc kia đang làm", "các việc khác đang làm", "việc kia xong rồi"])
def test_others_that_do_not_fit_the_list_are_asked_about(text: str) -> None:
    """A count that is not that of the tasks left, or others of nothing named, is no name."""
    assert told(text, THREE).endswith("?")


@pytest.mark.parametrize(
    "text",
    [
        "57 xong 80%, còn lại mai em làm",
        "việc 1 đang làm, còn lại phần phụ lục",
        "việc 1 rà xong 12 cái, 4 cái còn lại mai rà",
    ],
)
def test_what_is_left_of_a_task_is_no_other_task(text: str) -> None:
    """What remains of unfinished work says nothing of other tasks."""
    assert "task=17" not in told(text, THREE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 đang làm 60%, còn lại đang làm", "progress 60% task=41 & progress task=17 & progress task=88"),
        ("1 60%, còn lại đang làm", "progress 60% task=41 & progress task=17 & progress task=88"),
        ("3 đang làm, còn lại đang làm", "progress task=88 & progress task=41 & progress task=17"),
        ("3 đang làm 50%, còn lại chưa làm", "progress 50% task=88 & not_started task=41 & not_started task=17"),
        ("3 dang lam 50% con lai chua lam", "progress 50% task=88 & not_started task=41 & not_started task=17"),
        ("1 60%, còn lại thì em chưa làm", "progress 60% task=41 & not_started task=17 & not_started task=88"),
        ("1 chưa làm, còn lại đang làm", "not_started task=41 & progress task=17 & progress task=88"),
        ("1 vướng kinh phí, còn lại đang làm", "blocked task=41 & progress task=17 & progress task=88"),
        ("1 xong, 2 60%, còn lại chưa làm", "done task=41 & progress 60% task=17 & not_started task=88"),
        ("57 60% done, the rest in progress", "progress 60% task=41 & progress task=17 & progress task=88"),
        ("57 готово на 60%, остальное в работе", "progress 60% task=41 & progress task=17 & progress task=88"),
    ],
)
def test_the_rest_beside_an_unfinished_task_is_asked_about(text: str, meant: str) -> None:
    """Other tasks or the rest of the same one: both can be meant, so the others are shown and never dropped."""
    assert told(text, THREE) == f"{meant} ?"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 60%, còn lại 30%", "progress 60% task=41 & progress 30% task=17 & progress 30% task=88"),
        ("57 60%, the rest 30%", "progress 60% task=41 & progress 30% task=17 & progress 30% task=88"),
        ("1 xong, còn lại 30%", "done task=41 & progress 30% task=17 & progress 30% task=88"),
    ],
)
def test_how_far_the_others_are_is_no_share_that_is_left(text: str, meant: str) -> None:
    """'30%' said of other tasks is thirty, though of the same one it would be what is missing: it is asked."""
    assert told(text, THREE) == f"{meant} ?"


@pytest.mark.parametrize(
    "text",
    [
        "1 thiếu chữ ký chủ tịch, còn lại xong hết",
        "1 chưa ký, còn lại xong hết",
        "1 vướng kinh phí, còn lại xong rồi",
    ],
)
def test_what_is_finished_but_for_something_lacking_may_be_the_same_task(text: str) -> None:
    """'All but the signature is finished' finishes no other task without a question."""
    assert told(text, THREE).endswith("& done task=17 & done task=88 ?")


@pytest.mark.parametrize("text", ["1 xong còn lại đang làm", "1 xong ạ còn lại đang làm"])
def test_the_others_need_no_comma_before_them(text: str) -> None:
    """Who types without commas has still finished the first."""
    assert told(text, THREE) == "done task=41 & progress task=17 & progress task=88"


@pytest.mark.parametrize(
    ("text", "percent"),
    [("1 60%, còn lại đang làm", "60%"), ("57 60%, còn lại chưa làm", "60%"), ("xong 60%, còn lại đang làm", "60%")],
)
def test_the_rest_of_the_only_task_is_its_own(text: str, percent: str) -> None:
    """Where nothing else is open, nothing else can be meant, and nothing is asked."""
    assert told(text) == f"progress {percent}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 60%, còn lại 40%", "progress 60% task=41"),
        ("1 được 8/10 ấp, còn lại đang làm", "progress 80% task=41"),
        ("1 in được 500 cuốn trên tổng 2000 cuốn, còn lại đang in", "progress 25% task=41"),
        ("57 xong 80%, còn lại mai em làm", "progress 80% task=41"),
    ],
)
def test_the_rest_of_what_was_counted_is_no_other_task(text: str, meant: str) -> None:
    """What is missing to a hundred, the other hamlets, the other copies: all of the task just told."""
    assert told(text, THREE) == meant


@pytest.mark.parametrize(
    "text",
    [
        "hai kế hoạch xong rồi",
        "2 kế hoạch xong rồi",
        "cả hai kế hoạch xong rồi",
        "các kế hoạch xong rồi",
        "both plans are done",
    ],
)
def test_a_count_of_things_called_alike_names_them_all(text: str) -> None:
    """'Two plans' are the two tasks that are plans, whatever language counts them."""
    assert told(text, FOUR) == "done task=5 & done task=12"


def test_a_wrong_count_of_things_called_alike_is_asked_about() -> None:
    """Three plans where two are open may be any."""
    assert told("ba kế hoạch xong rồi", FOUR).endswith("?")


def test_a_count_of_tasks_of_one_resolution_names_them_all() -> None:
    """'Hai cái 57' are the two tasks of resolution 57."""
    assert told("hai cái 57 đều đang làm", TWO_OF_57) == "progress task=61 & progress task=62"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 cái đầu chưa làm", "not_started task=5 & not_started task=12"),
        ("hai cái cuối xong rồi", "done task=9 & done task=31"),
        ("từ việc 1 đến việc 3 xong", "done task=5 & done task=12 & done task=9"),
    ],
)
def test_the_first_the_last_and_a_range_are_places_of_the_list(text: str, meant: str) -> None:
    """The list's order is the officer's own way of counting."""
    assert told(text, FOUR) == meant


@given(st.integers(1, 6), st.integers(1, 6))
def test_a_range_outside_the_list_is_never_taken_for_certain(first: int, last: int) -> None:
    """A range names tasks only where both its ends stand in the list, the first before the last."""
    read = told(f"từ việc {first} đến việc {last} xong", FOUR)
    assert read.endswith("?") != (1 <= first < last <= 4)


@pytest.mark.parametrize(
    "text",
    [
        "kế hoạch nghị quyết 59 xong rồi",
        "nghị quyết 59 đã ban hành kế hoạch",
        "Resolution 59 plan is done",
        "по 59 резолюции план готов",
    ],
)
def test_a_name_of_many_is_none_beside_one_that_tells_which(text: str) -> None:
    """'The plan of resolution 59' is one task, though two are plans, and though another's reminder was answered."""
    assert told(text, FOUR, reply_to=5) == "done task=12"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("57 xong, 59 cũng vậy", "done task=5 & done task=12"),
        (
            "xin lùi việc 1 đến 25/9, việc 2 đến 30/9",
            "extension due=2025-09-25 task=5 & extension due=2025-09-30 task=12",
        ),
        (
            "xin gia hạn 57 tới 25/9 còn 59 tới 30/9",
            "extension due=2025-09-25 task=5 & extension due=2025-09-30 task=12",
        ),
    ],
)
def test_a_name_and_little_else_says_what_the_one_before_said(text: str, meant: str) -> None:
    """The second of two tasks is not said all over again."""
    assert told(text, FOUR) == meant


def test_a_reason_given_first_is_that_of_the_task_named_behind_it() -> None:
    """An obstacle told before its task is no report of another task."""
    assert told("mạng trục liên thông rớt, danh sách hộ nghèo chưa gửi được", FOUR) == "blocked task=9"


def test_a_withdrawal_by_name_stands_beside_a_report_of_another_task() -> None:
    """Taking one report back and giving another are two things."""
    assert told("bỏ tin hồi nãy của việc 2 nha, việc 1 thì xong thiệt", FOUR) == "correction task=12 & done task=5"


def test_a_name_with_words_between_is_not_joined_to_the_next_name() -> None:
    """What is said of one task in words nobody knows is not what is said of the next."""
    read = told("việc 1 zxq bla bla, việc 2 đang làm 40%", FOUR)
    assert read.endswith("?")
    assert "progress 40% task=5" not in read


def test_a_number_that_is_a_resolution_and_was_read_as_nothing_makes_a_doubt() -> None:
    """Half of a list is never recorded as if it were the whole."""
    assert told("việc 1 xong, bla bla 59 bla", FOUR).endswith("?")


@pytest.mark.parametrize(
    "text", ["2 ấp xong\n1 ấp chưa", "2 cuộc họp xong\n1 cuộc chưa", "2 деревни готовы\n1 ещё нет"]
)
def test_lines_that_count_things_name_no_tasks(text: str) -> None:
    """'2 ấp xong' at the head of a line counts hamlets of the task that was asked about."""
    assert "task=" not in told(text, FOUR, reply_to=5)


def test_lines_that_begin_with_places_are_a_list() -> None:
    """Numbers of the list at the head of every line are answered one by one."""
    text = "1 đang trình ký\n2 mới phác\n3 gửi rồi"
    assert told(text, FOUR) == "progress task=5 & progress task=12 & done task=9"


@pytest.mark.parametrize("text", ["57 xong 80%, 59 cũng vậy", "57 80% done, same for 59", "57 готово на 80%, 59 тоже"])
def test_how_far_the_second_is_is_never_copied(text: str) -> None:
    """A share of one task is no completion of the next: it is asked."""
    assert told(text, FOUR).endswith("?")
    assert "done" not in told(text, FOUR)


@pytest.mark.parametrize("text", ["1 đến 3 xong", "1 to 3 done", "1 đến 2 xong, 4 chưa"])
def test_a_range_without_any_word_of_a_task_is_asked_about(text: str) -> None:
    """Bare numbers with 'to' between them may be tasks, days or amounts."""
    assert told(text, FOUR).endswith("?")


@pytest.mark.parametrize("text", ["57 xong, còn lại chữ ký chủ tịch", "57 xong, còn lại vài hộ chưa ký"])
def test_a_part_that_is_left_is_no_other_task(text: str) -> None:
    """What is left of one task, be it a signature or a few households, reports nothing of the others."""
    assert "task=12" not in told(text, FOUR)


def test_all_of_something_is_not_all_tasks() -> None:
    """'All hamlets' are not all tasks."""
    assert told("tất cả các ấp xong", FOUR).endswith("?")


@pytest.mark.parametrize("text", ["nhầm việc rồi, không phải việc 4 mà việc 3", "không phải việc 1 đâu, việc 2 xong"])
def test_another_number_is_no_other_unit(text: str) -> None:
    """'Not task 4 but task 3' corrects a number; nobody hands a task over."""
    assert "handover" not in told(text, FOUR)
