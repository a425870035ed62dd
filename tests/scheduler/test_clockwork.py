"""The ticking clock: it ticks, does not overtake itself, and stops."""

from __future__ import annotations

import asyncio
from datetime import timedelta

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
