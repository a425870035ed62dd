"""Time is the wall's, or a sample's own, which runs at real speed and only jumps forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import clock
from bot.clock import Clock, StillClock

WALL = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
FRIDAY = datetime(2025, 9, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The host's clock, which the test sets."""
    held = [WALL]
    monkeypatch.setattr(clock, "wall", lambda: held[0])
    return held


def test_a_samples_time_runs_at_real_speed(wall: list[datetime]) -> None:
    """An hour on the wall is an hour in the sample, before and after a jump."""
    sample = Clock(FRIDAY - WALL)
    wall[0] += timedelta(hours=1)
    assert sample.now() == FRIDAY + timedelta(hours=1)
    sample.jump_to(FRIDAY + timedelta(days=3))
    wall[0] += timedelta(hours=1)

    assert sample.now() == FRIDAY + timedelta(days=3, hours=1)


def test_the_offset_that_is_kept_brings_the_same_time_back(wall: list[datetime]) -> None:
    """Stopped for the night and started again, the sample has gone on as the wall did."""
    offset = Clock(FRIDAY - WALL).jump_to(FRIDAY + timedelta(days=3))
    wall[0] += timedelta(hours=9)

    assert Clock(offset).now() == FRIDAY + timedelta(days=3, hours=9)


def test_no_jump_goes_back(wall: list[datetime]) -> None:
    """A refused jump moves nothing: reminders that went are never due again."""
    sample = Clock(FRIDAY - WALL)
    with pytest.raises(ValueError, match="forward"):
        sample.jump_to(FRIDAY - timedelta(seconds=1))

    assert sample.now() == FRIDAY


def test_a_still_time_leaves_the_walls_offset(wall: list[datetime]) -> None:
    """The play ends and the store goes on as a running sample: from the moment the play stood at."""
    still = StillClock(FRIDAY)
    wall[0] += timedelta(minutes=5)
    offset = still.jump_to(FRIDAY + timedelta(days=1))

    assert still.now() == FRIDAY + timedelta(days=1)
    assert Clock(offset).now() == FRIDAY + timedelta(days=1)


def test_every_moment_says_its_zone() -> None:
    """Whatever the machine is set to, what is read is aware and in UTC."""
    assert clock.wall().utcoffset() == timedelta(0)
