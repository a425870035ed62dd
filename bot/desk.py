"""Who answers what: a handler is one meaning; the desk is all of them, handed to the clerk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case import Case
from bot.contacts import Action, Person
from bot.conversation import QuestionKind
from bot.effects import Ask, CloseQuestion, Effect, Say
from bot.messages import Incoming, Outgoing, Text, text
from bot.store.book import Book

#: What a handler does; None says that this was not meant after all, and the next meaning is tried.
Handle = Callable[[Case, Mapping[str, str]], Sequence[Effect] | None]


@dataclass(frozen=True, slots=True)
class Handler:
    """One meaning: its name in commands.toml, what it does, and the right without which it is passed over."""

    name: str
    handle: Handle
    needs: Action | None = None
    #: The same words also stand in units' own reports ("ghi giúp em việc 2 xong"): from them they are read as that.
    units_say_it_too: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody unknown is let in: what is done first, and what the person who then exists is told."""

    effects: Sequence[Effect]
    then: Callable[[Person], Sequence[Effect]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers what: commands by phrase, a pick of an open question, and everything else as a reply."""

    handlers: tuple[Handler, ...]
    pick: Callable[[Case], Sequence[Effect] | None]
    reply: Callable[[Case], Sequence[Effect]]
    before_consent: Callable[[Case], Sequence[Effect]]
    stranger: Callable[[Book, Incoming, datetime], Admission | Text | None]


def set_aside(case: Case, effects: Sequence[Effect]) -> Sequence[Effect]:
    """A change of the timetable that waits to be confirmed ends with the next command: a later "1" may mean that."""
    question = case.question
    if question is None or question.closed_at is not None or question.kind is not QuestionKind.TIMETABLE:
        return ()
    if any(isinstance(effect, Ask | CloseQuestion) for effect in effects):
        return ()
    told = Say(Outgoing(case.person.id, text("timetable.set_aside"), once=""))
    return [CloseQuestion(question.id, "overtaken"), told]
