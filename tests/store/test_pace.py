"""Accounts take even turns, shared by whoever sends, and pause together."""

from __future__ import annotations

from datetime import timedelta

from bot.store.engine import Store
from tests.store.opening import MACHINE, SECOND

MS = timedelta(milliseconds=1)


def turn(store: Store, at: timedelta, every: float = 0.1) -> float:
    return round(store.write_now(lambda book: book.letters.pace.take_turn("telegram:1", every, MACHINE + at)), 6)


def test_turns_come_evenly(store: Store) -> None:
    """Ten a second: who comes early hears how long to wait, who comes a little late moves nobody else's turn."""
    assert turn(store, 0 * MS) == 0
    assert turn(store, 40 * MS) == 0.06
    assert turn(store, 115 * MS) == 0
    assert turn(store, 190 * MS) == 0.01
    assert turn(store, 900 * MS) == 0
    assert turn(store, 950 * MS) == 0.05


def test_two_senders_share_the_turns(store: Store) -> None:
    """A second store on the same database sees the turns that the first took."""
    other = Store(store.url, store.province_id, threads=2)
    assert turn(store, 0 * MS) == 0
    assert turn(other, 10 * MS) == 0.09
    assert turn(other, 100 * MS) == 0
    assert turn(store, 110 * MS) == 0.09
    other.close()


def test_a_clock_set_back_stops_nobody(store: Store) -> None:
    """A row from two hours ahead is left over from before: the next turn is now."""
    assert turn(store, timedelta(hours=2)) == 0
    assert turn(store, 0 * MS) == 0
    assert turn(store, 10 * MS) == 0.09


def test_the_longer_pause_wins(store: Store) -> None:
    """A short pause after a long one takes nothing away from it; time ends it."""

    def pause(seconds: int) -> None:
        store.write_now(lambda book: book.letters.pace.pause("telegram:1!pause", MACHINE + seconds * SECOND))

    def left(at: int) -> float:
        return store.read_now(lambda book: book.letters.pace.paused_for("telegram:1!pause", MACHINE + at * SECOND))

    assert left(0) == 0
    pause(30)
    pause(5)
    assert (left(0), left(29), left(30), left(31)) == (30, 1, 0, 0)


def test_old_rows_are_dropped(store: Store) -> None:
    """A chat not written to for a day leaves no row; a pause that still holds stays."""
    store.write_now(lambda book: book.letters.pace.pause("telegram:1!pause", MACHINE + 49 * 3600 * SECOND))
    turn(store, 0 * MS)
    store.write_now(lambda book: book.letters.pace.forget_old(MACHINE + 48 * 3600 * SECOND))

    assert store.read_now(lambda book: book.letters.pace.paused_for("telegram:1!pause", MACHINE)) == 49 * 3600
    assert store.read_now(lambda book: book.letters.pace.paused_for("telegram:1", MACHINE - SECOND)) == 0


def test_machine_time_is_the_databases_on_postgresql(store: Store) -> None:
    """SQLite takes the host's clock as it is told; PostgreSQL asks its own."""
    answers = store.read_now(lambda book: book.letters.pace.machine_time(MACHINE - timedelta(days=999)))

    assert answers.tzinfo is not None
    assert (answers == MACHINE - timedelta(days=999)) == store.url.startswith("sqlite")
