"""Where a job comes from, for logs and traces; an index by which what runs is counted, however much has ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_origin_of_jobs"
down_revision = "0006_listeners"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and index what runs."""
    op.add_column("job", sa.Column("request_id", sa.Text()))
    op.add_column("job", sa.Column("trace_parent", sa.Text()))
    op.create_index(
        op.f("ix_process_instance_running"),
        "process_instance",
        ["process_id", "state"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
