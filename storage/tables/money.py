"""Tables of payments, price figures, new standards and recoveries."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage.tables.base import Id, Instant, metadata
from storage.tables.casework import Money

payment_batch = Table(
    "payment_batch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("month", Date, nullable=False),
    Column("region", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("prepared_by", Text),
    Column("checked_by", Text),
    Column("approved_by", Text),
    Column("encoding", Text),
    Column("checksum", Text),
    Column("sent_at", Instant),
    Column("settled_at", Instant),
    Column("return_checksum", Text),
)

payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("basis_id", Id, nullable=False),
    Column("month", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause_id", Id, nullable=False),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("persons", SmallInteger, nullable=False),
    Column("base", Money, nullable=False),
    Column("add_ons", Money, nullable=False),
    Column("price_subsidy", Money, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("batch_id", Id, ForeignKey("payment_batch.id")),
    Column("line", Integer),
    Column("account_sealed", LargeBinary),
    Column("account_tail", Text, nullable=False),
    Column("paid_on", Date),
    Column("failure_code", Text),
    Column("corrected_at", Instant),
    UniqueConstraint("basis_id", "month", "kind", "cause_id"),
    Index(None, "case_id"),
    Index(None, "batch_id"),
    Index(None, "month"),
)

payment_attempt = Table(
    "payment_attempt",
    metadata,
    Column("payment_id", Id, ForeignKey("payment.id"), primary_key=True),
    Column("batch_id", Id, ForeignKey("payment_batch.id"), primary_key=True),
    Column("line", Integer, nullable=False),
    Column("amount", Money, nullable=False),
    Column("account_tail", Text, nullable=False),
    Column("failure_code", Text),
    Column("answered_at", Instant),
)

payment_hold = Table(
    "payment_hold",
    metadata,
    Column("id", Id, primary_key=True),
    Column("benefit_id", Id, ForeignKey("benefit.id"), nullable=False),
    Column("from_month", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("death_id", Id),
    Column("lifted_at", Instant),
    Index(None, "benefit_id"),
)

death_record = Table(
    "death_record",
    metadata,
    Column("id", Id, primary_key=True),
    Column("died_on", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("same_name_only", Integer, nullable=False),
)

price_link = Table(
    "price_link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("month", Date, nullable=False, unique=True),
    Column("index", Numeric, nullable=False),
    Column("source", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("link_class", Text),
    Column("per_person", Money, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("total", Money, nullable=False),
    Column("state", Text, nullable=False),
)

standard_change = Table(
    "standard_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("old_value", Numeric, nullable=False),
    Column("new_value", Numeric, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("document", Text, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Instant),
)

standard_change_line = Table(
    "standard_change_line",
    metadata,
    Column("change_id", Id, ForeignKey("standard_change.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("benefit_id", Id),
    Column("from_month", Date),
    Column("persons", SmallInteger, nullable=False),
    Column("old_base", Money, nullable=False),
    Column("old_add_ons", Money, nullable=False),
    Column("new_base", Money),
    Column("new_add_ons", Money),
    Column("flag", Text),
    Column("applied_at", Instant),
    Column("back_pay", Money, nullable=False),
)

recovery = Table(
    "recovery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("region", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("from_month", Date, nullable=False),
    Column("until_month", Date, nullable=False),
    Column("wrongly_paid", Money, nullable=False),
    Column("months", SmallInteger, nullable=False),
    Column("benefit_id", Id),
    Column("act_on", Date),
    Column("fine", Money, nullable=False),
    Column("fine_least", Money, nullable=False),
    Column("fine_most", Money, nullable=False),
    Column("state", Text, nullable=False),
    Column("decision_id", Id),
    Column("instalments", JSONB, nullable=False),
    Column("receipts", JSONB, nullable=False),
    Index(None, "case_id"),
)
