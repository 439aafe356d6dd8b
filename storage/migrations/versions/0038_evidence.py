"""Evidence: files beside a case, and links by which phones hand in photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038_evidence"
down_revision = "0037_spot_checks"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; a release before knows nothing of them."""
    op.create_table(
        "photo_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_photo_link_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_photo_link_token_hash")),
    )
    op.create_index(op.f("ix_photo_link_case_id"), "photo_link", ["case_id"])
    _evidence()


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("photo_link_id", sa.Uuid()),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_evidence_case_id")),
        sa.ForeignKeyConstraint(["photo_link_id"], ["photo_link.id"], name=op.f("fk_evidence_photo_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("case_id", "unit_kind", "sha256", name=op.f("uq_evidence_case_id_unit_kind_sha256")),
    )
    op.create_index(op.f("ix_evidence_case_id_added_at"), "evidence", ["case_id", "added_at"])
    op.create_index(op.f("ix_evidence_photo_link_id"), "evidence", ["photo_link_id"])
