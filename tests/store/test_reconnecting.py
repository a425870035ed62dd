"""What a store on PostgreSQL does about servers that are away, that only read, and neighbours that froze."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from bot.store.book import Book
from bot.store.engine import Store
from tests.store import opening

store = pytest.fixture(params=["postgresql"])(opening.fresh_store)

FREEZES = "options=-c%20idle_in_transaction_session_timeout%3D200ms"


@pytest.fixture
def frozen(store: Store) -> Iterator[Store]:
    """Another replica, whose patience with itself is short so that the test is."""
    with closing(Store(f"{store.url}{'&' if '?' in store.url else '?'}{FREEZES}", store.province_id, threads=2)) as one:
        yield one


def test_who_froze_with_something_locked_holds_nobody_up(store: Store, frozen: Store) -> None:
    """A replica stops amid a transaction: the server ends that, the next one goes on, and the first hears of it."""
    begun, wakes = threading.Event(), threading.Event()

    def freezes(book: Book) -> None:
        book.letters.pace.lock("telegram:1")
        begun.set()
        wakes.wait(60)
        book.letters.pace.lock("telegram:2")

    asleep = frozen.submit(freezes)
    assert begun.wait(20)
    assert store.submit(lambda book: book.letters.pace.lock("telegram:1")).result(20) == 0.0
    wakes.set()
    with pytest.raises(DBAPIError):
        asleep.result(20)
    assert frozen.read_now(lambda book: book.people.is_founded())


def test_no_transaction_may_stand_still_for_long(store: Store) -> None:
    """Where the address says nothing about it, the server ends what stands still for a quarter of a minute."""
    with store.engine.connect() as connection:
        assert connection.execute(sql("SHOW idle_in_transaction_session_timeout")).scalar() == "15s"


def test_the_store_is_found_at_the_second_host(store: Store) -> None:
    """The first host of the address is away."""
    second = re.sub(r"host=", "host=/nowhere&host=", store.url, count=1)
    if second == store.url:
        second = re.sub(r"@([^/]+)/([^?]*)", r"@/\2?host=127.0.0.1:1&host=\1", store.url, count=1)
    with closing(Store(second, store.province_id, threads=1)) as found:
        assert found.away() is None
        assert found.read_now(lambda book: book.people.province().name) == "An Giang"


def test_a_server_that_only_reads_is_not_the_store(postgres_database: str) -> None:
    """A standby, or a primary that was told to take nothing in, counts as away: what it took could not be kept."""
    name = re.search(r"/(nhacviec_\w+)", postgres_database)
    assert name
    with psycopg.connect(postgres_database.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name[1]} SET default_transaction_read_only = on".encode())
    with closing(Store(postgres_database, threads=1)) as reads_only:
        assert reads_only.away() == "OperationalError"


def test_a_server_that_came_back_needs_no_restart(store: Store) -> None:
    """Every connection is cut, as when a server ends: the next question is answered by a new one."""
    with closing(Store(store.url, store.province_id, threads=2)) as cut:
        both = threading.Barrier(2)

        def at_once(book: Book) -> bool:
            both.wait(20)
            return book.people.is_founded()

        assert [one.result(20) for one in (cut.submit(at_once), cut.submit(at_once))] == [True, True]
        with store.engine.begin() as admin:
            ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            admin.execute(sql(f"{ours} AND datname = current_database()"))
        assert cut.away() is None
        assert [one.result(20) for one in (cut.submit(at_once), cut.submit(at_once))] == [True, True]
