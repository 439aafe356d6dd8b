"""Messages that wait, events that start processes, bound versions, and timers that several workers share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_messages"
down_revision = "0007_origin_of_jobs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add columns that the release before may leave empty, and new tables."""
    _extend()
    _create_start_subscription()
    _create_message()
    _create_delivery()


def _extend() -> None:
    op.add_column("definition", sa.Column("version_tag", sa.Text()))
    op.add_column("definition", sa.Column("is_described", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_definition_version_tag", "definition", ["kind", "key", "version_tag"])
    op.add_column("process_instance", sa.Column("correlation_key", sa.Text()))
    op.create_index(
        "uq_process_instance_correlation_key",
        "process_instance",
        ["process_id", "correlation_key"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND correlation_key IS NOT NULL"),
    )
    op.add_column("user_task", sa.Column("form_definition_id", sa.Uuid()))
    op.add_column("timer", sa.Column("claimed_until", MOMENT))
    op.add_column("timer", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_timer_claimed", "timer", ["claimed_until"], postgresql_where=sa.text("claimed_until IS NOT NULL")
    )
    op.add_column("event_subscription", sa.Column("definition_id", sa.Uuid()))


def _create_start_subscription() -> None:
    op.create_table(
        "start_subscription",
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("repeat_left", sa.Integer()),
        sa.Column("repeat_interval", sa.Text()),
        sa.Column("claimed_until", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_start_subscription_definition_id")),
        sa.PrimaryKeyConstraint("definition_id", "element_id", name=op.f("pk_start_subscription")),
    )
    op.create_index(op.f("ix_start_subscription_process_id"), "start_subscription", ["process_id"])
    op.create_index("ix_start_subscription_kind_name", "start_subscription", ["kind", "name"])
    op.create_index(
        "ix_start_subscription_due_at",
        "start_subscription",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.Text()),
        sa.Column("message_id", sa.Text()),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_expires_at"), "message", ["expires_at"])
    op.create_index("ix_message_name_correlation_key", "message", ["name", "correlation_key", "id"])
    op.create_index(
        "uq_message_message_id",
        "message",
        ["name", sa.text("coalesce(correlation_key, '')"), "message_id"],
        unique=True,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_table(
        "message_correlation",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_correlation_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "process_id", name=op.f("pk_message_correlation")),
    )


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid()),
        sa.Column("subscription_key", sa.Integer()),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claimed_until", MOMENT),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"])
    op.create_index(op.f("ix_delivery_due_at"), "delivery", ["due_at"])
