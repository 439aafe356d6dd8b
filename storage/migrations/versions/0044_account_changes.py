"""Changes of accounts: asked for of a case, and when a case was last paid to another one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.afterwards import LaterCheck, LaterIndex

revision = "0044_account_changes"
down_revision = "0042_distribution"
branch_labels = None
depends_on = None

AFTERWARDS = [
    LaterCheck(table="register_correction", constraint="fk_register_correction_case_id"),
    LaterIndex(name="ix_register_correction_case_id", on="register_correction (case_id)"),
]


def upgrade() -> None:
    """Add columns that a release before leaves empty."""
    op.add_column("case_file", sa.Column("account_changed_at", sa.DateTime(timezone=True)))
    op.add_column("register_correction", sa.Column("case_id", sa.Uuid()))
    op.create_foreign_key(
        op.f("fk_register_correction_case_id"),
        "register_correction",
        "case_file",
        ["case_id"],
        ["id"],
        postgresql_not_valid=True,
    )
