"""A deadline comes near: so many working days before it."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(at: Distance, policy: Policy) -> int | None:
    """Minus the working days left; the last working day belongs to due_today."""
    return -at.before if at.before in policy.before and not at.last else None
