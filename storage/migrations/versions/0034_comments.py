"""Comments on cases with the versions of their texts and how far people read them; who is where just now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0034_comments"
down_revision = "0033_relays"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; a release before reads none of them."""
    _add_comments()
    op.create_table(
        "case_comment_text",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["case_comment.id"], name=op.f("fk_case_comment_text_comment_id")),
        sa.PrimaryKeyConstraint("comment_id", "version", name=op.f("pk_case_comment_text")),
    )
    op.create_table(
        "case_comment_read",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_comment_read_case_id")),
        sa.PrimaryKeyConstraint("case_id", "login", name=op.f("pk_case_comment_read")),
    )
    _add_presence()


def _add_comments() -> None:
    op.create_table(
        "case_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid()),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("step", "step_en", "author", "unit_kind", "unit_region")
        ),
        *(sa.Column(name, ARRAY(sa.Text()), nullable=False) for name in ("unit_kinds", "mentions")),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("written_at", "correctable_until")),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("corrected_at", "withdrawn_at")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_comment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_comment")),
        *(sa.UniqueConstraint(name, name=op.f(f"uq_case_comment_{name}")) for name in ("number", "submission_key")),
    )
    op.create_index(op.f("ix_case_comment_case_id_number"), "case_comment", ["case_id", "number"])


def _add_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid()),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("since", "seen_at")),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_presence")),
        prefixes=["UNLOGGED"],
    )
    for name in ("business_key", "task_id"):
        op.create_index(op.f(f"ix_presence_{name}"), "presence", [name])
