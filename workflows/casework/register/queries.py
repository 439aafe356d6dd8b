"""What may be asked of the register: persons, households as of a day, change requests, duplicates, entries on line.

Windows see who has a case of theirs, civil affairs the whole county; other units see nothing here. Numbers are masked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from engine.json_values import JsonObject
from engine.model import Actor
from workflows.casework.model import Application
from workflows.casework.register.divisions import DivisionState
from workflows.casework.register.model import (
    CorrectionState,
    Duplicate,
    DuplicateKind,
    EntryAction,
    OnlineState,
    QueryCode,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFilter:
    """Whom the actor looks for: part of a name, or a whole identity or phone number."""

    actor: Actor
    text: str | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person in a list."""

    id: UUID
    name: str
    identity_number: str  # masked
    phone: str  # masked
    birth_date: date
    sex: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One page of a list and the size of the whole."""

    persons: Sequence[PersonLine]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOfPerson:
    """A case a person is a member of."""

    number: str
    member: int
    town: str
    town_en: str
    status: str
    received_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """A person's time in a household."""

    household_id: UUID
    region: str
    relation: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """What happened to an entry; what stood before is masked."""

    at: datetime
    actor: str
    action: EntryAction
    before: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A change request; numbers in it are masked."""

    id: UUID
    person_id: UUID | None
    household_id: UUID | None
    case_id: UUID | None
    region: str
    state: CorrectionState
    changes: JsonObject
    reason: str
    evidence: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str
    before: JsonObject  # of a case: where it was paid to when the change was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Everything the register holds of a person."""

    person: PersonLine
    version: int
    merged_into: UUID | None
    households: Sequence[MembershipView]
    cases: Sequence[CaseOfPerson]
    corrections: Sequence[CorrectionView]
    history: Sequence[HistoryLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberOn:
    """A member of a household on a day."""

    person: PersonLine
    relation: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressView:
    """Where a household lives; of an abolished division somebody should ask for the new code."""

    text: str
    division: str
    division_state: DivisionState
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOn:
    """Where a household is paid to; no card number means a passbook, or a slip of the pen."""

    bank: str
    holder: str
    number: str  # masked
    is_card_number: bool
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdOnDay:
    """A household as it was on a day."""

    id: UUID
    day: date
    region: str
    head_id: UUID
    version: int
    members: Sequence[MemberOn]
    address: AddressView | None
    account: AccountOn | None
    cases: Sequence[CaseOfPerson]
    corrections: Sequence[CorrectionView]
    history: Sequence[HistoryLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFilter:
    """Which change requests the actor wants to see."""

    actor: Actor
    state: CorrectionState | None = None
    case_id: UUID | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPage:
    """One page of a list and the size of the whole."""

    corrections: Sequence[CorrectionView]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateFilter:
    """Which suspected duplicates the actor wants to see."""

    actor: Actor
    case: str | None = None
    kind: DuplicateKind | None = None
    open_only: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSide:
    """One of the two; the facts of a case the actor may not see are left out."""

    case_number: str
    town: str
    town_en: str
    status: str
    received_on: date
    member: int
    name: str | None
    identity_number: str | None  # masked
    birth_date: date | None
    sex: str | None
    phone: str | None  # masked
    account: str | None  # masked
    address: str | None
    household_size: int | None
    needs: Sequence[str]
    event: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameFacts:
    """Which facts agree, compared in full and not as shown."""

    identity_number: bool
    name: bool
    birth_date: bool
    phone: bool
    account: bool
    address: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateView:
    """Two who may be one, side by side: the newer case, and the other."""

    duplicate: Duplicate
    case: DuplicateSide
    other: DuplicateSide
    same: SameFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePage:
    """One page of a list and the size of the whole."""

    duplicates: Sequence[DuplicateView]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries on line the actor wants to see."""

    actor: Actor
    state: OnlineState | None = OnlineState.WAITING
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry on line in a list."""

    number: str
    region: str
    town: str
    town_en: str
    state: OnlineState
    received_at: datetime
    applicant: str | None
    phone: str | None  # whom to call to confirm it
    household_size: int
    needs: Sequence[str]
    case_number: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """One page of a list and the size of the whole."""

    entries: Sequence[EntryLine]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry with what was entered, for the clerk who calls the household; None once it is erased."""

    entry: EntryLine
    application: Application | None


class RegisterQueries(Protocol):
    """The read side of the register."""

    def persons(self, wanted: PersonFilter, /) -> PersonPage:
        """Return a page of persons by name."""
        ...

    def person(self, person_id: UUID, actor: Actor, /) -> PersonView:
        """Return a person.

        Raises:
            PersonNotRegistered: unknown, or not for this actor's eyes.
        """
        ...

    def household(self, household_id: UUID, day: date, actor: Actor, /) -> HouseholdOnDay:
        """Return a household as of a day.

        Raises:
            PersonNotRegistered: unknown, or not for this actor's eyes.
        """
        ...

    def corrections(self, wanted: CorrectionFilter, /) -> CorrectionPage:
        """Return a page of change requests, the newest first; none about the actor's kin."""
        ...

    def correction(self, correction_id: UUID, actor: Actor, /) -> CorrectionView:
        """Return a change request.

        Raises:
            PersonNotRegistered: unknown, or not for this actor's eyes.
        """
        ...

    def duplicates(self, wanted: DuplicateFilter, /) -> DuplicatePage:
        """Return a page of suspected duplicates, the newest first."""
        ...

    def duplicate(self, duplicate_id: UUID, actor: Actor, /) -> DuplicateView:
        """Return two who may be one.

        Raises:
            DuplicateNotFound: unknown, or neither is for this actor's eyes.
        """
        ...

    def entries(self, wanted: EntryFilter, /) -> EntryPage:
        """Return a page of entries on line, the oldest first."""
        ...

    def entry(self, number: str, actor: Actor, /) -> EntryView:
        """Return an entry on line.

        Raises:
            EntryNotFound: unknown, or not for this actor's eyes.
        """
        ...

    def query_code(self, case_id: UUID, /) -> QueryCode | None:
        """Return the query code of a case the caller may see."""
        ...
