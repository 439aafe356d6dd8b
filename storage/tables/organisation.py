"""Tables of units, accounts, the posts that tie them together, the record of access, and how people like lists."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, Json, metadata

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

list_filter = Table(
    "list_filter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Text, ForeignKey("account.login"), nullable=False),
    Column("unit_id", Text, ForeignKey("unit.id"), index=True),  # whose staff see it too; null: the owner alone
    Column("name", Text, nullable=False),
    Column("arguments", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("owner", "name"),
)

list_columns = Table(
    "list_columns",
    metadata,
    Column("login", Text, ForeignKey("account.login"), primary_key=True),
    Column("columns", ARRAY(Text), nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", Text, ForeignKey("account.login"), nullable=False),
    Column("substitute", Text, ForeignKey("account.login"), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("process_ids", ARRAY(Text), nullable=False),  # empty: every process
    Column("reason", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Index(None, "login", "last_on"),
    Index(None, "substitute", "last_on"),
)
