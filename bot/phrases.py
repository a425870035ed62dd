"""Exact command phrases, with or without marks, in every language: locales/<lang>/commands.toml holds them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.command_words import WEEKDAYS, fold, tables, times

#: What a clock says behind the hour, and what may stand behind it: "3h", "3 giờ 30", "3pm".
_CLOCK = times("hour")
_HALF = times("forenoon", "after_noon")
_EVENING = rf"\s(?:{times('evening')})"
#: "2 ngày nữa", "sau 3 tiếng".
_SPAN = rf"\d{{1,2}}\s(?:{times('days', 'hours', 'weeks')})"
_AHEAD = rf"(?:{times('after')})\s{_SPAN}(?:\s(?:{times('more')}))?|{_SPAN}\s(?:{times('more')})"
_DAYS = times(*WEEKDAYS, "next_week", "tomorrow", "after_tomorrow", "today")
#: One word of a time: "lúc 3h chiều", "sáng mai", "24/9", "thứ 2", "tomorrow at 3pm".
_WHEN = (
    rf"(?:{_AHEAD}|{_DAYS}|{times('lead', 'morning', 'noon', 'afternoon', 'tonight', 'forenoon', 'after_noon')}"
    rf"|(?:{_CLOCK})(?:\s\d{{2}})?(?:{_EVENING})?|\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{4}})?"
    rf"|\d{{1,2}}(?:(?:{_CLOCK}|:)(?:\d{{2}})?(?:{_HALF}|{_EVENING})?|{_HALF}|(?=\s(?:{_CLOCK}|{_HALF})\b)))"
)
#: Every run of blanks is one blank before anything is matched, and no pattern can cut a text in two ways at one place:
#: what anybody may type must never keep a pattern busy.
_SLOTS = {
    "number": r"#?(?P<number>\d{1,5})",
    "numbers": r"(?P<numbers>#?\d{1,5}(?:(?:\s?[,;+]\s?|\s(?:va|and)\s|\s)#?\d{1,5})*)",
    "resolution": r"(?P<resolution>\d{1,3})(?:\s?-?\s?nq\s?/\s?tw)?",
    "task": r"(?P<task>t\d{1,4}[a-z]?)",
    "date": r"(?P<date>\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?)",
    "dates": r"(?P<dates>\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?"
    r"(?:(?:\s?[,;+–-]\s?|\s(?:(?:va|and|den|toi|to|until|through)\s)?(?:ngay\s)?)\d{1,2}[/.]\d{1,2}(?:[/.]\d{4})?)*)",
    "when": rf"(?P<when>{_WHEN}(?:\s{_WHEN}){{0,5}})",
    "word": r"(?P<word>\S+)",
    "unit": r"(?P<unit>\S.*?)",
    "text": r"(?P<text>\S.*)",
}
#: Politeness around a command that changes nothing.
_COURTESY_BEFORE = r"(?:(?:da|a|anh|chi|em|thua|vang|cho|xin|please),?\s){0,3}?"
_COURTESY_AFTER = r"(?:,?\s(?:a|nhe|nha|voi|giup|di|please|(?:anh|chi|em|ban)(?:\soi)?)){0,2}(?:\s?[.!?]){0,5}"
#: The longest text that may be a command with words of its own in it, and one without.
_LONGEST = 2000
_LONGEST_EXACT = 200
#: Where blanks are not one blank or one line break already.
_BLANKS = re.compile(r"\s{2,}|[^\S \n]")
#: What may stand right behind a word of a command.
_MARKS_BEHIND = ",.!?"
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A command that was meant, and what stood in its places (as typed)."""

    name: str
    slots: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Phrase:
    name: str
    pattern: re.Pattern[str]
    openness: int
    holds_text: bool
    #: Its longest word; a text without it need not be looked at.
    word: str
    #: The words of it that stand by themselves in every text that means it.
    words: frozenset[str]


class Phrasebook:
    """All command phrases of all languages; the ones with fewer open places are tried first."""

    def __init__(self, sources: Mapping[str, Mapping[str, list[str]]]) -> None:
        phrases = [
            _Phrase(
                name,
                _compile(phrase),
                _openness(phrase),
                "{text}" in phrase,
                _longest_word(phrase),
                _own_words(phrase),
            )
            for commands in sources.values()
            for name, written in commands.items()
            for phrase in written
        ]
        self._phrases = sorted(phrases, key=lambda phrase: phrase.openness)
        #: Their places by the word that fewest phrases share, of those that must stand by themselves; None: by none.
        self._places: dict[str | None, list[int]] = {}
        shared = Counter(word for phrase in phrases for word in phrase.words)
        for place, phrase in enumerate(self._phrases):
            rarest = min(phrase.words, key=lambda word: (shared[word], word), default=None)
            self._places.setdefault(rarest, []).append(place)

    def meanings(self, text: str) -> Iterator[Meaning]:
        """Every command this text may be, the most exact first."""
        whole = _BLANKS.sub(_one_blank, unicodedata.normalize("NFC", text).strip())
        if len(whole) > _LONGEST:
            return
        plain = fold(whole)
        typed = {word.rstrip(_MARKS_BEHIND) for word in plain.split()}
        for place in sorted(place for word in (None, *typed) for place in self._places.get(word, ())):
            phrase = self._phrases[place]
            if not phrase.words <= typed or phrase.word not in plain:
                continue
            if len(plain) > _LONGEST_EXACT and not phrase.holds_text:
                continue
            found = phrase.pattern.fullmatch(plain)
            if found is not None:
                filled = [name for name, typed in found.groupdict().items() if typed is not None]
                places = {name: whole[slice(*found.span(name))].strip() for name in filled}
                yield Meaning(phrase.name, places)


