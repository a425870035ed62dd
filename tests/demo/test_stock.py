"""What the demonstration's officers say means to the house what they mean by it."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from bot.demo.as_read import code_in, holds, numbers, opening, options
from bot.demo.photo import page
from bot.demo.stock import draw_fate, draw_name, stories, table, without_marks
from bot.directives.sample import sample_tasks, sample_units
from bot.directives.text_layer import text_layer
from bot.reading import Kind, OpenTask, read

TASKS = tuple(
    OpenTask(number, task.title, ", ".join(task.resolutions), date(2025, 9, 20))
    for number, task in enumerate((one for one in sample_tasks() if one.code in ("T02", "T04")), 1)
)
MEANT = {
    "done": Kind.DONE,
    "done_bare": Kind.DONE,
    "progress": Kind.PROGRESS,
    "promise": Kind.PROGRESS,
    "not_started": Kind.NOT_STARTED,
    "blocked": Kind.BLOCKED,
    "extension": Kind.EXTENSION,
    "unsure": Kind.UNCLEAR,
    "ack": Kind.ACK,
    "question": Kind.QUESTION,
    "thanks": Kind.OTHER,
}
PHRASES = [
    (intent, form, words)
    for intent, forms in table("answers").items()
    if intent in MEANT
    for form, phrases in forms.items()
    for phrase in phrases
    for words in (phrase, without_marks(phrase))
]


@pytest.mark.parametrize(("intent", "form", "words"), PHRASES)
def test_every_phrase_is_read_as_it_is_meant(intent: str, form: str, words: str) -> None:
    """With and without marks, alone and behind a number; only what is meant to be doubtful is doubted."""
    said = words.format(doc="45/KH-UBND", p=40, day="25/9")
    in_list = form == "line"
    reading = read(f"2 {said}" if in_list else said, date(2025, 9, 18), TASKS if in_list else TASKS[:1])
    item = reading.items[0]

    assert (len(reading.items), item.kind) == (1, MEANT[intent])
    assert reading.certain == (intent != "unsure")
    assert "{p}" not in words or item.percent == 40
    assert "{doc}" not in words or item.document == "45/KH-UBND"
    assert "{day}" not in words or item.due == date(2025, 9, 25)
    assert not in_list or item.task == 2


def test_everybody_with_a_story_sits_in_a_unit_of_the_sample() -> None:
    """Each story names a unit that exists; office and chair are there once."""
    codes = {unit.code for unit in sample_units()}

    assert [story.name for story in stories() if story.unit not in codes] == []
    assert [story.role for story in stories() if story.role in ("office", "chair")] == ["office", "chair"]


def test_people_are_drawn_alike_from_the_same_dice() -> None:
    """The same seed gives the same names and fates."""

    def drawn() -> list[tuple[str, str]]:
        dice = Random(7)
        return [(draw_name(dice), draw_fate(dice).name) for _ in range(20)]

    assert drawn() == drawn()
    assert len(set(drawn())) > 10


def test_a_letter_is_read_by_its_text() -> None:
    """Numbers, offered answers and a code are found where a person sees them."""
    codes = {task.title: str(task.id) for task in TASKS}
    letter = f"Chào anh/chị, có 2 việc:\n🔵 1. {TASKS[1].title}\n     hạn 20/9\n2. {TASKS[0].title} (Xã Bình Hòa)"

    assert numbers(letter, codes) == {"2": 1, "1": 2}
    assert options("Xin chọn:\n1. đã xong\n2. đang làm\n" + opening("option.how") + " 1") == {
        "đã xong": 1,
        "đang làm": 2,
    }
    assert options(letter) == {}
    assert code_in("Mã: DK 234 5678 9BCF (dùng một lần)") is not None
    assert holds("✅ xong\n" + opening("receipt.undo"), "receipt.undo")


def test_a_photo_is_a_picture() -> None:
    """What an officer sends is a PNG that a reader of files can open, without words in it."""
    assert page(6).startswith(b"\x89PNG")
    assert text_layer("van-ban.png", "image/png", page(6)) == ""
