"""Tables of questions to other units, with the evidence shown with them, and of tasks that wait for an event.

Words are sealed under the case's key.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, PrimaryKeyConstraint, Table, Text
from sqlalchemy import text as sql_text

from storage.tables.base import Id, Instant, metadata

advice = Table(
    "advice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("submission_key", Text, nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("matter", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("task_id", Id, nullable=False),
    Column("step", Text, nullable=False),
    Column("step_en", Text, nullable=False),
    Column("asking_unit", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("question_sealed", LargeBinary, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer_sealed", LargeBinary),
    Column("closed_at", Instant),
    Column("closed_by", Text),
    Column("process_instance_id", Id),
    Index(None, "case_id"),
    Index(None, "task_id"),
)
Index("ix_advice_open", advice.c.task_id, postgresql_where=sql_text("state = 'open'"))
advice_evidence = Table(
    "advice_evidence",
    metadata,
    Column("advice_id", Id, ForeignKey("advice.id"), nullable=False),
    Column("evidence_id", Id, ForeignKey("evidence.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("advice_id", "evidence_id"),
    Index(None, "evidence_id"),
)
task_hold = Table(
    "task_hold",
    metadata,
    Column("task_id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("event", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Index(None, "case_id", "event"),
)
