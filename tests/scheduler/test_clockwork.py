"""The ticking clock: it ticks, does not overtake itself, and stops."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from scheduler.clockwork import Clockwork


async def test_it_ticks_one_after_the_other_until_stopped() -> None:
    """A slow tick is never run twice at once; after the stop there is none."""
    running = most = count = 0
    thrice = asyncio.Event()

    async def tick() -> None:
        nonlocal running, most, count
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        count += 1
        if count == 3:
            thrice.set()

    clock = Clockwork(tick, timedelta(seconds=0.01))
    clock.start()
    await asyncio.wait_for(thrice.wait(), 10)
    clock.stop()
    await asyncio.sleep(0.03)
    ended = count

    await asyncio.sleep(0.05)

    assert most == 1
    assert count <= ended + 1


async def test_the_first_tick_comes_at_once() -> None:
    """Whoever starts again at half past seven looks for what fell due right away, not an interval later."""
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    clock = Clockwork(tick, timedelta(hours=1))
    clock.start()
    await asyncio.wait_for(ticked.wait(), 10)
    clock.stop()


async def test_an_end_in_the_middle_of_a_tick_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Stopped while the first tick is under way: that is given up, and nobody is told of a failure."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    clock = Clockwork(tick, timedelta(hours=1))
    clock.start()
    await asyncio.wait_for(begun.wait(), 10)
    clock.stop()
    await asyncio.wait_for(ended.wait(), 10)
    await asyncio.sleep(0)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []
