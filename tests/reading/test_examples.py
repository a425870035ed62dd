"""Every example that comes with a language is read as written there, save the known misses."""

from pathlib import Path

import pytest

from bot.reading.accuracy import counted, outcome, own_examples, report
from bot.reading.examples import Example, examples, same
from bot.reading.meaning import Item, Kind

MISSES = Path(__file__).with_name("known_misses.txt")
EXAMPLES = own_examples()


def name(lang: str, example: Example) -> str:
    return " | ".join((lang, example.context.name, example.text.replace("\n", "\\n")))


def known_misses() -> set[str]:
    lines = MISSES.read_text(encoding="utf-8").split("\n")
    return {line for line in lines if line and not line.startswith("#")}


@pytest.mark.parametrize("lang", sorted(EXAMPLES))
def test_examples_are_read_as_written(lang: str) -> None:
    """What fails is exactly what is listed as a known miss: nothing more, and nothing that works by now."""
    missed = {name(lang, example) for example in EXAMPLES[lang] if outcome(example, example.reading()) != "exact"}
    listed = {line for line in known_misses() if line.startswith(f"{lang} |")}
    assert sorted(missed - listed) == []
    assert sorted(listed - missed) == [], "these work now and must leave known_misses.txt"


@pytest.mark.parametrize("lang", ["vi", "en", "ru", "km"])
def test_every_language_brings_examples(lang: str) -> None:
    """Each of the four languages is proven by at least fifty examples of its own."""
    assert len(EXAMPLES[lang]) >= 50


def test_every_kind_is_proven_in_vietnamese() -> None:
    """No kind is without examples, the uncertain ones included."""
    kinds = {item.kind for example in EXAMPLES["vi"] for item in example.items}
    assert kinds == set(Kind)


def test_an_example_is_read_with_its_context() -> None:
    """Day, open list, reply, slots, several items and the mark of uncertainty are all told by the file."""
    lines = [
        "today 2025-09-15",
        "[Lan]",
        "reply to 17",
        "task 41 | Kế hoạch | 57-NQ/TW | 2025-09-20",
        "task 17 | Báo cáo | - | -",
        "1 xong -> done task=41 & progress 60% doc=45/KH-UBND & extension due=2025-09-25 ?",
        "ok\\nrõ -> ack",
    ]
    first, second = examples(lines)
    assert (first.certain, second.certain, second.text) == (False, True, "ok\nrõ")
    assert first.items[0] == Item(41, Kind.DONE)
    assert first.items[1] == Item(17, Kind.PROGRESS, 60, None, "45/KH-UBND")
    assert str(first.items[2].due) == "2025-09-25"
    assert [task.due for task in first.context.tasks][1] is None


def test_a_line_that_is_no_example_is_refused() -> None:
    """A slip in the file is told with its line, not passed over."""
    with pytest.raises(ValueError, match="line 2"):
        list(examples(["today 2025-09-15", "xong done"]))


def test_items_are_equal_in_any_order() -> None:
    """Order is free, and what chat keeps beside the contract does not count."""
    one, other = Item(1, Kind.DONE), Item(2, Kind.BLOCKED, reason="mưa")
    assert same([one, other], [Item(2, Kind.BLOCKED), one])
    assert not same([one], [one, one])


def test_the_accuracy_report_counts_by_language_kind_and_form() -> None:
    """The report has a line for each language, kind and form of writing, and one for all."""
    table = counted(examples(["[x]", "task 1 | a | - | -", "xong -> done", "chac xong -> unclear ?", "xong -> ack"]))
    assert table["all"] == {"exact": 2, "wrong": 1}
    assert "form without diacritics" in report(table)
