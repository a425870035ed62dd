"""A deadline has passed: after one, three, seven working days, then at a steady pace."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(at: Distance, policy: Policy) -> int | None:
    """The working days since the deadline."""
    longest = max(policy.overdue, default=0)
    steady = at.after > longest and (at.after - longest) % policy.every == 0
    return at.after if at.after in policy.overdue or steady else None
