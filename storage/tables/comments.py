"""Tables of comments: who wrote what where, each text sealed, how far people read; and who is, and was, where."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, metadata

case_comment = Table(
    "case_comment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False, unique=True),
    Column("submission_key", Text, nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("task_id", Id),
    Column("step", Text, nullable=False),
    Column("step_en", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("unit_region", Text, nullable=False),
    Column("unit_kinds", ARRAY(Text), nullable=False),
    Column("mentions", ARRAY(Text), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("correctable_until", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("corrected_at", Instant),
    Column("withdrawn_at", Instant),
    Index(None, "case_id", "number"),
)
case_comment_text = Table(
    "case_comment_text",
    metadata,
    Column("comment_id", Id, ForeignKey("case_comment.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("comment_id", "version"),
)
case_comment_read = Table(
    "case_comment_read",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("login", Text, nullable=False),
    Column("up_to", BigInteger, nullable=False),
    PrimaryKeyConstraint("case_id", "login"),
)
presence = Table(
    "presence",
    metadata,
    Column("login", Text, primary_key=True),
    Column("business_key", Text, nullable=False),
    Column("task_id", Id),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Index(None, "business_key"),
    Index(None, "task_id"),
    prefixes=["UNLOGGED"],  # worth nothing after a crash
)
"""One row a person: the place that was open last. It counts for a few minutes and is written over, never kept."""
task_opening = Table(
    "task_opening",
    metadata,
    Column("user_task_id", Id, ForeignKey("user_task.id", ondelete="CASCADE"), nullable=False),
    Column("login", Text, nullable=False),
    Column("as_holder", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("user_task_id", "login"),
)
"""Who opened the page of which task, and whether as its holder: what is given to somebody later is new to them."""
