"""Tables of casework. What is encrypted is bytes under the case's key; what is searched is a keyed hash or a token."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, Json, metadata

Money = Numeric(14, 2)

case_file = Table(
    "case_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("region", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("submission_key", Text, nullable=False, unique=True),
    Column("submission_sealed", LargeBinary, nullable=False),  # a digest of the application
    Column("received_on", Date, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("accepted_on", Date),
    Column("due_on", Date),
    Column("receipt_number", Text),
    Column("declined_reason", Text),
    Column("outcome", Text),
    Column("routing_note", Text),
    Column("closed_at", Instant),
    Column("process_instance_id", Id),
    Column("recognised_status", Text, nullable=False),
    Column("needs", ARRAY(Text), nullable=False),
    Column("documents", ARRAY(Text), nullable=False),
    Column("remark", Text, nullable=False),
    Column("household_sealed", LargeBinary, nullable=False),
    Column("circumstances_sealed", LargeBinary),  # null: none were told
    Column("account_bank", Text),
    Column("account_holder", Text),
    Column("account_sealed", LargeBinary),
    Column("account_hash", Text, index=True),
    Column("account_changed_at", Instant),  # null: paid to what was declared
    Column("wrapped_key", LargeBinary),  # null once the case is erased
    Column("applicant", Text, nullable=False),
    Column("applicant_sort", Text, nullable=False),  # pinyin
    Column("household_size", SmallInteger, nullable=False),
    Column("search", ARRAY(Text), nullable=False),
    Column("search_form", SmallInteger, nullable=False, server_default="1"),  # how `search` was made: see case_search
)
Index("ix_case_file_search_old", case_file.c.id, postgresql_where=text("search_form < 2"))
Index("ix_case_file_search", case_file.c.search, postgresql_using="gin")
Index("ix_case_file_region_received", case_file.c.region, case_file.c.received_at, case_file.c.id)
Index("ix_case_file_status_region", case_file.c.status, case_file.c.region)


def _case() -> Column[object]:
    return Column("case_id", Id, ForeignKey("case_file.id"), nullable=False)


member = Table(
    "member",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("identity_hash", Text, nullable=False, index=True),
    Column("phone_sealed", LargeBinary),
    Column("phone_hash", Text, index=True),
    Column("facts_sealed", LargeBinary, nullable=False),  # work, income, school and health
    Column("authorised_on", Date),
    Column("authorised_by", Text),
    Index("ix_member_name_birth_date", "name", "birth_date"),
)

referral = Table(
    "referral",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    _case(),
    Column("region", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("unit_kind", Text, nullable=False),
    Column("process_id", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("legal_basis", Text),
    Column("state", Text, nullable=False),
    Column("sent_at", Instant),
    Column("acknowledge_due_at", Instant),
    Column("result_due_at", Instant),
    Column("result_at", Instant),
    Column("result", Json),
    Column("outcome", Text),
    Column("amount", Money),
    Column("amount_period", Text),
    Column("outcome_reason", Text),
    Column("aid_until", Date),
    Column("replaces", Id),
    Column("referred_by", Text),
    Column("referring_unit", Text),
    Column("applied_on", Date),
    Index(None, "case_id"),
    Index(None, "unit_kind", "case_id"),
)
Index(
    "ix_referral_open",
    referral.c.unit_kind,
    referral.c.result_due_at,
    postgresql_where=text("state IN ('sent', 'acknowledged', 'in_work', 'need_info')"),
)

agency_request = Table(
    "agency_request",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("region", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("status", Text),
    Column("as_of", Date),
    Column("answer_hash", Text),
    Column("answer_sealed", LargeBinary),
    Column("entered_by", Text),
    Column("reason", Text),
    Column("number", Text, unique=True),
    Column("round", SmallInteger, nullable=False, server_default="1"),
    Column("purpose", Text, nullable=False, server_default="new_application"),
    Column("legal_basis", Text, nullable=False, server_default=""),
    Column("requested_by", Text),
    Column("authorisation_ids", ARRAY(Id), nullable=False, server_default="{}"),
    Column("items", ARRAY(Text), nullable=False, server_default="{}"),
    Column("as_of_wanted", Date),
    Column("look_back_months", SmallInteger),
    Column("objection_id", Id),
    Column("process_instance_id", Id),
    Index(None, "case_id"),
    Index(None, "agency", "asked_at"),
)

check_report = Table(
    "check_report",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("version", Integer, nullable=False),
    Column("compiled_at", Instant, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    UniqueConstraint("case_id", "version"),
)

correction_notice = Table(
    "correction_notice",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("round", SmallInteger, nullable=False, server_default="1"),
    Column("issued_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("missing", Json, nullable=False),
    Column("note", Text),
    Column("override_by", Text),  # the supervisor who let a further notice pass
    Column("override_reason", Text),
    Column("received_at", Instant),
    UniqueConstraint("case_id", "round"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("referral_id", Id, ForeignKey("referral.id")),
    Column("sent_at", Instant),
    Column("gateway_reference", Text),
    Column("delivered_how", Text),
    Index(None, "case_id"),
)
Index(
    "uq_notice_result",
    notice.c.case_id,
    notice.c.referral_id,
    unique=True,
    postgresql_where=text("kind = 'result'"),
    postgresql_nulls_not_distinct=True,
)

public_notice = Table(
    "public_notice",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("referral_id", Id, ForeignKey("referral.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("amount", Money),
    Column("prepared_at", Instant, nullable=False),
    Index(None, "case_id"),
)

benefit = Table(
    "benefit",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("referral_id", Id, ForeignKey("referral.id"), nullable=False, unique=True),
    Column("programme", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("amount_period", Text, nullable=False),
    Column("base", Money, nullable=False),
    Column("add_ons", Money, nullable=False),
    Column("start_month", Date, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("recheck_class", Text),
    Column("recheck_due_on", Date),
    Index(None, "case_id"),
)
Index("ix_benefit_recheck", benefit.c.recheck_due_on, postgresql_where=text("recheck_due_on IS NOT NULL"))

parameter = Table(
    "parameter",
    metadata,
    Column("key", Text, primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("value", Json, nullable=False),
    Column("source", Text, nullable=False),
)

parameter_change = Table(
    "parameter_change",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("value", Json, nullable=False),
    Column("before", Json, nullable=False),  # in force on that day when the change was asked for
    Column("source", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Instant),
    Column("note", Text, nullable=False),
    Index(None, "key", "asked_at"),
)
Index(
    "uq_parameter_change_waiting",
    parameter_change.c.key,
    unique=True,
    postgresql_where=text("state = 'asked'"),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
)

calendar_override = Table(
    "calendar_override",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("name", Text, nullable=False),
)

calendar_version = Table(
    "calendar_version",
    metadata,
    Column("only", Boolean, primary_key=True),  # always true: one row
    Column("version", Id, nullable=False),  # a new one at every change, so that copies in memory know they are old
)
