"""The register of winter and spring relief: seasons, their towns, the households in need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056_winter_relief"
down_revision = "0055_desk"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(14, 2)


def upgrade() -> None:
    """Create three tables."""
    op.create_table(
        "winter_register",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("warns_on", sa.Date(), nullable=False),
        sa.Column("report_on", sa.Date(), nullable=False),
        sa.Column("freezes_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("approval_number", sa.Text()),
        sa.Column("approved_on", sa.Date()),
        sa.Column("recorded_by", sa.Text()),
        sa.Column("filing_number", sa.Text()),
        sa.Column("filed_on", sa.Date()),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_winter_register")),
        sa.UniqueConstraint("season", name=op.f("uq_winter_register_season")),
    )
    op.create_table(
        "winter_town",
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reported_at", INSTANT),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("published_on", sa.Date()),
        sa.Column("published_at", sa.Text()),
        sa.ForeignKeyConstraint(["register_id"], ["winter_register.id"], name=op.f("fk_winter_town_register_id")),
        sa.PrimaryKeyConstraint("register_id", "region", name=op.f("pk_winter_town")),
    )
    op.create_table(
        "winter_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("village", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("persons", sa.SmallInteger(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("status", sa.Text()),
        sa.Column("granted", MONEY, nullable=False),
        sa.Column("calculation", sa.Text()),
        sa.ForeignKeyConstraint(["register_id"], ["winter_register.id"], name=op.f("fk_winter_need_register_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_winter_need_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_winter_need")),
        sa.UniqueConstraint("register_id", "case_id", name=op.f("uq_winter_need_register_id_case_id")),
    )
    op.create_index(op.f("ix_winter_need_case_id"), "winter_need", ["case_id"])
