"""Benefits get a history, statuses a validity, decisions a number; a benefit without versions reads as its first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018_benefits"
down_revision = "0017_verification"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(14, 2)
INSTANT = sa.DateTime(timezone=True)
NUMBERS = postgresql.ARRAY(sa.SmallInteger())


def upgrade() -> None:
    """Create the tables beside the old ones; a release before goes on to grant benefits without versions."""
    op.add_column("benefit", sa.Column("recheck_class", sa.Text()))
    op.add_column("benefit", sa.Column("recheck_due_on", sa.Date()))
    op.create_index(
        "ix_benefit_recheck", "benefit", ["recheck_due_on"], postgresql_where=sa.text("recheck_due_on IS NOT NULL")
    )
    _versions()
    _recognitions()
    _decisions()
    _links_and_minutes()


def _versions() -> None:
    op.create_table(
        "benefit_version",
        sa.Column("benefit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("until_month", sa.Date()),
        sa.Column("base", MONEY, nullable=False),
        sa.Column("add_ons", MONEY, nullable=False),
        sa.Column("persons", NUMBERS, nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("superseded_at", INSTANT),
        sa.ForeignKeyConstraint(["benefit_id"], ["benefit.id"], name=op.f("fk_benefit_version_benefit_id")),
        sa.PrimaryKeyConstraint("benefit_id", "number", name=op.f("pk_benefit_version")),
    )
    op.create_index(
        "ix_benefit_version_standing",
        "benefit_version",
        ["benefit_id", "from_month"],
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


def _recognitions() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("persons", NUMBERS, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("decision_id", sa.Uuid()),
        sa.Column("end_reason", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_recognition_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
    )
    op.create_index(op.f("ix_recognition_case_id"), "recognition", ["case_id"])


def _decisions() -> None:
    op.create_table(
        "case_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid()),
        sa.Column("benefit_id", sa.Uuid()),
        sa.Column("amount", MONEY),
        sa.Column("amount_period", sa.Text()),
        sa.Column("start_month", sa.Date()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.Column("articles", postgresql.JSONB(), nullable=False),
        sa.Column("remedies", postgresql.JSONB(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("served_on", sa.Date()),
        sa.Column("served_how", sa.Text()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_decision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_decision")),
        sa.UniqueConstraint("number", name=op.f("uq_case_decision_number")),
    )
    op.create_index(op.f("ix_case_decision_case_id"), "case_decision", ["case_id"])
    op.create_index(op.f("ix_case_decision_referral_id"), "case_decision", ["referral_id"])
    op.create_table(
        "decision_counter",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_decision_counter")),
    )


def _links_and_minutes() -> None:
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("linked_case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("member", sa.SmallInteger(), nullable=False),
        sa.Column("linked_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_link_case_id")),
        sa.ForeignKeyConstraint(["linked_case_id"], ["case_file.id"], name=op.f("fk_case_link_linked_case_id")),
        sa.PrimaryKeyConstraint("case_id", "linked_case_id", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_linked_case_id"), "case_link", ["linked_case_id"])
    op.create_table(
        "collective_minutes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid()),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("amount", MONEY),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_collective_minutes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collective_minutes")),
    )
    op.create_index(op.f("ix_collective_minutes_case_id"), "collective_minutes", ["case_id"])
