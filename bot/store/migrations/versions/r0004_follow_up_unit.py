"""The unit that follows a task up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REFERENCE = "fk_task_follow_up_unit_id_unit"


def upgrade() -> None:
    """Add the column; what was imported before is followed up by nobody until the list is imported again."""
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("follow_up_unit_id", KEY))
        task.create_foreign_key(_REFERENCE, "unit", ["follow_up_unit_id"], ["id"])


def downgrade() -> None:
    """Drop it, and what it held."""
    with op.batch_alter_table("task") as task:
        task.drop_constraint(_REFERENCE, type_="foreignkey")
        task.drop_column("follow_up_unit_id")
