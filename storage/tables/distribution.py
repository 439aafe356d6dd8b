"""Tables of distribution: the rules by which units give out their tasks, and how they were changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Index, PrimaryKeyConstraint, SmallInteger, Table, Text

from storage.tables.base import Instant, Json, metadata

distribution_rule = Table(
    "distribution_rule",
    metadata,
    Column("unit_kind", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("process_id", Text, nullable=False),  # empty: every process
    Column("element_id", Text, nullable=False),  # empty: every step
    Column("method", Text, nullable=False),
    Column("most_open", SmallInteger),
    Column("release_after", SmallInteger),  # working days
    Column("last_login", Text),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", Text, nullable=False),
    PrimaryKeyConstraint("unit_kind", "region", "process_id", "element_id"),
)
distribution_rule_event = Table(
    "distribution_rule_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("unit_kind", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("process_id", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Index(None, "unit_kind", "region"),
)
