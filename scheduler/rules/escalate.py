"""The unit's leader hears what is overdue, on the days the contact does."""

from __future__ import annotations

from scheduler.policy import Distance, Policy
from scheduler.rules import overdue


def falls(at: Distance, policy: Policy) -> int | None:
    """The working days since the deadline, from the leader's first on."""
    days = overdue.falls(at, policy)
    return days if days is not None and days >= policy.leader_from else None
