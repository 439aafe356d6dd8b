"""What may be asked of spot checks: the list, and one with its sample, findings and counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Protocol
from uuid import UUID

from engine.model import Actor
from workflows.casework.figures.model import share_of
from workflows.casework.spot_checks.model import (
    Conclusion,
    Finding,
    ItemState,
    Population,
    RiskReason,
    Severity,
)
from workflows.casework.spot_checks.sampling import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckFilter:
    """Which spot checks: those the actor supervises, narrowed."""

    actor: Actor
    open_only: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How the reviews of a sample stand; cases that the asker does not see count nowhere."""

    SHOWN: ClassVar = ("found_share", "wrong_share")

    sampled: int
    reviewed: int
    with_findings: int
    severe: int
    wrong: int  # wrongly in, wrongly out, or a wrong amount
    orders: int

    @property
    def found_share(self) -> Decimal | None:
        """Return the share of the reviewed with a finding."""
        return share_of(self.with_findings, self.reviewed)

    @property
    def wrong_share(self) -> Decimal | None:
        """Return the share of the reviewed whose decision was wrong."""
        return share_of(self.wrong, self.reviewed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckLine:
    """A draw in a list."""

    id: UUID
    number: str
    population: Population
    way: Way
    size: int
    drawn_at: datetime
    drawn_by: str
    drawer_name: str
    is_withdrawn: bool
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckPage:
    """A page of draws, the newest first."""

    spot_checks: Sequence[SpotCheckLine]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """A case of a sample with how its review stands."""

    id: UUID
    case_number: str
    region: str
    programme: str
    unit_kind: str
    points: int
    reasons: Sequence[RiskReason]
    state: ItemState
    conclusion: Conclusion | None
    severity: Severity | None
    reviewer_name: str | None
    reviewed_at: datetime | None
    findings: Sequence[Finding]
    note: str
    decision_note: str
    open_task: UUID | None
    order_id: UUID | None
    order_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCount:
    """How often an item of the checklist was found wanting."""

    item: str
    title: str
    title_en: str
    minor: int
    serious: int
    severe: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCheckView:
    """A draw with its sample. `is_reproduced`: the kept seed over the kept population gives this sample again."""

    line: SpotCheckLine
    reason: str
    seed: str
    population_size: int
    population_digest: str  # SHA-256 over the kept population
    is_reproduced: bool
    withdrawn_at: datetime | None
    withdrawal_reason: str
    items: Sequence[ItemLine]
    by_item: Sequence[ItemCount]


class SpotCheckQueries(Protocol):
    """Questions about spot checks; every method reads one committed state."""

    def spot_checks(self, wanted: SpotCheckFilter, /) -> SpotCheckPage:
        """Return a page of the spot checks an actor supervises."""
        ...

    def spot_check(self, spot_check_id: UUID, actor: Actor, /) -> SpotCheckView:
        """Return a spot check.

        Raises:
            SpotCheckNotFound: there is none, or the actor does not supervise its region.
        """
        ...

    def population_size(self, population: Population, actor: Actor, /) -> int:
        """Return how many a sample could be drawn from."""
        ...
