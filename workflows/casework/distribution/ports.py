"""What distribution needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from engine.model import UserTask
from workflows.casework.distribution.model import Candidate, DistributionRule, OpenTask, RuleEvent, RulePlace
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

    def unheld(self, units: Sequence[OfficeKey], *, now: datetime, most: int) -> Sequence[OpenTask]:
        """Return tasks of units that nobody holds or put off: the most urgent of each group and region, so many.

        What is offered to a unit of the same kind that lies in the region of one of these comes along.
        """
        ...

    def untouched(
        self, unit: OfficeKey, *, before: datetime, now: datetime, limit: int, task_id: UUID | None = None
    ) -> Sequence[OpenTask]:
        """Return tasks of a unit that somebody holds and nobody touched since a time, the longest first.

        Those that rest or wait for an answer are left out. With a task's id only that one is looked at.
        """
        ...

    def left_untouched_by(self, task: UserTask) -> set[str]:
        """Return who had a task and let it lie until it was taken back."""
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
