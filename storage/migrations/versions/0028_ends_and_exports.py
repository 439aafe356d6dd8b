"""Until when an aid of a unit lasts that rested on a status."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028_ends_and_exports"
down_revision = "0027_task_properties"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that the release before neither writes nor reads."""
    op.add_column("referral", sa.Column("aid_until", sa.Date()))
