"""Jobs of listeners, user tasks that wait for them, and why one denied what was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_listeners"
down_revision = "0005_desks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; the release before leaves them as they are."""
    op.add_column("job", sa.Column("kind", sa.Text(), server_default="service", nullable=False))
    op.add_column("job", sa.Column("event", sa.Text(), nullable=True))
    op.add_column("user_task", sa.Column("transition", sa.Text(), nullable=True))
    op.create_table(
        "user_task_denial",
        sa.Column("user_task_id", sa.Uuid(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("denied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_task.id"], name=op.f("fk_user_task_denial_user_task_id")),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_user_task_denial_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("user_task_id", name=op.f("pk_user_task_denial")),
    )
    op.create_index(op.f("ix_user_task_denial_process_instance_id"), "user_task_denial", ["process_instance_id"])
