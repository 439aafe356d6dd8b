"""The records of units beside the referral itself; each belongs to one case and is forgotten with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject

ADDED_REFERRAL = "added_referral"
"""The process of a need that somebody refers from a task of a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFacts:
    """What a unit was told of a case when a referral was sent, and under which law; kept as sent."""

    id: UUID
    referral_id: UUID
    case_id: UUID
    unit_kind: str
    sent_at: datetime
    facts: tuple[JsonObject, ...]  # {fact, title, title_en, value, legal_basis}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPause:
    """A time in which a referral's clock stood still, because the unit waited for an answer of the household."""

    id: UUID
    referral_id: UUID
    case_id: UUID
    question: str
    asked_by: str
    asked_at: datetime
    information: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None


class OfferAnswer(StrEnum):
    """What a jobseeker said to an offer."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOffer:
    """A suitable job, training place or public post offered to a member, and what came of it."""

    id: UUID
    case_id: UUID
    member_number: int
    offered_on: date
    title: str
    monthly_wage: Decimal | None
    distance_km: Decimal | None
    answer: OfferAnswer
    ground: str  # why it was refused: "none" or one that the decision `job_refusal` knows
    reason: str | None  # in the jobseeker's words
    counts: bool  # an unjustified refusal
    resets: bool  # the row of refusals ends here
    judged_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalStatus:
    """From which day the insurer knows a member by a status, so that the hospital's query hits."""

    id: UUID
    case_id: UUID
    member_number: int
    status: str
    valid_from: date
    confirmed_at: datetime


class QueryPurpose(StrEnum):
    """What a medical status is looked up for."""

    ADMISSION = "admission"
    DISCHARGE = "discharge"
    CLAIM = "claim"  # a bill brought on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusQuery:
    """That somebody looked up a person's status by identity number; the number is kept as a keyed hash."""

    id: UUID
    asked_at: datetime
    asked_by: str
    purpose: QueryPurpose
    day: date
    status: str  # "none" where none was in force
    case_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalBill:
    """A bill split to the fen: insurance, critical-illness insurance, aid, patient; their sum is the total."""

    id: UUID
    number: str  # the hospital's own
    case_id: UUID | None  # None: no status was in force, nobody of a case
    member_number: int | None
    hospital: str
    discharged_on: date
    channel: str  # "online" at the hospital, "paper" with invoices
    status: str
    total: Decimal
    in_scope: Decimal
    insurance: Decimal
    critical_illness: Decimal
    aid: Decimal
    patient: Decimal
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalYear:
    """What was settled for a person earlier in the same calendar year."""

    in_scope: Decimal
    insurance: Decimal
    critical_illness: Decimal
    aid: Decimal


class PlaceState(StrEnum):
    """Where a household stands in the queue for public rental."""

    WAITING = "waiting"
    ALLOCATED = "allocated"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingPlace:
    """A place in the queue for public rental: priority first, then the number."""

    id: UUID
    case_id: UUID
    referral_id: UUID
    number: int
    priority: int  # 1 goes first
    persons: int
    joined_on: date
    state: PlaceState = PlaceState.WAITING
    contract_number: str | None = None
    settled_on: date | None = None


class GrantState(StrEnum):
    """What became of a pupil's grant of one term."""

    DUE = "due"
    UNMATCHED = "unmatched"  # not found on the roll of the term
    PAID = "paid"
    ENDED = "ended"  # the aid ended before the grant was paid


@dataclass(frozen=True, slots=True, kw_only=True)
class TermGrant:
    """A pupil's grant of one school term."""

    id: UUID
    case_id: UUID
    referral_id: UUID
    member_number: int
    school_stage: str
    school: str | None
    term: str  # "2026-autumn", "2027-spring"
    amount: Decimal
    state: GrantState
    paid_on: date | None = None

    def begins_on(self, opening_months: Mapping[str, int]) -> date:
        """Return the first day of the month in which schools open for the term, told by its season."""
        year, season = self.term.split("-")
        return date(int(year), opening_months[season], 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SatisfactionCall:
    """What the household said when the window called after its answers; nobody has to call."""

    id: UUID
    case_id: UUID
    called_at: datetime
    called_by: str
    reached: bool
    score: int | None  # 1 to 5
    remark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AidLine:
    """One aid of the household: from which unit, how much, how often, since when."""

    source: str  # "referral", "bill", "register" (of a winter) or "list" (handed in by the unit itself)
    unit_kind: str
    programme: str
    scheme: str  # the name of the programme, or the unit's own word for it
    case_number: str | None
    member_number: int | None
    amount: Decimal | None  # None: a service, a status, or not for the asking unit's eyes
    amount_period: str | None
    since: date
    is_open: bool  # with the unit, not answered yet
    until: date | None = None  # the last day of what has ended, or is to end

    def counts_on(self, today: date) -> bool:
        """Say whether the household gets it: what has ended it does not, a single sum counts in its own year."""
        if self.amount_period == "once":
            return self.since.year == today.year
        return self.until is None or self.until >= today


@dataclass(frozen=True, slots=True, kw_only=True)
class AidList:
    """A unit's list of a month, as handed in."""

    id: UUID
    unit_kind: str
    month: date  # its first day
    file_name: str
    uploaded_by: str
    uploaded_at: datetime
    line_count: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAid:
    """A line of such a list; the number is kept as a keyed hash."""

    id: UUID
    row_number: int
    identity_number: str
    name: str  # masked
    scheme: str
    amount: Decimal
    aided_on: date
    batch: str
