"""Tables of the register of persons and households, of suspected duplicates, and of what comes in from outside."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import Id, Instant, metadata

person = Table(
    "register_person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("wrapped_key", LargeBinary),  # null once the person is forgotten
    Column("identity_hash", Text, nullable=False),
    Column("identity_sealed", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("phone_sealed", LargeBinary),
    Column("phone_hash", Text, index=True),
    Column("version", Integer, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Column("source_case_id", Id),
    Column("merged_into", Id),
)
Index(
    "uq_register_person_identity",
    person.c.identity_hash,
    unique=True,
    postgresql_where=text("identity_hash <> ''"),
)

household = Table(
    "register_household",
    metadata,
    Column("id", Id, primary_key=True),
    Column("wrapped_key", LargeBinary),  # null once its persons are forgotten
    Column("region", Text, nullable=False, index=True),
    Column("head_id", Id, ForeignKey("register_person.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Column("source_case_id", Id),
)


def _household() -> Column[object]:
    return Column("household_id", Id, ForeignKey("register_household.id"), nullable=False, index=True)


membership = Table(
    "register_membership",
    metadata,
    Column("id", Id, primary_key=True),
    _household(),
    Column("person_id", Id, ForeignKey("register_person.id"), nullable=False, index=True),
    Column("relation", Text, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),  # the last day; null: still a member
    Column("source_case_id", Id),
)

address = Table(
    "register_address",
    metadata,
    Column("id", Id, primary_key=True),
    _household(),
    Column("address_sealed", LargeBinary, nullable=False),
    Column("division", Text, nullable=False),  # twelve digits, or empty
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("source_case_id", Id),
)

account = Table(
    "register_account",
    metadata,
    Column("id", Id, primary_key=True),
    _household(),
    Column("bank", Text, nullable=False),
    Column("holder_sealed", LargeBinary, nullable=False),
    Column("number_sealed", LargeBinary, nullable=False),
    Column("number_hash", Text, nullable=False, index=True),
    Column("is_card_number", Boolean, nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("source_case_id", Id),
)

fed_case = Table(
    "register_case",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id"), primary_key=True),
    Column("household_id", Id, ForeignKey("register_household.id"), nullable=False, index=True),
    Column("fed_at", Instant, nullable=False),
)

entry = Table(
    "register_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_id", Id, nullable=False, index=True),  # a person or a household
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("source_id", Id),  # the case, the correction or the duplicate it came of
    Column("content_sealed", LargeBinary, nullable=False),  # what stood before
)

correction = Table(
    "register_correction",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("register_person.id"), index=True),
    Column("household_id", Id, ForeignKey("register_household.id"), index=True),
    Column("case_id", Id, ForeignKey("case_file.id"), index=True),
    Column("region", Text, nullable=False),
    Column("subject_version", Integer, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # changes, reason, evidence, note
    Column("requested_by", Text, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Instant),
)

duplicate = Table(
    "duplicate",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Id, ForeignKey("case_file.id"), nullable=False),
    Column("member", SmallInteger, nullable=False),
    Column("other_case_id", Id, ForeignKey("case_file.id"), nullable=False, index=True),
    Column("other_member", SmallInteger, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("decision", Text),
    Column("reason", Text),
    Column("decided_by", Text),
    Column("decided_at", Instant),
    UniqueConstraint("case_id", "other_case_id", "kind", "member", "other_member"),
)
Index("ix_duplicate_open", duplicate.c.found_at, postgresql_where=text("decision IS NULL"))

online_entry = Table(
    "online_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("region", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("wrapped_key", LargeBinary),  # null once it is erased
    Column("content_sealed", LargeBinary, nullable=False),
    Column("case_id", Id, index=True),
    Column("decided_by", Text),
    Column("decided_at", Instant),
    Column("reason", Text),
)
Index("ix_online_entry_state_region", online_entry.c.state, online_entry.c.region)
ENTRY_NUMBERS = Sequence("online_entry_number", metadata=metadata)

query_code = Table(
    "query_code",
    metadata,
    Column("number", Text, primary_key=True),  # of a case or of an entry on line
    Column("case_id", Id, index=True),
    Column("entry_id", Id, index=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("code_sealed", LargeBinary, nullable=False),
    Column("issued_at", Instant, nullable=False),
)

attempt = Table(
    "public_attempt",
    metadata,
    Column("key", Text, primary_key=True),  # a keyed hash of what is counted: a number asked for, an address
    Column("count", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Index(None, "since"),
)
