"""Filters that people keep of their work lists or share with their unit, and the columns they chose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029_list_filters"
down_revision = "0028_ends_and_exports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; nobody has a filter yet."""
    op.create_table(
        "list_filter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["account.login"], name="fk_list_filter_owner"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_list_filter_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_list_filter"),
        sa.UniqueConstraint("owner", "name", name="uq_list_filter_owner_name"),
    )
    op.create_index("ix_list_filter_unit_id", "list_filter", ["unit_id"])
    op.create_table(
        "list_columns",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["login"], ["account.login"], name="fk_list_columns_login"),
        sa.PrimaryKeyConstraint("login", name="pk_list_columns"),
    )
