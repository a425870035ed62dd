"""The first tables: a province, its units, who sits where, and how they join."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


TABLES = (
    "province",
    "calendar_day",
    "join_try",
    "person",
    "unit",
    "address",
    "seat",
    "invite",
)


def upgrade() -> None:
    """Make the tables."""
    _make_province()
    _make_calendar_day()
    _make_join_try()
    _make_person()
    _make_unit()
    _make_address()
    _make_seat()
    _make_invite()


def downgrade() -> None:
    """Drop them, the last first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_province() -> None:
    op.create_table(
        "province",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_province"),
        sa.UniqueConstraint("code", name="uq_province_code"),
    )


def _make_calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String()),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_calendar_day_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_day"),
        sa.UniqueConstraint("province_id", "day", name="uq_calendar_day_province_id_day"),
    )


def _make_join_try() -> None:
    op.create_table(
        "join_try",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_join_try_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_join_try"),
    )
    op.create_index("ix_join_try_account_at", "join_try", ["account", "at"])
    op.create_index("ix_join_try_address_hash_at", "join_try", ["address_hash", "at"])


def _make_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String()),
        sa.Column("phone", sa.String()),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("consent_at", sa.BigInteger()),
        sa.Column("consent_version", sa.String()),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_person_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )


def _make_unit() -> None:
    op.create_table(
        "unit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("marks", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_unit_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("province_id", "code", name="uq_unit_province_id_code"),
    )


def _make_address() -> None:
    op.create_table(
        "address",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.BigInteger()),
        sa.Column("refused_why", sa.String()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_address_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_address_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
        sa.UniqueConstraint("channel", "account", "peer", name="uq_address_channel_account_peer"),
    )
    op.create_index("ix_address_person_id", "address", ["person_id"])


def _make_seat() -> None:
    op.create_table(
        "seat",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.CheckConstraint("role IN ('contact','deputy','leader','office','chair','admin')", name="ck_seat_role_known"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_seat_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_seat_province_id_province"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_seat_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_seat"),
    )
    op.create_index("ix_seat_person_id", "seat", ["person_id"])
    where = sa.text("until IS NULL")
    op.create_index("ix_seat_unit_open", "seat", ["unit_id", "role"], sqlite_where=where, postgresql_where=where)


def _make_invite() -> None:
    op.create_table(
        "invite",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("replaces_seat_id", KEY),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("used_by_id", KEY),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_invite_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_invite_province_id_province"),
        sa.ForeignKeyConstraint(["replaces_seat_id"], ["seat.id"], name="fk_invite_replaces_seat_id_seat"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_invite_unit_id_unit"),
        sa.ForeignKeyConstraint(["used_by_id"], ["person.id"], name="fk_invite_used_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_invite"),
        sa.UniqueConstraint("code_hash", name="uq_invite_code_hash"),
    )
