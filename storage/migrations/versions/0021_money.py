"""Money: payments in batches, holds after a death, price figures, new standards, recoveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021_money"
down_revision = "0020_programmes"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(14, 2)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add tables the release before neither writes nor reads."""
    _payments()
    _holds()
    _figures()
    _recoveries()


def _payments() -> None:
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("prepared_by", sa.Text()),
        sa.Column("checked_by", sa.Text()),
        sa.Column("approved_by", sa.Text()),
        sa.Column("encoding", sa.Text()),
        sa.Column("checksum", sa.Text()),
        sa.Column("sent_at", INSTANT),
        sa.Column("settled_at", INSTANT),
        sa.Column("return_checksum", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_batch_number")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("basis_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("persons", sa.SmallInteger(), nullable=False),
        sa.Column("base", MONEY, nullable=False),
        sa.Column("add_ons", MONEY, nullable=False),
        sa.Column("price_subsidy", MONEY, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("line", sa.Integer()),
        sa.Column("account_sealed", sa.LargeBinary()),
        sa.Column("account_tail", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date()),
        sa.Column("failure_code", sa.Text()),
        sa.Column("corrected_at", INSTANT),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_payment_case_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint(
            "basis_id", "month", "kind", "cause_id", name=op.f("uq_payment_basis_id_month_kind_cause_id")
        ),
    )
    op.create_index(op.f("ix_payment_case_id"), "payment", ["case_id"])
    op.create_index(op.f("ix_payment_batch_id"), "payment", ["batch_id"])
    op.create_index(op.f("ix_payment_month"), "payment", ["month"])
    op.create_table(
        "payment_attempt",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("account_tail", sa.Text(), nullable=False),
        sa.Column("failure_code", sa.Text()),
        sa.Column("answered_at", INSTANT),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_attempt_payment_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_attempt_batch_id")),
        sa.PrimaryKeyConstraint("payment_id", "batch_id", name=op.f("pk_payment_attempt")),
    )


def _holds() -> None:
    op.create_table(
        "payment_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("benefit_id", sa.Uuid(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_at", INSTANT, nullable=False),
        sa.Column("death_id", sa.Uuid()),
        sa.Column("lifted_at", INSTANT),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_payment_hold_benefit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_hold")),
    )
    op.create_index(op.f("ix_payment_hold_benefit_id"), "payment_hold", ["benefit_id"])
    op.create_table(
        "death_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("same_name_only", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_death_record")),
    )


def _figures() -> None:
    op.create_table(
        "price_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("index", sa.Numeric(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("link_class", sa.Text()),
        sa.Column("per_person", MONEY, nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_link")),
        sa.UniqueConstraint("month", name=op.f("uq_price_link_month")),
    )
    op.create_table(
        "standard_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Numeric(), nullable=False),
        sa.Column("new_value", sa.Numeric(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_change")),
    )
    op.create_table(
        "standard_change_line",
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("benefit_id", sa.Uuid()),
        sa.Column("from_month", sa.Date()),
        sa.Column("persons", sa.SmallInteger(), nullable=False),
        sa.Column("old_base", MONEY, nullable=False),
        sa.Column("old_add_ons", MONEY, nullable=False),
        sa.Column("new_base", MONEY),
        sa.Column("new_add_ons", MONEY),
        sa.Column("flag", sa.Text()),
        sa.Column("applied_at", INSTANT),
        sa.Column("back_pay", MONEY, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["standard_change.id"], name=op.f("fk_standard_change_line_change_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_standard_change_line_case_id")),
        sa.PrimaryKeyConstraint("change_id", "number", name=op.f("pk_standard_change_line")),
    )


def _recoveries() -> None:
    op.create_table(
        "recovery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("until_month", sa.Date(), nullable=False),
        sa.Column("wrongly_paid", MONEY, nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("benefit_id", sa.Uuid()),
        sa.Column("act_on", sa.Date()),
        sa.Column("fine", MONEY, nullable=False),
        sa.Column("fine_least", MONEY, nullable=False),
        sa.Column("fine_most", MONEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid()),
        sa.Column("instalments", JSONB(), nullable=False),
        sa.Column("receipts", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_recovery_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
    )
    op.create_index(op.f("ix_recovery_case_id"), "recovery", ["case_id"])
