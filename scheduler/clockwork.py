"""The clock that ticks: one job of APScheduler, in memory, and nothing else of it. What a tick does is the caller's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

#: Well under a minute, so that 07:30 means 07:30.
EVERY = timedelta(seconds=20)
#: No zone with summer time, never the host's: APScheduler goes astray at its changes.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Clockwork:
    """Awaits `tick` at once and then regularly; one that takes longer than the interval is not overtaken."""

    def __init__(self, tick: Callable[[], Awaitable[object]], every: timedelta = EVERY) -> None:
        self._tick = tick
        self._every = every
        self._scheduler = AsyncIOScheduler(timezone=_ZONE)

    def start(self) -> None:
        """Begin to tick on the running event loop."""
        self._scheduler.start()
        job = self._scheduler.add_job(
            self._run,
            "interval",
            seconds=self._every.total_seconds(),
            # The default drops a run that is a second late.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        # What was missed while nothing ran does not wait for an interval more.
        job.modify(next_run_time=job.next_run_time - self._every)

    def stop(self) -> None:
        """Tick no more; a tick under way is given up, what it was writing is written or not."""
        self._scheduler.shutdown(wait=False)

    async def _run(self) -> None:
        # APScheduler would tell of an end that was wanted as of an error.
        with suppress(asyncio.CancelledError):
            await self._tick()
