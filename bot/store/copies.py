"""Copies of a SQLite store, taken while it works. PostgreSQL has better tools of its own (pg_dump, standbys)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url


class CopyRefused(Exception):  # noqa: N818  (a fact for the operator)
    """Why no copy was made: `why` is postgres, no_store, no_place, exists, damaged or no_copy."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_there(url: str) -> bool:
    """Whether a store's file is there; a server's database always counts as there."""
    try:
        return _path(url).is_file()
    except CopyRefused:
        return True


def copy_out(url: str, file: Path) -> int:
    """Copy the store into a new file and check it; its size in bytes."""
    source = _path(url)
    if not source.is_file():
        raise CopyRefused("no_store")
    if file.exists():
        raise CopyRefused("exists")
    part = file.with_name(file.name + ".part")
    try:
        part.unlink(missing_ok=True)  # a copy that was cut short may have left half of itself
        part.touch(mode=0o600)  # people's names and addresses are in it
    except OSError:
        raise CopyRefused("no_place") from None
    with closing(sqlite3.connect(source)) as store, closing(sqlite3.connect(part)) as copy:
        store.backup(copy)
    _check(part)
    part.replace(file)
    return file.stat().st_size


def put_back(url: str, file: Path) -> None:
    """Make a copy the store, where there is none yet."""
    target = _path(url)
    if not file.is_file():
        raise CopyRefused("no_copy")
    if target.exists():
        raise CopyRefused("exists")
    _check(file)
    try:
        target.touch(mode=0o600)
    except OSError:
        raise CopyRefused("no_place") from None
    with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(target)) as store:
        copy.backup(store)


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            sound = sound and copy.execute("SELECT count(*) FROM province").fetchone() is not None
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise CopyRefused("damaged")


def _path(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise CopyRefused("postgres")
    return Path(parsed.database)
