"""The date on which an obstacle was to be looked at again; on a day off, the working day after it."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(at: Distance, _policy: Policy) -> int | None:
    """Day 0."""
    return 0 if at.first else None
