"""Who added a referral from a task of a running case, for which kind of unit, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051_added_referrals"
down_revision = "0050_joint_conference"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add three columns that a release before leaves empty."""
    op.add_column("referral", sa.Column("referred_by", sa.Text()))
    op.add_column("referral", sa.Column("referring_unit", sa.Text()))
    op.add_column("referral", sa.Column("applied_on", sa.Date()))
