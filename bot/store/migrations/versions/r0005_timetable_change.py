"""What the office changed in its own days and in how often people are reminded: every change is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TABLE = "timetable_change"


def upgrade() -> None:
    """Make the table; what was set before it is where the first change begins."""
    op.create_table(
        _TABLE,
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("seat_id", KEY),
        sa.Column("said_id", KEY),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("what IN ('calendar','policy')", name="ck_timetable_change_what_known"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_timetable_change_province_id_province"),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name="fk_timetable_change_seat_id_seat"),
        sa.ForeignKeyConstraint(["said_id"], ["said.id"], name="fk_timetable_change_said_id_said"),
        sa.PrimaryKeyConstraint("id", name="pk_timetable_change"),
        sa.UniqueConstraint("province_id", "what", "number", name="uq_timetable_change_province_id_what_number"),
    )


def downgrade() -> None:
    """Drop it, and what it held."""
    op.drop_table(_TABLE)
