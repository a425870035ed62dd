"""What a unit's tags rule out is not looked for; that must never cost a reading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from bot.reading import amounts, dates, documents, settling, tasks, titles
from bot.reading.accuracy import own_examples
from bot.reading.blocks import block
from bot.reading.clean import own_words
from bot.reading.examples import Example
from bot.reading.grammar import Statement
from bot.reading.language import told_apart
from bot.reading.numbers import numbered
from bot.reading.spelling import whole_words
from bot.reading.tokens import tokens
from bot.reading.units import Unit, tags_of, units

#: Some of every language, the rare constructions among them.
SOME = [example for found in own_examples().values() for example in found[::23]]
NO_PAPERS = frozenset[int]()


def rows() -> Iterator[tuple[Example, list[Unit]]]:
    """The examples as far as their numbers are written in digits."""
    for example in SOME:
        words, _ = own_words(example.text)
        raw = tokens(words)
        lexicon = told_apart(words, raw)
        yield example, numbered(settling.settled(units(whole_words(raw, lexicon), lexicon)))


ROWS = list(rows())


def skipped(row: Sequence[Unit], beginnings: frozenset[str]) -> list[int]:
    return [at for at, unit in enumerate(row) if beginnings.isdisjoint(unit.tags)]


def test_no_date_begins_with_what_its_rule_is_not_tried_for() -> None:
    """Each rule of dates finds nothing at any unit that the table keeps from it."""
    for example, row in ROWS:
        for beginnings, rule in dates._RULES:
            today = example.context.today
            found = [at for at in skipped(row, beginnings) if rule(row, at, today, row[at - 1] if at else None)]
            assert not found, example.text


def test_no_paper_and_no_amount_begins_with_what_is_skipped() -> None:
    """Neither a paper's sign nor a figure is passed over for the tags it begins with."""
    for example, row in ROWS:
        papers = [at for at in skipped(row, documents._BEGINNINGS) if documents._paper(row, at, NO_PAPERS)[0]]
        today = example.context.today
        figures = [at for at in skipped(row, amounts._FIGURES) if amounts._amount(row, at, row[:at], today)[0]]
        assert not papers, example.text
        assert not figures, example.text


def test_no_task_is_named_by_what_is_skipped() -> None:
    """Neither by its number or place nor by words of its title."""
    for example, row in ROWS:
        open_list = example.context.tasks
        if not open_list:
            continue
        named = [at for at in skipped(row, tasks._NAMING) if tasks._named(row, at, open_list, row[:at])[0]]
        said = titles._said(row, open_list)
        called = [at for at in skipped(row, titles._BEGINNINGS) if titles._title_run(said, at, called=False)[0]]
        assert not named, example.text
        assert not called, example.text


def test_nothing_skipped_is_settled_by_its_neighbours() -> None:
    """A unit that can be one thing only stays as it is, whatever stands around it."""
    for example, row in ROWS:
        for at in skipped(row, settling._UNSETTLED):
            before = row[:at]
            assert settling._yes(row, at, before) is None, example.text
            assert settling._ours(row, at, before) is None, example.text
            assert settling._settled(row, at, before) is row[at], example.text


@pytest.mark.parametrize("tags", [("finished",), ("finished", "draft")])
def test_what_is_taken_for_something_else_is_that(tags: tuple[str, ...]) -> None:
    """A unit and a block that are changed have the tags and the statements of what they have become."""
    unit = replace(Unit(("unknown",), "x", "x", 0, 1), tags=tags)
    assert unit.tag == "finished"
    assert tags_of([unit, Unit(("line",), "x", "x", 0, 1)]) == {*tags, "line"}
    part = replace(block([Unit(("unknown",), "x", "x", 0, 1)]), units=(unit,), said=(Statement("done", 0, 1),))
    assert part.has("finished")
    assert not part.has("unknown")
    assert part.says == {"done"}
