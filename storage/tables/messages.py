"""Messages and signals on their way, and what starts processes by itself."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)

from storage.tables.base import READY_AT, Id, Instant, metadata

start_subscription = Table(
    "start_subscription",
    metadata,
    Column("definition_id", Id, ForeignKey("definition.id"), primary_key=True),
    Column("element_id", Text, primary_key=True),
    Column("process_id", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("name", Text),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("repeat_left", Integer),
    Column("repeat_interval", Text),
    Column("claimed_until", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    Index("ix_start_subscription_kind_name", "kind", "name"),
)
Index("ix_start_subscription_due_at", start_subscription.c.due_at, postgresql_where=text("due_at IS NOT NULL"))

message = Table(
    "message",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),  # message; signal: one that goes to many and has not reached all
    Column("name", Text, nullable=False),
    Column("correlation_key", Text),
    Column("message_id", Text),
    Column("variables", LargeBinary, nullable=False),  # sealed
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("region", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("relays", Integer, nullable=False, server_default="0"),  # how many sendings led to it at once
)
Index("ix_message_name_key", message.c.name, func.coalesce(message.c.correlation_key, ""), message.c.id)
Index(
    "uq_message_message_id",
    message.c.name,
    func.coalesce(message.c.correlation_key, ""),
    message.c.message_id,
    unique=True,
    postgresql_where=text("message_id IS NOT NULL"),
)

message_correlation = Table(
    "message_correlation",
    metadata,
    Column("message_id", BigInteger, ForeignKey("message.id", ondelete="CASCADE"), primary_key=True),
    Column("process_id", Text, primary_key=True),
    Column("process_instance_id", Id, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_id", BigInteger, nullable=False, index=True),
    Column("process_instance_id", Id),  # of a signal: who gets it
    Column("subscription_key", Integer),
    Column("due_at", Instant, nullable=False),
    Column("claimed_until", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("unanswered", Integer, nullable=False, server_default="0"),
    Column("ready_at", Instant, Computed(READY_AT, persisted=True)),
)
Index("ix_delivery_failed", delivery.c.due_at, postgresql_where=text("failures > 0"))
Index(
    "ix_delivery_process_instance_id",
    delivery.c.process_instance_id,
    postgresql_where=text("process_instance_id IS NOT NULL"),
)
Index(
    "uq_delivery_message_id",
    delivery.c.message_id,
    unique=True,
    postgresql_where=text("process_instance_id IS NULL"),
)
Index("ix_delivery_claimed", delivery.c.claimed_until, postgresql_where=text("claimed_until IS NOT NULL"))
Index("ix_delivery_ready_at", delivery.c.ready_at, delivery.c.id)
