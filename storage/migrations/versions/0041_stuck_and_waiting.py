"""When an incident failed last and how often, and at which joins the tokens of an instance wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0041_stuck_and_waiting"
down_revision = "0040_submissions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a release before writes none of them. An instance's joins are written with its next step."""
    op.add_column("incident", sa.Column("last_failed_at", sa.DateTime(timezone=True)))
    op.add_column("incident", sa.Column("failures", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column(
        "process_instance",
        sa.Column("waiting_at", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_index(
        "ix_process_instance_waiting",
        "process_instance",
        ["id"],
        postgresql_where=sa.text("waiting_at <> '{}'"),
    )
