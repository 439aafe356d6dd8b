"""One delivery a message, keys under indexes, what finished tasks count as, and batches that take turns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_fair_work"
down_revision = "0013_leases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that may be empty, and put indexes in place of those that did not serve."""
    _messages()
    op.add_column("user_task", sa.Column("counts_as", sa.Text()))
    op.add_column("user_task", sa.Column("counts_in", sa.Uuid()))
    op.add_column("instance_snapshot", sa.Column("counted", postgresql.JSONB()))
    op.create_index("ix_batch_item_done_at", "batch_item", ["batch_id", "done_at"])


def _messages() -> None:
    op.execute(
        "DELETE FROM delivery USING delivery AS kept WHERE delivery.process_instance_id IS NULL "
        "AND kept.process_instance_id IS NULL AND kept.message_id = delivery.message_id AND kept.id < delivery.id"
    )
    op.create_index(
        "uq_delivery_message_id",
        "delivery",
        ["message_id"],
        unique=True,
        postgresql_where=sa.text("process_instance_id IS NULL"),
    )
    key = sa.text("coalesce(correlation_key, '')")
    op.create_index("ix_message_name_key", "message", ["name", key, "id"])
    op.drop_index("ix_message_name_correlation_key", "message")
    op.create_index("ix_event_subscription_kind_name_key", "event_subscription", ["kind", "name", key])
    op.drop_index("ix_event_subscription_kind_name", "event_subscription")
