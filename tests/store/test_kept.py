"""Statements handed straight to the driver say, and complain, what SQLAlchemy would."""

from __future__ import annotations

import sys
from contextlib import nullcontext, suppress
from datetime import date
from typing import Any

import pytest
from sqlalchemy import bindparam, event, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.messages import LetterKind
from bot.store import claiming, pace
from bot.store.engine import Store
from bot.store.kept import Kept, one_of
from bot.store.mail import letter, rate
from bot.store.tables import calendar_day, province
from tests.store.opening import NOW

DAY = date(2026, 1, 2)


def test_every_kind_of_value_comes_back_as_it_went(store: Store) -> None:
    """A date, a truth, a moment, a fraction, bytes, and a structure; None too."""
    put = Kept(calendar_day.insert())
    asked = Kept(select(calendar_day).where(calendar_day.c.day == bindparam("on")))
    whole = Kept(select(province).where(province.c.id == bindparam("number")))
    with store.engine.begin() as connection:
        row = {"province_id": store.province_id, "day": DAY, "working": False, "label": None}
        assert put.done(connection, row) == 1
        Kept(rate.insert()).done(connection, {"name": "one", "next_at": 0.25})
        (day,) = asked.rows(connection, {"on": DAY})
        (home,) = whole.rows(connection, {"number": store.province_id})
        assert dict(home) == dict(connection.execute(select(province)).mappings().one())
        assert Kept(select(rate.c.next_at)).rows(connection, {}) == [{"next_at": 0.25}]
        (line,) = asked.lines(connection, {"on": DAY})
        assert list(line) == list(day.values())

    assert {name: day[name] for name in row} == row
    assert isinstance(home["secret"], bytes)
    assert isinstance(home["settings"], dict)


def test_a_moment_keeps_its_zone(store: Store) -> None:
    """Of a letter planned by the book, in one of two states."""
    store.write_now(lambda book: book.letters.plan("one", LetterKind.REMINDER, NOW, text="Nhắc việc"))
    asked = Kept(select(letter.c.not_before, letter.c.silent).where(one_of(letter.c.state, "planned", "held")))
    with store.engine.begin() as connection:
        assert asked.rows(connection, {}) == [{"not_before": NOW, "silent": False}]


def test_what_the_database_refuses_is_refused_in_sqlalchemys_words(store: Store) -> None:
    """A second row under one key, and nothing of its values in what is said of it."""
    put = Kept(rate.insert())
    with store.engine.connect() as connection:
        put.done(connection, {"name": "người này", "next_at": 1.0})
        with pytest.raises(IntegrityError) as refused:
            put.done(connection, {"name": "người này", "next_at": 2.0})
    assert "[parameters:" not in str(refused.value)


def test_what_ends_a_text_too_early_is_refused_whole(store: Store) -> None:
    """Of a name with a zero sign in it nothing is kept, rather than its beginning (SQLite keeps all of it)."""
    put, asked = Kept(rate.insert()), Kept(select(rate.c.name))
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            with pytest.raises(DBAPIError):
                put.done(connection, {"name": "Lan\0 An", "next_at": 1.0})
        else:
            put.done(connection, {"name": "Lan\0 An", "next_at": 1.0})
            assert asked.rows(connection, {}) == [{"name": "Lan\0 An"}]


def test_what_was_undone_can_be_done_again(store: Store) -> None:
    """A statement that was run in a transaction that was rolled back runs in the next one of the same connection."""
    put, asked = Kept(rate.insert()), Kept(select(rate.c.name))
    with store.engine.connect() as connection:
        for _ in range(2):
            connection.begin()
            put.done(connection, {"name": "one", "next_at": 1.0})
            assert asked.rows(connection, {}) == [{"name": "one"}]
            connection.rollback()


def test_a_statement_run_again_tells_what_now_stands(store: Store) -> None:
    """Of no row, then one, then two: its columns are asked about once, its rows each time."""
    put, asked = Kept(rate.insert()), Kept(select(rate.c.name, rate.c.next_at).order_by(rate.c.name))
    with store.engine.begin() as connection:
        assert asked.rows(connection, {}) == []
        for number, name in enumerate(("an", "binh"), 1):
            put.done(connection, {"name": name, "next_at": number / 2})
            assert [row["next_at"] for row in asked.rows(connection, {})] == [0.5, 1.0][:number]


def test_what_was_given_up_is_not_called_committed(store: Store) -> None:
    """PostgreSQL answers a COMMIT after an error that nobody minded by rolling back, and calls that no error."""
    put, asked = Kept(rate.insert()), Kept(select(rate.c.name))
    gives_up = store.engine.dialect.name == "postgresql"
    with pytest.raises(DBAPIError) if gives_up else nullcontext(), store.engine.begin() as connection:
        put.done(connection, {"name": "một", "next_at": 1.0})
        with suppress(IntegrityError):
            put.done(connection, {"name": "một", "next_at": 2.0})
    with store.engine.begin() as connection:
        assert asked.rows(connection, {}) == ([] if gives_up else [{"name": "một"}])


def test_a_commit_that_nobody_answered_is_no_commit(store: Store) -> None:
    """The server ends the connection before the COMMIT: the caller hears that it failed, the next one gets another."""
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite is no server")
    put, asked = Kept(rate.insert()), Kept(select(rate.c.name))
    with store.engine.connect() as connection:
        connection.begin()
        put.done(connection, {"name": "một", "next_at": 1.0})
        mine = connection.connection.driver_connection.pgconn.backend_pid  # type: ignore[union-attr]
        with store.engine.connect() as other:
            other.execute(select(func.pg_terminate_backend(mine, 5000)))
        with pytest.raises(DBAPIError) as failed:
            connection.commit()
    assert failed.value.connection_invalidated
    with store.engine.begin() as connection:
        assert asked.rows(connection, {}) == []


def test_who_listens_hears_it_too(store: Store) -> None:
    """As of any other statement of that connection."""
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        with store.engine.begin() as connection:
            assert Kept(select(rate.c.name)).rows(connection, {}) == []
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    assert heard[-1] == "SELECT rate.name \nFROM rate"


def test_every_kept_statement_can_be_kept(store: Store) -> None:
    """None has a parameter that stands for several values, whose words would differ from run to run."""
    rooms = [vars(module) for name, module in sys.modules.items() if name.startswith("bot.store.")]
    statements = {one for room in rooms for one in room.values() if isinstance(one, Kept)}
    statements |= {
        pace._several(3),
        *(claiming.claiming(one, other) for one in (False, True) for other in (False, True)),
    }
    assert len(statements) > 20
    assert all(one.form(store.engine.dialect).words for one in statements if not one.statement.is_insert)
