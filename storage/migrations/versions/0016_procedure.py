"""What procedure keeps: clocks, kin of staff, visits, notices on boards, objections, appraisals, calendar changes.

A further correction notice becomes possible where a supervisor lets it pass; a public notice may name no sum.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016_procedure"
down_revision = "0015_work_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and widen two."""
    _create_clock_pause()
    _create_clock_extension()
    _create_kin_entry()
    _create_survey()
    _create_notice_posting()
    _create_objection()
    _create_appraisal()
    _create_calendar_change()
    _widen_correction_notice()
    op.alter_column("public_notice", "amount", existing_type=sa.Numeric(14, 2), nullable=True)


def _widen_correction_notice() -> None:
    op.add_column("correction_notice", sa.Column("round", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("correction_notice", sa.Column("override_by", sa.Text()))
    op.add_column("correction_notice", sa.Column("override_reason", sa.Text()))
    op.create_unique_constraint(op.f("uq_correction_notice_case_id_round"), "correction_notice", ["case_id", "round"])
    op.drop_constraint(op.f("uq_correction_notice_case_id"), "correction_notice")


def _create_clock_pause() -> None:
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_by", sa.Text(), nullable=False),
        sa.Column("held", postgresql.JSONB(), nullable=False),
        sa.Column("resumed_on", sa.Date()),
        sa.Column("resumed_at", sa.DateTime(timezone=True)),
        sa.Column("resumed_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_clock_pause_referral_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_clock_pause_case_id")),
    )
    op.create_index("ix_clock_pause_case_id", "clock_pause", ["case_id"])
    op.create_index(
        "uq_clock_pause_open",
        "clock_pause",
        ["case_id", "referral_id"],
        unique=True,
        postgresql_where=sa.text("resumed_on IS NULL"),
        postgresql_nulls_not_distinct=True,
    )


def _create_clock_extension() -> None:
    op.create_table(
        "clock_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=False),
        sa.Column("due_after", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decision_note", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_extension")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_clock_extension_case_id")),
    )
    op.create_index(
        "uq_clock_extension_case",
        "clock_extension",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'approved')"),
    )


def _create_kin_entry() -> None:
    op.create_table(
        "kin_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("login", sa.Text()),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("concealed", sa.Boolean(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kin_entry")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_kin_entry_case_id")),
    )
    op.create_index("ix_kin_entry_case_id", "kin_entry", ["case_id"])
    op.create_index("ix_kin_entry_login", "kin_entry", ["login"])
    op.create_index("ix_kin_entry_registered_at", "kin_entry", ["registered_at"])


def _create_survey() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("first_surveyor", sa.Text(), nullable=False),
        sa.Column("second_surveyor", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_survey_case_id")),
    )
    op.create_index("uq_survey_case_id", "survey", ["case_id", "round"], unique=True)


def _create_notice_posting() -> None:
    op.create_table(
        "notice_posting",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("posted_on", sa.Date()),
        sa.Column("posted_by", sa.Text()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("photo_up", postgresql.JSONB()),
        sa.Column("taken_down_on", sa.Date()),
        sa.Column("photo_down", postgresql.JSONB()),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notice_posting")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_notice_posting_referral_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["public_notice.id"], name=op.f("fk_notice_posting_notice_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_notice_posting_case_id")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_posting_number")),
    )
    op.create_index("ix_notice_posting_case_id", "notice_posting", ["case_id"])


def _create_objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("objector_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary()),
        sa.Column("outcome", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.Text()),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_objection_case_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["public_notice.id"], name=op.f("fk_objection_notice_id")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )
    op.create_index("ix_objection_case_id", "objection", ["case_id"])
    op.create_index("ix_objection_notice_id", "objection", ["notice_id"])


def _create_appraisal() -> None:
    op.create_table(
        "appraisal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("votes_for", sa.SmallInteger(), nullable=False),
        sa.Column("votes_against", sa.SmallInteger(), nullable=False),
        sa.Column("votes_abstained", sa.SmallInteger(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_appraisal_case_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_appraisal_referral_id")),
    )
    op.create_index("ix_appraisal_case_id", "appraisal", ["case_id"])


def _create_calendar_change() -> None:
    op.create_table(
        "calendar_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("is_workday", sa.Boolean()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("cases_moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_change")),
    )
    op.create_index("ix_calendar_change_day", "calendar_change", ["day"])
