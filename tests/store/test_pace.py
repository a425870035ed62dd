"""Accounts take even turns, shared by whoever sends, within what their platform counts; and pause together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.store.book import Book
from bot.store.engine import Store
from bot.store.pace import LEAD, Gait, Turn, Turns
from tests.store.opening import LAN, MACHINE, SECOND

MS = timedelta(milliseconds=1)
EVERY = Gait(every=0.1)
REST = 1.0


def turn(store: Store, at: timedelta, gait: Gait = EVERY) -> tuple[str, float]:
    """In how many seconds the turn comes that is given at this moment, or when it is worth asking again."""

    answer = take(store, at, gait)
    if isinstance(answer, float):
        return "ask again", round(answer, 4)
    return "go", round(answer.moment - (MACHINE + at).timestamp(), 4)


def take(store: Store, at: timedelta, gait: Gait) -> Turn | float:
    """The turn that is given at this moment, or in how many seconds it is worth asking again."""
    turns = several(store, at, gait, 1)
    return turns.taken[0] if turns.taken else turns.wait


def several(store: Store, at: timedelta, gait: Gait, letters: int) -> Turns:
    """What so many letters to different chats are given at this moment."""
    chats = [(replace(LAN, peer=f"{number}"), REST) for number in range(letters)]
    return store.write_now(lambda book: book.letters.pace.take_turns(chats, gait, MACHINE + at))


def test_turns_come_evenly(store: Store) -> None:
    """Ten a second: each is given shortly before its moment, and who comes a little late moves nobody else's turn."""
    assert turn(store, 0 * MS) == ("go", 0)
    assert turn(store, 20 * MS) == ("ask again", 0.03)
    assert turn(store, 60 * MS) == ("go", 0.04)
    assert turn(store, 215 * MS) == ("go", -0.015)
    assert turn(store, 240 * MS) == ("ask again", 0.01)
    assert turn(store, 900 * MS) == ("go", 0)
    assert turn(store, 960 * MS) == ("go", 0.04)


def test_two_senders_share_the_turns(store: Store) -> None:
    """A second store on the same database sees the turns that the first took."""
    other = Store(store.url, store.province_id, threads=2)
    assert turn(store, 0 * MS) == ("go", 0)
    assert turn(other, 10 * MS) == ("ask again", 0.04)
    assert turn(other, 100 * MS) == ("go", 0)
    assert turn(store, 110 * MS) == ("ask again", 0.04)
    other.close()


def test_a_clock_set_back_stops_nobody(store: Store) -> None:
    """Rows from two hours ahead are left over from before: the next turn is now."""
    counted = Gait(every=0.1, places=2)
    assert turn(store, timedelta(hours=2), counted) == ("go", 0)
    assert turn(store, timedelta(hours=2) + 100 * MS, counted) == ("go", 0)
    assert turn(store, 0 * MS, counted) == ("go", 0)
    assert turn(store, 10 * MS, counted) == ("ask again", 0.04)


def test_a_second_holds_no_more_than_its_places(store: Store) -> None:
    """With both places taken the next letter waits for an answer and a second more, less the shortest way."""
    gait = Gait(every=0.1, places=2, reach=0.2)

    def at(seconds: float) -> Turn | float:
        return take(store, timedelta(seconds=seconds), gait)

    first, second = at(0.0), at(0.1)
    assert isinstance(first, Turn)
    assert isinstance(second, Turn)
    assert first.place != second.place
    assert at(0.2) == pytest.approx(0.1, abs=1e-4)
    assert at(2.8) == pytest.approx(1.0 + 2.0 - 0.1 - 2.8 - LEAD, abs=1e-4)

    answered = MACHINE.timestamp() + 0.25
    store.write_now(lambda book: book.letters.pace.leave(first, gait, answered))
    assert at(0.98) == pytest.approx(1.05 - 0.98 - LEAD, abs=1e-4)
    third = at(1.02)
    assert isinstance(third, Turn)
    assert (third.place, third.moment - MACHINE.timestamp()) == (first.place, pytest.approx(1.05, abs=1e-4))


def test_who_comes_late_takes_what_is_near_at_once(store: Store) -> None:
    """Of five letters as many go as have their turn within the lead, as far apart as ever; then one at a time."""
    gait = Gait(every=0.03, places=4)

    def moments(at: int, letters: int = 5) -> tuple[list[float], float]:
        turns = several(store, at * MS, gait, letters)
        return [round(one.moment - MACHINE.timestamp(), 3) for one in turns.taken], round(turns.wait, 3)

    assert moments(0) == ([0.0, 0.03], 0.01)
    assert moments(5) == ([], 0.005)
    assert moments(70, 1) == ([0.06], 0.0)
    assert moments(70) == ([0.09], 0.1)
    assert moments(170) == ([], 0.1)


def test_letters_of_one_transaction_stand_in_places_of_their_own(store: Store) -> None:
    """Two are answered: the next two, taken at once, wait for one answer each, and a third for what is not answered."""
    gait = Gait(every=0.03, places=3, reach=0.1)
    first, second = several(store, 0 * MS, gait, 2).taken
    third = several(store, 60 * MS, gait, 1).taken[0]
    assert len({first.place, second.place, third.place}) == 3
    for turn, answered in ((first, 0.12), (second, 0.14)):
        at = MACHINE.timestamp() + answered
        store.write_now(partial(_leave, turn=turn, gait=gait, at=at))

    turns = several(store, 1020 * MS, gait, 3)
    assert [one.place for one in turns.taken] == [first.place, second.place]
    assert [one.moment - MACHINE.timestamp() for one in turns.taken] == pytest.approx([1.02, 1.05], abs=1e-4)
    assert turns.wait == pytest.approx(0.1)


def _leave(book: Book, turn: Turn, gait: Gait, at: float) -> None:
    book.letters.pace.leave(turn, gait, at)


def test_a_place_lost_with_its_sender_is_free_again(store: Store) -> None:
    """Whoever took it and died is not heard of: after three seconds it counts no more; a late word changes nothing."""
    gait = Gait(every=0.1, places=1)
    lost, found = take(store, 0 * SECOND, gait), take(store, 3 * SECOND, gait)
    assert isinstance(lost, Turn)
    assert isinstance(found, Turn)

    store.write_now(lambda book: book.letters.pace.leave(lost, gait, MACHINE.timestamp() + 3.01))
    after = take(store, 5.93 * SECOND, gait)
    assert after == pytest.approx(0.07 - LEAD, abs=1e-4)


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
