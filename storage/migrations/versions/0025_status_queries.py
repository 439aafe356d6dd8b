"""The record of who looked up a person's medical status by identity number, for which day, and what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_status_queries"
down_revision = "0024_relief_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table the release before neither writes nor reads."""
    op.create_table(
        "status_query",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("identity_hash", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_status_query_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_query")),
    )
    op.create_index(op.f("ix_status_query_asked_at"), "status_query", ["asked_at"])
    op.create_index(op.f("ix_status_query_identity_hash"), "status_query", ["identity_hash"])
