"""Whether this host's clock can be believed: a platform tells its own with every answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.port import Channel

#: Clocks so far apart are not both right; what nobody asked for then waits, as it would go at a wrong hour.
TOLERATED = timedelta(minutes=5)


def astray(channel: Channel, now: datetime) -> bool:
    """Whether the channel's platform knows another time than ours; not where it told none."""
    theirs: datetime | None = getattr(channel, "their_clock", None)
    return theirs is not None and abs(theirs - now) > TOLERATED
