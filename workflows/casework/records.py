"""The nouns that gather in a case file while it is worked: requests, reports, referrals, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple
from uuid import UUID

from engine.json_values import JsonObject, JsonValue

AmountPeriod = Literal["month", "year", "once"]


class ReferralState(StrEnum):
    """The life of a referral; overdue is no state but a matter of the clock."""

    DRAFT = "draft"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    IN_WORK = "in_work"
    NEED_INFO = "need_info"  # the unit waits for an answer of the household; its clock stands still
    DONE = "done"
    RETURNED = "returned"
    CANCELLED = "cancelled"


OPEN_REFERRAL_STATES = (
    ReferralState.SENT,
    ReferralState.ACKNOWLEDGED,
    ReferralState.IN_WORK,
    ReferralState.NEED_INFO,
)
"""The states in which the unit has the referral."""


class Outcome(StrEnum):
    """How a unit answers a referral."""

    GRANTED = "granted"
    REFUSED = "refused"
    NOT_ELIGIBLE = "not_eligible"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class AnswerStatus(StrEnum):
    """How a request to an agency ended; None in a request means it is still open."""

    HIT = "hit"
    NO_HIT = "no_hit"  # the agency looked and holds nothing
    NO_DATA = "no_data"  # nobody could get an answer; the reason is on file


class NoticeKind(StrEnum):
    """Why the household is written to."""

    CORRECTION = "correction"
    RECEIPT = "receipt"
    DECLINED = "declined"
    RESULT = "result"
    DECISION = "decision"
    HEARING = "hearing"  # before a benefit is cut or stopped
    EXPIRY = "expiry"  # a recognised status is about to end
    FINDINGS = "findings"  # what a check found that is over a limit or to be explained
    WITHDRAWAL = "withdrawal"  # a consent was withdrawn: the case cannot proceed


class DeliveryWay(StrEnum):
    """How a letter on paper reached the household."""

    HANDED = "handed"
    LEFT = "left"  # at the home
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A need handed to the unit responsible for it, with both of its clocks and its answer."""

    id: UUID
    number: str
    case_id: UUID
    region: str
    need: str
    programme: str
    unit_kind: str
    process_id: str
    rule: str  # which rule of the routing table proposed it, e.g. "R9"
    reason: str  # why it was opened, in words a household understands
    reason_en: str
    legal_basis: str | None = None  # the law the unit acts under
    state: ReferralState
    sent_at: datetime | None = None
    acknowledge_due_at: datetime | None = None
    acknowledged_at: datetime | None = None
    result_due_at: datetime | None = None
    result_at: datetime | None = None
    result: JsonObject | None = None  # the facts behind the answer, as the unit's process gave them
    outcome: str | None = None
    amount: Decimal | None = None
    amount_period: str | None = None
    outcome_reason: str | None = None
    aid_until: date | None = None  # the last day of a granted aid that ended with the status it rested on
    replaces: UUID | None = None  # the returned referral it stands for
    referred_by: str | None = None  # who added it from a task; None: the routing proposed or the window confirmed it
    referring_unit: str | None = None  # the kind of unit that person worked for
    applied_on: date | None = None  # the day the need was found; None: it was asked for with the application

    @property
    def is_open(self) -> bool:
        """Tell whether the unit still owes something."""
        return self.state in OPEN_REFERRAL_STATES

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the acknowledgement or the result is owed past its due time; a clock that rests owes nothing."""
        if not self.is_open or self.state == ReferralState.NEED_INFO:
            return False
        acknowledgement_late = self.acknowledged_at is None and _is_past(self.acknowledge_due_at, now)
        return acknowledgement_late or _is_past(self.result_due_at, now)


def unanswered_of(referrals: Sequence[Referral]) -> list[Referral]:
    """Return those of a case whose answer is still to come, from the unit or, where it was returned, by rerouting."""
    replaced = {one.replaces for one in referrals}
    waiting = (*OPEN_REFERRAL_STATES, ReferralState.DRAFT)
    return [
        one
        for one in referrals
        if one.state in waiting or (one.state == ReferralState.RETURNED and one.id not in replaced)
    ]


def _is_past(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRequest:
    """One question to one agency about the persons of a case; a line of the ledger of questions.

    A check asks each of its agencies once: that is a round. A source that is disputed is asked again in the same
    round by a new line; of one agency the newest line counts.
    """

    id: UUID
    case_id: UUID
    region: str
    agency: str
    asked_at: datetime
    due_at: datetime
    number: str | None = None  # None: asked by a release that numbered none
    round: int = 1
    purpose: str = "new_application"
    legal_basis: str = ""
    requested_by: str | None = None
    authorisation_ids: tuple[UUID, ...] = ()
    items: tuple[str, ...] = ()
    as_of_wanted: date | None = None
    look_back_months: int | None = None
    objection_id: UUID | None = None  # the objection for which the agency is asked again
    process_instance_id: UUID | None = None  # whose check asks; None: asked by a release that did not keep it
    answered_at: datetime | None = None
    status: AnswerStatus | None = None
    as_of: date | None = None
    answer_hash: str | None = None
    answer: JsonObject | None = None
    entered_by: str | None = None  # who typed the answer in by hand
    reason: str | None = None  # why there is no data

    @property
    def is_late(self) -> bool:
        """Tell whether the answer came after its deadline."""
        return self.answered_at is not None and self.answered_at > self.due_at

    @property
    def has_data(self) -> bool:
        """Tell whether the agency, or a checker for it, said what it holds."""
        return self.status in (AnswerStatus.HIT, AnswerStatus.NO_HIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Who visited the household and when; what was found stands in the report."""

    surveyor: str
    recorded_at: datetime
    confirmed: bool  # False: the first surveyor's record, True: the second's confirmation


