"""What the clerk asks of the database for one message: little, and nothing of what has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.clerk import Clerk, Taken
from bot.messages import Address, FileRef, Incoming
from bot.phrases import phrasebook
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.mail import inbox
from handlers.table import desk
from tests.opened_store import give_task
from tests.store import opening
from tests.store.opening import LAN, NOW, join

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)

#: A reply's own statements, its savepoint's two among them. On PostgreSQL a lock, and one look at what stood behind it.
MOST = {"sqlite": 12, "postgresql": 14}


@pytest.fixture
def clerk(store: Store) -> Clerk:
    """Lan has one task before her."""
    join(store, "Lan", str(LAN))
    store.write_now(give_task)
    return Clerk(desk(), phrasebook())


def test_a_reply_asks_little(store: Store, clerk: Clerk) -> None:
    """Lan's report of her task: so many statements, and no more."""
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    report = Incoming(LAN, "m1", "đang làm 60%", NOW, message_id="1")
    event.listen(store.engine, "before_cursor_execute", note)
    taken, _ = store.write_now(lambda book: clerk.receive(book, report, NOW))
    event.remove(store.engine, "before_cursor_execute", note)

    assert taken is Taken.APPLIED
    assert len([one for one in heard if not one.startswith("BEGIN")]) <= MOST[store.engine.dialect.name], heard
    assert [one.state.percent for one in store.read_now(lambda book: book.assignments.all())] == [60]


def test_what_follows_a_file_comes_again(store: Store, clerk: Clerk) -> None:
    """Lan's words after a picture that is being fetched: nothing is kept of them until it is here, or given up."""
    picture = Incoming(LAN, "p1", "", NOW, files=(FileRef("f", "ảnh.jpg", "image/jpeg"),), message_id="1")
    words = Incoming(LAN, "m1", "xong", NOW, message_id="2")
    assert store.write_now(lambda book: clerk.receive(book, picture, NOW))[0] is Taken.WAITING

    def receive(book: Book, since: datetime | None) -> Taken:
        return clerk.receive(book, words, NOW, since)[0]

    def kept() -> list[str]:
        with store.engine.connect() as connection:
            return list(connection.execute(select(inbox.c.external_id).order_by(inbox.c.id)).scalars())

    assert store.write_now(lambda book: receive(book, NOW - timedelta(seconds=15))) is Taken.FOLLOWS
    assert kept() == ["p1"]
    assert store.write_now(lambda book: receive(book, None)) is Taken.APPLIED
    assert kept() == ["p1", "m1"]
    assert store.write_now(lambda book: receive(book, None)) is Taken.KNOWN


def test_of_a_stranger_nothing_is_kept(store: Store, clerk: Clerk) -> None:
    """Somebody writes at whose address nobody sits."""
    stranger = Incoming(Address.parse("telegram:1:99"), "m1", "xong", NOW, message_id="1")
    assert store.write_now(lambda book: clerk.receive(book, stranger, NOW)) == (Taken.STRANGER, 0)
    with store.engine.connect() as connection:
        assert connection.execute(select(inbox.c.id)).first() is None
