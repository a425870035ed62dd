"""The post keeps the account's pace: answers overtake a broadcast, a pause stops what was about to leave."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import post, post_begun, post_rhythm
from bot.clock import monotonic, wall
from bot.messages import Letter, LetterKind, Receipt, SendFailed
from bot.store.engine import Store
from bot.store.mail import rate
from tests.scripted_channel import FAST, ScriptedChannel, post_of, run_until, state
from tests.store import opening
from tests.store.opening import join, outcomes, plan

store = pytest.fixture(params=["sqlite"])(opening.fresh_store)


async def test_who_just_wrote_is_answered_within_a_broadcast(store: Store) -> None:
    """Sixty reminders are on their way; the answer planned at the fifth goes after two more at most."""
    for number in range(60):
        plan(store, f"nhắc {number}", join(store, f"Lan {number}", f"telegram:1:{number}"))
    minh = join(store, "Minh", "telegram:1:600")
    channel = ScriptedChannel(limits=replace(FAST, per_second=30.0))
    sender = post_of(store, channel)

    def script(_letter: Letter) -> None:
        if len(channel.tried) == 5:
            plan(store, "trả lời", minh, LetterKind.ANSWER)
            sender.wake()

    channel.script = script
    await run_until(sender, until=lambda: "Tin trả lời" in channel.texts)

    assert channel.texts.index("Tin trả lời") <= 7


async def test_a_pause_stops_what_was_about_to_leave(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first letter is refused for a minute while the next waits for its moment: that one stays, surely unsent."""
    monkeypatch.setattr(post_rhythm, "LEAD", 10.0)
    ids = [plan(store, f"nhắc {n}", join(store, f"Lan {n}", f"telegram:1:{n}")) for n in range(2)]

    unsent = [[(1, "not_sent")]] * 2

    class Slow(ScriptedChannel):
        async def send(self, letter: Letter) -> Receipt:
            while not outcomes(store, ids[1]):
                await asyncio.sleep(0.005)
            return await super().send(letter)

    channel = Slow(limits=replace(FAST, per_second=2.0))
    channel.complain_once(SendFailed("Too Many Requests", retry_at=wall() + timedelta(minutes=1), written=False))
    await run_until(post_of(store, channel), until=lambda: [outcomes(store, one) for one in ids] == unsent)

    assert len(channel.tried) == 1
    assert [state(store, one) for one in ids] == ["planned"] * 2


async def test_a_process_held_up_between_two_clocks_frees_no_place_early(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread runs 50 ms between the readings of two clocks: a place is held a whole second all the same."""
    held_up = 0.0
    for room in (post, post_begun):
        monkeypatch.setattr(room, "monotonic", lambda: monotonic() + held_up)
    began = wall() - timedelta(seconds=monotonic())

    def machine() -> datetime:
        nonlocal held_up
        read = began + timedelta(seconds=post.monotonic())
        held_up += 0.05
        return read

    plan(store, "nhắc", join(store, "Lan", "telegram:1:1"))
    channel = ScriptedChannel(limits=replace(FAST, per_second=30.0))
    left: list[float] = []
    channel.script = lambda _letter: left.append(post.monotonic())
    sender = post_of(store, channel)
    sender._machine = machine
    await run_until(sender, until=lambda: store.read_now(lambda book: book.letters.counts()) == {"accepted": 1})

    with store.engine.connect() as connection:
        free_at = connection.execute(select(rate.c.next_at).where(rate.c.name == "telegram:1#0")).scalar_one()
    assert free_at - began.timestamp() >= left[0] + 1
