"""The desk of a user task, and the index that lists the open tasks of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_desks"
down_revision = "0004_journal"
branch_labels = None
depends_on = None

DESK = """CASE WHEN cardinality(candidate_groups) = 1 AND cardinality(candidate_users) = 0
AND cardinality(distinct_from) <= 4
AND octet_length(candidate_groups[1]) + octet_length(region) + octet_length(name) + octet_length(name_en)
+ octet_length(business_key) + octet_length(element_id) + coalesce(octet_length(assignee), 0)
+ coalesce(octet_length(distinct_from[1]), 0) + coalesce(octet_length(distinct_from[2]), 0)
+ coalesce(octet_length(distinct_from[3]), 0) + coalesce(octet_length(distinct_from[4]), 0) <= 1500
THEN candidate_groups[1] END"""
LISTED = [
    "assignee",
    "priority",
    "created_at",
    "name",
    "name_en",
    "business_key",
    "element_id",
    "process_instance_id",
    "distinct_from",
]


def upgrade() -> None:
    """Add it; the database fills it, also for what an earlier release writes."""
    op.add_column("user_task", sa.Column("desk", sa.Text(), sa.Computed(DESK, persisted=True)))
    op.create_index(
        "ix_user_task_desk",
        "user_task",
        ["desk", "region", "due_at", "id"],
        postgresql_include=LISTED,
        postgresql_ops={"region": "text_pattern_ops"},
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index("ix_user_task_open_groups", "user_task")
    op.create_index(
        "ix_user_task_open_groups",
        "user_task",
        ["candidate_groups"],
        postgresql_using="gin",
        postgresql_where=sa.text("state = 'open' AND desk IS NULL"),
    )
    op.create_index(
        "ix_user_task_open_users",
        "user_task",
        ["candidate_users"],
        postgresql_using="gin",
        postgresql_where=sa.text("state = 'open' AND candidate_users <> '{}'::text[]"),
    )
