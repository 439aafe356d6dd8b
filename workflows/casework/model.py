"""The nouns of casework: an application as handed in, and the case file it becomes.

Personal facts are plain values here; storage encrypts them, read models mask them.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject, dump_json
from workflows.casework.circumstances import NO_SPENDING, Bill, DisabilityCard, Event, Proxy, Supporter, YearlySpending

ZERO = Decimal(0)
LATER_FACTS = (
    "yearly_spending",
    "presence",
    "supporters",
    "event",
    "bills",
    "card",
    "failed_self_care",
    "proxy",
    "division",
)
"""Facts the application did not ask for at first; left out, an application is the one it was before."""


class Channel(StrEnum):
    """How an application reached the window."""

    WINDOW = "window"
    ONLINE = "online"
    PHONE = "phone"
    VILLAGE = "village"  # brought by a village or community helper
    PROXY = "proxy"
    FOUND = "found"  # nobody applied: the town found the household and starts the case itself


class RecognisedStatus(StrEnum):
    """What the household is recognised as already, within its validity."""

    NONE = "none"
    DIBAO = "dibao"
    EDGE = "edge"
    RIGID = "rigid"
    TEKUN = "tekun"


class Need(StrEnum):
    """What a household may ask for at the one window."""

    SUBSISTENCE = "subsistence"
    MEDICAL = "medical"
    EDUCATION = "education"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    URGENT = "urgent"  # a sudden event that cannot wait
    LARGE_BILL = "large_bill"  # a necessary expense beyond the household's means
    CARE = "care"  # nobody to live on and nobody to care: the support of extremely poor persons
    DISABILITY = "disability"
    DISASTER = "disaster"
    CHILD = "child"  # a child without a carer
    SHELTER = "shelter"  # wandering or stranded
    LEGAL = "legal"
    WORKER = "worker"  # a worker in hardship, for the trade union
    STUDENT = "student"  # entering university
    FAMILY = "family"  # a girl pupil, a single poor mother, a left-behind child
    CHARITY = "charity"  # still in need after all
    HUMANITARIAN = "humanitarian"  # still in need, for the Red Cross
    EMERGENCY_TREATMENT = "emergency_treatment"  # treated first, unidentified or unable to pay
    REBUILDING = "rebuilding"  # a dangerous house in a village
    REHABILITATION = "rehabilitation"  # rehabilitation, training and aids for disabled persons


class Relation(StrEnum):
    """How a member is related to the applicant."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    PARENT = "parent"
    OTHER = "other"


