"""Tables of decisions: reasons, calculation and trace are sealed under the case's key."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.tables.base import Id, Instant, Json, metadata
from storage.tables.casework import Money

case_decision = Table(
    "case_decision",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("region", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("signer", Text, nullable=False),
    Column("referral_id", Id),
    Column("benefit_id", Id),
    Column("amount", Money),
    Column("amount_period", Text),
    Column("start_month", Date),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("articles", Json, nullable=False),
    Column("remedies", Json, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # reasons, calculation and trace
    Column("served_on", Date),
    Column("served_how", Text),
    Column("signed_for", Text),
    Index(None, "case_id"),
    Index(None, "referral_id"),
)

decision_counter = Table(
    "decision_counter",
    metadata,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

collective_minutes = Table(
    "collective_minutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("referral_id", Id),
    Column("held_on", Date, nullable=False),
    Column("decision", Text, nullable=False),
    Column("amount", Money),
    Column("votes_for", Integer, nullable=False),
    Column("votes_against", Integer, nullable=False),
    Column("abstained", Integer, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # matter, place, who sat, what was said
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "case_id"),
)
