"""Conversations as tests: each .talk file is a promise that an official can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.talks.play import Sample

TALKS = sorted(Path(__file__).parent.glob("*.talk"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The province of all talks, founded once a session."""
    founded = Sample(tmp_path_factory.mktemp("talks"))
    yield founded
    founded.close()


@pytest.mark.parametrize("file", TALKS, ids=lambda file: file.stem)
def test_talk(file: Path, sample: Sample) -> None:
    """The conversation goes exactly as the file says, and nobody hears anything else."""
    sample.talk().play(file.read_text("utf-8"))
