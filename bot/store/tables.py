"""The tables of people, tasks and what was said about them. Letters, inbox and reminders stand in mail.py."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from bot.store.columns import Id, Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[int]:
    """The row's own number."""
    return Column("id", Id, primary_key=True)


def of(table: str, *, name: str | None = None, null: bool = False) -> Column[int]:
    """A reference to another table's row."""
    return Column(name or f"{table}_id", Id, ForeignKey(f"{table}.id"), nullable=null)


province = Table(
    "province",
    metadata,
    key(),
    Column("code", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("language", String, nullable=False),
    Column("sample", Boolean(name="sample_flag"), nullable=False),
    Column("settings", Json, nullable=False),
    Column("secret", LargeBinary, nullable=False),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    key(),
    of("province"),
    Column("day", Date, nullable=False),
    Column("working", Boolean(name="working_flag"), nullable=False),
    Column("label", String),
    UniqueConstraint("province_id", "day"),
)

timetable_change = Table(
    "timetable_change",
    metadata,
    key(),
    of("province"),
    Column("what", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    of("seat", null=True),
    of("said", null=True),
    Column("at", Instant, nullable=False),
    UniqueConstraint("province_id", "what", "number"),
    CheckConstraint("what IN ('calendar','policy')", name="what_known"),
)

unit = Table(
    "unit",
    metadata,
    key(),
    of("province"),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("type", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("marks", Json, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("province_id", "code"),
)

person = Table(
    "person",
    metadata,
    key(),
    of("province"),
    Column("name", String, nullable=False),
    Column("post", String),
    Column("phone", String),
    Column("language", String, nullable=False),
    Column("consent_at", Instant),
    Column("consent_version", String),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant),
)

_REFUSED = text("refused_at IS NOT NULL")
_UNSERVED = text("unserved_since IS NOT NULL")

address = Table(
    "address",
    metadata,
    key(),
    of("province"),
    of("person"),
    Column("channel", String, nullable=False),
    Column("account", String, nullable=False),
    Column("peer", String, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("refused_at", Instant),
    Column("refused_why", String),
    Column("unserved_since", Instant),
    UniqueConstraint("channel", "account", "peer"),
    Index(None, "person_id"),
    Index("ix_address_refused", "refused_at", sqlite_where=_REFUSED, postgresql_where=_REFUSED),
    Index("ix_address_unserved", "unserved_since", sqlite_where=_UNSERVED, postgresql_where=_UNSERVED),
)

seat = Table(
    "seat",
    metadata,
    key(),
    of("province"),
    of("person"),
    of("unit"),
    Column("role", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    CheckConstraint("role IN ('contact','deputy','leader','office','chair','admin')", name="role_known"),
    Index(None, "person_id"),
    Index(
        "ix_seat_unit_open",
        "unit_id",
        "role",
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
)

invite = Table(
    "invite",
    metadata,
    key(),
    of("province"),
    Column("code_hash", LargeBinary, nullable=False, unique=True),
    of("unit"),
    Column("role", String, nullable=False),
    of("person", null=True),
    of("seat", name="replaces_seat_id", null=True),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    of("person", name="used_by_id", null=True),
    Column("revoked_at", Instant),
)

join_try = Table(
    "join_try",
    metadata,
    key(),
    of("province"),
    Column("address_hash", LargeBinary, nullable=False),
    Column("account", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "address_hash", "at"),
    Index(None, "account", "at"),
)

directive = Table(
    "directive",
    metadata,
    key(),
    of("province"),
    Column("number", String),
    Column("title", String, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("resolutions", Json, nullable=False),
)

task = Table(
    "task",
    metadata,
    key(),
    of("province"),
    of("directive"),
    Column("code", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("resolutions", Json, nullable=False),
    Column("due_on", Date),
    Column("due_time", Time),
    Column("due_phrase", String),
    Column("responsibility", String),
    Column("product", String),
    Column("authority", String),
    Column("co_units", Json, nullable=False),
    Column("recurs", String),
    Column("remark", String),
    Column("draft", Boolean(name="draft_flag"), nullable=False),
    Column("confirmed_at", Instant),
    of("unit", name="follow_up_unit_id", null=True),
    UniqueConstraint("province_id", "code"),
)

_OPEN = text("status IN ('assigned','in_progress','blocked','reported')")
_CHASED = text("status IN ('assigned','in_progress','blocked')")

assignment = Table(
    "assignment",
    metadata,
    key(),
    of("province"),
    of("task"),
    of("unit"),
    Column("status", String, nullable=False),
    Column("percent", Integer),
    Column("document", String),
    Column("note", Text),
    Column("obstacle", String),
    Column("follow_up", Date),
    Column("due_on", Date),
    Column("due_time", Time),
    Column("due_at", Instant),
    Column("due_version", Integer, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("received_at", Instant),
    Column("last_report_at", Instant),
    Column("reported_at", Instant),
    Column("accepted_at", Instant),
    Column("reported_by_tap", Boolean(name="tap_flag"), nullable=False),
    Column("extensions", Integer, nullable=False),
    Column("has_evidence", Boolean(name="evidence_flag"), nullable=False),
    UniqueConstraint("task_id", "unit_id"),
    CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
    CheckConstraint(
        "status IN ('assigned','in_progress','blocked','reported','accepted','recalled')", name="status_known"
    ),
    Index("ix_assignment_unit_open", "unit_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_assignment_due_chased", "due_on", sqlite_where=_CHASED, postgresql_where=_CHASED),
    Index(
        "ix_assignment_follow_up",
        "follow_up",
        sqlite_where=text("status = 'blocked'"),
        postgresql_where=text("status = 'blocked'"),
    ),
)

said = Table(
    "said",
    metadata,
    key(),
    of("province"),
    of("person", null=True),
    Column("channel", String, nullable=False),
    Column("message_id", String),
    Column("listing_id", Id),
    Column("at", Instant, nullable=False),
    Column("text", Text),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Index(None, "person_id", "at"),
)

step = Table(
    "step",
    metadata,
    key(),
    of("province"),
    of("assignment"),
    Column("kind", String, nullable=False),
    Column("at", Instant, nullable=False),
    of("seat", null=True),
    of("said", null=True),
    Column("percent", Integer),
    Column("document", String),
    Column("note", Text),
    Column("obstacle", String),
    Column("due_on", Date),
    Column("due_time", Time),
    Column("follow_up", Date),
    Column("has_evidence", Boolean(name="evidence_flag"), nullable=False),
    Column("by_tap", Boolean(name="tap_flag"), nullable=False),
    Column("for_unit", Boolean(name="for_unit_flag"), nullable=False),
    Column("superseded_at", Instant),
    Column("recorded_at", Instant, nullable=False),
    CheckConstraint(
        "kind IN ('not_started','progress','blocked','done','accept','return','recall','reopen','extend')",
        name="kind_known",
    ),
    Index(None, "assignment_id", "id"),
    Index(None, "province_id", "recorded_at"),
)

journal = Table(
    "journal",
    metadata,
    key(),
    of("province"),
    of("assignment"),
    Column("number", Integer, nullable=False),
    of("step"),
    of("seat", null=True),
    Column("what", String, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("text_digest", LargeBinary),
    Column("previous", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    UniqueConstraint("assignment_id", "number"),
)

anchor = Table(
    "anchor",
    metadata,
    key(),
    of("province"),
    Column("at", Instant, nullable=False),
    Column("heads", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)

question = Table(
    "question",
    metadata,
    key(),
    of("province"),
    of("person"),
    Column("kind", String, nullable=False),
    Column("options", Json, nullable=False),
    Column("payload", Json, nullable=False),
    Column("about", Json, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("outcome", String),
    Index(
        "uq_question_open",
        "person_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

request = Table(
    "request",
    metadata,
    key(),
    of("province"),
    Column("number", Integer, nullable=False),
    Column("kind", String, nullable=False),
    of("person"),
    of("unit", null=True),
    of("assignment", null=True),
    of("said", null=True),
    Column("due_on", Date),
    Column("payload", Json, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("settled_at", Instant),
    of("seat", name="settled_by_id", null=True),
    Column("verdict", String),
    Column("answer", Text),
    UniqueConstraint("province_id", "number"),
    Index(
        "ix_request_open",
        "province_id",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
    Index(None, "assignment_id"),
)
