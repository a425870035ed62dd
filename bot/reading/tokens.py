"""A clean text cut into words, numbers, document signs, dates as digits and punctuation; no meaning yet."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from bot.reading.letters import bare, key


class Form(Enum):
    WORD = auto()
    NUMBER = auto()
    PERCENT = auto()  # "80%", "70-80%"
    PAIR = auto()  # "7/10", "25/9", "18.9": a fraction or a date
    DATE = auto()  # "25/9/2025"
    RANGE = auto()  # "2-3"
    CLOCK = auto()  # "16h30"
    SIGN = auto()  # "45/KH-UBND"
    NAME = auto()  # a person's, whatever the word means otherwise
    MARK = auto()  # punctuation, line break, emoji


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    form: Form
    start: int
    end: int
    bare: str
    key: str | None  # None: typed without marks, so any marks may be meant

    @classmethod
    def word(cls, text: str, start: int, end: int) -> "Token":
        return cls(text, Form.WORD, start, end, *_spelt(text.lower()))

    def meant(self, plain: str, canonical: str | None) -> "Token":
        """The same place of the text, taken for another word."""
        return Token(self.text, self.form, self.start, self.end, plain, canonical)


@lru_cache(maxsize=4096)
def _spelt(low: str) -> tuple[str, str | None]:
    """A word's bare form, and its key where it is written with marks."""
    return bare(low), key(low) if is_marked(low) else None


def is_marked(word: str) -> bool:
    return any("\u00c0" <= letter <= "\u1ef9" and not "\u0370" <= letter <= "\u1dff" for letter in word)


#: Khmer vowels and signs are marks, which "\\w" leaves out
_LETTER = "(?:[^\\W\\d_]|[\u1780-\u17d3\u17d7\u17dc\u17dd])"
_TYPES = "nq|qđ|qd|ct|ctr|kh|pa|đa|da|bc|bb|ttr|tb|hd|hđ|cđ|cd|cv|gm|tt|ub|ubnd|hđnd|hdnd|đu|du|vp|tu|tw|qh"
_BODY = r"[a-zđ&]{1,8}\d{0,2}"
_SLASH_SIGN = (
    rf"\d{{1,5}}\s?/\s?(?:\d{{4}}\s?/\s?)?"
    rf"(?:{_BODY}(?:\s?[-–]\s?{_BODY}){{1,3}}|(?:kh|qđ|qd|bc|ttr|tb|cv|nq|ctr)\s(?:ubnd|hđnd|hdnd|đu|du)|(?:{_TYPES}))"
)
_DASH_SIGN = rf"\d{{1,5}}\s?-\s?(?:{_TYPES})(?:\s?/\s?[a-zđ]{{2,12}}(?:-[a-zđ]{{2,12}})?)?"
#: Words come first, because most of a text is words; whatever else is longer than a sign begins with a digit.
_TOKEN = re.compile(
    rf"""
    (?P<word>{_LETTER}+(?:\d{_LETTER}*)*)
  | (?=\d)(?:
      (?P<sign>(?<![\w/])(?:{_SLASH_SIGN}|{_DASH_SIGN})(?!\w))
    | (?P<percent>\d{{1,4}}(?:[.,]\d{{1,3}})?(?:\s?[-–]\s?\d{{1,4}}(?:[.,]\d{{1,3}})?)?\s?%)
    | (?P<date>(?<!\d)\d{{1,2}}(?:\s?(?P<between>[/.-])\s?\d{{1,2}}\s?(?P=between)\s?|[/.-]\d{{1,2}}[/.-])
        (?:20)?\d\d(?![\d%])|(?<!\d)20\d\d-\d\d-\d\d(?!\d))
    | (?P<clock>(?<!\d)\d{{1,2}}(?:h\d\d|\s?h|g\d\d|:\d\d)(?!\w))
    | (?P<number>\d{{1,3}}(?:[.]\d{{3}})+(?!\d)(?:\s?/\s?\d{{1,3}}(?:[.]\d{{3}})+)?)
    | (?P<pair>(?<!\d)\d{{1,6}}\s?/\s?\d{{1,6}}(?!\d)|(?<!\d)\d{{1,2}}[.–-]\d{{1,2}}(?!\d))
    | (?P<digits>\d+)
    )
  | (?P<mark>\.{{2,}}|\S|\n)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FORMS = {
    "sign": Form.SIGN,
    "percent": Form.PERCENT,
    "date": Form.DATE,
    "clock": Form.CLOCK,
    "pair": Form.PAIR,
    "number": Form.NUMBER,
    "digits": Form.NUMBER,
    "mark": Form.MARK,
}


_PERCENT_RANGE = re.compile(r"(\d+)[.,\d]*\s?([-–])\s?((\d+).*)")


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or "mark"
        part = match.group()
        start, end = match.span()
        if group == "word":
            found.append(Token.word(part, start, end))
        elif group == "percent" and (listed := _listed(match)):
            found += listed
        else:
            form = Form.PAIR if group == "number" and "/" in part else _FORMS[group]
            found.append(Token(part, form, start, end, part.lower(), None))
    return found


def _listed(match: re.Match[str]) -> list[Token]:
    """'2 - 40%' is the second of a list and its percent, no range; '70-80%' is one."""
    ends = _PERCENT_RANGE.fullmatch(match.group())
    if not ends or int(ends[1]) < int(ends[4]) < (20 if int(ends[1]) < 10 else 1000):
        return []
    return [
        Token(ends[part], form, match.start() + ends.start(part), match.start() + ends.end(part), ends[part], None)
        for part, form in ((1, Form.NUMBER), (2, Form.MARK), (3, Form.PERCENT))
    ]
