"""The post keeps the account's pace: answers overtake a broadcast, a pause stops what was about to leave."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import post
from bot.clock import wall
from bot.messages import Letter, LetterKind, Receipt, SendFailed
from bot.store import pace
from bot.store.engine import Store
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
    for room in (pace, post):
        monkeypatch.setattr(room, "LEAD", 10.0)
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
