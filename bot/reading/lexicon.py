"""The words of one language, from locales/<lang>/phrases.toml, and the longest match of them in a row of tokens."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from bot.reading.letters import bare, key
from bot.reading.tokens import Form, Token, tokens


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase's meaning: the tag under which it is listed, and its value where the list is one of values."""

    tag: str
    value: str
    keys: tuple[str, ...]
    strict: bool  # written "=" in the list: only with its marks


@dataclass(frozen=True, slots=True)
class Restore:
    """A word typed without marks that means `words` before some words, unless it stands shortly after others."""

    words: tuple[str, ...]
    before: frozenset[str]
    unless_after: frozenset[str]
    unless_just_after: frozenset[str]
    after: frozenset[str]


@dataclass(slots=True)
class _Node:
    next: dict[str, "_Node"] = field(default_factory=dict)
    stems: dict[str, tuple[int, "_Node"]] = field(default_factory=dict)  # with their places in the list
    lengths: list[int] = field(default_factory=list)  # of the stems, each once
    ends: list[Entry] = field(default_factory=list)

    def stems_of(self, word: str) -> list["_Node"]:
        """Where the stems lead that the word begins with, in the order of the list."""
        found: dict[int, _Node] = {}
        for length in self.lengths:
            known = self.stems.get(word[:length])
            if known is not None:
                found[known[0]] = known[1]
        return [found[place] for place in sorted(found)] if found else []


@dataclass(slots=True)
class Lexicon:
    lang: str
    script: str
    short: dict[str, str] = field(default_factory=dict)
    restores: dict[str, list[Restore]] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)  # bare words that stand together in a phrase
    words: set[str] = field(default_factory=set)  # bare forms
    keys: set[str] = field(default_factory=set)  # canonical forms
    loose: dict[str, str] = field(default_factory=dict)  # bare form with its tone -> canonical form
    root: _Node = field(default_factory=_Node)
    has_stems: bool = False
    unspaced: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # without spaces: words by first letter, longest first
    always_marked: set[str] = field(default_factory=set)  # bare forms that are never whole words as they are
    toned: set[str] = field(default_factory=set)  # bare forms of words that bear a tone
    titles: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    together: frozenset[tuple[str, str]] = frozenset()  # bare words hardly ever said apart
    corrections: dict[str, set[str]] = field(default_factory=dict)  # word less one letter -> words

    def longest(self, row: Sequence[Token], at: int) -> tuple[list[Entry], int]:
        """What the longest phrase that begins at this token may mean, with the place after it."""
        found: list[Entry] = []
        after = at
        states: Sequence[_Node] = (self.root,)
        for place in range(at, len(row)):
            token = row[place]
            if token.form is Form.NAME:
                break
            states = _steps(states, token.bare)
            if not states:
                break
            for state in states:
                if state.ends and (fitting := _fitting(states, row, at)):
                    found, after = fitting, place + 1
                    break
        return found, after

    def may_join(self, first: Token, second: Token) -> bool:
        """Whether a phrase may begin with these two words; what is certain only of no."""
        return self.has_stems or (first.bare, second.bare) in self.pairs

    def knows(self, token: Token) -> bool:
        if token.key is not None:
            return token.key in self.keys
        return token.bare in self.words or bool(self.root.stems_of(token.bare))


def _steps(states: Sequence[_Node], word: str) -> Sequence[_Node]:
    if len(states) == 1 and not states[0].stems:
        node = states[0].next.get(word)
        return () if node is None else (node,)
    found: list[_Node] = []
    for state in states:
        node = state.next.get(word)
        if node is not None:
            found.append(node)
        if state.stems:
            found += state.stems_of(word)
    return found


def _fitting(states: Sequence[_Node], row: Sequence[Token], at: int) -> list[Entry]:
    found: list[Entry] = []
    for state in states:
        for entry in state.ends:
            if _fits(entry, row, at):
                found.append(entry)  # noqa: PERF401  asked at every word: no list is made where nothing ends
    return found


def _fits(entry: Entry, row: Sequence[Token], at: int) -> bool:
    for place, written in enumerate(entry.keys, at):
        token = row[place]
        if token.key is None:
            if entry.strict and written != token.bare:
                return False
        elif token.key != written and not written.endswith("*"):
            return False
    return True


