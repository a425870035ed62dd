"""Since when no account of ours serves an address; who was lost lately is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_REFUSED = sa.text("refused_at IS NOT NULL")
_UNSERVED = sa.text("unserved_since IS NOT NULL")


def upgrade() -> None:
    """Add the column; whoever starts the house next says which accounts are served."""
    op.add_column("address", sa.Column("unserved_since", sa.BigInteger()))
    op.create_index("ix_address_refused", "address", ["refused_at"], sqlite_where=_REFUSED, postgresql_where=_REFUSED)
    since = ["unserved_since"]
    op.create_index("ix_address_unserved", "address", since, sqlite_where=_UNSERVED, postgresql_where=_UNSERVED)


def downgrade() -> None:
    """Drop it, and what it held."""
    op.drop_index("ix_address_unserved", "address")
    op.drop_index("ix_address_refused", "address")
    with op.batch_alter_table("address") as address:
        address.drop_column("unserved_since")
