"""Advice: questions to other units, the evidence shown with them; and tasks that wait for an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_advice"
down_revision = "0038_evidence"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; a release before knows nothing of them."""
    op.create_table(
        "advice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("step_en", sa.Text(), nullable=False),
        sa.Column("asking_unit", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary()),
        sa.Column("closed_at", INSTANT),
        sa.Column("closed_by", sa.Text()),
        sa.Column("process_instance_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_advice_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_advice_submission_key")),
    )
    op.create_index(op.f("ix_advice_case_id"), "advice", ["case_id"])
    op.create_index(op.f("ix_advice_task_id"), "advice", ["task_id"])
    op.create_index("ix_advice_open", "advice", ["task_id"], postgresql_where=sa.text("state = 'open'"))
    op.create_table(
        "advice_evidence",
        sa.Column("advice_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["advice_id"], ["advice.id"], name=op.f("fk_advice_evidence_advice_id")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_advice_evidence_evidence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("advice_id", "evidence_id", name=op.f("pk_advice_evidence")),
    )
    op.create_index(op.f("ix_advice_evidence_evidence_id"), "advice_evidence", ["evidence_id"])
    op.create_table(
        "task_hold",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_hold_case_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_task_hold")),
    )
    op.create_index(op.f("ix_task_hold_case_id_event"), "task_hold", ["case_id", "event"])
