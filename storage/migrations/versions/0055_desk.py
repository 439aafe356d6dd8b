"""Who opened which task, changes of figures of policy, and which cases are found by the ends of identity numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations.afterwards import LaterIndex

revision = "0055_desk"
down_revision = "0054_living_elements"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterIndex(name="ix_case_file_search_old", on="case_file (id) WHERE search_form < 2"),
]
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create two tables, and a column whose usual value says that the search is of the release before."""
    op.create_table(
        "task_opening",
        sa.Column("user_task_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("as_holder", sa.Boolean(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_task_id"], ["user_task.id"], name=op.f("fk_task_opening_user_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_task_id", "login", name=op.f("pk_task_opening")),
    )
    op.create_table(
        "parameter_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameter_change")),
    )
    op.create_index(op.f("ix_parameter_change_key_asked_at"), "parameter_change", ["key", "asked_at"])
    op.create_index(
        "uq_parameter_change_waiting",
        "parameter_change",
        ["key"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.add_column("case_file", sa.Column("search_form", sa.SmallInteger(), server_default="1", nullable=False))
