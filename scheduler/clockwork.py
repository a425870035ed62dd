"""The clock that ticks: one job of APScheduler, in memory, and nothing else of it. What a tick does is the caller's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

#: Well under a minute, so that 07:30 means 07:30.
EVERY = timedelta(seconds=20)
#: No zone with summer time, never the host's: APScheduler goes astray at its changes.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Clockwork:
    """Awaits `tick` regularly; one that takes longer than the interval is not overtaken."""

    def __init__(self, tick: Callable[[], Awaitable[object]], every: timedelta = EVERY) -> None:
        self._tick = tick
        self._every = every
        self._scheduler = AsyncIOScheduler(timezone=_ZONE)

    def start(self) -> None:
        """Begin to tick on the running event loop."""
        self._scheduler.add_job(
            self._run,
            "interval",
            seconds=self._every.total_seconds(),
            # The default drops a run that is a second late.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a tick under way ends by itself."""
        self._scheduler.shutdown(wait=False)

    async def _run(self) -> None:
        await self._tick()
