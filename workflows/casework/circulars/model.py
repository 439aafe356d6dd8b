"""A circular: what was written for a month, what it counts, and the document it was published as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from engine.model import Actor
from workflows.casework.conference.queries import DecidedItemLine
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION
from workflows.casework.figures.model import Limits, SupervisorFigures, TownCases, UnitFigures
from workflows.organisation.model import SUPERVISOR

CIRCULAR_KIND = "circular"  # of the document it is published as
LONGEST_CIRCULAR = 4_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular:
    """The words of a month's circular in their newest version; without a document it is a draft."""

    month: date  # its first day
    text: str
    version: int  # of the words; 0: nobody wrote any
    saved_at: datetime | None = None
    saved_by: str | None = None
    document_id: UUID | None = None  # the newest that was published
    published_version: int | None = None  # of the words in it


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularCounts:
    """What a month's circular counts beside the figures: orders and spot checks."""

    orders_issued: int
    orders_closed: int
    orders_overdue: int  # issued by the end of the month, not answered now and past their day
    reviewed: int
    with_findings: int
    severe: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TownLine:
    """A town in the ranking: its cases and its whole limits."""

    cases: TownCases
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """A kind of unit in the ranking: its referrals and the limits of its results."""

    unit_kind: str
    limits: Limits | None
    referrals: UnitFigures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularFigures:
    """Everything a circular counts; towns and units by their on-time rate, the best first."""

    month: date
    counted_at: datetime
    county: SupervisorFigures
    towns: Sequence[TownLine]
    units: Sequence[UnitLine]
    counts: CircularCounts
    overdue_items: Sequence[DecidedItemLine]  # decided by the joint conference, past their day when the month ended

    def place(self, line: TownLine | UnitLine) -> int | None:
        """Return a line's place among its like: equal rates share one, and without a rate there is none."""
        lines: Sequence[TownLine | UnitLine] = self.towns if isinstance(line, TownLine) else self.units
        own = line.limits.rate if line.limits else None
        rates = [one.limits.rate for one in lines if one.limits]
        return None if own is None else 1 + sum(rate is not None and rate > own for rate in rates)


def by_rate(limits: Limits | None) -> tuple[bool, Decimal]:
    """Return what lines are ranked by: the best rate first, those without any last."""
    rate = limits.rate if limits else None
    return (rate is None, -(rate or Decimal(0)))


def issues_circulars(actor: Actor) -> bool:
    """Say whether somebody writes and publishes circulars: who supervises civil affairs for the whole county."""
    return any(
        one.role == SUPERVISOR and one.unit_kind == CIVIL_AFFAIRS and COUNTY_REGION.startswith(one.region)
        for one in actor.memberships
    )
