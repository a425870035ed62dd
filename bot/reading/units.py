"""A row of tokens named by what they mean: each listed phrase, number, sign and mark becomes one unit with its tags."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.lexicon import Lexicon
from bot.reading.tokens import Form, Token


@dataclass(frozen=True, slots=True)
class Unit:
    tags: tuple[str, ...]  # the first is what it is taken for, the others what it may be
    value: object
    text: str
    start: int
    end: int
    spelled: str = ""  # its words in full and without marks: "ban chi dao" for "BCĐ"

    @property
    def tag(self) -> str:
        return self.tags[0]

    def of(self, *tags: str) -> bool:
        for tag in self.tags:  # noqa: SIM110  half the time of any(), and nothing is asked more often
            if tag in tags:
                return True
        return False


#: where a clause ends
ENDS = ("pause", "stop", "line", "ask_mark", "dash")
#: where one ends or turns: "nhưng", "57: …"
TURNS = (*ENDS, "but", "colon")

_MARKS = {
    "\n": "line",
    ",": "pause",
    ";": "pause",
    ".": "stop",
    "!": "stop",
    ":": "colon",
    "→": "colon",
    "⇒": "colon",
    "…": "stop",
    "-": "dash",
    "–": "dash",
    "—": "dash",
    "?": "ask_mark",
    "？": "ask_mark",
    "។": "stop",
    "៖": "colon",
    "(": "bracket",
    ")": "bracket",
    "#": "hash",
    "&": "and",
    "+": "and",
    "%": "percent_word",
    "/": "slash",
    "✅": "tick",
    "☑": "tick",
    "✔": "tick",
    "❌": "cross",
}
_NUMERIC = {
    Form.NUMBER: "number",
    Form.PERCENT: "percent",
    Form.PAIR: "pair",
    Form.DATE: "full_date",
    Form.CLOCK: "clock",
    Form.SIGN: "sign",
}


def units(row: Sequence[Token], lexicon: Lexicon) -> list[Unit]:
    found: list[Unit] = []
    at = 0
    while at < len(row):
        unit, at = _next(row, at, lexicon)
        found.append(unit)
    return found


def _next(row: Sequence[Token], at: int, lexicon: Lexicon) -> tuple[Unit, int]:
    token = row[at]
    if token.form in {Form.WORD, Form.NUMBER} or token.text not in _MARKS:
        entries, after = lexicon.longest(row, at)
        if entries:
            tags = tuple(dict.fromkeys(entry.tag for entry in entries))
            values = {entry.tag: entry.value for entry in reversed(entries)}
            text = " ".join(part.text for part in row[at:after])
            spelled = " ".join(part.bare for part in row[at:after])
            return Unit(tags, values, text, token.start, row[after - 1].end, spelled), after
    return Unit((_tag(token),), token.text, token.text, token.start, token.end, token.bare), at + 1


def _tag(token: Token) -> str:
    if token.form in _NUMERIC:
        return _NUMERIC[token.form]
    if token.form in {Form.WORD, Form.NAME}:
        return "unknown" if token.form is Form.WORD else "name"
    return _MARKS.get(token.text, "sign_of_mood")


def is_at(row: Sequence[Unit], at: int, *tags: str) -> bool:
    """Whether the unit at this place, if there is one, may be any of these."""
    return 0 <= at < len(row) and row[at].of(*tags)


def number_at(row: Sequence[Unit], at: int) -> int | None:
    """The whole number of up to four digits that stands there."""
    if at < len(row) and row[at].tag == "number" and str(row[at].value).isdigit() and len(str(row[at].value)) <= 4:
        return int(str(row[at].value))
    return None
