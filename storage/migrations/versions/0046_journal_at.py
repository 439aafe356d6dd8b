"""The journal by time, so that open screens learn that something happened."""

from __future__ import annotations

from alembic import op

revision = "0046_journal_at"
down_revision = "0044_account_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; a release before has no use for it."""
    op.create_index(
        "ix_journal_at",
        "journal",
        ["at"],
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 32, "autosummarize": "on"},
    )
