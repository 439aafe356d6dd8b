"""What the register needs from whoever keeps it, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from workflows.casework.model import Case
from workflows.casework.register.model import (
    Correction,
    Duplicate,
    OnlineEntry,
    QueryCode,
    RegisteredHousehold,
    RegisteredPerson,
    RegisterEntry,
)


class People(Protocol):
    """Persons."""

    def by_identity(self, identity_number: str) -> RegisteredPerson | None:
        """Return the person with an identity number; nobody else can enter this number until the transaction ends."""
        ...

    def get(self, person_id: UUID) -> RegisteredPerson | None:
        """Return a person."""
        ...

    def lock(self, person_id: UUID) -> RegisteredPerson | None:
        """Return a person and keep others from changing the entry."""
        ...

    def add(self, person: RegisteredPerson) -> None:
        """Keep a new person under a key of its own."""
        ...

    def save(self, person: RegisteredPerson) -> None:
        """Write a person."""
        ...


class Households(Protocol):
    """Households with everything they were."""

    def get(self, household_id: UUID) -> RegisteredHousehold | None:
        """Return a household."""
        ...

    def lock(self, household_id: UUID) -> RegisteredHousehold | None:
        """Return a household and keep others from changing the entry."""
        ...

    def of_person(self, person_id: UUID) -> Sequence[RegisteredHousehold]:
        """Return the households a person is a member of now, the oldest first."""
        ...

    def of_case(self, case_id: UUID) -> RegisteredHousehold | None:
        """Return the household a case was entered for."""
        ...

    def cases_of(self, household_id: UUID) -> Sequence[UUID]:
        """Return the cases that were entered for a household, the newest first."""
        ...

    def add(self, household: RegisteredHousehold) -> None:
        """Keep a new household under a key of its own."""
        ...

    def save(self, household: RegisteredHousehold) -> None:
        """Write a household and its spans."""
        ...

    def enter_case(self, case_id: UUID, household_id: UUID, at: datetime) -> None:
        """Keep for which household a case was entered."""
        ...


class RegisterHistory(Protocol):
    """What entries were before."""

    def add(self, entry: RegisterEntry, *, of_person: bool) -> None:
        """Keep a line, sealed under the key of its person or household."""
        ...


class Corrections(Protocol):
    """Change requests."""

    def add(self, correction: Correction) -> None:
        """Keep a request."""
        ...

    def get(self, correction_id: UUID) -> Correction | None:
        """Return a request, for whom it is about: who decides it holds them before it."""
        ...

    def lock(self, correction_id: UUID) -> Correction | None:
        """Return a request and keep others from deciding it."""
        ...

    def requested_of_case(self, case_id: UUID) -> Sequence[Correction]:
        """Return the requests about a case that nobody decided, the oldest first."""
        ...

    def save(self, correction: Correction) -> None:
        """Write what was decided."""
        ...


class Duplicates(Protocol):
    """Suspected duplicates."""

    def look_for(self, case: Case, at: datetime) -> Sequence[Duplicate]:
        """Return what members of a case look like in other cases, linked cases left out."""
        ...

    def add(self, found: Sequence[Duplicate]) -> None:
        """Keep findings; those on file stay as they are."""
        ...

    def lock(self, duplicate_id: UUID) -> Duplicate | None:
        """Return a finding and keep others from deciding it."""
        ...

    def save(self, duplicate: Duplicate) -> None:
        """Write what was decided."""
        ...


class OnlineEntries(Protocol):
    """What households entered on line."""

    def next_number(self, *, region: str, year: int) -> str:
        """Return a number no entry has."""
        ...

    def add(self, entry: OnlineEntry) -> None:
        """Keep an entry under a key of its own."""
        ...

    def by_number(self, number: str) -> OnlineEntry | None:
        """Return an entry."""
        ...

    def lock(self, number: str) -> OnlineEntry | None:
        """Return an entry and keep others from deciding it."""
        ...

    def save(self, entry: OnlineEntry) -> None:
        """Write what was decided."""
        ...


class QueryCodes(Protocol):
    """The codes households ask by, and how often somebody tried."""

    def get(self, number: str) -> QueryCode | None:
        """Return the code of a number."""
        ...

    def put(self, code: QueryCode) -> None:
        """Keep a code in place of the one before."""
        ...

    def tries(self, key: str, *, at: datetime, begun_after: datetime) -> int:
        """Count a try of this kind and return how many there were in the running span, this one included."""
        ...

    def forgive(self, key: str) -> None:
        """Forget the tries of a kind."""
        ...


class Register(Protocol):
    """Everything of the register in one transaction."""

    @property
    def people(self) -> People:
        """Return the persons."""
        ...

    @property
    def households(self) -> Households:
        """Return the households."""
        ...

    @property
    def history(self) -> RegisterHistory:
        """Return what entries were before."""
        ...

    @property
    def corrections(self) -> Corrections:
        """Return the change requests."""
        ...

    @property
    def duplicates(self) -> Duplicates:
        """Return the suspected duplicates."""
        ...

    @property
    def entries(self) -> OnlineEntries:
        """Return the entries on line."""
        ...

    @property
    def codes(self) -> QueryCodes:
        """Return the query codes."""
        ...
