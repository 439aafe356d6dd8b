"""The newest evaluations of a decision, so that nobody reads all of them to run the last thousand again."""

from __future__ import annotations

from storage.migrations.afterwards import LaterIndex

revision = "0060_decisions_by_name"
down_revision = "0056_winter_relief"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterIndex(name="ix_decision_evaluation_decision_id", on="decision_evaluation (decision_id, id)"),
]


def upgrade() -> None:
    """Leave all of it until afterwards; a release before has no use for the index."""
