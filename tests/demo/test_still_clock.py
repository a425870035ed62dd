"""A sample's time that stands still between events, and never goes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import StillClock, wall

MORNING = datetime(2025, 9, 12, 7, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def test_time_stands_where_it_was_put() -> None:
    """However long a step takes on the wall, all of it happens at one moment."""
    clock = StillClock(MORNING)
    later = MORNING + timedelta(hours=1)
    offset = clock.jump_to(later)

    assert clock.now() == later
    assert abs(later - (wall() + offset)) < timedelta(minutes=1)


def test_time_is_never_put_back() -> None:
    """An earlier moment is refused, and the clock stays."""
    clock = StillClock(MORNING)

    with pytest.raises(ValueError, match="forward"):
        clock.jump_to(MORNING - timedelta(seconds=1))
    assert clock.now() == MORNING
