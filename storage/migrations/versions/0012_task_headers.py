"""User tasks keep the headers drawn for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_task_headers"
down_revision = "0011_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; tasks that are open have none, as their diagrams could not draw any."""
    op.add_column("user_task", sa.Column("headers", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")))
