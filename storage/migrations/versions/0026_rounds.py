"""Rounds of a check: the process that asks stands beside each question, so that two checks never share a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_rounds"
down_revision = "0025_status_queries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; questions of the release before have none."""
    op.add_column("agency_request", sa.Column("process_instance_id", sa.Uuid()))
