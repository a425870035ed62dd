"""A simulated officer: reads what the phone got, and answers in an own way, as far as the unit's work has come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from bot.demo.as_read import code_in, holds, numbers, options, spoken_of
from bot.demo.player import Intention, Newcomer, Saying, Thought, Why
from bot.demo.stock import Fate, draw_fate, phrase, without_marks
from bot.listing import short
from bot.messages import Letter, text
from bot.wording import Wording

_MONTH = (2025, 9)
_BEGUN = date(2025, 9, 12)
#: Nobody types later in the evening.
_LATEST = time(20, 0)
_WITH_DEADLINE = ("T02", "T03", "T04")
#: What may be said of a task, and the kind as which the bot offers it in a question.
_KIND_OF = {
    "done": "done",
    "done_bare": "done",
    "unsure": "done",
    "progress": "progress",
    "promise": "progress",
    "not_started": "not_started",
    "blocked": "blocked",
    "extension": "extension",
}


@dataclass
class Work:
    """One task as its officer knows it."""

    code: str
    document: str
    finish: datetime | None
    blocks: datetime | None
    asks: datetime | None
    until: date | None
    tells: float
    closed: bool = False
    waits: bool = False


@dataclass
class Officer:
    """One contact. `codes` are the tasks' codes by title, as the paper notice has them."""

    peer: str
    name: str
    shown_as: str
    unit: str
    signs: str
    codes: Mapping[str, str]
    wording: Wording
    rng: Random
    language: str = "vi"
    numbers: dict[str, int] = field(default_factory=dict)
    work: dict[str, Work] = field(default_factory=dict)
    fate: Fate = field(init=False)
    plain: bool = field(init=False)
    _meant: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        self.fate = draw_fate(self.rng)
        self.plain = self.rng.random() < 0.35

    def hear(self, letter: Letter, why: Why, now: datetime) -> Sequence[Intention]:
        """A letter arrives; what is meant to be done about it."""
        said = letter.text
        offered = options(said)
        if not offered or holds(said, "evidence.which"):
            self._note(said)
        fresh = list(self._meet())
        code = code_in(said)
        if code is not None:
            return [*fresh, Intention(self._later(now, 30, 90), Newcomer(code, self.unit, self.name))]
        if offered:
            return [*fresh, self._picks(offered, now)]
        if why is Why.OTHERS:
            return [*fresh, *self._decided(said, now)]
        if why is Why.ANSWER:
            return [*fresh, *self._asked_back(said, now)]
        return [*fresh, *self._spoken_to(said, now)]

    def _note(self, said: str) -> None:
        found = numbers(said, self.codes)
        if 1 in found.values():
            self.numbers = found
        else:
            self.numbers |= found

    def _meet(self) -> Iterator[Intention]:
        """Work seen for the first time: how it will go, and whether its end is told unasked."""
        for code in self.numbers:
            if code in self.work:
                continue
            work = self.work[code] = self._drawn(code)
            if work.finish is not None and self.rng.random() < work.tells:
                yield Intention(work.finish, self._tells(code))

    def _drawn(self, code: str) -> Work:
        fate, rng = self.fate, self.rng
        if code not in _WITH_DEADLINE:
            fate = draw_fate(rng, "undated")
        sign = {"T02": "KH", "T03": "TTr", "T04": "QĐ", "T09": "KH", "T10": "KH"}.get(code, "BC")
        return Work(
            code,
            document=f"{rng.randint(12, 190)}/{sign}-{self.signs}",
            finish=self._on(fate.finish),
            blocks=self._on(fate.blocked),
            asks=self._on(fate.asks),
            until=date(*_MONTH, rng.randint(*fate.until)) if fate.until else None,
            tells=fate.tells,
        )

    def _on(self, days: tuple[int, int] | None) -> datetime | None:
        if days is None:
            return None
        hour = time(self.rng.choice((8, 9, 10, 14, 15, 16)), self.rng.randrange(0, 60, 5))
        return datetime.combine(date(*_MONTH, self.rng.randint(*days)), hour, self.wording.zone)

    def _later(self, now: datetime, least: int, most: int) -> datetime:
        """So many minutes on, at a full five of them: what comes together is taken in together."""
        at = now + timedelta(minutes=self.rng.randint(least, most))
        at += timedelta(minutes=-at.minute % 5)
        latest = datetime.combine(now.astimezone(self.wording.zone).date(), _LATEST, self.wording.zone)
        return at if at <= latest or now >= latest else latest - timedelta(minutes=5 * self.rng.randint(0, 11))

    def _soon(self, now: datetime) -> datetime:
        least, most = self.rng.choice(((1, 12), (3, 45), (20, 150), (90, 330)))
        return self._later(now, least, most)

    def _spoken_to(self, said: str, now: datetime) -> Iterator[Intention]:
        """The bot spoke first: new tasks, or a reminder."""
        if holds(said, "assigned.ask"):
            yield from self._acknowledges(now)
        elif self.numbers and self.rng.random() < self.fate.replies:
            shown = tuple(numbers(said, self.codes))
            yield Intention(self._soon(now), lambda moment: self._reports(shown, moment))

    def _acknowledges(self, now: datetime) -> Iterator[Intention]:
        if self.fate.replies and self.rng.random() < 0.4:
            words = phrase(self.rng, "ack", "lone")
            yield Intention(self._soon(now), lambda _: self._typed(words))
        if self.rng.random() < 0.04:
            asked = phrase(self.rng, "question", "lone")
            yield Intention(self._later(now, 40, 300), lambda _: self._typed(asked))

    def _tells(self, code: str) -> Thought:
        return lambda now: self._reports((code,), now)

    def _reports(self, codes: Sequence[str], now: datetime) -> Saying | None:
        """One message on all of these tasks of which there is something to say."""
        found = [(code, intent) for code in codes if (intent := self._intent(code, now)) is not None]
        if not found:
            return None
        alone = len(self.numbers) == 1
        if alone or (len(found) == 1 and self.rng.random() < 0.08):
            code, intent = found[0]
            self._meant = (code, intent)
            return self._typed(self._words(code, intent, "lone", now), answers_last=self.rng.random() < 0.5)
        parts = [f"{self.numbers[code]} {self._words(code, intent, 'line', now)}" for code, intent in found]
        self._meant = found[0]
        return self._typed(self.rng.choice((", ", "; ", "\n")).join(parts))

    def _intent(self, code: str, now: datetime) -> str | None:
        work = self.work.get(code)
        if work is None or work.closed or code not in self.numbers:
            return None
        return self._wish(work, now) or (None if work.waits else self._state(now))

    def _wish(self, work: Work, now: datetime) -> str | None:
        """What the day has brought: more time asked for, the end, an obstacle."""
        if work.asks is not None and now >= work.asks and work.until is not None and now.date() < work.until:
            work.asks, work.waits = None, True
            return "extension"
        if work.finish is not None and now >= work.finish:
            work.closed = True
            return self.rng.choices(("done", "done_bare", "unsure"), (70, 26, 4))[0]
        if work.blocks is not None and now >= work.blocks:
            work.blocks, work.waits = None, True
            return "blocked"
        return None

    def _state(self, now: datetime) -> str:
        if now.date() <= date(*_MONTH, 15) and self.rng.random() < 0.25:
            return "not_started"
        return "promise" if now.date() >= date(*_MONTH, 19) and self.rng.random() < 0.4 else "progress"

    def _words(self, code: str, intent: str, form: str, now: datetime) -> str:
        work = self.work[code]
        until = f"{work.until.day}/{work.until.month}" if work.until else ""
        return phrase(self.rng, intent, form, doc=work.document, p=self._percent(work, now), day=until)

    def _percent(self, work: Work, now: datetime) -> int:
        end = work.finish.date() if work.finish else _BEGUN + timedelta(days=25)
        passed = (now.date() - _BEGUN).days / max(1, (end - _BEGUN).days)
        return max(10, min(95, 5 * round(passed * 18 + self.rng.uniform(-1, 1))))

    def _typed(self, words: str, *, answers_last: bool = False) -> Saying:
        return Saying(without_marks(words) if self.plain else words, answers_last=answers_last)

    def _picks(self, offered: Mapping[str, int], now: datetime) -> Intention:
        """A question is answered by its number: what was meant, as far as it is among the answers."""
        code, intent = self._meant or ("", "")
        titles = [title for title, of in self.codes.items() if of == code]
        wanted = [self.wording.say(text("ask.yes")), *titles, *map(short, titles)]
        if intent:
            wanted.append(self.wording.say(text(f"kind.{_KIND_OF[intent]}")))
        number = next((offered[words] for words in wanted if words in offered), 1)
        return Intention(self._later(now, 1, 6), lambda _: Saying(str(number)))

    def _asked_back(self, said: str, now: datetime) -> Iterator[Intention]:
        """The receipt asks for the document's number, or for a picture of it."""
        if not holds(said, "receipt.ask_document") or self._meant is None or self.rng.random() > 0.75:
            return
        work = self.work.get(self._meant[0])
        if work is None:
            return
        if self.rng.random() < 0.15:
            yield Intention(self._later(now, 2, 20), lambda _: Saying(photo="van-ban.png", answers_last=True))
        else:
            words = phrase(self.rng, "document", "lone", doc=work.document)
            yield Intention(self._later(now, 2, 20), lambda _: self._typed(words))

    def _decided(self, said: str, now: datetime) -> Iterator[Intention]:
        """The office granted, refused, returned or answered something."""
        for code in spoken_of(said, self.codes):
            work = self.work.get(code)
            if work is None:
                continue
            if holds(said, "decision.return.letter"):
                work.closed, work.finish = False, now
                # The list is asked for first: what was reported had no number in the last one.
                again = self._later(now, 40, 240)
                yield Intention(again, lambda _: Saying("danh sách"))
                yield Intention(again + timedelta(minutes=5), self._tells(code))
            elif holds(said, "decide.extension_letter") and work.until is not None:
                work.finish = datetime.combine(work.until, time(9, self.rng.randint(0, 59)), self.wording.zone)
                work.waits = False
                yield Intention(work.finish, self._tells(code))
            elif holds(said, "decide.extension_refused"):
                work.finish, work.waits = now + timedelta(hours=20), False
                yield Intention(work.finish + timedelta(hours=self.rng.randint(1, 6)), self._tells(code))
        if holds(said, "decide.answer_letter") and self.rng.random() < 0.5:
            words = phrase(self.rng, "thanks", "lone")
            yield Intention(self._later(now, 2, 30), lambda _: self._typed(words))
