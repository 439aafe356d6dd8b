"""Tables of spot checks: draws with their hashed population, and the sampled cases; and of the monthly circulars.

What was written of a case is sealed.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy import text as sql_text
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, Json, metadata

spot_check_series = Table(
    "spot_check_series",
    metadata,
    Column("year", SmallInteger, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("year"),
)
spot_check = Table(
    "spot_check",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("submission_key", Text, nullable=False, unique=True),
    Column("basis", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("region", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("seed", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("drawn_at", Instant, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("deciding_group", Text, nullable=False),
    Column("lots", ARRAY(Text), nullable=False),  # keyed hashes with their points
    Column("withdrawn_at", Instant),
    Column("withdrawal_reason", Text, nullable=False),
    Index(None, "region", "drawn_at"),
)
spot_check_item = Table(
    "spot_check_item",
    metadata,
    Column("id", Id, primary_key=True),
    Column("spot_check_id", Id, ForeignKey("spot_check.id"), nullable=False),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("referral_id", Id, ForeignKey("referral.id")),
    Column("key", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("process_instance_id", Id),
    Column("conclusion", Text),
    Column("severity", Text),
    Column("reviewed_by", Text),
    Column("reviewed_at", Instant),
    Column("order_id", Id, ForeignKey("supervision_order.id")),
    Column("review_sealed", LargeBinary),  # under the key of the case
    Index(None, "spot_check_id", "key", unique=True),
    Index(None, "case_id"),
    Index(None, "referral_id"),
    Index(None, "order_id"),
)
Index("ix_spot_check_item_reviewed_at", spot_check_item.c.reviewed_at)
Index(
    "ix_spot_check_item_open",
    spot_check_item.c.case_id,
    postgresql_where=sql_text("state IN ('open', 'found')"),
)
circular = Table(
    "circular",
    metadata,
    Column("month", Date, primary_key=True),
    Column("text", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant),
    Column("saved_by", Text),
    Column("document_id", Id, ForeignKey("issued_document.id")),
    Column("published_version", Integer),
    Index(None, "document_id"),
)
