"""Tables of the economic check beside requests and reports. What tells of persons is sealed under the case's key."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables.base import Id, Instant, Json, metadata


def _case() -> Column[object]:
    return Column("case_id", Id, ForeignKey("case_file.id"), nullable=False)


authorisation = Table(
    "authorisation",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("person", SmallInteger, nullable=False),
    Column("signed_on", Date, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("guardian_sealed", LargeBinary),
    Column("method", Text, nullable=False),
    Column("agency_classes", ARRAY(Text), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("copies", ARRAY(Text), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawal_reason_sealed", LargeBinary),
    Column("replaced_at", Instant),
    Index(None, "case_id"),
)

supporter = Table(
    "supporter",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("identity_hash", Text, nullable=False, index=True),
    Column("relation", Text, nullable=False),
    Column("supports", SmallInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

report_objection = Table(
    "report_objection",
    metadata,
    Column("id", Id, primary_key=True),
    _case(),
    Column("region", Text, nullable=False),
    Column("report_id", Id, ForeignKey("check_report.id"), nullable=False),
    Column("report_version", Integer, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("agencies", ARRAY(Text), nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # grounds, evidence, answer
    Column("state", Text, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", Text),
    Column("new_version", Integer),
    Index(None, "case_id"),
)
Index(
    "uq_report_objection_open",
    report_objection.c.case_id,
    unique=True,
    postgresql_where=text("state IN ('open', 'admitted')"),
)

refused_query = Table(
    "refused_query",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    Column("agency", Text),
    Column("purpose", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Index(None, "at"),
)

agency_rest = Table(
    "agency_rest",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("rests_until", Instant),
)

bank_file = Table(
    "bank_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("agency", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("request_ids", ARRAY(Id), nullable=False),
    Column("digest", Text),
    Column("returned_at", Instant),
    Column("return_digest", Text),
    Column("rows", Integer),
    Column("answered", Integer),
    Column("errors", Json, nullable=False),
    Index(None, "region", "created_at"),
)
