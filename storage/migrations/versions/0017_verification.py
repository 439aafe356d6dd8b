"""The economic check: consents on file, a ledger with purpose and round, objections, refused queries, bank files.

A case may be checked again, and a source asked again, so an agency is no longer asked once a case. Consents that
stand at members alone go on to count.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017_verification"
down_revision = "0016_procedure"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TEXTS = postgresql.ARRAY(sa.Text())
IDS = postgresql.ARRAY(sa.Uuid())


def upgrade() -> None:
    """Add tables and columns; what the release before writes stays valid."""
    _requests()
    _authorisations()
    _objections()
    _ledgers()


def _requests() -> None:
    op.drop_constraint("uq_agency_request_case_id_agency", "agency_request", type_="unique")
    for column in (
        sa.Column("number", sa.Text()),
        sa.Column("round", sa.SmallInteger(), nullable=False, server_default="1"),
        sa.Column("purpose", sa.Text(), nullable=False, server_default="new_application"),
        sa.Column("legal_basis", sa.Text(), nullable=False, server_default=""),
        sa.Column("requested_by", sa.Text()),
        sa.Column("authorisation_ids", IDS, nullable=False, server_default="{}"),
        sa.Column("items", TEXTS, nullable=False, server_default="{}"),
        sa.Column("as_of_wanted", sa.Date()),
        sa.Column("look_back_months", sa.SmallInteger()),
        sa.Column("objection_id", sa.Uuid()),
    ):
        op.add_column("agency_request", column)
    op.create_unique_constraint("uq_agency_request_number", "agency_request", ["number"])
    op.create_index("ix_agency_request_case_id", "agency_request", ["case_id"])
    op.create_index("ix_agency_request_agency_asked_at", "agency_request", ["agency", "asked_at"])


def _authorisations() -> None:
    op.create_table(
        "authorisation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), nullable=False, index=True),
        sa.Column("person", sa.SmallInteger(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("guardian_sealed", sa.LargeBinary()),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("agency_classes", TEXTS, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("copies", TEXTS, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("withdrawal_reason_sealed", sa.LargeBinary()),
        sa.Column("replaced_at", INSTANT),
    )
    op.create_table(
        "supporter",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), primary_key=True),
        sa.Column("number", sa.SmallInteger(), primary_key=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_hash", sa.Text(), nullable=False, index=True),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("supports", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
    )


def _objections() -> None:
    op.create_table(
        "report_objection",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id"), nullable=False, index=True),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), sa.ForeignKey("check_report.id"), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("agencies", TEXTS, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("settled_by", sa.Text()),
        sa.Column("new_version", sa.Integer()),
    )
    op.create_index(
        "uq_report_objection_open",
        "report_objection",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'admitted')"),
    )


def _ledgers() -> None:
    op.create_table(
        "refused_query",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False, index=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text()),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
    )
    op.create_table(
        "agency_rest",
        sa.Column("agency", sa.Text(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", INSTANT),
    )
    op.create_table(
        "bank_file",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("request_ids", IDS, nullable=False),
        sa.Column("digest", sa.Text()),
        sa.Column("returned_at", INSTANT),
        sa.Column("return_digest", sa.Text()),
        sa.Column("rows", sa.Integer()),
        sa.Column("answered", sa.Integer()),
        sa.Column("errors", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_bank_file_region_created_at", "bank_file", ["region", "created_at"])
