"""The nouns of the register: the newest confirmed facts of persons and households, with what they were before.

A case keeps what was declared in it; the register holds what was confirmed last, and by which case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from engine.json_values import JsonObject
from workflows.casework.model import Application


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPerson:
    """A person as confirmed last, known by the identity number; `merged_into` is who this entry turned out to be."""

    id: UUID
    identity_number: str
    name: str
    birth_date: date
    sex: str
    phone: str
    confirmed_at: datetime
    source_case_id: UUID | None
    version: int = 1
    merged_into: UUID | None = None
    forgotten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something of a household that holds from a day to a day; no last day means it still holds."""

    id: UUID
    from_on: date
    until_on: date | None = None
    source_case_id: UUID | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Span):
    """A person's time in a household."""

    person_id: UUID
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Span):
    """Where a household lives; `division` is the twelve-digit code of the village or community, or empty."""

    text: str
    division: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount(Span):
    """Where a household is paid to; a passbook account has no check digit, which is only told."""

    bank: str
    holder: str
    number: str
    is_card_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredHousehold:
    """A household with everything it was."""

    id: UUID
    region: str
    head_id: UUID
    confirmed_at: datetime
    source_case_id: UUID | None
    memberships: tuple[Membership, ...] = ()
    addresses: tuple[Address, ...] = ()
    accounts: tuple[PaymentAccount, ...] = ()
    version: int = 1
    forgotten: bool = False

    def members_on(self, day: date) -> tuple[Membership, ...]:
        """Return who was a member on a day."""
        return tuple(one for one in self.memberships if one.holds_on(day))

    def address_on(self, day: date) -> Address | None:
        """Return where it lived on a day."""
        return next((one for one in reversed(self.addresses) if one.holds_on(day)), None)

    def account_on(self, day: date) -> PaymentAccount | None:
        """Return where it was paid to on a day."""
        return next((one for one in reversed(self.accounts) if one.holds_on(day)), None)

    def without(self, person_id: UUID, *, after: date) -> RegisteredHousehold:
        """Return the household that a person was a member of up to a day."""
        memberships = tuple(
            replace(one, until_on=max(after, one.from_on))
            if one.person_id == person_id and one.until_on is None
            else one
            for one in self.memberships
        )
        return replace(self, memberships=memberships)


class EntryAction(StrEnum):
    """What was done to an entry of the register."""

    REGISTERED = "registered"
    CONFIRMED = "confirmed"  # by the acceptance of a newer case
    CORRECTED = "corrected"
    MERGED = "merged"
    REVEALED = "revealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One line of the history of a person or household: what stood before, who changed it, and because of what."""

    id: UUID
    subject_id: UUID
    at: datetime
    actor: str
    action: EntryAction
    source_id: UUID | None
    content: JsonObject


class CorrectionState(StrEnum):
    """Where a change request stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A wish to change what the register holds, or where a case is paid to; who asks for it does not decide it.

    `before` is what stood when it was asked for: of a case, which has no version, it says whether it still stands.
    """

    id: UUID
    person_id: UUID | None
    household_id: UUID | None
    case_id: UUID | None = None
    region: str
    subject_version: int
    changes: JsonObject
    reason: str
    evidence: str
    requested_by: str
    requested_at: datetime
    state: CorrectionState = CorrectionState.REQUESTED
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
    before: JsonObject = field(default_factory=dict)


class DuplicateKind(StrEnum):
    """Why two members of different cases look like one, or two claims like one."""

    SAME_PERSON = "same_person"  # in two cases at work
    TWO_HOUSEHOLDS = "two_households"  # active in two households of the register
    SAME_EVENT = "same_event"  # one event, claimed in two cases
    NAME_AND_BIRTH = "name_and_birth"  # with another identity number
    PHONE = "phone"
    ACCOUNT = "account"


class DuplicateDecision(StrEnum):
    """What came out."""

    SAME = "same"
    DIFFERENT = "different"
    MERGE = "merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two members of two cases who may be one; `case_id` is the newer case. It holds no personal facts."""

    id: UUID
    kind: DuplicateKind
    case_id: UUID
    member: int
    other_case_id: UUID
    other_member: int
    found_at: datetime
    decision: DuplicateDecision | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


class OnlineState(StrEnum):
    """Where an entry on line stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineEntry:
    """An application a household entered on line; it counts once the window has confirmed it."""

    id: UUID
    number: str
    region: str
    received_at: datetime
    application: Application | None  # None once it is erased
    state: OnlineState = OnlineState.WAITING
    case_id: UUID | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCode:
    """What a household asks by, together with its number."""

    number: str
    code: str
    issued_at: datetime
    case_id: UUID | None = None
    entry_id: UUID | None = None


def ended(spans: Iterable[Span], *, after: date) -> Sequence[Span]:
    """Return spans of which none holds beyond a day."""
    return [replace(one, until_on=max(after, one.from_on)) if one.until_on is None else one for one in spans]
