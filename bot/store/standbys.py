"""Whether what PostgreSQL calls done is on a second machine too."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, text

#: Who may not see how a standby stands still sees that it is there.
_ASKED = text(
    "SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names') <> '',"
    " count(*) FILTER (WHERE coalesce(sync_state, 'sync') IN ('sync', 'quorum')) FROM pg_stat_replication"
)


@dataclass(frozen=True, slots=True)
class Standbys:
    """`durable`: done means written down; `waits`: and on a standby too; `there`: how many of those there are."""

    durable: bool
    waits: bool
    there: int


def standbys(engine: Engine) -> Standbys | None:
    """What the server says; None where it is no server but a file."""
    if engine.dialect.name != "postgresql":
        return None
    with engine.connect() as connection:
        commit, waits, there = connection.execute(_ASKED).one()
    return Standbys(commit not in ("off", "local"), waits, there)
