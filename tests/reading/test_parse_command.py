"""`nhacviec parse`: replies in as JSON lines, readings out as JSON lines, one for one and in order."""

import json
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from typing import BinaryIO, cast

import pytest

from bot.commands.parse import parse

TASK = {"id": 41, "title": "Kế hoạch thực hiện Nghị quyết 57", "resolution": "57-NQ/TW", "due": "2025-09-20"}


def line(text: str, **other: object) -> bytes:
    given = {"text": text, "today": "2025-09-15", "reply_to": None, "tasks": [TASK], **other}
    return json.dumps(given, ensure_ascii=False).encode() + b"\n"


def answers(*lines: bytes) -> tuple[int, list[dict[str, object]]]:
    """The exit status, and every line of output as read back."""
    out = BytesIO()
    sink = TextIOWrapper(out, encoding="ascii")
    status = parse(BytesIO(b"".join(lines)), sink)
    return status, [json.loads(one) for one in out.getvalue().decode("utf-8").splitlines()]


def first(given: bytes) -> dict[str, object]:
    """The first item of the only answer, with whether it is certain."""
    _, (answer,) = answers(given)
    (item,) = cast("list[dict[str, object]]", answer["items"])
    return {**item, "certain": answer["certain"]}


def test_one_answer_for_each_line_in_order() -> None:
    """Done, progress and a question come back as the first, second and third line, and the status is 0."""
    status, told = answers(line("xong"), line("đang làm"), line("hạn nào?"))
    kinds = [cast("list[dict[str, object]]", answer["items"])[0]["kind"] for answer in told]
    assert (status, kinds) == (0, ["done", "progress", "question"])


def test_nothing_in_nothing_out() -> None:
    """An empty file is no fault."""
    assert answers() == (0, [])


def test_a_bad_line_keeps_its_place() -> None:
    """Its error stands where its answer would; the lines after it are read, and the status is 1."""
    status, told = answers(line("xong"), b"{no json}\n", b"\n", line("chưa làm"))
    assert (status, ["error" in answer for answer in told]) == (1, [False, True, True, False])


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b""])
def test_line_ends_of_every_system(end: bytes) -> None:
    """Windows' line ends, and a last line without any, are read alike."""
    assert answers(line("xong").rstrip(b"\n") + end)[0] == 0


def test_a_byte_order_mark_is_passed_over() -> None:
    """A file saved by Windows' Notepad begins with one."""
    assert answers(b"\xef\xbb\xbf" + line("xong"))[0] == 0


def test_each_answer_is_out_before_the_next_line_is_read() -> None:
    """A program that writes one line and waits for its answer is not left waiting."""
    out = BytesIO()
    seen: list[int] = []

    def lines() -> Iterator[bytes]:
        for text in ("xong", "chưa", "ok"):
            seen.append(out.getvalue().count(b"\n"))
            yield line(text)

    parse(cast("BinaryIO", lines()), TextIOWrapper(out, encoding="utf-8"))
    assert seen == [0, 1, 2]


def test_an_answer_has_the_contracts_keys_and_no_others() -> None:
    """What chat keeps beside the contract, a reason or a successor, is not printed."""
    _, (answer,) = answers(line("vướng kinh phí, xin lùi đến 30/9 vì chủ tịch đi vắng"))
    assert list(answer) == ["items", "certain", "lang"]
    (item,) = cast("list[dict[str, object]]", answer["items"])
    assert list(item) == ["task", "kind", "percent", "due", "document"]


@pytest.mark.parametrize(
    "text", ["đang làm\nđược 40%", 'anh nói "xong", em chưa', "tab\tvà \\ gạch", "\u2028xong", "👍🏽"]
)
def test_whatever_was_typed_is_one_line(text: str) -> None:
    """Line breaks, quotes and emoji in a reply break no line of output."""
    status, told = answers(line(text))
    assert (status, len(told)) == (0, 1)


@pytest.mark.parametrize("due", ["2025-09-20", "2025-09-20T17:00", "2025-09-20T17:00:00+07:00", "2025-09-20T23:59:59Z"])
def test_a_deadline_with_a_time_counts_by_its_date(due: str) -> None:
    """Three days more than 17:00 of the 20th is the 23rd."""
    assert first(line("xin thêm 3 ngày", tasks=[{**TASK, "due": due}]))["due"] == "2025-09-23"


@pytest.mark.parametrize("empty", [{"resolution": None, "due": None}, {"resolution": "", "due": ""}])
def test_a_task_may_lack_resolution_and_deadline(empty: dict[str, object]) -> None:
    """Null and empty are the same: none."""
    told = first(line("xin lùi đến 25/9", tasks=[{**TASK, **empty}]))
    assert (told["due"], told["certain"]) == ("2025-09-25", True)


def test_what_is_not_asked_for_is_passed_over() -> None:
    """Keys that the contract does not name change nothing."""
    assert first(line("xong", sender="Lan", tasks=[{**TASK, "unit": "Xã Vĩnh Tế"}]))["kind"] == "done"


@pytest.mark.parametrize("tasks", [[], [{**TASK, "id": 17}], [{**TASK, "id": 17}, {**TASK, "id": 88}]])
def test_a_reminder_of_a_task_no_longer_open(tasks: list[object]) -> None:
    """What is said in answer to it is recorded for no task, not even for the only one that is open."""
    told = first(line("xong rồi", reply_to=41, tasks=tasks))
    assert (told["task"], told["certain"]) == (None, False)


def test_a_task_named_beside_a_closed_reminder() -> None:
    """A name is worth more than the reminder: 'việc 1' is the first that is open."""
    told = first(line("việc 1 xong", reply_to=41, tasks=[{**TASK, "id": 17}]))
    assert (told["task"], told["certain"]) == (17, True)


def test_the_same_line_is_always_read_the_same() -> None:
    """Nothing is remembered from one line to the next."""
    once = answers(line("rồi"))[1]
    assert answers(line("xong"), line("việc 1 chưa"), line("rồi"))[1][-1:] == once
