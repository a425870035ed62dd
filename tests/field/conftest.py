"""The sample province of the whole house, founded once a session; every test talks in a copy of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.talks.play import Sample, Talk


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """An Giang as it was founded."""
    founded = Sample(tmp_path_factory.mktemp("field"))
    yield founded
    founded.close()


@pytest.fixture
def talk(sample: Sample) -> Talk:
    """A house in which nothing has been said, at seven in the morning of Friday 12/9/2025."""
    return sample.talk()
