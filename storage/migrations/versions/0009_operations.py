"""The tables of operators: batches, their items, snapshots from before a migration, tries that failed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_operations"
down_revision = "0008_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them, and the indexes that find what rests and what began last."""
    _batches()
    _of_instances()
    op.create_index(
        "ix_process_instance_suspended",
        "process_instance",
        ["id"],
        postgresql_where=sa.text("state = 'suspended'"),
    )
    op.create_index("ix_process_instance_started_at", "process_instance", ["started_at", "id"])


def _batches() -> None:
    op.create_table(
        "batch_operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("parameters", sa.LargeBinary()),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("memberships", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_operation")),
    )
    op.create_index("ix_batch_operation_created_at", "batch_operation", ["created_at"])
    op.create_index(
        "ix_batch_operation_at_work",
        "batch_operation",
        ["created_at", "id"],
        postgresql_where=sa.text("state IN ('created', 'running')"),
    )
    op.create_table(
        "batch_item",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["batch_id"], ["batch_operation.id"], name=op.f("fk_batch_item_batch_id")),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_batch_item_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_item")),
    )
    op.create_index("ix_batch_item_state", "batch_item", ["batch_id", "state", "number"])
    op.create_index(op.f("ix_batch_item_process_instance_id"), "batch_item", ["process_instance_id"])


def _of_instances() -> None:
    op.create_table(
        "instance_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("source", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_instance_snapshot_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_snapshot")),
    )
    op.create_index(op.f("ix_instance_snapshot_process_instance_id"), "instance_snapshot", ["process_instance_id"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("process_instance_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("retries_left", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["process_instance_id"], ["process_instance.id"], name=op.f("fk_attempt_process_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_process_instance_id", "attempt", ["process_instance_id", "key"])
