"""Printed documents: templates, what was issued, what was printed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_documents"
down_revision = "0022_register"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; a release before knows nothing of them."""
    op.create_table(
        "document_template",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_document_template")),
    )
    op.create_index(op.f("ix_document_template_sha256"), "document_template", ["sha256"])
    _issued()
    op.create_table(
        "document_print",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_original", sa.Boolean(), nullable=False),
        sa.Column("printed_at", INSTANT, nullable=False),
        sa.Column("printed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["issued_document.id"], name=op.f("fk_document_print_document_id")),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_document_print")),
    )


def _issued() -> None:
    op.create_table(
        "issued_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("template_sha256", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_issued_document_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("number", "kind", "version", name=op.f("uq_issued_document_number_kind_version")),
    )
    op.create_index(op.f("ix_issued_document_case_id"), "issued_document", ["case_id"])
    op.create_index(op.f("ix_issued_document_region_issued_at"), "issued_document", ["region", "issued_at"])
    op.create_index(
        "uq_issued_document_subject",
        "issued_document",
        ["case_id", "kind", "subject", "version"],
        unique=True,
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
