"""How long history is kept, which instances have lost theirs, and what was removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_retention"
down_revision = "0009_operations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and the index that finds ended instances by process and time."""
    op.add_column("process_instance", sa.Column("history_removed_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_process_instance_ended",
        "process_instance",
        ["process_id", "ended_at"],
        postgresql_where=sa.text("ended_at IS NOT NULL AND history_removed_at IS NULL"),
    )
    op.create_table(
        "retention_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("process_id", sa.Text()),
        sa.Column("kept_days", sa.Integer()),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_decision")),
    )
    op.create_table(
        "history_removal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("removed_from", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("ended_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_removed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", "process_id", "removed_from", name=op.f("pk_history_removal")),
    )
