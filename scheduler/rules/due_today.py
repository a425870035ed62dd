"""The day of the deadline; where that is a day off, the last working day before it."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(at: Distance, _policy: Policy) -> int | None:
    """Day 0."""
    return 0 if at.last else None
