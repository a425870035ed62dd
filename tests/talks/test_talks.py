"""Conversations as tests: each .talk file is a promise that an official can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talks.play import Talk

TALKS = sorted(Path(__file__).parent.glob("*.talk"))


@pytest.mark.parametrize("file", TALKS, ids=lambda file: file.stem)
def test_talk(file: Path, tmp_path: Path) -> None:
    """The conversation goes exactly as the file says, and nobody hears anything else."""
    talk = Talk(tmp_path)
    try:
        talk.play(file.read_text("utf-8"))
    finally:
        talk.close()
