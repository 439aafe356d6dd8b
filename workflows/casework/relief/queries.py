"""What may be asked of temporary relief without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.relief.model import ReliefClaim, ReliefPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """Which claims the actor wants to see, of the cases the actor sees whole: other units learn of no other aid."""

    actor: Actor
    case: str | None = None  # number of a case
    overdue_only: bool = False
    duplicates_only: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClaim:
    """A claim of the same persons for what seems to be the same event."""

    case_number: str
    region: str
    town: str
    town_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim as shown, with its case, its payments from the first on, and the claims it seems to repeat."""

    claim: ReliefClaim
    case_id: UUID
    case_number: str
    town: str
    town_en: str
    overdue: bool
    payments: Sequence[ReliefPayment]
    duplicates: Sequence[OtherClaim]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One page of a list and the size of the whole."""

    claims: Sequence[ClaimView]
    total: int


class ReliefQueries(Protocol):
    """The read side of temporary relief."""

    def claims(self, wanted: ClaimFilter) -> ClaimPage:
        """Return a page of claims, the latest first."""
        ...