def _one_blank(found: re.Match[str]) -> str:
    return "\n" if "\n" in found.group() else " "


def _openness(phrase: str) -> int:
    return sum({"{text}": 3, "{unit}": 2}.get(part, 1) for part in re.findall(r"\{\w+\}", phrase))


def _compile(phrase: str) -> re.Pattern[str]:
    joined = ""
    begun = False  # a word has come that can't be left out: what follows brings its blank before it, not behind
    for part in phrase.split():
        optional = part.startswith("[") and part.endswith("]")
        bare = part[1:-1] if optional else part
        slot = re.fullmatch(r"\{(\w+)\}", bare)
        literal = "".join(
            _SLOTS[piece[1:-1]] if piece.startswith("{") else re.escape(fold(piece)) for piece in _pieces(bare)
        )
        body = _SLOTS[slot.group(1)] if slot else _any_of(bare) if re.search("[|_]", bare) else literal
        if begun:
            joined += rf"(?:\s{body})?" if optional else rf"\s{body}"
        else:
            joined += rf"(?:{body}\s)?" if optional else body
        begun |= not optional
    return re.compile(_COURTESY_BEFORE + joined + _COURTESY_AFTER, re.DOTALL)


def _any_of(words: str) -> str:
    """'hủy|bỏ|gia_hạn': one of these, '_' a blank."""
    return "(?:" + "|".join(re.escape(fold(word.replace("_", " "))) for word in words.split("|")) + ")"


def _needed(phrase: str) -> list[str]:
    """The parts of it that no text which means it can lack."""
    return [part for part in phrase.split() if "|" not in part and not (part.startswith("[") and part.endswith("]"))]


def _longest_word(phrase: str) -> str:
    pieces = (piece for part in _needed(phrase) for piece in _pieces(part) if piece[0] != "{")
    return max(map(fold, pieces), key=len, default="")


def _own_words(phrase: str) -> frozenset[str]:
    """Its needed parts without a slot in them: a blank or an end stands before each, a mark at most behind it."""
    plain = (part for part in _needed(phrase) if "{" not in part and "_" not in part)
    return frozenset(fold(part).rstrip(_MARKS_BEHIND) for part in plain)


def _pieces(part: str) -> list[str]:
    return [piece for piece in re.split(r"(\{\w+\})", part) if piece]


@cache
def phrasebook() -> Phrasebook:
    """The phrases of all languages in locales/."""
    return Phrasebook({language: table["commands"] for language, table in tables().items()})


@cache
def _topics() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The words of each topic as they are written, and without marks."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for table in tables().values():
        for topic, listed in table.get("questions", {}).items():
            words = map(_words, listed)
            found[topic] = (*found.get(topic, ()), *((word, fold(word)) for word in words))
    return found


def mentions(text: str, topic: str) -> bool:
    """Whether words of this topic stand in the text, whatever other topics it speaks of."""
    typed = _words(text)
    bare = fold(typed)
    marked = typed != bare
    return any((word in typed) if marked else (plain in bare) for word, plain in _topics().get(topic, ()))


def says_only(text: str, topic: str) -> bool:
    """Whether the text is words of this topic and nothing more; with its marks, wherever it has any."""
    typed = _words(text)
    bare = fold(typed)
    marked = typed != bare
    return any(word == typed if marked else plain == bare for word, plain in _topics().get(topic, ()))


def _words(text: str) -> str:
    """The words alone, each with a blank before and behind it."""
    found = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return f" {' '.join(found)} "


def speaks_of(text: str) -> str | None:
    """The topic of locales/<lang>/commands.toml [questions] whose words stand in the text (due, wording, list …).

    Whole words, and with their marks wherever the text has any: "phần" is not "hạn".
    """
    typed = _words(text)
    bare = fold(typed)
    topics = _topics().items()
    if typed != bare:
        return next((topic for topic, words in topics if any(word in typed for word, _ in words)), None)
    return next((topic for topic, words in topics if any(plain in bare for _, plain in words)), None)


@cache
def slash_commands(language: str) -> Mapping[str, str]:
    """The first phrase of each meaning that is a bare slash command in this language, without its slash."""
    table = tables().get(language, {})
    commands = {
        name: next((phrase[1:] for phrase in phrases if re.fullmatch(r"/[a-z]+", phrase)), "")
        for name, phrases in table.get("commands", {}).items()
    }
    return {name: command for name, command in commands.items() if command}
