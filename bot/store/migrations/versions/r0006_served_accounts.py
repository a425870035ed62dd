"""Since when no account of ours serves an address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; whoever starts the house next says which accounts are served."""
    op.add_column("address", sa.Column("unserved_since", sa.BigInteger()))


def downgrade() -> None:
    """Drop it, and what it held."""
    with op.batch_alter_table("address") as address:
        address.drop_column("unserved_since")
