"""Tables of supervision: orders with their series and course, notices inside the system with those they go to."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy import text as sql_text
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import LATER, Id, Instant, Json, metadata

order_series = Table(
    "supervision_order_series",
    metadata,
    Column("region", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("region", "year"),
)
supervision_order = Table(
    "supervision_order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("submission_key", Text, nullable=False, unique=True),
    Column("region", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("task_id", Id),
    Column("step", Text, nullable=False),
    Column("step_en", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("addressee", Text),
    Column("demand", Text, nullable=False),
    Column("basis_kind", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Text, nullable=False),
    Column("issuing_group", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("returns", Integer, nullable=False),
    Column("closed_at", Instant),
    Column("process_instance_id", Id),
    Column("demand_en", Text),
    Column("basis_en", Text),
    Index(None, "matter"),
)
Index(
    "ix_supervision_order_in_work",
    supervision_order.c.due_on,
    postgresql_where=sql_text("state NOT IN ('closed', 'withdrawn')"),
)
order_event = Table(
    "supervision_order_event",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("order_id", Id, ForeignKey("supervision_order.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("level", SmallInteger),
    Column("round", Integer, nullable=False),
    Index(None, "order_id", "round", "level", unique=True, postgresql_where=sql_text("level IS NOT NULL")),
    Index("ix_supervision_order_event_course", "order_id"),
)
staff_notice = Table(
    "staff_notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("submission_key", Text, unique=True),
    Column("cause", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("step_en", Text, nullable=False),
    Column("task_id", Id),
    Column("order_id", Id, ForeignKey("supervision_order.id")),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("written_by", Text, nullable=False),
    Index(None, "matter"),
)
staff_notice_recipient = Table(
    "staff_notice_recipient",
    metadata,
    Column("notice_id", Id, ForeignKey("staff_notice.id"), nullable=False),
    Column("login", Text, nullable=False),
    Column("read_at", Instant),
    Column("digest_id", Id, info=LATER),  # of the mail that told of it
    PrimaryKeyConstraint("notice_id", "login"),
    Index(None, "login"),
)
mail_choice = Table(
    "mail_choice",
    metadata,
    Column("login", Text, ForeignKey("account.login"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("causes", ARRAY(Text), nullable=False),
    Column("pause_hours", SmallInteger, nullable=False),
    Column("quiet_from", SmallInteger, nullable=False),
    Column("quiet_until", SmallInteger, nullable=False),
    Column("since", Instant, nullable=False),
)
mail_digest = Table(
    "mail_digest",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", Text, ForeignKey("account.login"), nullable=False),
    Column("counts", Json, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("sent_at", Instant),
    Column("ended_at", Instant),
    Column("reason", Text, nullable=False),
    Index(None, "login", "made_at"),
)
Index("ix_mail_digest_waiting", mail_digest.c.next_at, postgresql_where=sql_text("ended_at IS NULL"))
Index(
    "ix_staff_notice_recipient_unread",
    staff_notice_recipient.c.login,
    postgresql_where=sql_text("read_at IS NULL"),
)
