"""What holds for any reply, whatever it says."""

import unicodedata
from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading import Kind, OpenTask, Reading, read
from bot.reading.accuracy import own_examples
from bot.reading.examples import Example, same
from bot.reading.letters import bare

TODAY = date(2025, 9, 15)
TASKS = (
    OpenTask(41, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20)),
    OpenTask(17, "Thành lập Ban Chỉ đạo", None, date(2025, 9, 25)),
)
EXAMPLES = own_examples()
VIETNAMESE = [example for example in EXAMPLES["vi"] if example.certain]
OPEN = {Kind.PROGRESS, Kind.NOT_STARTED, Kind.BLOCKED}


def told(reading: Reading) -> tuple[object, bool]:
    return reading.items, reading.certain


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, 41, 99]))
def test_any_text_is_read(text: str, reply_to: int | None) -> None:
    """No string raises, there is always an item, and what is unclear is never certain."""
    reading = read(text, TODAY, TASKS, reply_to)
    assert reading.items
    assert not (reading.certain and any(item.kind is Kind.UNCLEAR for item in reading.items))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted({word for e in VIETNAMESE for word in e.text.split()})), max_size=25))
def test_any_row_of_vietnamese_words_is_read(words: list[str]) -> None:
    """The officers' own words in any order raise nothing."""
    assert read(" ".join(words), TODAY, TASKS).items


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(VIETNAMESE))
def test_composed_and_decomposed_unicode_read_alike(example: Example) -> None:
    """NFC and NFD of a reply are one reply."""
    context = example.context
    forms = [
        read(unicodedata.normalize(form, example.text), context.today, context.tasks, context.reply_to)
        for form in ("NFC", "NFD")
    ]
    assert forms[0] == forms[1]


@pytest.mark.parametrize(
    ("turn", "courtesy"), list(enumerate(["dạ {}", "{} ạ", "em báo cáo {}", "Dạ em báo cáo anh, {} ạ"]))
)
def test_courtesy_changes_nothing(turn: int, courtesy: str) -> None:
    """A status stays what it is with the politeness of an officer around it: each example with one of the four."""
    changed = []
    for example in VIETNAMESE[turn::4]:
        if "\n" in example.text or not {item.kind for item in example.items} <= OPEN | {Kind.DONE, Kind.EXTENSION}:
            continue
        text = courtesy.format(example.text.rstrip(".!"))
        context = example.context
        plain, polite = example.reading(), read(text, context.today, context.tasks, context.reply_to)
        if polite.certain and not same(polite.items, plain.items):
            changed.append(text)
    assert changed == []


def test_stripping_marks_never_makes_an_open_task_done() -> None:
    """Typed without diacritics, no open status turns into a certain done."""
    wrong = []
    for example in EXAMPLES["vi"]:
        if not {item.kind for item in example.items} <= OPEN:
            continue
        context = example.context
        reading = read(bare(example.text), context.today, context.tasks, context.reply_to)
        if reading.certain and any(item.kind is Kind.DONE for item in reading.items):
            wrong.append(example.text)
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "1/2 " * 25_000,
        "a" * 100_000,
        "1," * 50_000,
        "chưa " * 20_000,
        "👍" * 25_000,
        "> x\n" * 25_000,
        "\u0301" * 100_000,
    ],
    ids=["fractions", "one word", "list", "words", "emoji", "quotes", "marks"],
)
def test_long_texts_end_soon_and_are_asked_about(text: str) -> None:
    """A text of 100 kB ends in bounded time, and nobody is sure of it."""
    start = process_time()
    reading = read(text, TODAY, TASKS)
    assert process_time() - start < 1
    assert not reading.certain


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\ud800", "\x00", "\u200b\u202e", "?", "…", "٣", "²", "½", "०१", "1" * 5000]
)
def test_odd_texts_are_asked_about(text: str) -> None:
    """Nothing at all, lone surrogates, other digits: no guess and no fault."""
    assert not read(text, TODAY, TASKS).certain
