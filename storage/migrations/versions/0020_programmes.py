"""What units keep while they answer referrals: facts as shared, pauses, offers, bills, queues, terms, aid lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_programmes"
down_revision = "0019_circumstances"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(14, 2)
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables; a referral names its law, and rests while the unit waits for information."""
    op.add_column("referral", sa.Column("legal_basis", sa.Text()))
    op.drop_index("ix_referral_open", "referral")
    op.create_index(
        "ix_referral_open",
        "referral",
        ["unit_kind", "result_due_at"],
        postgresql_where=sa.text("state IN ('sent', 'acknowledged', 'in_work', 'need_info')"),
    )
    _sharing()
    _employment()
    _medical()
    _housing()
    _education()
    _satisfaction()
    _aid_lists()


def _sharing() -> None:
    _of_case(
        "referral_share",
        _referral(),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
    )
    _of_case(
        "referral_pause",
        _referral(),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("information_sealed", sa.LargeBinary()),
        sa.Column("answered_by", sa.Text()),
        sa.Column("answered_at", INSTANT),
    )


def _employment() -> None:
    _of_case(
        "job_offer",
        sa.Column("member_number", sa.SmallInteger(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("monthly_wage", MONEY),
        sa.Column("distance_km", MONEY),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary()),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("resets", sa.Boolean(), nullable=False),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        index=("case_id", "member_number"),
    )


def _medical() -> None:
    _of_case(
        "medical_status",
        sa.Column("member_number", sa.SmallInteger(), nullable=False),
        sa.Column("identity_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
    )
    op.create_index("ix_medical_status_identity_hash", "medical_status", ["identity_hash"])
    sums = ("total", "in_scope", "insurance", "critical_illness", "aid", "patient")
    _of_case(
        "medical_bill",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_number", sa.SmallInteger()),
        sa.Column("identity_hash", sa.Text(), nullable=False),
        sa.Column("hospital", sa.Text(), nullable=False),
        sa.Column("discharged_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        *(sa.Column(name, MONEY, nullable=False) for name in sums),
        sa.Column("settled_at", INSTANT, nullable=False),
        sa.UniqueConstraint("number", name="uq_medical_bill_number"),
        case_may_miss=True,
    )
    op.create_index("ix_medical_bill_identity_hash_discharged_on", "medical_bill", ["identity_hash", "discharged_on"])
    op.create_index("ix_medical_bill_settled_at", "medical_bill", ["settled_at"])


def _housing() -> None:
    _of_case(
        "housing_place",
        _referral(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("persons", sa.SmallInteger(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("contract_number", sa.Text()),
        sa.Column("settled_on", sa.Date()),
        sa.UniqueConstraint("referral_id", name="uq_housing_place_referral_id"),
        sa.UniqueConstraint("number", name="uq_housing_place_number"),
    )


def _education() -> None:
    _of_case(
        "term_grant",
        _referral(),
        sa.Column("member_number", sa.SmallInteger(), nullable=False),
        sa.Column("school_stage", sa.Text(), nullable=False),
        sa.Column("school_sealed", sa.LargeBinary()),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date()),
        sa.UniqueConstraint(
            "referral_id", "member_number", "term", name="uq_term_grant_referral_id_member_number_term"
        ),
    )
    op.create_index("ix_term_grant_term", "term_grant", ["term"])


def _satisfaction() -> None:
    _of_case(
        "satisfaction_call",
        sa.Column("called_at", INSTANT, nullable=False),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("score", sa.SmallInteger()),
        sa.Column("remark_sealed", sa.LargeBinary()),
    )


def _aid_lists() -> None:
    op.create_table(
        "aid_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aid_list"),
        sa.UniqueConstraint("unit_kind", "month", name="uq_aid_list_unit_kind_month"),
    )
    op.create_table(
        "aid_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("identity_hash", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("aided_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aid_line"),
        sa.ForeignKeyConstraint(["list_id"], ["aid_list.id"], name="fk_aid_line_list_id", ondelete="CASCADE"),
    )
    op.create_index("ix_aid_line_identity_hash", "aid_line", ["identity_hash"])
    op.create_index("ix_aid_line_list_id", "aid_line", ["list_id"])


def _referral() -> sa.Column[object]:
    return sa.Column("referral_id", sa.Uuid(), sa.ForeignKey("referral.id"), nullable=False)


def _of_case(
    table: str,
    *parts: sa.schema.SchemaItem,
    index: tuple[str, ...] = ("case_id",),
    case_may_miss: bool = False,
) -> None:
    case = sa.Column("case_id", sa.Uuid(), nullable=case_may_miss)
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        case,
        *parts,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=f"fk_{table}_case_id"),
    )
    op.create_index(f"ix_{table}_{'_'.join(index)}", table, list(index))
