"""The book: all questions and notes in domain words, for one province, inside one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection

from bot.store.asked import AskedAgain
from bot.store.assignments import Assignments
from bot.store.following import Following
from bot.store.inbox import Inbox
from bot.store.inherited import Inherited
from bot.store.joining import Joining
from bot.store.journal import Journal
from bot.store.letters import Letters
from bot.store.part import Savepoint
from bot.store.people import People
from bot.store.prompts import Prompts
from bot.store.served import Served
from bot.store.sources import Sources
from bot.store.standing import Standing
from bot.store.talks import Talks
from bot.store.timetable import Timetable
from bot.store.unheard import Unheard

P = TypeVar("P")


class _Opened(Generic[P]):
    """A part of the book that a message mostly does without: opened when it is first asked for."""

    def __init__(self, kind: Callable[[Connection, int], P]) -> None:
        self._kind = kind

    def __set_name__(self, _owner: type[Book], name: str) -> None:
        self._name = name

    def __get__(self, book: Book, _owner: type[Book]) -> P:
        part = self._kind(book._connection, book.province_id)  # noqa: SLF001  (the book's own)
        # Found there from now on, before it is looked for here.
        setattr(book, self._name, part)
        return part


class Book:
    """Opened by the store for one piece of work; frozen values come out, never rows."""

    served = _Opened(Served)
    joining = _Opened(Joining)
    following = _Opened(Following)
    inherited = _Opened(Inherited)
    asked = _Opened(AskedAgain)
    timetable = _Opened(Timetable)
    standing = _Opened(Standing)
    sources = _Opened(Sources)
    journal = _Opened(Journal)
    prompts = _Opened(Prompts)

    def __init__(self, connection: Connection, province_id: int) -> None:
        self._connection = connection
        self.province_id = province_id
        self.people = People(connection, province_id)
        self.talks = Talks(connection, province_id)
        self.assignments = Assignments(connection, province_id, self.talks.digests)
        self.inbox = Inbox(connection, province_id)
        self.letters = Letters(connection, province_id)
        self.reminders = Unheard(connection, province_id)

    def savepoint(self) -> Savepoint:
        """`with book.savepoint():` undoes its inside alone when an error leaves it."""
        return Savepoint(self._connection)
