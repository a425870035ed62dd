"""The databases the other tests stand on are fresh, empty, and gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import sqlalchemy

from tests.postgres import fresh_database

ROOT = Path(__file__).resolve().parents[1]


def test_a_fresh_database_is_empty_and_takes_vietnamese(database_url: str) -> None:
    """Each test begins with no table, on both databases, and every letter comes back as written."""
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.execute(sqlalchemy.text("CREATE TABLE unit (name TEXT)"))
        connection.execute(sqlalchemy.text("INSERT INTO unit VALUES ('Đặc khu Thổ Châu')"))
        assert connection.execute(sqlalchemy.text("SELECT name FROM unit")).scalar() == "Đặc khu Thổ Châu"
    engine.dispose()


def test_databases_of_two_tests_are_two(postgres_url: str) -> None:
    """What Lan's test writes, Minh's never sees; afterwards neither database is left."""
    with fresh_database(postgres_url) as lan, fresh_database(postgres_url) as minh:
        names = {urlsplit(url).path[1:] for url in (lan, minh)}
        assert len(names) == 2
        assert names <= _databases(postgres_url)
    assert not names & _databases(postgres_url)


def _databases(server_url: str) -> set[str]:
    with psycopg.connect(server_url) as admin:
        return {name for (name,) in admin.execute("SELECT datname FROM pg_database")}


def test_a_killed_test_run_leaves_no_server() -> None:
    """Even kill -9 of the tests ends their server and takes its files away."""
    if os.environ.get("NHACVIEC_TEST_DATABASE_URL"):
        pytest.skip("the server is somebody else's")
    script = "from tests.postgres import server\nwith server() as url:\n    print(url, flush=True)\n    input()"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdin=-1, stdout=-1, stderr=-1, text=True) as run:
        assert run.stdout
        url = run.stdout.readline().strip()
        if not url:
            pytest.skip("no PostgreSQL on this machine")
        run.send_signal(signal.SIGKILL)

    home = Path(url.partition("host=")[2])
    patience = time.monotonic() + 20
    while home.exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert not home.exists()
