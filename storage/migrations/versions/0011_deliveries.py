"""Finding the signals that wait for one instance, and the deliveries that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_deliveries"
down_revision = "0010_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index them."""
    op.create_index(
        "ix_delivery_process_instance_id",
        "delivery",
        ["process_instance_id"],
        postgresql_where=sa.text("process_instance_id IS NOT NULL"),
    )
    op.create_index("ix_delivery_failed", "delivery", ["due_at"], postgresql_where=sa.text("failures > 0"))
