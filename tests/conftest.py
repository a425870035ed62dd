"""Fixtures every room's tests may ask for: databases."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import opened_store, postgres
from tests.store import opening


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: it is not walked for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server's URL, one a test process; skipped with the reason where there is none, never in CI."""
    with ExitStack() as running:
        try:
            url = running.enter_context(postgres.server())
        except postgres.NoServer as why:
            if os.environ.get("CI"):
                pytest.fail(f"CI has to test on PostgreSQL: {why}")
            pytest.skip(f"no PostgreSQL: {why}")
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """A fresh empty PostgreSQL database's URL, for what only PostgreSQL can show."""
    with postgres.fresh_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def kept_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[opening.Kept]:
    """A SQLite store, one a test process."""
    with opening.kept(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'book.sqlite3'}") as store:
        yield store


@pytest.fixture(scope="session")
def kept_postgresql(postgres_url: str) -> Iterator[opening.Kept]:
    """A PostgreSQL store, one a test process."""
    with postgres.fresh_database(postgres_url) as url, opening.kept(url) as store:
        yield store


@pytest.fixture(scope="session")
def sample_province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[opened_store.Template]:
    """The sample province of An Giang, founded once a test process."""
    with opened_store.template(tmp_path_factory.mktemp("sample")) as founded:
        yield founded


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh empty database's URL; the test runs once on each of the two databases we support."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite3'}"
    url: str = request.getfixturevalue("postgres_database")
    return url
