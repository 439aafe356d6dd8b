"""Tables of what operators do: batches, keys of submissions, snapshots from before a migration, tries that failed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from storage.tables.base import Id, Instant, Json, metadata
from storage.tables.engine import process_instance

batch_operation = Table(
    "batch_operation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("filter", Json, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("parameters", LargeBinary),  # sealed; null once erased
    Column("reason", LargeBinary),  # sealed; null once erased
    Column("created_by", Text, nullable=False),
    Column("created_by_name", Text, nullable=False),
    Column("memberships", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),  # who cancelled it
    Column("ended_by_name", Text),
    Column("ended_reason", LargeBinary),  # sealed; null where none was given, and once erased
)
Index("ix_batch_operation_created_at", batch_operation.c.created_at)
Index(
    "ix_batch_operation_at_work",
    batch_operation.c.created_at,
    batch_operation.c.id,
    postgresql_where=text("state IN ('created', 'running')"),
)

submission = Table(
    "submission",
    metadata,
    Column("key", Text, primary_key=True),
    Column("digest", Text, nullable=False),  # of what was asked
    Column("made_id", Id, index=True),  # the instance or batch; null only within the transaction that makes it
    Column("submitted_at", Instant, nullable=False),
)

batch_item = Table(
    "batch_item",
    metadata,
    Column("batch_id", Id, ForeignKey("batch_operation.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("subject_id", Id),
    Column("state", Text, nullable=False),
    Column("message_zh", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("done_at", Instant),
    Column("claimed_until", Instant),
    Column("unanswered", Integer, nullable=False, server_default="0"),
)
Index("ix_batch_item_state", batch_item.c.batch_id, batch_item.c.state, batch_item.c.number)
Index("ix_batch_item_done_at", batch_item.c.batch_id, batch_item.c.done_at)

instance_snapshot = Table(
    "instance_snapshot",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("taken_at", Instant, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("batch_id", Id),
    Column("source", Id, nullable=False),
    Column("target", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),  # sealed
    Column("counted", Json),  # what finished tasks counted as before
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("process_instance_id", Id, ForeignKey("process_instance.id"), nullable=False),
    Column("key", Integer, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("retries_left", Integer),
)
Index("ix_attempt_process_instance_id", attempt.c.process_instance_id, attempt.c.key)

retention_decision = Table(
    "retention_decision",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("process_id", Text),  # null: every process without a decision of its own
    Column("kept_days", Integer),  # null: for ever
    Column("effective_at", Instant, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

history_removal = Table(
    "history_removal",
    metadata,
    Column("day", Date, primary_key=True),
    Column("process_id", Text, primary_key=True),
    Column("removed_from", Text, primary_key=True),  # a table; of process_instance, those whose history it was
    Column("rows", BigInteger, nullable=False),
    Column("ended_until", Instant, nullable=False),
    Column("last_removed_at", Instant, nullable=False),
)

Index("ix_process_instance_suspended", process_instance.c.id, postgresql_where=text("state = 'suspended'"))
Index("ix_process_instance_started_at", process_instance.c.started_at, process_instance.c.id)
