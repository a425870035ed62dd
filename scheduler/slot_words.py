"""What a slot letter says: its head, a line or three for each task, and how to answer. Meanings only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.calendar import WorkingCalendar
from bot.conversation import Request
from bot.messages import Choice, Text, Value, lines, text
from bot.tasks import Assignment, Step, extension_refusal
from scheduler.letter_parts import due_words, last_report

#: An example of an extension's date lies this many working days ahead.
_EXAMPLE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """When a letter is put together, and by whose calendar."""

    now: datetime
    calendar: WorkingCalendar

    @property
    def today(self) -> date:
        """The local day."""
        return self.calendar.day_of(self.now)

    def late(self, one: Assignment) -> bool:
        """Whether its deadline has passed."""
        return one.due is not None and self.now >= one.due.ends(self.calendar.zone)

    def reported(self, one: Assignment) -> bool:
        """Whether the unit reported on it today, be it that the office returned it since."""
        said = one.state.last_report_at
        return said is not None and self.calendar.day_of(said) >= self.today


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person hears: their own tasks, overdue ones of a unit they lead, extensions the office must decide.

    `given_back` are the office's steps by which a report of one of these no longer stands.
    """

    own: tuple[Assignment, ...]
    led: tuple[Assignment, ...]
    undecided: tuple[tuple[Request, Assignment], ...]
    rules: Mapping[int, frozenset[str]]
    given_back: Mapping[int, Step]

    def choices(self, at: Moment) -> tuple[Choice, ...]:
        """Buttons, where the whole letter speaks of one task of the person's own."""
        if len(self.own) != 1 or self.led or self.undecided:
            return ()
        found = [("done", "1 xong"), ("doing", "1 đang làm"), ("blocked", "1 vướng")]
        if _may_ask(self.own[0], at):
            found.append(("extension", "1 xin lùi hạn"))
        return tuple(Choice(text(f"remind.choice.{name}"), sentence) for name, sentence in found)


def _may_ask(one: Assignment, at: Moment) -> bool:
    return not one.extension_asked and extension_refusal(one.state, None, at.today) is None


def says(heard: Heard, at: Moment) -> Text:
    """The whole letter."""
    sections = [tuple(section) for section in (_own(heard, at), _led(heard, at), _undecided(heard)) if section]
    parts: list[Value] = []
    for section in sections:
        parts += [text("plain", text=""), *section] if parts and section else section
    return lines(*parts)


def _own(heard: Heard, at: Moment) -> Iterator[Value]:
    if not heard.own:
        return
    several_units = len({one.unit_id for one in heard.own}) > 1
    yield _head(heard, at)
    for number, one in enumerate(heard.own, 1):
        yield _line(number, one, with_unit=several_units)
        yield text("remind.detail", what=due_words(one.due, at.now, at.calendar))
        yield text("remind.detail", what=last_report(one, at.calendar, heard.given_back.get(one.id)))
        if one.extension_asked:
            yield text("remind.detail", what=text("remind.waits_for_office"))
        elif "follow_up" in heard.rules[one.id] and len(heard.own) > 1:
            yield text("remind.detail", what=text("remind.follow_up"))
    yield _ask(heard, at)


def _line(number: int, one: Assignment, *, with_unit: bool) -> Text:
    unit = text("remind.unit", unit=one.unit_name) if with_unit else ""
    return text("remind.line", number=number, title=one.task.title, unit=unit)


def _head(heard: Heard, at: Moment) -> Text:
    count = len(heard.own)
    if count == 1:
        return text(f"remind.one.{_situation(heard, heard.own[0], at)}")
    late = sum(at.late(one) for one in heard.own)
    called = any("second_call" in heard.rules[one.id] for one in heard.own) and not any(map(at.reported, heard.own))
    if all(heard.rules[one.id] == {"again"} for one in heard.own):
        return text("remind.many.again", n=count)
    if late == count:
        return text("remind.many.all_late", n=count)
    if late:
        return text("remind.many.some_late", n=count, late=late)
    return text("remind.many.second_call" if called else "remind.many.soon", n=count)


def _situation(heard: Heard, one: Assignment, at: Moment) -> str:
    rules = heard.rules[one.id]
    if one.extension_asked:
        return "asked"
    if at.late(one):
        return "late"
    if rules == {"again"}:
        return "again"
    last_day = one.due is not None and one.due.on > at.today
    if rules & {"second_call", "due_today"}:
        rule = "second_call" if "second_call" in rules and not at.reported(one) else "due_today"
        return f"{rule}_last_day" if last_day else rule
    return "soon" if "due_soon" in rules else "follow_up"


def _ask(heard: Heard, at: Moment) -> Text:
    able = [one for one in heard.own if _may_ask(one, at)]
    until = None
    if able:
        dues = [one.due.on for one in able if one.due is not None]
        until = at.calendar.step(max(at.today, *dues), _EXAMPLE_DAYS)
    amount = {1: "one", 2: "two"}.get(len(heard.own), "many")
    if until is None:
        return text(f"remind.ask.{amount}_plain")
    return text(f"remind.ask.{amount}", until=until)


def _led(heard: Heard, at: Moment) -> Iterator[Value]:
    if not heard.led:
        return
    units = tuple(dict.fromkeys(one.unit_name for one in heard.led))
    yield text("remind.led.head", units=units, n=len(heard.led))
    for number, one in enumerate(heard.led, len(heard.own) + 1):
        yield _line(number, one, with_unit=len(units) > 1)
        yield text("remind.detail", what=due_words(one.due, at.now, at.calendar))
        yield text("remind.detail", what=last_report(one, at.calendar, heard.given_back.get(one.id)))
    yield text("remind.led.ask", number=len(heard.own) + 1)


def _undecided(heard: Heard) -> Iterator[Value]:
    if not heard.undecided:
        return
    yield text("remind.undecided.head", n=len(heard.undecided))
    for request, one in heard.undecided:
        asked = text("remind.undecided.until", on=request.due) if request.due else text("remind.undecided.no_date")
        yield text(
            "remind.undecided.line",
            number=request.number,
            unit=one.unit_name,
            title=one.task.title,
            due=one.due.on if one.due else None,
            asked=asked,
            at=request.asked_at,
        )
    yield text("remind.undecided.ask", number=heard.undecided[0][0].number)
