"""Tables of winter and spring relief."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, metadata
from storage.tables.casework import Money

winter_register = Table(
    "winter_register",
    metadata,
    Column("id", Id, primary_key=True),
    Column("season", Integer, nullable=False, unique=True),
    Column("number", Text, nullable=False),
    Column("warns_on", Date, nullable=False),
    Column("report_on", Date, nullable=False),
    Column("freezes_on", Date, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("approval_number", Text),
    Column("approved_on", Date),
    Column("recorded_by", Text),
    Column("filing_number", Text),
    Column("filed_on", Date),
    Column("published_on", Date),
    Column("published_at", Text),
)

winter_town = Table(
    "winter_town",
    metadata,
    Column("register_id", Id, ForeignKey("winter_register.id"), primary_key=True),
    Column("region", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reported_at", Instant),
    Column("confirmed_by", Text),
    Column("confirmed_at", Instant),
    Column("published_on", Date),
    Column("published_at", Text),
)

winter_need = Table(
    "winter_need",
    metadata,
    Column("id", Id, primary_key=True),
    Column("register_id", Id, ForeignKey("winter_register.id"), nullable=False),
    Column("region", Text, nullable=False),
    Column("village", Text, nullable=False),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("persons", SmallInteger, nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("amount", Money, nullable=False),
    Column("goods", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("status", Text),
    Column("granted", Money, nullable=False),
    Column("calculation", Text),
    UniqueConstraint("register_id", "case_id"),
    Index(None, "case_id"),
)
