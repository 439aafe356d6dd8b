"""How often what is due, and an item of a batch, was taken by a worker that said nothing of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0065_unanswered"
down_revision = "0062_listed_by_date"
branch_labels = None
depends_on = None

TAKEN = ("timer", "start_subscription", "delivery", "batch_item")


def upgrade() -> None:
    """Add a count to all four, and to items until when they are taken."""
    for table in TAKEN:
        op.add_column(table, sa.Column("unanswered", sa.Integer(), server_default="0", nullable=False))
    op.add_column("batch_item", sa.Column("claimed_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("batch_item", "claimed_until")
    for table in TAKEN:
        op.drop_column(table, "unanswered")
