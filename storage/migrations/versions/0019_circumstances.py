"""Case files keep what a household tells of its circumstances: spending by kind, supporters, an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_circumstances"
down_revision = "0018_benefits"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add a column and a table; the release before writes neither and reads neither."""
    op.add_column("case_file", sa.Column("circumstances_sealed", sa.LargeBinary()))
    _claims()


def _claims() -> None:
    op.create_table(
        "relief_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("claimed_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("event_kind", sa.Text()),
        sa.Column("event_reference", sa.Text()),
        sa.Column("happened_on", sa.Date()),
        sa.Column("pay_due_at", INSTANT),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("mode", sa.Text()),
        sa.Column("paid_at", INSTANT),
        sa.Column("make_up_due_on", sa.Date()),
        sa.Column("made_up_at", INSTANT),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_relief_claim_case_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_relief_claim_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_claim")),
        sa.UniqueConstraint("referral_id", name=op.f("uq_relief_claim_referral_id")),
    )
    op.create_index(op.f("ix_relief_claim_case_id"), "relief_claim", ["case_id"])
    op.create_index(
        "ix_relief_claim_owed", "relief_claim", ["make_up_due_on"], postgresql_where=sa.text("state = 'paid'")
    )