def languages() -> tuple[str, ...]:
    """Every folder of locales that lists phrases; Vietnamese first, because it is the default."""
    found = sorted(place.name for place in files("locales").iterdir() if place.joinpath("phrases.toml").is_file())
    return tuple(sorted(found, key=lambda lang: lang != "vi"))


@lru_cache(maxsize=1)
def scripts() -> dict[str, tuple[str, ...]]:
    """Which languages are written in which letters; told by the heads of the files: only what is needed is loaded."""
    by_script: dict[str, tuple[str, ...]] = {}
    for lang in languages():
        found = re.search(r'^script = "(\w+)"', _text(lang), re.MULTILINE)
        script = found[1] if found else "latin"
        by_script[script] = (*by_script.get(script, ()), lang)
    return by_script


@lru_cache(maxsize=64)
def _text(lang: str) -> str:
    return files("locales").joinpath(lang, "phrases.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=64)
def load(lang: str) -> Lexicon:
    data = tomllib.loads(_text(lang))
    about = data.pop("language")
    lexicon = Lexicon(lang, about["script"])
    lexicon.short = {short: full for full, shorts in data.pop("short", {}).items() for short in shorts}
    names = data.pop("names", {})
    lexicon.titles = frozenset(bare(word) for word in names.get("titles", ()))
    lexicon.families = frozenset(bare(word) for word in names.get("families", ()))
    together = (bare(phrase).split() for phrase in data.pop("together", {}).get("words", ()))
    lexicon.together = frozenset((first, second) for first, second in together)
    for rule in data.pop("restore", []):
        lexicon.restores.setdefault(rule["bare"], []).append(
            Restore(
                tuple(rule["as"].split()),
                frozenset(bare(word) for word in rule["before"]),
                frozenset(bare(word) for word in rule.get("unless_after", ())),
                frozenset(bare(word) for word in rule.get("unless_just_after", ())),
                frozenset(bare(word) for word in rule.get("after", ())),
            )
        )
    for tag, values in data.items():
        for value, phrases in values.items():
            for phrase in phrases:
                _add(lexicon, tag, "" if value == "words" else value, phrase)
    if not about.get("spaces", True):
        for word in sorted(lexicon.words, key=len, reverse=True):
            lexicon.unspaced[word[0]] = (*lexicon.unspaced.get(word[0], ()), word)
    lexicon.always_marked = {word for word in lexicon.words if word not in lexicon.keys}
    lexicon.toned = {known[:-1] for known in lexicon.loose if known[-1] in "12345"}
    _learn_corrections(lexicon, data)
    return lexicon


def _add(lexicon: Lexicon, tag: str, value: str, phrase: str) -> None:
    strict = phrase.startswith("=")
    words = _words(phrase.removeprefix("="))
    entry = Entry(tag, value, tuple(word if word.endswith("*") else key(word) for word in words), strict)
    lexicon.pairs.update(pairwise(bare(word) for word in words))
    node = lexicon.root
    for word in words:
        if word.endswith("*"):
            lexicon.has_stems = True
            node = _stem(node, bare(word[:-1]))
        else:
            node = node.next.setdefault(bare(word), _Node())
            lexicon.words.add(bare(word))
            lexicon.keys.add(key(word))
            lexicon.loose.setdefault(bare(word) + _tone(key(word)), key(word))
    node.ends.append(entry)


def _tone(word_key: str) -> str:
    return word_key[-1] if word_key[-1] in "12345" else ""


def _stem(node: _Node, stem: str) -> _Node:
    if stem not in node.stems:
        node.stems[stem] = len(node.stems), _Node()
        node.lengths = sorted({*node.lengths, len(stem)})
    return node.stems[stem][1]


def _words(phrase: str) -> list[str]:
    """As the tokens of a message would be cut, so that "thứ 2" or "co-unit" match what is typed."""
    return [
        part
        for chunk in phrase.lower().split()
        for part in ([chunk] if chunk.isalpha() or chunk.endswith("*") else _cut(chunk))
    ]


def _cut(chunk: str) -> list[str]:
    return [token.text for token in tokens(chunk)]


def _learn_corrections(lexicon: Lexicon, data: dict[str, Any]) -> None:
    """Each listed word of four letters or more, under itself and under itself less any one letter."""
    for word in lexicon.words:
        if len(word) >= 4 and word.isalpha() and data:
            for at in range(len(word)):
                lexicon.corrections.setdefault(word[:at] + word[at + 1 :], set()).add(word)
            lexicon.corrections.setdefault(word, set()).add(word)
