"""Brings a database to the tables this version knows: all of it in one transaction, or nothing."""

from __future__ import annotations

from enum import StrEnum

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

#: Replicas that start together upgrade one after the other; the number only has to be ours.
_LOCK = 0x4E48_4143_5649_4543


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
    with engine.begin() as connection:
        _alone(connection)
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to this revision, `base` for none at all; what they held beyond it is gone."""
    with engine.begin() as connection:
        _alone(connection)
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """The revision that the database stands at; None before the first."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "bot.store:migrations")
    return config
