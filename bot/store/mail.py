"""The tables of what comes in and goes out: inbox, listings, reminders, the ledger of letters, rates."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from bot.store.columns import Instant, Json
from bot.store.tables import key, metadata, of

inbox = Table(
    "inbox",
    metadata,
    key(),
    of("province"),
    Column("channel", String, nullable=False),
    Column("account", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("incoming", Json),
    Column("why", String),
    UniqueConstraint("channel", "account", "external_id"),
    CheckConstraint("state IN ('applied','waiting','failed','parked','refused')", name="state_known"),
    Index(
        "ix_inbox_unfinished",
        "id",
        sqlite_where=text("state IN ('waiting','failed')"),
        postgresql_where=text("state IN ('waiting','failed')"),
    ),
    Index(None, "channel", "account", "peer", "id"),
)

listing = Table(
    "listing",
    metadata,
    key(),
    of("province"),
    of("person", null=True),
    Column("numbered", Json, nullable=False),
    Column("choices", Json, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index(None, "person_id", "id"),
)

reminder = Table(
    "reminder",
    metadata,
    key(),
    of("province"),
    of("assignment"),
    of("person"),
    Column("due_version", Integer, nullable=False),
    Column("rule", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("slot", String, nullable=False),
    Column("milestone", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("why", String),
    Column("planned_at", Instant, nullable=False),
    UniqueConstraint("assignment_id", "due_version", "rule", "day", "person_id"),
    CheckConstraint("state IN ('planned','sent','cancelled')", name="state_known"),
    Index("ix_reminder_person_slot", "person_id", "day", "slot"),
    Index(
        "ix_reminder_planned",
        "assignment_id",
        sqlite_where=text("state = 'planned'"),
        postgresql_where=text("state = 'planned'"),
    ),
)

_WAITING = text("state IN ('planned','claimed','sending')")
_LISTED = text("listing_id IS NOT NULL")
_HELD = text("state = 'held'")
#: Whether a letter is, written out as the index has it: with a parameter no database would see that it serves.
IS_HELD: ColumnElement[bool] = literal_column("letter.state = 'held'")

letter = Table(
    "letter",
    metadata,
    key(),
    of("province"),
    Column("once", String, nullable=False),
    of("person", null=True),
    Column("channel", String),
    Column("account", String),
    Column("peer", String),
    Column("kind", String, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("recipe", Json),
    Column("text", Text),
    Column("buttons", Json, nullable=False),
    of("listing", null=True),
    of("assignment", name="about_id", null=True),
    Column("attachment", Json),
    of("inbox", name="answers_id", null=True),
    Column("reply_to", String),
    Column("state", String, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("worker", String),
    Column("fence", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("silent", Boolean(name="silent_flag"), nullable=False),
    Column("platform_id", String),
    Column("settled_at", Instant),
    Column("why", String),
    UniqueConstraint("province_id", "once"),
    CheckConstraint(
        "state IN ('planned','claimed','sending','accepted','refused','doubtful','cancelled','held')",
        name="state_known",
    ),
    Index("ix_letter_waiting", "urgency", "not_before", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index(None, "channel", "account", "peer", "platform_id"),
    Index(None, "person_id", "id"),
    Index("ix_letter_listing", "listing_id", sqlite_where=_LISTED, postgresql_where=_LISTED),
    Index("ix_letter_held", "province_id", "person_id", sqlite_where=_HELD, postgresql_where=_HELD),
)

attempt = Table(
    "attempt",
    metadata,
    key(),
    of("letter"),
    Column("fence", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("account", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String),
    Column("why", String),
    Column("platform_id", String),
    UniqueConstraint("letter_id", "fence"),
)

rate = Table(
    "rate",
    metadata,
    Column("name", String, primary_key=True),
    Column("next_at", Float, nullable=False),
)

refused_mark = Table(
    "refused_mark",
    metadata,
    key(),
    Column("channel", String, nullable=False),
    Column("account", String, nullable=False),
    Column("external_id", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("why", String, nullable=False),
)

sweep = Table(
    "sweep",
    metadata,
    key(),
    of("province"),
    Column("name", String, nullable=False),
    Column("reached", Instant, nullable=False),
    UniqueConstraint("province_id", "name"),
)
