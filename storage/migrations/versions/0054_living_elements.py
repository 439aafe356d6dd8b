"""What lives, by version and element, so that nobody reads all of the history to know where something stands."""

from __future__ import annotations

from storage.migrations.afterwards import LaterIndex

revision = "0054_living_elements"
down_revision = "0053_playing"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterIndex(
        name="ix_activity_instance_living",
        on="activity_instance (definition_id, element_id) INCLUDE (process_instance_id, key, tag) "
        "WHERE left_at IS NULL",
    ),
]


def upgrade() -> None:
    """Leave all of it until afterwards; a release before has no use for the index."""
