"""An extension was asked for and the office has not decided in the time it gave itself."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(at: Distance, policy: Policy) -> int | None:
    """The working days since it was asked."""
    return at.after if at.after in policy.undecided else None
