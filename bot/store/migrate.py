"""Brings a database to the tables this version knows: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

#: Replicas that start together upgrade one after the other; the number only has to be ours.
_LOCK = 0x4E48_4143_5649_4543


class BrokenReference(RuntimeError):  # noqa: N818  (what was found)
    """After a migration a row refers to nothing; it was rolled back."""


class Standing(StrEnum):
    """How a database's tables stand to this version: none yet, older, the same, or of a later version."""

    EMPTY = "empty"
    BEHIND = "behind"
    READY = "ready"
    AHEAD = "ahead"


def standing(engine: Engine) -> Standing:
    """Where the database stands; it is left as it is."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
        ours = ScriptDirectory.from_config(_config(connection))
    if here is None:
        return Standing.EMPTY
    if here == ours.get_current_head():
        return Standing.READY
    known = {script.revision for script in ours.walk_revisions()}
    return Standing.BEHIND if here in known else Standing.AHEAD


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Make or change the tables, up to this revision."""
    with _alone(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to this revision, `base` for none at all; what they held beyond it is gone."""
    with _alone(engine) as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision that the database stands at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other migration runs beside; on SQLite with references checked at its end."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        try:
            if sqlite:
                _check_references(connection, at_once=False)
            with connection.begin():
                if not sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                yield connection
                if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise BrokenReference(f"a row of {lost[0]} refers to no row of {lost[2]}")
        finally:
            if sqlite:
                _check_references(connection, at_once=True)


def _check_references(connection: Connection, *, at_once: bool) -> None:
    """A table is changed there by making it anew: its old self must go without taking along what refers to it.

    SQLite heeds this outside of transactions alone, so it is said past SQLAlchemy, which would begin one.
    """
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if at_once else 'OFF'}")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "bot.store:migrations")
    return config
