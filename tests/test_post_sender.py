"""A sender's name tells on its own machine whether it is gone, and nowhere else."""

from __future__ import annotations

import pytest

from bot import post_sender
from bot.post_sender import own_name, surely_gone
from tests.store.opening import dead_sender


def test_one_that_ended_here_is_gone() -> None:
    """A process that was killed, and one whose number now belongs to another, are gone; we are not."""
    machine, process, started, number = own_name().rsplit("/", 3)

    assert surely_gone(dead_sender())
    assert surely_gone(f"{machine}/{process}/{int(started) - 1}/{number}")
    assert not surely_gone(own_name())


@pytest.mark.parametrize("name", ["", "Minh", "other-boot/pid:[1]/999999/5/ab", "//1/2/3", "a/b/c/d/e"])
def test_what_cannot_be_told_from_here_counts_as_alive(name: str) -> None:
    """Another machine's sender, or a name we can't read, keeps its letters until its lease is over."""
    assert not surely_gone(name)


def test_two_posts_of_one_process_have_two_names() -> None:
    """Their letters are never mixed up."""
    assert own_name() != own_name()


def test_one_that_is_hidden_from_us_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a replica may not look at other users' processes (hidepid), those that live keep their letters."""
    living, ended = own_name(), dead_sender()
    monkeypatch.setattr(post_sender, "_started", lambda _process: None)

    assert not surely_gone(living)
    assert surely_gone(ended)
