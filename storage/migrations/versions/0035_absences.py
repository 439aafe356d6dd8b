"""Absences with their substitutes, and in whose name a task was completed or a decision signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035_absences"
down_revision = "0034_comments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and add the columns; the release before leaves all empty, and nobody has a substitute."""
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("process_ids", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text()),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name="fk_absence_login"),
        sa.ForeignKeyConstraint(["substitute"], ["account.login"], name="fk_absence_substitute"),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_login_last_on", "absence", ["login", "last_on"])
    op.create_index("ix_absence_substitute_last_on", "absence", ["substitute", "last_on"])
    op.add_column("case_decision", sa.Column("signed_for", sa.Text()))
    op.add_column("user_task", sa.Column("completed_for", sa.Text()))
    op.create_index(
        "ix_user_task_done_for",
        "user_task",
        ["completed_for", "completed_at"],
        postgresql_include=["process_instance_id"],
        postgresql_where=sa.text("completed_for IS NOT NULL"),
    )
