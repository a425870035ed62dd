"""The book: all questions and notes in domain words, for one province, inside one transaction."""

from __future__ import annotations

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


class Book:
    """Opened by the store for one piece of work; frozen values come out, never rows."""

    def __init__(self, connection: Connection, province_id: int) -> None:
        self._connection = connection
        self.province_id = province_id
        self.people = People(connection, province_id)
        self.served = Served(connection, province_id)
        self.joining = Joining(connection, province_id)
        self.talks = Talks(connection, province_id)
        self.assignments = Assignments(connection, province_id, self.talks.digests)
        self.following = Following(connection, province_id)
        self.inbox = Inbox(connection, province_id)
        self.letters = Letters(connection, province_id)
        self.reminders = Unheard(connection, province_id)
        self.inherited = Inherited(connection, province_id)
        self.asked = AskedAgain(connection, province_id)
        self.timetable = Timetable(connection, province_id)
        self.standing = Standing(connection, province_id)
        self.sources = Sources(connection, province_id)
        self.journal = Journal(connection, province_id)
        self.prompts = Prompts(connection, province_id)

    def savepoint(self) -> Savepoint:
        """`with book.savepoint():` undoes its inside alone when an error leaves it."""
        return Savepoint(self._connection)
