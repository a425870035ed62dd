"""A province on each of the two databases."""

from __future__ import annotations

import pytest

from tests.store import opening

kept_database = pytest.fixture(scope="session")(opening.kept_database)
kept_file = pytest.fixture(scope="session")(opening.kept_file)
store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)