@dataclass(frozen=True, slots=True, kw_only=True)
class Wage:
    """The net wage a month of a member, at the highest of declaration and agencies."""

    number: int  # of the member
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the household has, as far as agencies answered: yuan a month and yuan."""

    monthly_income: Decimal
    income_per_capita: Decimal
    assets: Decimal
    has_vehicle: bool
    complete: bool  # every agency answered
    needs_explanation: bool = False
    stale: bool = False  # some figures are older than the limit
    wages: tuple[Wage, ...] = ()  # what the costs of work are counted on; none: those of the file


class VerifiedItem(NamedTuple):
    """An item of the income of a member that somebody verified."""

    member: int
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The means-check report; a new version supersedes the older one, both are kept."""

    id: UUID
    case_id: UUID
    version: int
    compiled_at: datetime
    means: Means
    lines: tuple[JsonObject, ...]  # {member, item, declared, found, source, remark} for each figure
    missing: tuple[str, ...]  # agencies without an answer
    survey: JsonObject  # the visit as the first surveyor recorded and the second confirmed it
    second_survey: JsonObject
    supplement: str | None = None  # what the household explained afterwards
    round: int = 1
    purpose: str = "new_application"
    trigger: str = "check"
    sources: tuple[JsonObject, ...] = ()  # {agency, title, number, status, as_of, stale, late} of each source asked
    explanations: tuple[JsonObject, ...] = ()  # {source, code, zh, en} of what the household is to explain
    not_asked: tuple[int, ...] = ()  # supporters outside the home without a consent of their own
    conclusion: str | None = None  # None: the limits were not looked at yet
    hits: tuple[JsonObject, ...] = ()  # {limit, title, title_en, allowed, found, over_by}
    valid_until: date | None = None
    made_by: str | None = None
    verified: tuple[VerifiedItem, ...] = ()  # since agencies answered


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNotice:
    """The one list of everything that is missing; a second only where a supervisor let it pass."""

    id: UUID
    case_id: UUID
    round: int = 1
    issued_at: datetime
    due_on: date
    missing: tuple[JsonObject, ...]  # {document, title, reason}
    note: str | None = None
    override_by: str | None = None
    override_reason: str | None = None
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the household; one for each result."""

    id: UUID
    case_id: UUID
    kind: NoticeKind
    text: str
    written_at: datetime
    referral_id: UUID | None = None
    sent_at: datetime | None = None
    gateway_reference: str | None = None
    delivered_how: DeliveryWay | None = None  # None: by telephone, or not yet


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """What is posted in the village: no identity number, no illness, no child's name."""

    id: UUID
    case_id: UUID
    referral_id: UUID
    text: str
    amount: Decimal | None  # None: a status is recognised, no sum is paid
    prepared_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A figure of policy with the day it takes effect and where it comes from."""

    key: str
    value: JsonValue
    effective_from: date
    source: str
