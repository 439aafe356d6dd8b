"""Supervision orders with their series and course, and notices inside the system with those they go to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030_supervision"
down_revision = "0029_list_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; a release before reads none of them."""
    op.create_table(
        "supervision_order_series",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("pk_supervision_order_series")),
    )
    _add_orders()
    _add_notices()


def _add_orders() -> None:
    op.create_table(
        "supervision_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("number", "submission_key", "region", "matter")),
        sa.Column("task_id", sa.Uuid()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("step", "step_en", "unit_kind")),
        sa.Column("addressee", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("demand", "basis_kind", "basis")),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("issued_by", "issuing_group", "state")),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("process_instance_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_order_number")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_supervision_order_submission_key")),
    )
    op.create_index(op.f("ix_supervision_order_matter"), "supervision_order", ["matter"])
    op.create_index(
        "ix_supervision_order_in_work",
        "supervision_order",
        ["due_on"],
        postgresql_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
    )
    op.create_table(
        "supervision_order_event",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("by", "step", "text")),
        sa.Column("level", sa.SmallInteger()),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["supervision_order.id"], name=op.f("fk_supervision_order_event_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order_event")),
    )
    op.create_index(
        op.f("ix_supervision_order_event_order_id_round_level"),
        "supervision_order_event",
        ["order_id", "round", "level"],
        unique=True,
        postgresql_where=sa.text("level IS NOT NULL"),
    )
    op.create_index("ix_supervision_order_event_course", "supervision_order_event", ["order_id"])


def _add_notices() -> None:
    op.create_table(
        "staff_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_key", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("cause", "region", "matter", "step", "step_en")),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["supervision_order.id"], name=op.f("fk_staff_notice_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_staff_notice_submission_key")),
    )
    op.create_index(op.f("ix_staff_notice_matter"), "staff_notice", ["matter"])
    op.create_table(
        "staff_notice_recipient",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["notice_id"], ["staff_notice.id"], name=op.f("fk_staff_notice_recipient_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "login", name=op.f("pk_staff_notice_recipient")),
    )
    op.create_index(op.f("ix_staff_notice_recipient_login"), "staff_notice_recipient", ["login"])
    op.create_index(
        "ix_staff_notice_recipient_unread",
        "staff_notice_recipient",
        ["login"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
