"""Which open tasks a reply names: by place in the list, resolution, title, or all of them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import OpenTask
from bot.reading.numbered_tasks import resolutions_of
from tests.reading.told import ONE, THREE, told

SAME_NUMBERS = (
    OpenTask(83, "Quy chế làm việc của Đảng ủy xã", "02-NQ/ĐU", date(2025, 9, 22)),
    OpenTask(84, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20)),
    OpenTask(85, "Kế hoạch chăm sóc sức khỏe nhân dân", "3-NQ/ĐU", None),
)
SAME_RESOLUTION = (
    OpenTask(91, "Kế hoạch chuyển đổi số năm 2026", "57-NQ/TW", date(2025, 9, 30)),
    OpenTask(92, "Báo cáo kết quả Đề án 06 quý III", "57-NQ/TW", date(2025, 9, 19)),
)
PILLARS = (
    OpenTask(2, "Kế hoạch triển khai bốn nghị quyết", "57-NQ/TW, 59-NQ/TW, 66-NQ/TW, 68-NQ/TW", date(2025, 9, 20)),
    OpenTask(59, "Thành lập Ban Chỉ đạo", None, date(2025, 9, 20)),
)


def many(count: int) -> tuple[OpenTask, ...]:
    """So many open tasks whose ids are not their places in the list."""
    return tuple(OpenTask(1000 - place, f"Nhiệm vụ của tổ {place}", None, None) for place in range(1, count + 1))


@pytest.mark.parametrize(
    "text",
    [
        "việc 2 xong",
        "viec 2 xong",
        "việc số 2 xong",
        "nhiệm vụ 2 xong",
        "nv2 xong",
        "nv 2 xong",
        "v2 xong",
        "#2 xong",
        "2 xong",
        "2. xong",
        "2) xong",
        "2: xong",
        "2/ xong",
        "2 - xong",
        "việc hai xong",
        "viec2 xong",
        "xong việc 2 rồi",
        "NQ59 xong",
        "nq 59 xong",
        "nghị quyết 59 xong",
        "nghị quyết số 059 xong",
        "59-NQ/TW xong",
        "59 xong",
        "task 2 is done",
        "#2 done",
        "resolution 59 done",
        "задача 2 готова",
    ],
)
def test_one_task_by_its_place_or_resolution(text: str) -> None:
    """Each usual way of naming the second task of the list names it, and no other."""
    assert told(text, THREE) == "done task=17"


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 30), st.data())
def test_any_place_in_a_list_of_any_length(count: int, data: st.DataObject) -> None:
    """'việc n' is the n-th of the list whatever its id; beyond the list it is no task and the bot asks."""
    place = data.draw(st.integers(1, count))
    expected = "progress" if count == 1 else f"progress task={1000 - place}"
    assert told(f"việc {place} đang làm", many(count)) == expected
    assert told(f"việc {count + 1} đang làm", many(count)) == "progress task=- ?"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1,3 xong; 2 đang làm 50%", "done task=41 & done task=88 & progress 50% task=17"),
        ("1 xong 2 đang làm 3 chưa", "done task=41 & progress task=17 & not_started task=88"),
        ("1. Xong\n2. 70%\n3. Chưa làm", "done task=41 & progress 70% task=17 & not_started task=88"),
        ("1 - xong\n2 - 40%\n3 - chưa", "done task=41 & progress 40% task=17 & not_started task=88"),
        ("1-xong, 2-40%", "done task=41 & progress 40% task=17"),
        ("1: 50%, 2: 60%", "progress 50% task=41 & progress 60% task=17"),
        ("57, 59 xong, việc 3 chưa", "done task=41 & done task=17 & not_started task=88"),
        ("57 và 59 đang trình ký", "progress task=41 & progress task=17"),
        ("xong việc 1, chưa xong việc 2", "done task=41 & progress task=17"),
        ("hoàn thành việc 1, việc 2 đang làm", "done task=41 & progress task=17"),
        ("xong việc 1, 2, 3 đang làm", "done task=41 & done task=17 & progress task=88"),
        ("xong việc 1\nchưa làm việc 2", "done task=41 & not_started task=17"),
        ("việc 2, 3 xin lùi đến 30/9", "extension due=2025-09-30 task=17 & extension due=2025-09-30 task=88"),
        ("việc 1 xong, còn việc 2 vướng kinh phí", "done task=41 & blocked task=17"),
        (
            "việc 3 thêm 2 ngày, việc 1 thêm 2 ngày",
            "extension due=2025-09-20 task=88 & extension due=2025-09-22 task=41",
        ),
        ("57: xong. 59: đang trình ký.", "done task=41 & progress task=17"),
        ("#1 done, #2 in progress 40%", "done task=41 & progress 40% task=17"),
        ("1 готово, 2 в работе", "done task=41 & progress task=17"),
    ],
)
def test_several_tasks_in_one_reply(text: str, meaning: str) -> None:
    """An item for each task, with its own state, percent and day."""
    assert told(text, THREE) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "3 việc xong 2",
        "đang làm 1, xong 2",
        "có 3 việc, xong 2 việc",
        "xong được 2 việc, còn 1 việc",
        "việc 1 đến 3 xong",
        "1-3 xong",
        "57/59 xong",
        "xong hết trừ việc 2",
    ],
)
def test_names_that_do_not_tell_which(text: str) -> None:
    """A count of some, a range, all but one: which tasks are meant is asked, not guessed."""
    assert told(text, THREE).endswith("?")


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("tất cả xong", True),
        ("cả 3 việc xong", True),
        ("cả ba xong rồi", True),
        ("xong cả 3 việc", True),
        ("xong hết 3 việc", True),
        ("toàn bộ đã hoàn thành", True),
        ("các nhiệm vụ đều xong", True),
        ("all three are done", True),
        ("все задачи выполнены", True),
        ("cả 2 việc xong", False),
        ("cả 4 việc xong", False),
        ("cả năm việc xong", False),
    ],
)
def test_all_tasks_at_once(text: str, certain: bool) -> None:
    """An item for each open task; a count that is not the list's is asked about."""
    meaning = told(text, THREE)
    assert meaning.endswith("?") is not certain
    if certain:
        assert meaning == "done task=41 & done task=17 & done task=88"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ban chỉ đạo xong rồi", "done task=88"),
        ("ban chi dao xong roi", "done task=88"),
        ("quyết định ban chỉ đạo đang trình ký", "progress task=88"),
        ("BCĐ thành lập rồi", "done task=88"),
        ("việc ban chỉ đạo chưa làm", "not_started task=88"),
        ("chuyển đổi số đang vướng kinh phí", "blocked task=88"),
        ("kế hoạch xong rồi", "done task=- ?"),
        ("kế hoạch thực hiện xong rồi", "done task=- ?"),
    ],
)
def test_words_of_a_title(text: str, meaning: str) -> None:
    """Words that stand in one title name its task; those of several titles are asked about."""
    assert told(text, THREE) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("xong rồi", "done"),
        ("đang làm 40%", "progress 40%"),
        ("việc này xong", "done"),
        ("kế hoạch xong rồi", "done"),
        ("việc 1 xong", "done task=41"),
        ("57 xong", "done task=41"),
        ("ban chỉ đạo xong rồi", "done task=88"),
        ("ban chỉ đạo xong, còn cái này đang soạn", "done task=88 & progress"),
        ("việc 9 xong", "done task=- ?"),
        ("tất cả xong", "done task=41 & done & done task=88"),
        ("nhầm rồi", "correction"),
        ("chuyển chị Hương phụ trách", "handover"),
    ],
)
def test_what_is_named_wins_over_the_reminder_answered(text: str, meaning: str) -> None:
    """Nothing named: the task whose reminder was answered; a name, even a wrong one, goes before it."""
    assert told(text, THREE, reply_to=17) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("xong rồi", "done task=- ?"),
        ("xin thêm 3 ngày", "extension task=- ?"),
        ("xin lùi đến 25/9", "extension due=2025-09-25 task=- ?"),
        ("NQ 71 xong", "done task=- ?"),
        ("việc 0 xong", "done task=- ?"),
        ("nhầm rồi", "correction task=-"),
        ("đầu mối mới của xã là chị Lan", "handover task=-"),
        ("ok anh", "ack"),
        ("hạn ngày nào ạ?", "question"),
    ],
)
def test_nothing_named_and_several_open(text: str, meaning: str) -> None:
    """A status without its task is asked about; a correction, a handover and talk need none."""
    assert told(text, THREE) == meaning


