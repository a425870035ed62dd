"""A province on each of the two databases."""

from __future__ import annotations

import pytest

from tests.store import opening

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)
