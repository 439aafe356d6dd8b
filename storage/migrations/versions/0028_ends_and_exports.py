"""Until when an aid of a unit lasts that rested on a status, and what was taken away with an export."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_ends_and_exports"
down_revision = "0027_task_properties"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns that the release before neither writes nor reads."""
    op.add_column("referral", sa.Column("aid_until", sa.Date()))
    op.add_column("account_event", sa.Column("details", postgresql.JSONB()))
