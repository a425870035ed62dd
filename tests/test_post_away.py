"""The post while its database is away, and after it was frozen itself: what it knows it tells, what is late stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import post, post_begun, post_ledger
from bot.clock import monotonic
from bot.post_lane import Lane
from bot.store.engine import Store
from tests.scripted_channel import ScriptedChannel, post_of, run_until, state
from tests.store import opening
from tests.store.opening import LAN, join, outcomes, plan

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)
small = pytest.fixture(params=["sqlite"])(opening.fresh_store)


class Outage:
    """The store's writes fail while it lasts; `commits`: they are done all the same, and only the answer is lost."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch, *, commits: bool = False) -> None:
        self.lasts = 0
        self.met = 0
        write = store.write

        async def fails(work: Callable[..., Any]) -> Any:
            if not self.lasts:
                return await write(work)
            self.lasts -= 1
            self.met += 1
            if commits:
                await write(work)
            raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))

        monkeypatch.setattr(store, "write", fails)
        monkeypatch.setattr(post_ledger, "AGAIN", 0.001)


@pytest.mark.parametrize("commits", [False, True])
async def test_what_arrived_is_told_when_the_database_is_back(
    store: Store, monkeypatch: pytest.MonkeyPatch, *, commits: bool
) -> None:
    """The primary dies while Lan's letter is on the wire: the post alone knows that it arrived, and no copy follows."""
    letter_id = plan(store, "nhắc", join(store, "Lan", str(LAN)))
    outage = Outage(store, monkeypatch, commits=commits)
    channel = ScriptedChannel()

    def strikes(_letter: object) -> None:
        outage.lasts = 3

    channel.script = strikes
    await run_until(post_of(store, channel), until=lambda: state(store, letter_id) == "accepted" and not outage.lasts)

    assert outage.met == 3
    assert outcomes(store, letter_id) == [(1, "accepted")]
    assert len(channel.arrived) == 1


@pytest.mark.parametrize("commits", [False, True])
async def test_what_never_left_is_in_no_doubt(store: Store, monkeypatch: pytest.MonkeyPatch, *, commits: bool) -> None:
    """The database dies as a letter's departure is written down, done or not: it is given back, and goes without
    the words that it is sent again."""
    letter_id = plan(store, "nhắc", join(store, "Lan", str(LAN)))
    outage = Outage(store, monkeypatch, commits=commits)
    channel = ScriptedChannel()
    sender = post_of(store, channel)
    taken = Lane.next

    def strikes(lane: Lane) -> Any:
        outage.lasts = 0 if outage.met else 2 - commits
        return taken(lane)

    monkeypatch.setattr(Lane, "next", strikes)
    await run_until(sender, until=lambda: state(store, letter_id) == "accepted")

    assert [outcome for _, outcome in outcomes(store, letter_id)] == ["not_sent"] * commits + ["accepted"]
    assert channel.texts == ["Tin nhắc"]


async def test_a_post_that_stops_beside_a_dead_database_stops(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told to end while nothing can be written: it ends at once, and its letters are left to their leases."""
    letter_id = plan(small, "nhắc", join(small, "Lan", str(LAN)))
    outage = Outage(small, monkeypatch)
    channel = ScriptedChannel()

    def strikes(_letter: object) -> None:
        outage.lasts = 1_000_000

    channel.script = strikes
    await asyncio.wait_for(run_until(post_of(small, channel), until=lambda: outage.met > 3), 20)

    outage.lasts = 0
    assert state(small, letter_id) == "sending"


async def test_who_was_frozen_past_its_turn_gives_it_up(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frozen for a minute between its turn and the letter, a replica wakes: others have its place in the platform's
    second by now, and may have sent the letter; so it stays, surely unsent, and takes its turn anew."""
    letter_id = plan(small, "nhắc", join(small, "Lan", str(LAN)))
    asleep = 0.0
    start = Lane.start

    def freezes(lane: Lane, work: Any) -> None:
        nonlocal asleep
        asleep = 60.0
        start(lane, work)

    for room in (post, post_begun):
        monkeypatch.setattr(room, "monotonic", lambda: monotonic() + asleep)
    monkeypatch.setattr(Lane, "start", freezes)
    channel = ScriptedChannel()
    await run_until(post_of(small, channel), until=lambda: state(small, letter_id) == "accepted")

    assert outcomes(small, letter_id) == [(1, "not_sent"), (2, "accepted")]
    assert channel.texts == ["Tin nhắc"]
