"""The tables of files people sent, kept by digest in chunks, and what they are evidence of."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from bot.store.columns import Id, Instant
from bot.store.tables import key, metadata, of

file = Table(
    "file",
    metadata,
    key(),
    of("province"),
    Column("digest", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("province_id", "digest"),
)

file_chunk = Table(
    "file_chunk",
    metadata,
    Column("file_id", Id, ForeignKey("file.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    key(),
    of("province"),
    of("person"),
    of("file"),
    Column("name", String, nullable=False),
    Column("album", String),
    of("said", null=True),
    of("assignment", null=True),
    Column("at", Instant, nullable=False),
    Index(None, "assignment_id"),
    Index(None, "person_id", "assignment_id"),
)
