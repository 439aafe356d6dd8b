"""What absences need from whoever keeps them, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.absences.model import Absence
from workflows.organisation.model import Account
from workflows.organisation.ports import OrganisationUnitOfWork


class Absences(Protocol):
    """The absences, in one transaction."""

    def get(self, absence_id: UUID) -> Absence | None:
        """Return an absence."""
        ...

    def lock(self, absence_id: UUID) -> Absence | None:
        """Return an absence and keep others from changing it."""
        ...

    def of(self, login: str) -> Sequence[Absence]:
        """Return the absences of a person that nobody ended, the first day first."""
        ...

    def add(self, absence: Absence) -> bool:
        """Keep a new one; say False and keep nothing when its id is known already."""
        ...

    def save_end(self, absence: Absence) -> None:
        """Write when it was ended and by whom."""
        ...


class AbsencesUnitOfWork(OrganisationUnitOfWork, Protocol):
    """Accounts and absences in one transaction."""

    @property
    def absences(self) -> Absences:
        """Return the absences."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceLine:
    """An absence in a list, with the names of people; whoever may not read the reason finds it empty."""

    absence: Absence
    name: str
    substitute_name: str
    is_running: bool
    is_over: bool
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePage:
    """A page of absences, those that run or come first."""

    absences: Sequence[AbsenceLine]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFilter:
    """Which absences: one's own, those one is the substitute for, and those of people one supervises."""

    actor: Actor
    current_only: bool = False  # running or coming
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """For whom somebody may enter an absence, oneself first, and who may be the substitute of one of them."""

    absent: Sequence[Account]
    substitutes: Sequence[Account]


class AbsenceQueries(Protocol):
    """Questions about absences; every method reads one committed state."""

    def absences(self, wanted: AbsenceFilter, /) -> AbsencePage:
        """Return a page of the absences in sight."""
        ...

    def choices(self, actor: Actor, /) -> Choices:
        """Return who can be chosen when an absence is entered."""
        ...
