"""A row of tokens named by what they mean: each listed phrase, number, sign and mark becomes one unit with its tags."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
    tag: str = field(init=False, repr=False, compare=False)  # the first of the tags; nothing is read more often

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", self.tags[0])

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
    if token.form is Form.WORD or token.form is Form.NUMBER or token.text not in _MARKS:
        entries, after = lexicon.longest(row, at)
        if entries:
            values: dict[str, str] = {}
            for entry in entries:
                values.setdefault(entry.tag, entry.value)
            text, spelled = token.text, token.bare
            for part in row[at + 1 : after]:
                text, spelled = f"{text} {part.text}", f"{spelled} {part.bare}"
            return Unit(tuple(values), values, text, token.start, row[after - 1].end, spelled), after
    return Unit((_tag(token),), token.text, token.text, token.start, token.end, token.bare), at + 1


def _tag(token: Token) -> str:
    form = token.form
    if form is Form.WORD:
        return "unknown"
    if form is Form.NAME:
        return "name"
    return _MARKS.get(token.text, "sign_of_mood") if form is Form.MARK else _NUMERIC[form]


def is_at(row: Sequence[Unit], at: int, *tags: str) -> bool:
    """Whether the unit at this place, if there is one, may be any of these."""
    if 0 <= at < len(row):
        for tag in row[at].tags:
            if tag in tags:
                return True
    return False


def tags_of(row: Iterable[Unit]) -> set[str]:
    """Every tag that some unit of the row has: what begins with none of these need not be looked for."""
    found: set[str] = set()
    for unit in row:
        found.update(unit.tags)
    return found


def number_at(row: Sequence[Unit], at: int) -> int | None:
    """The whole number of up to four digits that stands there."""
    if at < len(row) and row[at].tag == "number":
        digits = str(row[at].value)
        return int(digits) if digits.isdigit() and len(digits) <= 4 else None
    return None
