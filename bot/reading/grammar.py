"""Statements found in a row of units, by the constructions; what they amount to is decided elsewhere."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.constructions import constructions
from bot.reading.units import ENDS, Unit

_FIRST = 0x100
_NOBODY = frozenset({"inside", "outside", "outside_system"})


@dataclass(frozen=True, slots=True)
class Statement:
    """What one construction says, and the units that say it."""

    says: str
    first: int
    after: int


class _Alphabet(dict[str, str]):
    """One character for each tag, so that a construction is a regular expression over a short text."""

    def __missing__(self, tag: str) -> str:
        self[tag] = chr(_FIRST + len(self))
        return self[tag]


_alphabet = _Alphabet()


@dataclass(frozen=True, slots=True)
class _Openings:
    """The constructions that can begin with one tag, tried in the order of the table."""

    pattern: re.Pattern[str]
    says: tuple[str, ...]


@lru_cache(maxsize=1)
def _table() -> dict[str, _Openings]:
    by_letter: dict[str, list[tuple[str, str]]] = {}
    for says, words in constructions().rows:
        written = "".join(_element(word) for word in words)
        for letter in _opening_letters(words):
            by_letter.setdefault(letter, []).append((says, written))
    return {
        letter: _Openings(re.compile("|".join(f"({written})" for _, written in rows)), tuple(says for says, _ in rows))
        for letter, rows in by_letter.items()
    }


def _opening_letters(words: Sequence[str]) -> set[str]:
    """Every tag with which a construction can begin, optional words skipped; a gap opens nothing."""
    found: set[str] = set()
    for word in words:
        if word in {"^", "~", "~~"}:
            continue
        found |= set(_letters(constructions().tags(word.rstrip("?*"))))
        if word[-1] not in "?*":
            break
    return found


def _element(word: str) -> str:
    table = constructions()
    if word == "^":
        return "^"
    if word == "$":
        return f"(?=[{_letters(table.classes['soft'])}]{{0,4}}(?:$|[{_letters(ENDS)}]))"
    if word in {"~", "~~"}:
        return f"[{_letters(table.neutral - (_NOBODY if word == '~~' else frozenset()))}]{{0,6}}?"
    letters = f"[{_letters(table.tags(word.rstrip('?*')))}]"
    return letters + ("?" if word.endswith("?") else "{0,4}" if word.endswith("*") else "")


def _letters(tags: Iterable[str]) -> str:
    return "".join(sorted(_alphabet[tag] for tag in tags))


def statements(row: Sequence[Unit]) -> list[Statement]:
    table = _table()
    text = "".join([_alphabet[unit.tag] for unit in row])
    found: list[Statement] = []
    at = 0
    while at < len(text):
        openings = table.get(text[at])
        match = openings.pattern.match(text, at) if openings else None
        if match and openings and match.end() > at:
            found.append(Statement(openings.says[(match.lastindex or 1) - 1], at, match.end()))
            at = match.end()
        else:
            at += 1
    return found
