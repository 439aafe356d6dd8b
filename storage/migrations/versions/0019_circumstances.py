"""Case files keep what a household tells of its circumstances: spending by kind, supporters, an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_circumstances"
down_revision = "0018_benefits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the release before writes none and reads none."""
    op.add_column("case_file", sa.Column("circumstances_sealed", sa.LargeBinary()))
