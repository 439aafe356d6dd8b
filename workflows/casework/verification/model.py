"""The nouns of the economic check: consents, supporters outside the home, objections, refused queries, bank files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject
from workflows.casework.agencies import ALL_CLASSES

FIRST_SUPPORTER = 101
"""Supporters outside the home are numbered from here, so that a number names one person of a case."""


class CheckPurpose(StrEnum):
    """What a household's means may be checked for; anything else is a breach (Law art. 70(6))."""

    NEW_APPLICATION = "new_application"
    PERIODIC_RECHECK = "periodic_recheck"
    COMPLAINT = "complaint"
    OTHER_PROGRAMME = "other_programme"


LEGAL_BASES = {
    CheckPurpose.NEW_APPLICATION: "社会救助法（2026）第四十条、第四十一条",
    CheckPurpose.PERIODIC_RECHECK: "社会救助法（2026）第四十一条",
    CheckPurpose.COMPLAINT: "社会救助法（2026）第四十三条",
    CheckPurpose.OTHER_PROGRAMME: "社会救助法（2026）第四十二条",
}


class SignedBy(StrEnum):
    """Whose hand signed a consent."""

    SELF = "self"
    GUARDIAN = "guardian"


class SigningMethod(StrEnum):
    """How a consent was signed."""

    PAPER = "paper"
    E_SIGNATURE = "e_signature"
    FACE_CHECK = "face_check"


class CopyHolder(StrEnum):
    """Who keeps one of the three copies."""

    FAMILY = "family"
    FILE = "file"
    CHECK_CENTRE = "check_centre"


ALL_COPIES = tuple(one.value for one in CopyHolder)


class Conclusion(StrEnum):
    """What a check report says; never a decision."""

    WITHIN = "within"
    OVER = "over"
    NEEDS_EXPLANATION = "needs_explanation"


class ReportTrigger(StrEnum):
    """Why a version of the report was made."""

    CHECK = "check"
    SUPPLEMENT = "supplement"
    OBJECTION = "objection"
    LATE_ANSWER = "late_answer"
    SURVEY = "survey"  # a visit found what nobody declared
    CHANGE = "change"  # a change of the household was verified


class ObjectionState(StrEnum):
    """The life of an objection to a report."""

    OPEN = "open"
    ADMITTED = "admitted"  # the disputed sources are asked again
    SETTLED = "settled"  # a new version answers it
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """A person's signed consent to the check; a withdrawn one stays on file."""

    id: UUID
    case_id: UUID
    person: int  # a member's number, or a supporter's from FIRST_SUPPORTER on
    signed_on: date
    signed_by: str
    guardian: str | None = None  # who signed for a person without capacity
    method: str = SigningMethod.PAPER
    agency_classes: tuple[str, ...] = ALL_CLASSES
    valid_from: date
    valid_to: date | None = None  # None: through the aid period
    copies: tuple[str, ...] = ALL_COPIES
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None = None
    withdrawal_reason: str | None = None
    replaced_at: datetime | None = None  # a newer consent of the same person counts

    def holds_on(self, day: date) -> bool:
        """Tell whether it covers a day."""
        if self.withdrawn_at is not None or self.replaced_at is not None:
            return False
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporter:
    """Somebody outside the home with a duty to support a member; asked about only with a consent of their own."""

    number: int
    case_id: UUID
    name: str
    identity_number: str
    relation: str
    supports: int  # the member's number
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportObjection:
    """A household's objection to items of a report; only the disputed sources are asked again."""

    id: UUID
    case_id: UUID
    region: str
    report_id: UUID
    report_version: int
    filed_at: datetime
    filed_by: str
    agencies: tuple[str, ...]  # the disputed sources
    grounds: str
    evidence: tuple[JsonObject, ...]  # {title, sha256?}
    state: ObjectionState = ObjectionState.OPEN
    answer: str | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    new_version: int | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the household still waits for its answer."""
        return self.state in (ObjectionState.OPEN, ObjectionState.ADMITTED)


class RefusalGround(StrEnum):
    """Why a query was not let out."""

    NO_CASE = "no_case"
    CASE_ENDED = "case_ended"
    PURPOSE_UNKNOWN = "purpose_unknown"
    NOT_AUTHORISED = "not_authorised"
    NOT_PERMITTED = "not_permitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedQuery:
    """A query that was not let out, and who wanted it; kept for supervision."""

    id: UUID
    at: datetime
    actor: str
    case_number: str
    agency: str | None
    purpose: str
    ground: RefusalGround


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRest:
    """How an agency that fails is left in peace: after so many failures in a row nobody asks until a moment."""

    agency: str
    failures: int
    rests_until: datetime | None = None


class FileFormat(StrEnum):
    """The kind of a table file."""

    CSV = "csv"
    XLSX = "xlsx"


class FileEncoding(StrEnum):
    """How the text of a CSV file is written."""

    UTF_8 = "utf-8"
    GBK = "gbk"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """A file of questions to one agency and what came back; the persons in it are read from the cases each time."""

    id: UUID
    number: str
    agency: str
    region: str
    created_at: datetime
    created_by: str
    request_ids: tuple[UUID, ...]
    digest: str | None = None  # of the file as last handed out
    returned_at: datetime | None = None
    return_digest: str | None = None
    rows: int | None = None
    answered: int | None = None
    errors: tuple[JsonObject, ...] = ()  # {row, zh, en}, no personal facts
