"""Tables of procedure: clocks, kin of staff, visits, notices on their boards, objections, appraisals, the calendar.

What is written about persons is bytes under the case's key.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table, Text, text

from storage.tables.base import Id, Instant, Json, metadata


def _case() -> Column[object]:
    return Column("case_id", Id, ForeignKey("case_file.id"), nullable=False)


clock_pause = Table(
    "clock_pause",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("referral_id", Id, ForeignKey("referral.id")),
    Column("reason", Text, nullable=False),
    Column("paused_on", Date, nullable=False),
    Column("paused_at", Instant, nullable=False),
    Column("paused_by", Text, nullable=False),
    Column("held", Json, nullable=False),
    Column("resumed_on", Date),
    Column("resumed_at", Instant),
    Column("resumed_by", Text),
    Index(None, "case_id"),
)
Index(
    "uq_clock_pause_open",
    clock_pause.c.case_id,
    clock_pause.c.referral_id,
    unique=True,
    postgresql_where=text("resumed_on IS NULL"),
    postgresql_nulls_not_distinct=True,
)

clock_extension = Table(
    "clock_extension",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("reason", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("due_before", Date, nullable=False),
    Column("due_after", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Column("decision_note", Text),
)
Index(
    "uq_clock_extension_case",
    clock_extension.c.case_id,
    unique=True,
    postgresql_where=text("state IN ('asked', 'approved')"),
)

kin_entry = Table(
    "kin_entry",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("relation", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("login", Text),
    Column("registered_at", Instant, nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("concealed", Boolean, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # name, unit, note
    Index(None, "case_id"),
    Index(None, "login"),
    Index(None, "registered_at"),
)

survey = Table(
    "survey",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("round", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("first_surveyor", Text, nullable=False),
    Column("second_surveyor", Text, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # record, confirmation, photos
    Column("recorded_at", Instant, nullable=False),
    Index("uq_survey_case_id", "case_id", "round", unique=True),
)

notice_posting = Table(
    "notice_posting",
    metadata,
    Column("notice_id", Id, ForeignKey("public_notice.id"), primary_key=True),
    _case(),
    Column("referral_id", Id, ForeignKey("referral.id"), nullable=False),
    Column("number", Text, nullable=False, unique=True),
    Column("programme", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("place", Text),
    Column("posted_on", Date),
    Column("posted_by", Text),
    Column("ends_on", Date),
    Column("photo_up", Json),
    Column("taken_down_on", Date),
    Column("photo_down", Json),
    Index(None, "case_id"),
)

objection = Table(
    "objection",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    _case(),
    Column("notice_id", Id, ForeignKey("public_notice.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("received_by", Text, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("objector_sealed", LargeBinary, nullable=False),  # name and contact: shown in no list
    Column("answer_sealed", LargeBinary),
    Column("outcome", Text),
    Column("answered_at", Instant),
    Column("answered_by", Text),
    Column("delivered_at", Instant),
    Index(None, "notice_id"),
    Index(None, "case_id"),
)

appraisal = Table(
    "appraisal",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("referral_id", Id, ForeignKey("referral.id"), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("votes_for", SmallInteger, nullable=False),
    Column("votes_against", SmallInteger, nullable=False),
    Column("votes_abstained", SmallInteger, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # place, participants, minutes, documents
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index(None, "case_id"),
)

calendar_change = Table(
    "calendar_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("what", Text, nullable=False),
    Column("is_workday", Boolean),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("cases_moved", Integer, nullable=False),
    Index(None, "day"),
)
