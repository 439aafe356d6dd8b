"""Tables of the workbench: drafts of definitions, what they held before, and why they were deployed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from storage.tables.base import Id, Instant, Json, metadata

definition_draft = Table(
    "definition_draft",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("base_definition_id", Id, ForeignKey("definition.id")),
    Column("note", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Column("ended_how", Text),
)
OPEN = text("ended_at IS NULL")
Index("uq_definition_draft_open", definition_draft.c.file_name, unique=True, postgresql_where=OPEN)

definition_draft_state = Table(
    "definition_draft_state",
    metadata,
    Column("draft_id", Id, ForeignKey("definition_draft.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", Text, nullable=False),
)

draft_deployment = Table(
    "draft_deployment",
    metadata,
    Column("deployment_id", Id, ForeignKey("deployment.id"), primary_key=True),
    Column("draft_id", Id, ForeignKey("definition_draft.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("confirmed", Json, nullable=False),
)
