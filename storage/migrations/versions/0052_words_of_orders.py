"""What the system itself demands by a supervision order, in English beside Chinese; how letters were delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052_words_of_orders"
down_revision = "0051_added_referrals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that a release before leaves empty."""
    op.add_column("supervision_order", sa.Column("demand_en", sa.Text()))
    op.add_column("supervision_order", sa.Column("basis_en", sa.Text()))
    op.add_column("notice", sa.Column("delivered_how", sa.Text()))
