"""What people chose becomes lines for `examples.txt`: proposed, never added; the office judges each."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.reading.clean import own_words
from bot.reading.example_lines import UnwritableError, context_lines, example_line
from bot.reading.examples import Context, Example, same
from bot.reading.language import told_apart
from bot.reading.meaning import Item, Kind, Reading
from bot.reading.moments import When
from bot.reading.reader import prepared, read
from bot.reading.settled import Outcome, Settled
from bot.reading.tokens import tokens


class Refusal(StrEnum):
    """Why what was chosen can't be an example."""

    NO_LANGUAGE = "no_language"
    CONTRADICTED = "contradicted"
    LIKE_TITLES = "like_titles"
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line under its context; `beyond` where the choice says more than follows from the words, or is always asked."""

    lang: str
    context: Context
    line: str
    beyond: bool


@dataclass(slots=True)
class Proposals:
    found: list[Proposal] = field(default_factory=list)
    refused: list[tuple[str, Refusal]] = field(default_factory=list)
    #: Nothing whole was chosen; the reader says the same by now; the text stands among the examples already.
    unsettled: int = 0
    read: int = 0
    known: int = 0


def proposals(settled: Iterable[Settled], examples: Mapping[str, Sequence[Example]], name: str) -> Proposals:
    """What is worth an example, each text once. `name` is that of the contexts."""
    made = Proposals()
    standing = {folded(one.text) for of_language in examples.values() for one in of_language}
    by_text: dict[str, list[tuple[Settled, Reading]]] = {}
    for one in settled:
        given = one.given
        reading = read(given.text, given.today, given.tasks, given.reply_to)
        if one.outcome is not Outcome.CHOSEN or not one.chosen:
            made.unsettled += 1
        elif reading.certain and same(reading.items, one.chosen):
            made.read += 1
        elif folded(given.text) in standing:
            made.known += 1
        else:
            by_text.setdefault(folded(given.text), []).append((one, reading))
    for alike in by_text.values():
        _propose(made, alike, examples, name)
    return made


def _propose(
    made: Proposals, alike: Sequence[tuple[Settled, Reading]], examples: Mapping[str, Sequence[Example]], name: str
) -> None:
    one, reading = alike[0]
    context = Context(one.given.today, name, one.given.reply_to, one.given.tasks)
    why = _refusal(alike, examples)
    if why is None:
        try:
            asked = _to_be_asked(one)
            line = example_line(one.given.text, one.chosen, context, certain=not asked)
        except UnwritableError:
            why = Refusal.UNWRITABLE
        else:
            understood = same(one.understood, one.chosen) or same(reading.items, one.chosen)
            made.found.append(Proposal(one.lang, context, line, beyond=asked or not understood))
    if why is not None:
        made.refused.append((one.given.text, why))


def _to_be_asked(one: Settled) -> bool:
    """Whether the contract leaves it uncertain however plain: a day that is not later or has no start, two papers."""
    words, _ = own_words(one.given.text)
    raw = tokens(words)
    row = prepared(raw, told_apart(words, raw), one.given.today, one.given.tasks)
    relative = any(isinstance(unit.value, When) and unit.value.span for unit in row)
    dues = {task.id: task.due for task in one.given.tasks}
    for item in one.chosen:
        if item.kind is Kind.EXTENSION and item.due is not None:
            due = dues.get(item.task or 0)
            if item.due < one.given.today or (relative if due is None else item.due <= due):
                return True
    papers = {str(unit.value) for unit in row if unit.tag == "document"}
    return len(papers) > max(1, len({item.document for item in one.chosen if item.document}))


def _refusal(alike: Sequence[tuple[Settled, Reading]], examples: Mapping[str, Sequence[Example]]) -> Refusal | None:
    one, _ = alike[0]
    if one.lang not in examples:
        return Refusal.NO_LANGUAGE
    if len({_said(other.chosen) for other, _ in alike}) > 1:
        return Refusal.CONTRADICTED
    titles = [task.title for task in one.given.tasks]
    meant = {task.title for task in one.given.tasks if task.id in {item.task for item in one.chosen}}
    return Refusal.LIKE_TITLES if any(titles.count(title) > 1 for title in meant) else None


def _said(items: Sequence[Item]) -> tuple[tuple[str, ...], ...]:
    """What words alone can mean, in whatever list they were said."""
    return tuple(sorted((item.kind.value, str(item.percent), str(item.document)) for item in items))


def folded(text: str) -> str:
    """One text, however it is spaced and in whatever case."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def written(found: Iterable[Proposal], lang: str) -> Iterator[str]:
    """The proposals of one language as the file has them; what goes beyond the words is a comment."""
    by_context: dict[Context, list[Proposal]] = {}
    for one in found:
        if one.lang == lang:
            by_context.setdefault(one.context, []).append(one)
    for context, lines in by_context.items():
        yield ""
        yield from context_lines(context)
        yield from (f"# {one.line}" if one.beyond else one.line for one in lines)
