"""The contact asked to be reminded once more: planned when it is asked, for the slot they named."""

from __future__ import annotations

from scheduler.policy import Distance, Policy


def falls(_at: Distance, _policy: Policy) -> int | None:
    """On no day by itself."""
    return None
