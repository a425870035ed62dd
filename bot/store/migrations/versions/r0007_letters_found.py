"""Indexes that find a letter by its listing, and what is held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_LISTED = sa.text("listing_id IS NOT NULL")
_HELD = sa.text("state = 'held'")


def upgrade() -> None:
    """Make them; each message asks by both."""
    op.create_index("ix_letter_listing", "letter", ["listing_id"], sqlite_where=_LISTED, postgresql_where=_LISTED)
    whose = ["province_id", "person_id"]
    op.create_index("ix_letter_held", "letter", whose, sqlite_where=_HELD, postgresql_where=_HELD)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_letter_held", "letter")
    op.drop_index("ix_letter_listing", "letter")
