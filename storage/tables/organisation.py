"""Tables of units, accounts, the posts that tie them together, and the record of access."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Identity, Index, Integer, SmallInteger, Table, Text

from storage.tables.base import Instant, Json, metadata

unit = Table(
    "unit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("region", Text, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("failed_attempts", SmallInteger, nullable=False),
    Column("locked_until", Instant),
    Column("must_change_password", Boolean, nullable=False),
    Column("session_epoch", Integer, nullable=False),
)

post = Table(
    "post",
    metadata,
    Column("login", Text, ForeignKey("account.login"), primary_key=True),
    Column("unit_id", Text, ForeignKey("unit.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Index(None, "unit_id", "role"),
)

account_event = Table(
    "account_event",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("login", Text, ForeignKey("account.login"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("details", Json),
    Index(None, "login", "at"),
)
