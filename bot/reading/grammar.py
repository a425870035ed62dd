"""Constructions: which rows of meanings make which statement, in any language; the words themselves live in locales."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.constructions import CLASSES, CONSTRUCTIONS, NEUTRAL
from bot.reading.units import Unit

_FIRST = 0x100


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


@lru_cache(maxsize=1)
def _compiled() -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    parts = []
    for number, (says, pattern) in enumerate(_lines()):
        names[f"c{number}"] = says
        parts.append(f"(?P<c{number}>{''.join(_element(word) for word in pattern.split())})")
    return re.compile("|".join(parts)), names


def _lines() -> Sequence[tuple[str, str]]:
    return [(says, line.strip()) for says, block in CONSTRUCTIONS for line in block.strip().splitlines() if line.strip()]


def _element(word: str) -> str:
    if word == "~":
        return f"[{_letters(NEUTRAL)}]{{0,6}}?"
    if word == "~~":
        return f"[{_letters([tag for tag in NEUTRAL if tag not in {'inside', 'outside', 'outside_system'}])}]{{0,6}}?"
    if word == "^":
        return "^"
    if word == "$":
        end = _letters(("pause", "stop", "line", "ask_mark", "dash"))
        return f"(?=[{_letters(CLASSES['soft'])}]{{0,4}}(?:$|[{end}]))"
    if word.startswith("!"):
        return f"(?![{_class(word[1:])}])"
    optional = word.endswith("?")
    many = word.endswith("*")
    return f"[{_class(word.rstrip('?*'))}]" + ("?" if optional else "{0,4}" if many else "")


def _class(word: str) -> str:
    return "".join(_letters(CLASSES.get(tag, (tag,))) for tag in word.split("/"))


def _letters(tags: Sequence[str]) -> str:
    return "".join(_alphabet[letter] for tag in tags for letter in CLASSES.get(tag, (tag,)))


def statements(row: Sequence[Unit]) -> list[Statement]:
    pattern, names = _compiled()
    text = "".join(_alphabet[unit.tag] for unit in row)
    found = []
    for match in pattern.finditer(text):
        if match.end() > match.start():
            found.append(Statement(names[match.lastgroup or ""], match.start(), match.end()))
    return found
