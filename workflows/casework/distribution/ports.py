"""What distribution needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from engine.model import UserTask
from workflows.casework.distribution.model import Candidate, Desk, DistributionRule, OpenTask, RuleEvent, RulePlace
from workflows.casework.distribution.steps import Step
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.supervision import OfficeKey, Offices


class DistributionRules(Protocol):
    """The rules and the tasks they are for, in one transaction."""

    def offices(self) -> Offices:
        """Return the units."""
        ...

    def all(self) -> Sequence[DistributionRule]:
        """Return every rule."""
        ...

    def lock(self, place: RulePlace) -> DistributionRule | None:
        """Return a rule and let others who give out by it, or change it, wait."""
        ...

    def save(self, rule: DistributionRule) -> None:
        """Write a rule, new or not."""
        ...

    def remove(self, place: RulePlace) -> None:
        """Forget a rule."""
        ...

    def record(self, event: RuleEvent) -> None:
        """Append to the record of changes."""
        ...

    def people(self, unit: OfficeKey, groups: Sequence[str], *, process_id: str, today: date) -> Sequence[Candidate]:
        """Return who holds a post of these groups in a unit and is not absent today, by login."""
        ...

    def unheld(
        self,
        *,
        now: datetime,
        limit: int,
        after: OpenTask | None,
        full: Collection[Desk],
        without: Collection[UUID],
    ) -> Sequence[OpenTask]:
        """Return tasks that a rule gives to somebody and nobody holds or put off, the most urgent first.

        Left out are those up to `after`, of desks where nobody is free, and those of these ids.
        """
        ...

    def untouched(
        self,
        before: Mapping[int, datetime],
        *,
        now: datetime,
        limit: int,
        after: OpenTask | None = None,
        task_id: UUID | None = None,
    ) -> Sequence[OpenTask]:
        """Return tasks that somebody holds and nobody touched since the time for the days of their rule, longest first.

        Left out are those up to `after`, and those that rest or wait for an answer. With a task's id only that one is
        looked at.
        """
        ...

    def barred(self, task: UserTask) -> set[str]:
        """Return whom no rule gives a task: who gave it away or was denied it since it was offered to these groups.

        And who ever let it lie until it was taken back.
        """
        ...


class DistributionUnitOfWork(CaseworkUnitOfWork, Protocol):
    """Casework with rules in the same transaction."""

    @property
    def distribution(self) -> DistributionRules:
        """The rules."""
        ...


class DistributionQueries(Protocol):
    """Questions about rules; every method reads one committed state."""

    def rules(self) -> Sequence[DistributionRule]:
        """Return every rule, those of a unit together, the widest first."""
        ...

    def events(self, unit: OfficeKey, /, *, limit: int) -> Sequence[RuleEvent]:
        """Return how the rules of a unit were changed, the newest first."""
        ...

    def steps(self) -> Sequence[Step]:
        """Return the user tasks of the newest version of every process."""
        ...
