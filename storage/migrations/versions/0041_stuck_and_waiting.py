"""When an incident failed last and how often, and at which joins the tokens of an instance wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from storage.migrations.afterwards import LaterIndex

revision = "0041_stuck_and_waiting"
down_revision = "0040_submissions"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterIndex(name="ix_process_instance_waiting", on="process_instance (id) WHERE waiting_at <> '{}'"),
]


def upgrade() -> None:
    """Add the columns; a release before writes none of them. An instance's joins are written with its next step.

    In the order in which a node of the release before takes its locks: the instance, then its incidents.
    """
    op.add_column(
        "process_instance",
        sa.Column("waiting_at", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("incident", sa.Column("last_failed_at", sa.DateTime(timezone=True)))
    op.add_column("incident", sa.Column("failures", sa.Integer(), server_default=sa.text("1"), nullable=False))
