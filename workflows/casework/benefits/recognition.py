"""The status a household, or a single person of it, is recognised as: what every unit goes by without asking again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """A recognised status with its validity; days are inclusive, `valid_until` None means until it is ended."""

    id: UUID
    case_id: UUID
    referral_id: UUID | None
    status: str  # dibao, edge, rigid or tekun
    persons: tuple[int, ...]
    valid_from: date
    recorded_at: datetime
    valid_until: date | None = None
    decision_id: UUID | None = None
    end_reason: str | None = None  # why it ended before its time

    def holds_on(self, day: date) -> bool:
        """Say whether the status holds on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLink:
    """A case that came of another: a single person of a family has a case of their own."""

    case_id: UUID
    linked_case_id: UUID
    kind: str  # single_entry
    member: int  # the number of the person in the family's case
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCase:
    """Another case that came of this one, or that this one came of."""

    number: str
    kind: str
    member: int
    is_origin: bool  # the other is the family this case came of
