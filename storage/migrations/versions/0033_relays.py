"""How many sendings led to a message at once, so that a circle of messages is noticed also where workers carry it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033_relays"
down_revision = "0032_english_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what the release before writes counts as sent by nobody's sending."""
    op.add_column("message", sa.Column("relays", sa.Integer(), nullable=False, server_default="0"))
