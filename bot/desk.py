"""Who answers what: a handler is one meaning; the desk is all of them, handed to the clerk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.case import Case
from bot.contacts import Action, Person
from bot.effects import Effect
from bot.messages import Incoming, Text
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
