"""Where a job comes from: the request in the logs and the trace it belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_trace_parent"
down_revision = "0003_organisation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("job", sa.Column("request_id", sa.Text()))
    op.add_column("job", sa.Column("trace_parent", sa.Text()))
