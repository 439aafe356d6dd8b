"""What clients list newest first, in that order: instances, user tasks and incidents."""

from __future__ import annotations

from storage.migrations.afterwards import LaterIndex

revision = "0062_listed_by_date"
down_revision = "0060_decisions_by_name"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterIndex(name="ix_process_instance_started", on="process_instance (started_at, id)"),
    LaterIndex(name="ix_user_task_created", on="user_task (created_at, id)"),
    LaterIndex(name="ix_incident_raised", on="incident (raised_at, id)"),
]


def upgrade() -> None:
    """Leave all of it until afterwards; a release before has no use for the indexes."""