@pytest.mark.parametrize("text", ["xong rồi", "đang làm 50%", "việc 1 xong", "NQ 57 xong", "xin lùi đến 25/9"])
def test_no_task_open(text: str) -> None:
    """With nothing open no status can be recorded, whatever is named."""
    assert told(text, ()).endswith(" task=- ?")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2 xong", "done task=- ?"),
        ("3 xong", "done task=85"),
        ("1 xong", "done task=83"),
        ("việc 2 xong", "done task=84"),
        ("NQ 2 xong", "done task=83"),
        ("NQ 02 xong", "done task=83"),
        ("nghị quyết 3 xong", "done task=85"),
        ("57 xong", "done task=84"),
    ],
)
def test_a_place_that_is_another_tasks_resolution(text: str, meaning: str) -> None:
    """A bare '2' may be either and is asked about; 'việc 2' and 'NQ 2' say which; '3' is both and the same task."""
    assert told(text, SAME_NUMBERS) == meaning


@pytest.mark.parametrize(
    ("reply_to", "meaning"), [(91, "done"), (92, "done"), (None, "done task=- ?")], ids=["first", "second", "none"]
)
def test_a_resolution_of_two_tasks(reply_to: int | None, meaning: str) -> None:
    """It means the one whose reminder was answered, else nobody knows."""
    assert told("NQ 57 xong rồi", SAME_RESOLUTION, reply_to=reply_to) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("NQ 66 xong", "done task=2"),
        ("nq 57 đang làm, nq 68 đang làm", "progress task=2"),
        ("NQ 57 xong, NQ 59 chưa làm", "task=2 ?"),
        ("việc 2 xong", "done task=59"),
        ("59 xong", "done task=2"),
    ],
)
def test_a_task_of_several_resolutions(text: str, meaning: str) -> None:
    """Each sign names it; different states for several of its resolutions are asked about."""
    assert told(text, PILLARS).endswith(meaning)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("57-NQ/TW", {57}),
        ("02-NQ/ĐU", {2}),
        ("12/NQ-HĐND", {12}),
        ("57-NQ/TW, 59-NQ/TW", {57, 59}),
        ("57", {57}),
        (None, set()),
        ("", set()),
    ],
)
def test_the_numbers_of_a_tasks_resolutions(written: str | None, numbers: set[int]) -> None:
    """As the office wrote them: one or several, leading zeros ignored, never the year or a part of another number."""
    assert resolutions_of(OpenTask(1, "Kế hoạch", written)) == numbers


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2 ấp đang làm", "progress"),
        ("đang họp 2 ngày nay", "progress"),
        ("đang làm bước 2", "progress"),
        ("đang sửa lần 2", "progress"),
        ("xong 1 phần", "progress"),
        ("chờ 2 ấp gửi số liệu", "progress"),
        ("đang chờ phòng 2 bên", "progress"),
    ],
)
def test_a_number_that_counts_something_names_no_task(text: str, meaning: str) -> None:
    """'2 ấp', 'bước 2', 'lần 2' speak of the one open task, not of a second one."""
    assert told(text, ONE) == meaning
