"""Keys by which a repeated start or batch is known, and who cancelled a batch and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_submissions"
down_revision = "0039_advice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and three columns; the release before knows neither and leaves them empty."""
    op.create_table(
        "submission",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_made_id"), "submission", ["made_id"])
    op.add_column("batch_operation", sa.Column("ended_by", sa.Text(), nullable=True))
    op.add_column("batch_operation", sa.Column("ended_by_name", sa.Text(), nullable=True))
    op.add_column("batch_operation", sa.Column("ended_reason", sa.LargeBinary(), nullable=True))
