"""The day of the deadline after lunch, to those who have not reported that day; an ack is no report."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(at: Distance, policy: Policy) -> int | None:
    """Day 0, where the policy calls twice."""
    return 0 if at.last and policy.second_call else None
