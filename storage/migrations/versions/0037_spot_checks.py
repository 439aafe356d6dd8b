"""Spot checks with their hashed population, the sampled cases with what was found, and the monthly circulars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037_spot_checks"
down_revision = "0035_absences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; a release before reads none of them."""
    op.create_table(
        "spot_check_series",
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_spot_check_series")),
    )
    _add_draws()
    _add_items()
    _add_circulars()


def _add_draws() -> None:
    op.create_table(
        "spot_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("number", "submission_key", "basis")),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("since", "until")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("region", "programme", "unit_kind", "way")),
        sa.Column("size", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("seed", "reason")),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("drawn_by", "deciding_group")),
        sa.Column("lots", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check")),
        sa.UniqueConstraint("number", name=op.f("uq_spot_check_number")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_spot_check_submission_key")),
    )
    op.create_index(op.f("ix_spot_check_region_drawn_at"), "spot_check", ["region", "drawn_at"])


def _add_items() -> None:
    op.create_table(
        "spot_check_item",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "spot_check_id", "case_id")),
        sa.Column("referral_id", sa.Uuid()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key", "programme", "unit_kind", "region")),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid()),
        *(sa.Column(name, sa.Text()) for name in ("conclusion", "severity", "reviewed_by")),
        sa.Column("reviewed_at", sa.DateTime(timezone=True)),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("review_sealed", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["spot_check_id"], ["spot_check.id"], name=op.f("fk_spot_check_item_spot_check_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_spot_check_item_case_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_spot_check_item_referral_id")),
        sa.ForeignKeyConstraint(["order_id"], ["supervision_order.id"], name=op.f("fk_spot_check_item_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check_item")),
    )
    name = op.f("ix_spot_check_item_spot_check_id_key")
    op.create_index(name, "spot_check_item", ["spot_check_id", "key"], unique=True)
    for column in ("case_id", "referral_id", "order_id"):
        op.create_index(op.f(f"ix_spot_check_item_{column}"), "spot_check_item", [column])
    op.create_index("ix_spot_check_item_reviewed_at", "spot_check_item", ["reviewed_at"])
    op.create_index(
        "ix_spot_check_item_open",
        "spot_check_item",
        ["case_id"],
        postgresql_where=sa.text("state IN ('open', 'found')"),
    )


def _add_circulars() -> None:
    op.create_table(
        "circular",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True)),
        sa.Column("saved_by", sa.Text()),
        sa.Column("document_id", sa.Uuid()),
        sa.Column("published_version", sa.Integer()),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_circular_document_id")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_circular")),
    )
    op.create_index(op.f("ix_circular_document_id"), "circular", ["document_id"])
