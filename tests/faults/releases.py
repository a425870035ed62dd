"""A release of before, out of the repository's history: the last one that did not know our newest migration."""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.store.migrate import downgrade
from tests.faults.officers import OURS

_MIGRATIONS = Path("bot", "store", "migrations")


class NoHistory(RuntimeError):  # noqa: N818  (what is missing)
    """The files are here without the repository that they came from."""


@dataclass(frozen=True, slots=True)
class Release:
    """One that can be run; `commit` is what it was made from, `revision` the last migration that it knows."""

    folder: Path
    commit: str
    revision: str

    def take_back(self, url: str) -> None:
        """Give a database the tables that this release made."""
        engine = create_engine(url)
        downgrade(engine, self.revision)
        engine.dispose()


def head(folder: Path) -> str:
    """The last migration that the release in this folder knows."""
    config = Config()
    config.set_main_option("script_location", str(folder / _MIGRATIONS))
    found = ScriptDirectory.from_config(config).get_current_head()
    assert found
    return found


def earlier(folder: Path, commit: str | None = None) -> Release:
    """The release of this commit, put into that folder. Raises NoHistory."""
    if commit is None:
        newest = ScriptDirectory(str(OURS / _MIGRATIONS)).get_revision("head")
        assert newest
        made = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", newest.path).decode().strip()
        if not made:
            raise NoHistory("the newest migration is not in the history yet")
        commit = f"{made}~1"
    whole = _git("archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(whole)) as files:
        files.extractall(folder, filter="data")
    name = _git("rev-parse", "--short", commit).decode().strip()
    return Release(folder, name, head(folder))


def _git(*words: str) -> bytes:
    try:
        return subprocess.run(["git", *words], cwd=OURS, check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoHistory(str(error)) from error
