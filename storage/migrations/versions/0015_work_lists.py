"""Indexes of work lists that hold the text they are searched by, and small ones that count them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_work_lists"
down_revision = "0014_fair_work"
branch_labels = None
depends_on = None

TABLE = "user_task"
BY_REGION = {"region": "text_pattern_ops"}
SEARCHED = "lower(substr((((name || chr(31)) || name_en) || chr(31)) || business_key, 1, 200))"
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
    """Put them in place of three that did not serve; the release before is served by them too.

    The old ones go first: that takes the strongest lock there is before anything is waited for, so that no transaction
    of a running node and this one wait for each other.
    """
    op.drop_index("ix_user_task_desk", TABLE)
    op.drop_index("ix_user_task_open_due", TABLE)
    op.drop_index("ix_user_task_done_by", TABLE)
    _index("listed", "desk", "region", "due_at", "id", sa.text(SEARCHED), include=LISTED, where="desk IS NOT NULL")
    _index("free", "desk", "region", where="assignee IS NULL AND cardinality(distinct_from) = 0")
    _index(
        "taken",
        "desk",
        "region",
        "assignee",
        include=["process_instance_id", "distinct_from"],
        where="(assignee IS NOT NULL OR cardinality(distinct_from) > 0)",
    )
    _index("without_desk", "region", where="desk IS NULL")
    _index("open_region", "region", "due_at", "id", include=["desk"])
    op.create_index(
        "ix_user_task_done_in",
        TABLE,
        ["completed_by", "completed_at"],
        postgresql_include=["process_instance_id"],
        postgresql_where=sa.text("completed_by IS NOT NULL"),
    )


def _index(
    name: str, *columns: str | sa.TextClause, include: list[str] | None = None, where: str | None = None
) -> None:
    op.create_index(
        f"ix_user_task_{name}",
        TABLE,
        [*columns],
        postgresql_include=include,
        postgresql_ops=BY_REGION,
        postgresql_where=sa.text(" AND ".join(["state = 'open'", *([where] if where else [])])),
    )
