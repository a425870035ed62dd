"""The conversation as it is printed: what matters whole, what repeats folded, nothing that differs between two runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from bot.demo.as_read import CODE
from bot.demo.player import Player, Why
from bot.messages import Letter, Value, text
from bot.reports.figures import Figures
from bot.wording import Wording

_MASKED = "DK ••• •••• ••••"
#: A line as long as this is printed whole twice, then only its beginning.
_LONG_LINE = 100
_TWICE = 2
_BEGINNING = 56
#: Letters that begin alike in so many signs are of one kind; the third to one person is cut to so many lines.
_SAME_KIND = 8
_KNOWN = 4
#: A letter of fewer lines is never folded.
_SHORT = 3
#: Who is shown so many lines of a letter is shown all of it, every line to its end.
WHOLE = 60
#: So many of the others' messages are quoted in one line.
_QUOTED = 4


class Transcript:
    """`whole` are the phones whose talk is printed, each with so many lines of one letter."""

    def __init__(self, say: Callable[[str], None], wording: Wording) -> None:
        self.whole: dict[str, int] = {}
        self._say = say
        self._wording = wording
        self._seen: Counter[str] = Counter()
        self._alike: Counter[str] = Counter()
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._folded = 0
        self._named: list[str] = []
        self._others: list[str] = []
        self._hour: tuple[date, int] | None = None
        self.sent = self.came = 0

    def heading(self, key: str, **params: Value) -> None:
        """A line of the demonstration itself."""
        self._flush()
        self._say(self._wording.say(text(f"demo.{key}", **params)))

    def said(self, who: Player, words: str, now: datetime) -> None:
        """A person writes to the bot."""
        self.came += 1
        hour = (now.date(), now.hour)
        if hour != self._hour and len(self._others) > _QUOTED:
            self._flush()
        self._hour = hour
        if who.peer not in self.whole:
            self._others.append(" ".join(_masked(words).split()))
            return
        self._print(self._wording.say(text("demo.from", when=_when(now), who=who.shown_as)), words.splitlines())

    def letter(self, who: Player, letter: Letter, why: Why, now: datetime) -> None:
        """The bot writes to a person."""
        self.sent += 1
        if who.peer not in self.whole:
            self._folded += why is not Why.ANSWER
            return
        rows = letter.text.splitlines()
        if letter.file_name:
            rows.append(self._wording.say(text("demo.file", name=letter.file_name)))
        shape = re.sub(r"\d+", "0", rows[0] if rows else "")
        self._alike[shape] += 1
        if why is not Why.ANSWER and self._alike[shape] > 1 and len(rows) >= _SHORT:
            self._named.append(who.shown_as)
            return
        head = self._wording.say(text("demo.to", when=_when(now), who=who.shown_as))
        self._kinds[who.peer, shape[:_SAME_KIND]] += 1
        most = self.whole[who.peer]
        known = self._kinds[who.peer, shape[:_SAME_KIND]] > _TWICE and why is not Why.OTHERS and most < WHOLE
        self._print(head, self._cut(rows, _KNOWN if known else most), whole=most >= WHOLE)

    def _cut(self, rows: list[str], most: int) -> list[str]:
        if len(rows) <= most + 2:
            return rows
        more = self._wording.say(text("demo.more", n=len(rows) - most))
        return [*rows[: most - 2], more, *rows[-2:]]

    def _print(self, head: str, rows: list[str], *, whole: bool = False) -> None:
        rows = [_masked(row) if whole else self._short(_masked(row)) for row in rows if row.strip()] or [""]
        self._say(f"{head} {rows[0]}".rstrip())
        for row in rows[1:]:
            self._say(f"             {row}")

    def _short(self, row: str) -> str:
        if len(row) < _LONG_LINE:
            return row
        self._seen[row] += 1
        return row if self._seen[row] <= _TWICE else f"{row[:_BEGINNING].rstrip()} …"

    def sent_together(self) -> None:
        """The letters of one moment are out: those that were folded are said in a line."""
        named, self._named = tuple(self._named), []
        folded, self._folded = self._folded, 0
        if named:
            self._say(self._wording.say(text("demo.alike_to", names=named, n=folded)))
        elif folded > 1:
            self._say(self._wording.say(text("demo.alike", n=folded)))
        self._alike.clear()

    def _flush(self) -> None:
        if not self._others:
            return
        others, self._others = self._others, []
        quoted = list(dict.fromkeys(words for words in others if words != _MASKED and not words.isdigit()))
        key = "demo.others" if quoted else "demo.others_unquoted"
        step = max(1, len(quoted) // _QUOTED)
        words = tuple(f"«{one}»" for one in quoted[::step][:_QUOTED])
        self._say(self._wording.say(text(key, n=len(others), words=self._wording.value(words, " · "))))

    def day(self, now: datetime, figures: Figures) -> None:
        """The line of progress at the end of a day."""
        self.heading(
            "day",
            day=self._wording.value(now.date(), "day"),
            sent=self.sent,
            came=self.came,
            accepted=figures.accepted,
            reported=figures.reported,
            total=figures.total,
            overdue=figures.overdue,
        )
        self.sent = self.came = 0


def _masked(words: str) -> str:
    return CODE.sub(_MASKED, words)


def _when(now: datetime) -> str:
    return f"{now:%H:%M} {now.day}/{now.month}"
