"""A settled question as a line of the export: what is told of it, what is not, and that it is read back."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.conversation import OpenQuestion, Option, QuestionKind
from bot.reading.meaning import Given, Item, Kind, OpenTask, Reading
from bot.reading.settled import Outcome, Settled, exported, kept, partly, settled_from

NOW = datetime(2025, 9, 15, 2, tzinfo=UTC)
LIST = (OpenTask(41, "Kế hoạch", "57-NQ/TW", date(2025, 9, 20)), OpenTask(17, "", None, None))


def question(words: str, pick: dict[str, Any], *, reply_to: int | None = None) -> OpenQuestion:
    """Put to Lan about these words, and answered by the first of its offers."""
    read = kept(Given(words, date(2025, 9, 15), LIST, reply_to), Reading((Item(41, Kind.PROGRESS),), False, "vi"))
    payload = {"text": words, "said": 1, "read": json.loads(json.dumps(read))}
    options = (Option("Đúng", pick), Option("Không đúng", {"again": True}))
    times = (NOW, NOW + timedelta(days=3), NOW)
    return OpenQuestion(5, 1, QuestionKind.READING, options, payload, (41,), *times, outcome="answered:1")


def test_a_line_is_read_back_as_what_was_chosen() -> None:
    """Places in the list stand for the store's numbers, wherever they are; every slot of the contract is kept."""
    picked = {"task": 17, "kind": "extension", "percent": 60, "due": "2025-09-25", "document": "45/KH-UBND"}
    line = exported(question("xin lùi", {"items": [picked]}, reply_to=17), NOW, taken_back=False, names=())
    assert line is not None
    back = settled_from(json.loads(json.dumps(line)))
    tasks = (OpenTask(1, "Kế hoạch", "57-NQ/TW", date(2025, 9, 20)), OpenTask(2, "", None, None))
    chosen = Item(2, Kind.EXTENSION, 60, date(2025, 9, 25), "45/KH-UBND")
    given = Given("xin lùi", date(2025, 9, 15), tasks, 2)
    assert back == Settled(given, "vi", (Item(1, Kind.PROGRESS),), Outcome.CHOSEN, (chosen,))


@pytest.mark.parametrize(("left", "outcome"), [(0, "chosen"), (1, "partly")])
def test_a_meaning_is_whole_only_where_every_part_was_asked(left: int, outcome: str) -> None:
    """Of three parts one was clear and one is now settled: with a third that nobody asks about it is no example."""
    one = question("1 xong, 2 chắc xong, 3 cũng tạm", {"items": [{"task": 17, "kind": "done"}]})
    read = partly(one.payload["read"], [{"task": 41, "kind": "done"}], left)
    line = exported(replace(one, payload={**one.payload, "read": read}), NOW, taken_back=False, names=())
    assert line is not None
    assert (line["outcome"], [item["task"] for item in line["chosen"]]) == (outcome, [1, 2])


def test_nobody_is_named() -> None:
    """Neither who takes over nor anybody known by a name, however typed; reason and obstacle are not told at all."""
    picked = {"task": None, "kind": "handover", "successor": "Bảy", "reason": "đau ốm", "obstacle": "staff"}
    words = "đ/c Bảy thay, báo nguyễn  thị\nLan giúp; số bảy mươi"
    line = exported(question(words, {"items": [picked]}), NOW, taken_back=False, names=["Nguyễn Thị Lan", ""])
    assert line is not None
    assert line["text"] == line["typed"] == "đ/c <name> thay, báo <name> giúp; số <name> mươi"
    assert set(line["chosen"][0]) == {"task", "kind", "percent", "due", "document"}


def test_who_takes_over_is_not_named_after_the_next_question() -> None:
    """Hoa was chosen in the first of two answers, Bảy stands in a part that nobody was asked about."""
    words = "việc 1 giao chị Trần Thị Hoa phụ trách, việc 2 cũng tạm, việc 3 giao Bảy"
    one = question(words, {"items": [{"task": 17, "kind": "done"}]})
    given, handed = Given(words, date(2025, 9, 15), LIST), Item(None, Kind.HANDOVER, successor="Bảy")
    first = {"task": 41, "kind": "handover", "successor": "Trần Thị Hoa"}
    read = partly(kept(given, Reading((handed,), False, "vi")), [first], 1)
    line = exported(replace(one, payload={**one.payload, "read": read}), NOW, taken_back=False, names=())
    assert line is not None
    assert line["text"] == "việc 1 giao chị <name> phụ trách, việc 2 cũng tạm, việc 3 giao <name>"


@pytest.mark.parametrize(
    "typed",
    [
        unicodedata.normalize("NFD", "Nguyễn Thị Lan"),
        "nguyen thi lan",
        "NGUYỄN THI\u00a0Lan",
        "Nguy\u200bễn Th\u00adị La\u2060n\u200b",
    ],
)
def test_a_name_is_found_however_it_was_typed(typed: str) -> None:
    """Decomposed, without marks, with signs nobody sees inside: words beside it stay as typed, and so do like words."""
    beside = unicodedata.normalize("NFD", "chị {}, lần này đỡ hơn")
    one = question(beside.format(typed), {"items": [{"task": 17, "kind": "done"}]})
    line = exported(one, NOW, taken_back=False, names=["Nguyễn Thị Lan", "Lan"])
    assert line is not None
    assert line["text"] == line["typed"] == beside.format("<name>")


def test_a_title_names_nobody() -> None:
    """A task may be called after who has to be visited, or who wrote the list."""
    one = question("1 xong", {"items": [{"task": 41, "kind": "done"}]})
    task = {**one.payload["read"]["tasks"][0], "title": "Thăm nhà ông Tran Van Bay"}
    read = {**one.payload["read"], "tasks": [task]}
    payload = {**one.payload, "read": read}
    line = exported(replace(one, payload=payload), NOW, taken_back=False, names=["Trần Văn Bảy"])
    assert line is not None
    assert line["tasks"][0]["title"] == "Thăm nhà ông <name>"


def test_a_task_that_was_not_on_the_list_is_not_told() -> None:
    """What was offered beside the list that was read can't be said by a place in it: the line is left out."""
    picked = {"items": [{"task": 99, "kind": "done"}]}
    assert exported(question("xong", picked), NOW, taken_back=False, names=()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"lang": None},
        {"outcome": "guessed"},
        {"chosen": None},
        {"chosen": [{"task": "1", "kind": "done"}]},
        {"chosen": [{"task": 1, "kind": "finished"}]},
        {"chosen": [{"task": 1, "kind": "extension", "due": "25/9"}]},
        {"today": None},
    ],
)
def test_a_line_that_is_none_of_the_export_is_refused(wrong: dict[str, Any]) -> None:
    """A line that the office spoilt when it looked it over is not taken for something else."""
    line = exported(question("xong", {"items": [{"task": 41, "kind": "done"}]}), NOW, taken_back=False, names=())
    assert line is not None
    with pytest.raises((ValueError, TypeError)):
        settled_from({**line, **wrong})
