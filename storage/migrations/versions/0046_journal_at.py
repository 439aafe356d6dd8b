"""The journal by time, so that open screens learn that something happened."""

from __future__ import annotations

from storage.migrations.afterwards import LaterIndex

revision = "0046_journal_at"
down_revision = "0044_account_changes"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterIndex(name="ix_journal_at", on="journal USING brin (at) WITH (pages_per_range = 32, autosummarize = on)"),
]


def upgrade() -> None:
    """Leave all of it until afterwards; a release before has no use for the index."""
