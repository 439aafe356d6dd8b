"""Tables of benefits' history and of recognised statuses."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, metadata
from storage.tables.casework import Money

benefit_version = Table(
    "benefit_version",
    metadata,
    Column("benefit_id", Id, ForeignKey("benefit.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("from_month", Date, nullable=False),
    Column("until_month", Date),
    Column("base", Money, nullable=False),
    Column("add_ons", Money, nullable=False),
    Column("persons", ARRAY(SmallInteger), nullable=False),
    Column("suspended", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decision_id", Id),
    Column("recorded_at", Instant, nullable=False),
    Column("superseded_at", Instant),
)
Index(
    "ix_benefit_version_standing",
    benefit_version.c.benefit_id,
    benefit_version.c.from_month,
    postgresql_where=text("superseded_at IS NULL"),
)

recognition = Table(
    "recognition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("referral_id", Id),
    Column("status", Text, nullable=False),
    Column("persons", ARRAY(SmallInteger), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("recorded_at", Instant, nullable=False),
    Column("decision_id", Id),
    Column("end_reason", Text),
    Index(None, "case_id"),
)

case_link = Table(
    "case_link",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id"), primary_key=True),  # the family's
    Column("linked_case_id", Id, ForeignKey("case_file.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("member", SmallInteger, nullable=False),  # whom of the family it is about
    Column("linked_at", Instant, nullable=False),
    Index(None, "linked_case_id"),
)
