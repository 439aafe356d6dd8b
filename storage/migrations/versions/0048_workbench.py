"""The workbench: drafts of definitions, what they held before, and why they were deployed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048_workbench"
down_revision = "0046_journal_at"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; a release before knows nothing of them."""
    op.create_table(
        "definition_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_definition_id", sa.Uuid()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by", sa.Text()),
        sa.Column("ended_how", sa.Text()),
        sa.ForeignKeyConstraint(
            ["base_definition_id"], ["definition.id"], name=op.f("fk_definition_draft_base_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_draft")),
    )
    op.create_index(
        "uq_definition_draft_open",
        "definition_draft",
        ["file_name"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "definition_draft_state",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["definition_draft.id"], name=op.f("fk_definition_draft_state_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "version", name=op.f("pk_definition_draft_state")),
    )
    op.create_table(
        "draft_deployment",
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployment.id"], name=op.f("fk_draft_deployment_deployment_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["definition_draft.id"], name=op.f("fk_draft_deployment_draft_id")),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_draft_deployment")),
    )
