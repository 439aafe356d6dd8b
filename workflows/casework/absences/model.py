"""The absence of a person from a first to a last day, and the substitute who acts in their name meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Somebody is away; a substitute acts in some processes, or in all (none named), whose tasks are this person's."""

    id: UUID
    login: str
    substitute: str
    first_on: date
    last_on: date
    process_ids: tuple[str, ...]
    reason: str
    entered_at: datetime
    entered_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None

    def is_over(self, today: date) -> bool:
        """Say whether it was ended, or its last day is past."""
        return self.ended_at is not None or self.last_on < today

    def meets(self, other: Absence) -> bool:
        """Say whether both are on one day in one process."""
        on_one_day = self.first_on <= other.last_on and other.first_on <= self.last_on
        is_for_all = not self.process_ids or not other.process_ids
        return on_one_day and (is_for_all or not set(self.process_ids).isdisjoint(other.process_ids))

    def says_the_same_as(self, other: Absence) -> bool:
        """Say whether another one was entered with the same words, by the same person."""
        return self._words() == other._words()

    def _words(self) -> tuple[object, ...]:
        people = (self.login, self.substitute, self.entered_by)
        return (*people, self.first_on, self.last_on, sorted(self.process_ids), self.reason)