class LabourCapacity(StrEnum):
    """How much a person can work."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class Employment(StrEnum):
    """What a person does for a living."""

    EMPLOYED = "employed"
    JOBLESS = "jobless"
    RETIRED = "retired"
    STUDENT = "student"
    NONE = "none"


class Presence(StrEnum):
    """Whether a person shares the life of the household; only who is at home counts in the means test."""

    HOME = "home"
    DECEASED = "deceased"
    IMPRISONED = "imprisoned"
    CONSCRIPT = "conscript"  # serves as a soldier
    MISSING = "missing"
    ELSEWHERE = "elsewhere"  # lives apart, or a clergyman who has been away for years


class SchoolStage(StrEnum):
    """Where a person goes to school."""

    NONE = "none"
    NURSERY = "nursery"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    COLLEGE = "college"


class DisabilityKind(StrEnum):
    """The kinds on a disability card (视力 听力 言语 肢体 智力 精神 多重)."""

    NONE = "none"
    VISUAL = "visual"
    HEARING = "hearing"
    SPEECH = "speech"
    PHYSICAL = "physical"
    INTELLECTUAL = "intellectual"
    MENTAL = "mental"
    MULTIPLE = "multiple"


class Tenure(StrEnum):
    """By what right the household lives where it lives."""

    OWNED = "owned"
    RENTED = "rented"
    BORROWED = "borrowed"


class Settlement(StrEnum):
    """Town or village."""

    TOWN = "town"
    VILLAGE = "village"


class DocumentKind(StrEnum):
    """Papers a household can hand in."""

    APPLICATION_FORM = "application_form"
    IDENTITY_PAPERS = "identity_papers"
    AUTHORISATION = "authorisation"
    TRUTH_PROMISE = "truth_promise"
    BANK_ACCOUNT = "bank_account"
    DISABILITY_CARD = "disability_card"
    ILLNESS_PROOF = "illness_proof"
    RENT_CONTRACT = "rent_contract"


class CaseStatus(StrEnum):
    """Where a case stands, as the household would be told."""

    RECEIVED = "received"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    CHECKING = "checking"
    REFERRED = "referred"
    CLOSED = "closed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What a person receives each month, in yuan; the wage is net of tax and contributions."""

    net_monthly_wage: Decimal = ZERO
    other_monthly_income: Decimal = ZERO
    basic_pension: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Health facts, kept encrypted; level 0 means no disability card, 1 is the most severe."""

    serious_illness: bool = False
    disability_kind: str = DisabilityKind.NONE
    disability_level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the household as declared; the identity number tells birth date and sex."""

    name: str
    identity_number: str
    relation: str
    phone: str = ""
    labour_capacity: str = LabourCapacity.NONE
    employment: str = Employment.NONE
    income: Income = Income()
    school_stage: str = SchoolStage.NONE
    grade: int | None = None  # counted through primary and junior school, 1 to 9; from 1 again in senior school
    health: Health = Health()
    presence: str = Presence.HOME
    card: DisabilityCard | None = None
    failed_self_care: tuple[str, ...] = ()  # what the person says they cannot do alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Where and how the household lives, and what it says it owns."""

    address: str
    tenure: str
    own_area: Decimal  # square metres the household owns, 0 when it owns none
    settlement: str
    dangerous_dwelling: bool = False
    monthly_rent: Decimal = ZERO
    assets_declared: Decimal = ZERO
    has_vehicle: bool = False
    yearly_spending: YearlySpending = NO_SPENDING
    division: str = ""  # twelve digits: the village or community


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a benefit is paid to; the holder must be a member."""

    bank: str
    holder: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application as the window hands it in: one for all needs.

    `submission_key` is the caller's idempotency key: the same key with the same content gives the same
    case, however often it is sent.
    """

    submission_key: str
    channel: str
    region: str  # nine-digit division code of the township
    household: Household
    members: tuple[Person, ...]  # exactly one with relation 'self': the applicant
    needs: tuple[str, ...]
    recognised_status: str = RecognisedStatus.NONE
    account: Account | None = None
    documents: tuple[str, ...] = ()
    received_on: date | None = None  # None: today
    remark: str = ""
    supporters: tuple[Supporter, ...] = ()
    event: Event | None = None
    bills: tuple[Bill, ...] = ()
    proxy: Proxy | None = None

    @property
    def applicant(self) -> Person:
        """Return the member with relation 'self'."""
        return next(person for person in self.members if person.relation == Relation.SELF)

    @property
    def digest(self) -> str:
        """Return a digest of everything handed in."""
        received_on = self.received_on.isoformat() if self.received_on else None
        content = {**asdict(self), "received_on": received_on}
        for part in (content, content["household"], *content["members"]):
            _drop_empty(part, LATER_FACTS)
        for dated in (content.get("event"), content.get("proxy"), *(one.get("card") for one in content["members"])):
            _write_days(dated or {})
        return hashlib.sha256(dump_json(content).encode()).hexdigest()


def _drop_empty(part: JsonObject, names: tuple[str, ...]) -> None:
    for name in names:
        value = part.get(name)
        empty = not value or value == Presence.HOME or (isinstance(value, dict) and not any(value.values()))
        if name in part and empty:
            del part[name]


def _write_days(part: JsonObject) -> None:
    part.update({name: value.isoformat() for name, value in part.items() if isinstance(value, date)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of a case, numbered from 1 in the order handed in."""

    number: int
    person: Person
    birth_date: date
    sex: str  # "male" or "female", as the identity number states
    authorised_on: date | None = None  # the day of the signed consent to the means check
    authorised_by: str | None = None  # "self" or "guardian"

    @property
    def authorised(self) -> bool:
        """Tell whether this person consented to the means check."""
        return self.authorised_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The case file: what was applied for and where it stands. Its number is what the household asks by."""

    id: UUID
    number: str
    region: str
    channel: str
    status: CaseStatus
    submission_key: str
    submission_digest: str  # of the application as handed in, to know a repeated submission from another one
    received_on: date
    received_at: datetime
    household: Household
    members: tuple[Member, ...]
    needs: tuple[str, ...]
    recognised_status: str
    account: Account | None
    documents: tuple[str, ...]
    remark: str
    account_changed_at: datetime | None = None  # when it was approved to pay to another account
    accepted_on: date | None = None
    due_on: date | None = None
    receipt_number: str | None = None
    declined_reason: str | None = None
    outcome: str | None = None
    routing_note: str | None = None  # why the clerk departed from the proposed referrals
    closed_at: datetime | None = None
    process_instance_id: UUID | None = None
    supporters: tuple[Supporter, ...] = ()
    event: Event | None = None
    bills: tuple[Bill, ...] = ()
    proxy: Proxy | None = None
    erased: bool = False  # the persons were forgotten; names and numbers are no facts any more

    @property
    def at_home(self) -> tuple[Member, ...]:
        """Return the members who share the life of the household: those the means test counts."""
        return tuple(member for member in self.members if member.person.presence == Presence.HOME)

    @property
    def applicant(self) -> Member:
        """Return the member who applied."""
        return next(member for member in self.members if member.person.relation == Relation.SELF)
