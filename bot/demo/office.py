"""The simulated clerk, who confirms, returns and decides; and people whose every word is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

from bot.calendar import WorkingCalendar
from bot.demo.as_read import code_in, holds, numbers, opening, options
from bot.demo.player import Intention, Newcomer, Saying, Thought, Why
from bot.demo.stock import Line, Story, table
from bot.messages import Letter

#: When the clerk looks at what waits.
_ROUNDS = (time(10, 45), time(15, 50))
#: A talk with the bot goes on after so long.
_TYPES = timedelta(minutes=3)
_READS = timedelta(minutes=25)


@dataclass
class Storyteller:
    """Somebody whose every word stands in bot/sample/stories.toml; `{T02}` is the number last read for that task."""

    peer: str
    name: str
    shown_as: str
    story: Story
    codes: Mapping[str, str]
    yes: str
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The phone's language."""
        return self.story.language

    def intends(self, calendar: WorkingCalendar) -> Iterator[Intention]:
        """Everything there is to say, each at its moment."""
        for line in self.story.lines:
            yield Intention(line.at.replace(tzinfo=calendar.zone), self._says(line))

    def _says(self, line: Line) -> Thought:
        def say(_now: datetime) -> Saying:
            words = line.says.format_map({code: self.numbers.get(code, 1) for code in self.codes.values()})
            return Saying(words, line.photo, line.tap, line.answers_last, line.edits_last)

        return say

    def hear(self, letter: Letter, why: Why, now: datetime) -> Sequence[Intention]:  # noqa: ARG002  (a Player's signature)
        """Numbers are noted, "is this right?" is answered, a code is handed on."""
        offered = options(letter.text)
        if self.yes in offered:
            return [Intention(now + timedelta(minutes=2), partial(_always, Saying(str(offered[self.yes]))))]
        if not offered or holds(letter.text, "evidence.which"):
            found = numbers(letter.text, self.codes)
            self.numbers = found if 1 in found.values() else self.numbers | found
        code = code_in(letter.text)
        if code is None:
            return ()
        return [Intention(now + timedelta(minutes=35), Newcomer(code, self.story.unit, self.name))]


@dataclass
class Clerk(Storyteller):
    """The clerk: beside an own story, decides on what is asked and confirms what is reported, after looking."""

    returns_left: int = 3

    def intends(self, calendar: WorkingCalendar) -> Iterator[Intention]:
        """The story, and every working day a look or two at what waits."""
        yield from super().intends(calendar)
        rounds = table("office")["rounds"]
        day = rounds["first"]
        while day <= rounds["last"]:
            if calendar.is_working(day):
                for hour in _ROUNDS if day in rounds["busy"] else _ROUNDS[-1:]:
                    yield Intention(calendar.at(day, hour), partial(_always, Saying("cần duyệt")))
            day += timedelta(days=1)

    def hear(self, letter: Letter, why: Why, now: datetime) -> Sequence[Intention]:
        """A request is decided, a list of reports looked through."""
        said = letter.text
        if code_in(said) is not None and why is Why.ANSWER:
            return [Intention(now + timedelta(minutes=20), self._handed_on(said))]
        if why is Why.ANSWER and (holds(said, "waiting.how_to_confirm") or holds(said, "waiting.reports")):
            return list(self._looks_through(said, now))
        if why is Why.OTHERS:
            return list(self._decides(said, now))
        return ()

    def _handed_on(self, said: str) -> Newcomer:
        unit = next((code for name, code in table("office")["handed_on"].items() if name in said), "")
        return Newcomer(code_in(said) or "", unit, "")

    def _looks_through(self, said: str, now: datetime) -> Iterator[Intention]:
        without = [line for line in said.splitlines() if opening("waiting.no_document") in line]
        if without and self.returns_left:
            self.returns_left -= 1
            number = without[0].split(".")[0].strip()
            words = str(table("office")["returned"]).format(n=number)
            yield Intention(now + _TYPES, lambda _: Saying(words))
        yield Intention(now + 2 * _TYPES, lambda _: Saying("xác nhận tất cả"))

    def _decides(self, said: str, now: datetime) -> Iterator[Intention]:
        for rule in table("office")["decides"]:
            if holds(said, rule["key"]) and rule.get("has", "") in said:
                number = said.partition("#")[2].split(" ")[0].strip(": ")
                saying = Saying(rule["says"].format(n=number))
                yield Intention(_in_working_hours(now + _READS), partial(_always, saying))
                return


def _always(saying: Saying, _now: datetime) -> Saying:
    return saying


def _in_working_hours(at: datetime) -> datetime:
    """Requests that come in the evening are decided the next morning."""
    if at.time() < time(17, 0):
        return max(at, at.replace(hour=7, minute=35))
    return (at + timedelta(days=1)).replace(hour=7, minute=50)
