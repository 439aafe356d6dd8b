"""What may be asked of casework without changing anything.

Who sees a case is one rule for lists, counts and single reads: township staff see their own town's cases, civil
affairs those of their region, other county units, their supervisors included, only cases that were referred to them,
offer them a user task or hold one they completed, and of those only what their purpose needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Actor
from workflows.casework.benefits.model import Benefit
from workflows.casework.benefits.recognition import LinkedCase, Recognition
from workflows.casework.circumstances import YearlySpending
from workflows.casework.decisions.model import Decision
from workflows.casework.model import CaseStatus, Health, Income
from workflows.casework.parameter_changes.model import ParameterChange, ParameterUse
from workflows.casework.programmes.model import ReferralPause
from workflows.casework.records import (
    AgencyRequest,
    CheckReport,
    CorrectionNotice,
    Notice,
    Parameter,
    PublicNotice,
    Referral,
    Survey,
)
from workflows.rules.calendar import CalendarDay


class CaseMatch(StrEnum):
    """By what a text that was searched for names a case."""

    NUMBER = "number"
    APPLICANT = "applicant"  # part of the name
    APPLICANT_PINYIN = "applicant-pinyin"  # initials, or the whole name spelled
    MEMBER = "member"
    MEMBER_PINYIN = "member-pinyin"
    IDENTITY_NUMBER = "identity-number"
    IDENTITY_TAIL = "identity-tail"  # its last four or six signs
    PHONE = "phone"
    PAPER = "paper"  # number of a document, referral or public notice


class CaseOrder(StrEnum):
    """How a list of cases is sorted."""

    RECEIVED = "received"
    DUE = "due"
    NUMBER = "number"
    APPLICANT = "applicant"  # by pinyin


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases the actor wants to see.

    `text` is part of a case number, part of a member's name, its pinyin initials, a whole identity or phone number, the
    last four or six signs of an identity number, or the number of a paper of the case.
    """

    actor: Actor
    text: str | None = None
    status: CaseStatus | None = None
    region: str | None = None  # a town, or a prefix of one
    overdue_only: bool = False
    order: CaseOrder = CaseOrder.RECEIVED
    descending: bool = True
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """One line of a list of cases."""

    id: UUID
    number: str
    region: str
    town: str
    town_en: str
    status: CaseStatus
    channel: str
    applicant: str
    household_size: int
    needs: tuple[str, ...]
    recognised_status: str
    received_on: date
    accepted_on: date | None
    due_on: date | None
    closed_at: datetime | None
    overdue: bool  # the whole limit passed, or a referral is late
    open_referrals: int
    process_instance_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of a list and the size of the whole."""

    cases: Sequence[CaseSummary]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member as shown: numbers masked; None is what the actor's unit was not told."""

    number: int
    name: str
    identity_number: str  # masked
    phone: str  # masked
    relation: str
    age: int
    sex: str
    labour_capacity: str | None
    employment: str | None
    school_stage: str | None
    grade: int | None
    authorised_on: date | None
    income: Income | None
    health: Health | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdView:
    """Where and how the household lives and what it owns; None is what the actor's unit was not told."""

    address: str
    tenure: str | None
    own_area: Decimal | None
    settlement: str | None
    dangerous_dwelling: bool | None
    monthly_rent: Decimal | None
    assets_declared: Decimal | None
    has_vehicle: bool | None
    yearly_spending: YearlySpending | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """The account a benefit is paid to, as shown."""

    bank: str
    holder: str
    number: str  # masked


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """A referral with its clocks read at the time of asking."""

    referral: Referral
    unit_name: str
    unit_name_en: str
    overdue: bool
    shared: Sequence[JsonObject] = ()  # the facts the unit was told when it was sent: {fact, title, value, legal_basis}
    pauses: Sequence[ReferralPause] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One dated event of a case in both languages; no personal data beyond what the case page shows."""

    at: datetime
    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything of a case that the actor may see.

    Another county unit than civil affairs sees what its purpose needs: who the household is, the facts shared with
    its own referrals and what came of them; not the means check, incomes or accounts, and health only when it is the
    medical one.
    """

    summary: CaseSummary
    household: HouseholdView
    members: Sequence[MemberView]
    account: AccountView | None
    documents: tuple[str, ...]
    remark: str
    receipt_number: str | None
    declined_reason: str | None
    outcome: str | None
    correction: CorrectionNotice | None
    agency_requests: Sequence[AgencyRequest]
    surveys: Sequence[Survey]
    check_report: CheckReport | None
    referrals: Sequence[ReferralView]
    notices: Sequence[Notice]
    public_notices: Sequence[PublicNotice]
    benefits: Sequence[Benefit]
    recognitions: Sequence[Recognition] = ()
    decisions: Sequence[Decision] = ()
    linked_cases: Sequence[LinkedCase] = ()
    trail: Sequence[TrailEntry]
    purpose_limited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLoad:
    """How one unit kind stands with its referrals."""

    unit_kind: str
    open: int
    overdue: int
    done: int
    granted_amount_monthly: Decimal


class CaseworkQueries(Protocol):
    """The read side of casework; every method reads one committed state."""

    def cases(self, wanted: CaseFilter, /) -> CasePage:
        """Return a page of cases the actor may see."""
        ...

    def summaries(self, numbers: Sequence[str], actor: Actor, /) -> Mapping[str, CaseSummary]:
        """Return those of these cases the actor may see, by number; for lists whose rows belong to cases."""
        ...

    def matches(self, text: str, numbers: Sequence[str], actor: Actor, /) -> Mapping[str, CaseMatch]:
        """Return those of these cases in the actor's sight that a text names, by number, and by what it names each."""
        ...

    def case_counts(self, actor: Actor, /) -> Mapping[CaseStatus, int]:
        """Return how many cases stand where, of those the actor may see."""
        ...

    def case(self, key: UUID | str, actor: Actor, /) -> CaseView:
        """Return a case by its id or its number.

        Raises:
            CaseNotFound: unknown, or not for this actor's eyes.
        """
        ...

    def unit_loads(self, actor: Actor, /) -> Sequence[UnitLoad]:
        """Return how each unit stands with the referrals of cases the actor may see."""
        ...

    def parameters(self) -> Sequence[Parameter]:
        """Return every parameter with every effective day, by key and day."""
        ...

    def parameter_changes(self, key: str | None, /) -> Sequence[ParameterChange]:
        """Return the changes of a parameter, or those of all that wait to be decided, the newest first."""
        ...

    def parameter_change(self, change_id: UUID, /) -> ParameterChange:
        """Return a change.

        Raises:
            ParameterChangeNotFound: there is none.
        """
        ...

    def uses_of_parameter(self, key: str, /) -> Sequence[ParameterUse]:
        """Return the newest diagrams and decision tables that read a parameter as `standard.key`, by kind and file."""
        ...

    def calendar_days(self, year: int, /) -> Sequence[CalendarDay]:
        """Return the days of a year as loaded, local exceptions laid over; empty when the year is not loaded."""
        ...
