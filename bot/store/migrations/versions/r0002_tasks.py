"""The first tables of the work: directives, tasks, assignments, what was said and asked, files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


TABLES = (
    "anchor",
    "directive",
    "file",
    "file_chunk",
    "question",
    "said",
    "task",
    "assignment",
    "evidence",
    "request",
    "step",
    "journal",
)


def upgrade() -> None:
    """Make the tables."""
    _make_anchor()
    _make_directive()
    _make_file()
    _make_file_chunk()
    _make_question()
    _make_said()
    _make_task()
    _make_assignment()
    _make_evidence()
    _make_request()
    _make_step()
    _make_journal()


def downgrade() -> None:
    """Drop them, the last first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_anchor() -> None:
    op.create_table(
        "anchor",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_anchor_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_anchor"),
    )


def _make_directive() -> None:
    op.create_table(
        "directive",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("number", sa.String()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("resolutions", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_directive_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_directive"),
    )


def _make_file() -> None:
    op.create_table(
        "file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_file_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_file"),
        sa.UniqueConstraint("province_id", "digest", name="uq_file_province_id_digest"),
    )


def _make_file_chunk() -> None:
    op.create_table(
        "file_chunk",
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name="fk_file_chunk_file_id_file"),
        sa.PrimaryKeyConstraint("file_id", "number", name="pk_file_chunk"),
    )


def _make_question() -> None:
    op.create_table(
        "question",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("outcome", sa.String()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_question_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_question_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
    )
    where = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_question_open", "question", ["person_id"], unique=True, sqlite_where=where, postgresql_where=where
    )


def _make_said() -> None:
    op.create_table(
        "said",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("person_id", KEY),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message_id", sa.String()),
        sa.Column("listing_id", KEY),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_said_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_said_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_said"),
    )
    op.create_index("ix_said_person_id_at", "said", ["person_id", "at"])


def _make_task() -> None:
    op.create_table(
        "task",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("directive_id", KEY, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("resolutions", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("due_time", sa.Time()),
        sa.Column("due_phrase", sa.String()),
        sa.Column("responsibility", sa.String()),
        sa.Column("product", sa.String()),
        sa.Column("authority", sa.String()),
        sa.Column("co_units", sa.String(), nullable=False),
        sa.Column("recurs", sa.String()),
        sa.Column("remark", sa.String()),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger()),
        sa.ForeignKeyConstraint(["directive_id"], ["directive.id"], name="fk_task_directive_id_directive"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_task_province_id_province"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("province_id", "code", name="uq_task_province_id_code"),
    )


def _make_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer()),
        sa.Column("document", sa.String()),
        sa.Column("note", sa.Text()),
        sa.Column("obstacle", sa.String()),
        sa.Column("follow_up", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("due_time", sa.Time()),
        sa.Column("due_at", sa.BigInteger()),
        sa.Column("due_version", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger()),
        sa.Column("last_report_at", sa.BigInteger()),
        sa.Column("reported_at", sa.BigInteger()),
        sa.Column("accepted_at", sa.BigInteger()),
        sa.Column("reported_by_tap", sa.Boolean(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("has_evidence", sa.Boolean(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name="ck_assignment_percent_range"),
        sa.CheckConstraint(
            "status IN ('assigned','in_progress','blocked','reported','accepted','recalled')",
            name="ck_assignment_status_known",
        ),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_assignment_province_id_province"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_assignment_task_id_task"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_assignment_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.UniqueConstraint("task_id", "unit_id", name="uq_assignment_task_id_unit_id"),
    )
    where = sa.text("status IN ('assigned','in_progress','blocked')")
    op.create_index("ix_assignment_due_chased", "assignment", ["due_on"], sqlite_where=where, postgresql_where=where)
    where = sa.text("status = 'blocked'")
    op.create_index("ix_assignment_follow_up", "assignment", ["follow_up"], sqlite_where=where, postgresql_where=where)
    where = sa.text("status IN ('assigned','in_progress','blocked','reported')")
    op.create_index("ix_assignment_unit_open", "assignment", ["unit_id"], sqlite_where=where, postgresql_where=where)


def _make_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("album", sa.String()),
        sa.Column("said_id", KEY),
        sa.Column("assignment_id", KEY),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_evidence_assignment_id_assignment"),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name="fk_evidence_file_id_file"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evidence_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_evidence_province_id_province"),
        sa.ForeignKeyConstraint(["said_id"], ["said.id"], name="fk_evidence_said_id_said"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_assignment_id", "evidence", ["assignment_id"])
    op.create_index("ix_evidence_person_id_assignment_id", "evidence", ["person_id", "assignment_id"])


def _make_request() -> None:
    op.create_table(
        "request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("unit_id", KEY),
        sa.Column("assignment_id", KEY),
        sa.Column("said_id", KEY),
        sa.Column("due_on", sa.Date()),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger()),
        sa.Column("settled_by_id", KEY),
        sa.Column("verdict", sa.String()),
        sa.Column("answer", sa.Text()),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_request_assignment_id_assignment"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_request_person_id_person"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_request_province_id_province"),
        sa.ForeignKeyConstraint(["said_id"], ["said.id"], name="fk_request_said_id_said"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["seat.id"], name="fk_request_settled_by_id_seat"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_request_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_request"),
        sa.UniqueConstraint("province_id", "number", name="uq_request_province_id_number"),
    )
    op.create_index("ix_request_assignment_id", "request", ["assignment_id"])
    where = sa.text("settled_at IS NULL")
    op.create_index("ix_request_open", "request", ["province_id"], sqlite_where=where, postgresql_where=where)


def _make_step() -> None:
    op.create_table(
        "step",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", KEY),
        sa.Column("said_id", KEY),
        sa.Column("percent", sa.Integer()),
        sa.Column("document", sa.String()),
        sa.Column("note", sa.Text()),
        sa.Column("obstacle", sa.String()),
        sa.Column("due_on", sa.Date()),
        sa.Column("due_time", sa.Time()),
        sa.Column("follow_up", sa.Date()),
        sa.Column("has_evidence", sa.Boolean(), nullable=False),
        sa.Column("by_tap", sa.Boolean(), nullable=False),
        sa.Column("for_unit", sa.Boolean(), nullable=False),
        sa.Column("superseded_at", sa.BigInteger()),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('not_started','progress','blocked','done','accept','return','recall','reopen','extend')",
            name="ck_step_kind_known",
        ),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_step_assignment_id_assignment"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_step_province_id_province"),
        sa.ForeignKeyConstraint(["said_id"], ["said.id"], name="fk_step_said_id_said"),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name="fk_step_seat_id_seat"),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
    )
    op.create_index("ix_step_assignment_id_id", "step", ["assignment_id", "id"])
    op.create_index("ix_step_province_id_recorded_at", "step", ["province_id", "recorded_at"])


def _make_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("province_id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step_id", KEY, nullable=False),
        sa.Column("seat_id", KEY),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("text_digest", sa.LargeBinary()),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name="fk_journal_assignment_id_assignment"),
        sa.ForeignKeyConstraint(["province_id"], ["province.id"], name="fk_journal_province_id_province"),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name="fk_journal_seat_id_seat"),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name="fk_journal_step_id_step"),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("assignment_id", "number", name="uq_journal_assignment_id_number"),
    )
