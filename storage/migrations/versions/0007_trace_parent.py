"""Where a job comes from, for logs and traces; indexes by which what is open is counted, however much has ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_trace_parent"
down_revision = "0003_organisation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; let the index of open tasks cover step and unit; index what runs."""
    op.add_column("job", sa.Column("request_id", sa.Text()))
    op.add_column("job", sa.Column("trace_parent", sa.Text()))
    op.drop_index(op.f("ix_user_task_open_due"), "user_task")
    op.create_index(
        op.f("ix_user_task_open_due"),
        "user_task",
        ["region", "due_at", "id"],
        postgresql_include=["element_id", "candidate_groups"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        op.f("ix_process_instance_running"),
        "process_instance",
        ["process_id", "state"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
