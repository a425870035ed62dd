"""The first tables of the mail: what came in, what goes out, at which pace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


TABLES = (
    "rate",
    "refused_mark",
    "inbox",
    "sweep",
    "listing",
    "letter",
    "reminder",
    "attempt",
)


def upgrade() -> None:
    """Make the tables."""
    _make_rate()
    _make_refused_mark()
    _make_inbox()
    _make_sweep()
    _make_listing()
    _make_letter()
    _make_reminder()
    _make_attempt()


def downgrade() -> None:
    """Drop them, the last first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_rate() -> None:
    op.create_table(
        "rate",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_rate"),
    )


def _make_refused_mark() -> None:
    op.create_table(
        "refused_mark",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refused_mark"),
    )


def _make_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("incoming", sa.String()),
        sa.Column("why", sa.String()),
        sa.CheckConstraint("state IN ('applied','waiting','failed','parked','refused')", name="ck_inbox_state_known"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_inbox_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("channel", "account", "external_id", name="uq_inbox_channel_account_external_id"),
    )
    op.create_index("ix_inbox_channel_account_peer_id", "inbox", ["channel", "account", "peer", "id"])
    where = sa.text("state IN ('waiting','failed')")
    op.create_index("ix_inbox_unfinished", "inbox", ["id"], sqlite_where=where, postgresql_where=where)


def _make_sweep() -> None:
    op.create_table(
        "sweep",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_sweep_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_sweep"),
        sa.UniqueConstraint("province_id", "name", name="uq_sweep_province_id_name"),
    )


def _make_listing() -> None:
    op.create_table(
        "listing",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("numbered", sa.String(), nullable=False),
        sa.Column("choices", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_listing_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_listing_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
    )
    op.create_index("ix_listing_person_id_id", "listing", ["person_id", "id"])


def _make_letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("channel", sa.String()),
        sa.Column("account", sa.String()),
        sa.Column("peer", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("recipe", sa.String()),
        sa.Column("text", sa.Text()),
        sa.Column("buttons", sa.String(), nullable=False),
        sa.Column("listing_id", KEY),
        sa.Column("about_id", KEY),
        sa.Column("attachment", sa.String()),
        sa.Column("answers_id", KEY),
        sa.Column("reply_to", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("worker", sa.String()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("platform_id", sa.String()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("why", sa.String()),
        sa.CheckConstraint(
            "state IN ('planned','claimed','sending','accepted','refused','doubtful','cancelled','held')",
            name="ck_letter_state_known",
        ),
        sa.ForeignKeyConstraint(["about_id"], ["assignment.id"], name="fk_letter_about_id_assignment"),
        sa.ForeignKeyConstraint(["answers_id"], ["inbox.id"], name="fk_letter_answers_id_inbox"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_letter_listing_id_listing"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_letter_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_letter_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("province_id", "once", name="uq_letter_province_id_once"),
    )
    _index_letter()


def _index_letter() -> None:
    op.create_index(
        "ix_letter_channel_account_peer_platform_id", "letter", ["channel", "account", "peer", "platform_id"]
    )
    op.create_index("ix_letter_person_id_id", "letter", ["person_id", "id"])
    where = sa.text("state IN ('planned','claimed','sending')")
    op.create_index(
        "ix_letter_waiting", "letter", ["urgency", "not_before", "id"], sqlite_where=where, postgresql_where=where
    )


def _make_reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("milestone", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('planned','sent','cancelled')", name="ck_reminder_state_known"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_reminder_assignment_id_assignment"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_reminder_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint(
            "assignment_id",
            "due_version",
            "rule",
            "day",
            "person_id",
            name="uq_reminder_assignment_id_due_version_rule_day_person_id",
        ),
    )
    op.create_index("ix_reminder_person_slot", "reminder", ["person_id", "day", "slot"])
    where = sa.text("state = 'planned'")
    op.create_index("ix_reminder_planned", "reminder", ["assignment_id"], sqlite_where=where, postgresql_where=where)


def _make_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("outcome", sa.String()),
        sa.Column("why", sa.String()),
        sa.Column("platform_id", sa.String()),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_attempt_letter_id_letter"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("letter_id", "fence", name="uq_attempt_letter_id_fence"),
    )
