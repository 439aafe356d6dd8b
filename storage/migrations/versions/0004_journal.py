"""The journal: what happened in each run of a process instance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_journal"
down_revision = "0003_organisation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create it; what earlier releases wrote about flows and variables stays where it is."""
    op.create_table(
        "journal",
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_journal_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("process_instance_id", "version", name=op.f("pk_journal")),
    )
