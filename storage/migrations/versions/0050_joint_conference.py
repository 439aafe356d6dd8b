"""The joint conference: seats, meetings, issues, decided items, problems between units, their courses and files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050_joint_conference"
down_revision = "0049_mail"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; a release before knows no conference."""
    op.create_table(
        "conference_series",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_conference_series")),
    )
    op.create_table(
        "conference_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text()),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", sa.Text()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_seat")),
    )
    op.create_index(op.f("ix_conference_seat_role_since"), "conference_seat", ["role", "since"])
    op.create_table(
        "conference_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("issues_until", sa.Date(), nullable=False),
        sa.Column("liaison_on", sa.Date(), nullable=False),
        sa.Column("convened_at", INSTANT, nullable=False),
        sa.Column("convened_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date()),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column("minutes_due_on", sa.Date()),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid()),
        sa.Column("issued_on", sa.Date()),
        sa.Column("reported_up_on", sa.Date()),
        sa.Column("process_instance_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_meeting")),
        sa.UniqueConstraint("number", name=op.f("uq_conference_meeting_number")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_conference_meeting_submission_key")),
    )
    op.create_index(op.f("ix_conference_meeting_meets_on"), "conference_meeting", ["meets_on"])
    op.create_table(
        "conference_issue",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger()),
        sa.Column("problem_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["meeting_id"], ["conference_meeting.id"], name=op.f("fk_conference_issue_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_issue")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_conference_issue_submission_key")),
    )
    op.create_index(op.f("ix_conference_issue_meeting_id"), "conference_issue", ["meeting_id"])
    op.create_table(
        "conference_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("issue_title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("co_owners", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("process_instance_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["meeting_id"], ["conference_meeting.id"], name=op.f("fk_conference_item_meeting_id")),
        sa.ForeignKeyConstraint(["order_id"], ["supervision_order.id"], name=op.f("fk_conference_item_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_item")),
        sa.UniqueConstraint("number", name=op.f("uq_conference_item_number")),
    )
    op.create_index(op.f("ix_conference_item_due_on"), "conference_item", ["due_on"])
    op.create_index(op.f("ix_conference_item_meeting_id"), "conference_item", ["meeting_id"])
    op.create_table(
        "conference_problem",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", INSTANT, nullable=False),
        sa.Column("filed_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assigned_to", sa.Text()),
        sa.Column("due_on", sa.Date()),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("is_overdue_told", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("process_instance_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_problem")),
        sa.UniqueConstraint("number", name=op.f("uq_conference_problem_number")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_conference_problem_submission_key")),
    )
    op.create_index(op.f("ix_conference_problem_filed_at"), "conference_problem", ["filed_at"])
    op.create_table(
        "conference_event",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_event")),
    )
    op.create_index(op.f("ix_conference_event_record_id"), "conference_event", ["record_id"])
    op.create_table(
        "conference_material",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("beside", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("unit_kind", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conference_material")),
    )
    op.create_index(op.f("ix_conference_material_record_id"), "conference_material", ["record_id"])
