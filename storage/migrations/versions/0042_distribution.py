"""Rules by which units give out their tasks, and the record of their changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042_distribution"
down_revision = "0041_stuck_and_waiting"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; a release before gives nothing out."""
    op.create_table(
        "distribution_rule",
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("most_open", sa.SmallInteger()),
        sa.Column("release_after", sa.SmallInteger()),
        sa.Column("last_login", sa.Text()),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("unit_kind", "region", "process_id", "element_id", name=op.f("pk_distribution_rule")),
    )
    op.create_table(
        "distribution_rule_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text())),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution_rule_event")),
    )
    op.create_index(
        op.f("ix_distribution_rule_event_unit_kind_region"), "distribution_rule_event", ["unit_kind", "region"]
    )
