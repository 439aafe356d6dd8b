"""When an incident failed last, and how often it has failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041_failures_of_incidents"
down_revision = "0040_submissions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a release before writes neither and counts one failure."""
    op.add_column("incident", sa.Column("last_failed_at", sa.DateTime(timezone=True)))
    op.add_column("incident", sa.Column("failures", sa.Integer(), server_default=sa.text("1"), nullable=False))
