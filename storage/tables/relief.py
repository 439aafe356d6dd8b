"""The tables of claims to temporary relief and of what was paid."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Table, Text, text

from storage.tables.base import Id, Instant, metadata
from storage.tables.casework import Money

relief_claim = Table(
    "relief_claim",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("referral_id", Id, ForeignKey("referral.id"), nullable=False, unique=True),
    Column("region", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("event_kind", Text),
    Column("event_reference", Text),
    Column("happened_on", Date),
    Column("pay_due_at", Instant),
    Column("amount", Money, nullable=False),
    Column("mode", Text),
    Column("paid_at", Instant),
    Column("make_up_due_on", Date),
    Column("made_up_at", Instant),
    Index(None, "case_id"),
)
relief_payment = Table(
    "relief_payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("claim_id", Id, ForeignKey("relief_claim.id"), nullable=False),
    Column("amount", Money, nullable=False),
    Column("mode", Text, nullable=False),
    Column("paid_at", Instant, nullable=False),
    Index(None, "claim_id"),
)
Index("ix_relief_claim_owed", relief_claim.c.make_up_due_on, postgresql_where=text("state = 'paid'"))
