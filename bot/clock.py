"""The only place that reads a clock; everywhere else the time is an argument."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def wall() -> datetime:
    """The host's civil time, aware, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never jump, for pacing."""
    return time.monotonic()


class Clock:
    """Civil time for one store: the wall, or a sample's own time that runs at real speed and only jumps forward."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The civil time of this store."""
        return wall() + self.offset

    def jump_to(self, moment: datetime) -> timedelta:
        """Move a sample's time forward; returns the new offset. Backward jumps are refused with ValueError."""
        if moment < self.now():
            raise ValueError("time only jumps forward")
        self.offset = moment - wall()
        return self.offset


class StillClock(Clock):
    """A sample's time that stands still between the moments it is put to; the offset it leaves behind is the wall's."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment - wall())
        self._moment = moment

    def now(self) -> datetime:
        """The moment it was last put to."""
        return self._moment

    def jump_to(self, moment: datetime) -> timedelta:
        """Put it to a later moment."""
        offset = super().jump_to(moment)
        self._moment = moment
        return offset
