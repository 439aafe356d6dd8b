"""A row for each payment of temporary relief: the cap of a year counts the payments made in that year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024_relief_payments"
down_revision = "0023_documents"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, with one payment of each paid claim: the release before kept no more than the sum and a time.

    It goes on writing the sum of a claim alone; whoever counts a year adds what a sum has beyond its payments.
    """
    op.create_table(
        "relief_payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["relief_claim.id"], name=op.f("fk_relief_payment_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relief_payment")),
    )
    op.create_index(op.f("ix_relief_payment_claim_id"), "relief_payment", ["claim_id"])
    op.execute(
        "INSERT INTO relief_payment (id, claim_id, amount, mode, paid_at) "
        "SELECT gen_random_uuid(), id, amount, mode, paid_at FROM relief_claim "
        "WHERE state IN ('paid', 'done') AND amount > 0 AND mode IS NOT NULL AND paid_at IS NOT NULL"
    )
