"""Tables of what units keep while they answer referrals. What tells of a person is sealed under the case's key."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import Id, Instant, metadata
from storage.tables.casework import Money


def _case(*, optional: bool = False) -> Column[object]:
    return Column("case_id", Id, ForeignKey("case_file.id"), nullable=optional)


def _referral() -> Column[object]:
    return Column("referral_id", Id, ForeignKey("referral.id"), nullable=False)


referral_share = Table(
    "referral_share",
    metadata,
    Column("id", Id, primary_key=True),
    _referral(),
    _case(),
    Column("unit_kind", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("facts_sealed", LargeBinary, nullable=False),
    Index(None, "case_id"),
)

referral_pause = Table(
    "referral_pause",
    metadata,
    Column("id", Id, primary_key=True),
    _referral(),
    _case(),
    Column("question_sealed", LargeBinary, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("information_sealed", LargeBinary),
    Column("answered_by", Text),
    Column("answered_at", Instant),
    Index(None, "case_id"),
)

job_offer = Table(
    "job_offer",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("member_number", SmallInteger, nullable=False),
    Column("offered_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("monthly_wage", Money),
    Column("distance_km", Money),
    Column("answer", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("reason_sealed", LargeBinary),
    Column("counts", Boolean, nullable=False),
    Column("resets", Boolean, nullable=False),
    Column("judged_by", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index(None, "case_id", "member_number"),
)

medical_status = Table(
    "medical_status",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("member_number", SmallInteger, nullable=False),
    Column("identity_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Index(None, "identity_hash"),
    Index(None, "case_id"),
)

status_query = Table(
    "status_query",
    metadata,
    Column("id", Id, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("identity_hash", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("status", Text, nullable=False),
    _case(optional=True),
    Index(None, "asked_at"),
    Index(None, "identity_hash"),
)

medical_bill = Table(
    "medical_bill",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    _case(optional=True),
    Column("member_number", SmallInteger),
    Column("identity_hash", Text, nullable=False),
    Column("hospital", Text, nullable=False),
    Column("discharged_on", Date, nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("total", Money, nullable=False),
    Column("in_scope", Money, nullable=False),
    Column("insurance", Money, nullable=False),
    Column("critical_illness", Money, nullable=False),
    Column("aid", Money, nullable=False),
    Column("patient", Money, nullable=False),
    Column("settled_at", Instant, nullable=False),
    Index(None, "identity_hash", "discharged_on"),
    Index(None, "case_id"),
    Index(None, "settled_at"),
)

housing_place = Table(
    "housing_place",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("referral_id", Id, ForeignKey("referral.id"), nullable=False, unique=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("priority", SmallInteger, nullable=False),
    Column("persons", SmallInteger, nullable=False),
    Column("joined_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("contract_number", Text),
    Column("settled_on", Date),
    Index(None, "case_id"),
)

term_grant = Table(
    "term_grant",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    _referral(),
    Column("member_number", SmallInteger, nullable=False),
    Column("school_stage", Text, nullable=False),
    Column("school_sealed", LargeBinary),
    Column("term", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("state", Text, nullable=False),
    Column("paid_on", Date),
    UniqueConstraint("referral_id", "member_number", "term"),
    Index(None, "term"),
    Index(None, "case_id"),
)

satisfaction_call = Table(
    "satisfaction_call",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("called_at", Instant, nullable=False),
    Column("called_by", Text, nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("score", SmallInteger),  # 1 to 5
    Column("remark_sealed", LargeBinary),
    Index(None, "case_id"),
)

aid_list = Table(
    "aid_list",
    metadata,
    Column("id", Id, primary_key=True),
    Column("unit_kind", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("uploaded_by", Text, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("total", Money, nullable=False),
    UniqueConstraint("unit_kind", "month"),
)

aid_line = Table(
    "aid_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("list_id", Id, ForeignKey("aid_list.id", ondelete="CASCADE"), nullable=False),
    Column("row_number", Integer, nullable=False),
    Column("identity_hash", Text, nullable=False),
    Column("name", Text, nullable=False),  # masked
    Column("scheme", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("aided_on", Date, nullable=False),
    Column("batch", Text, nullable=False),
    Index(None, "identity_hash"),
    Index(None, "list_id"),
)
