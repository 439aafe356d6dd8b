"""A new standard before it is decided: what each benefit would be, and who would cross a border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from workflows.casework.model import ZERO

RECOMPUTED = frozenset({"dibao_standard"})
"""Figures by which benefits are computed anew: only the process of a new standard changes them, with every letter."""


class ChangeState(StrEnum):
    """Where a new standard stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    APPLIED = "applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardChange:
    """A figure of policy that is to have another value from a day on, with the document that says so."""

    id: UUID
    key: str
    old_value: Decimal
    new_value: Decimal
    effective_from: date
    document: str
    proposed_at: datetime
    proposed_by: str
    state: ChangeState = ChangeState.PROPOSED
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What one version of a benefit is under the old and the new standard, in yuan a month.

    A line without a benefit is a household at a border: `flag` says which; nobody changes without a decision.
    """

    number: int
    case_id: UUID
    case_number: str
    region: str
    programme: str
    benefit_id: UUID | None = None
    from_month: date | None = None
    persons: int = 0
    old_base: Decimal = ZERO
    old_add_ons: Decimal = ZERO
    new_base: Decimal | None = None
    new_add_ons: Decimal | None = None
    flag: str | None = None
    applied_at: datetime | None = None
    back_pay: Decimal = ZERO

    @property
    def old_amount(self) -> Decimal:
        """Return the sum as it is."""
        return self.old_base + self.old_add_ons

    @property
    def new_amount(self) -> Decimal | None:
        """Return the sum as it would be."""
        if self.new_base is None or self.new_add_ons is None:
            return None
        return self.new_base + self.new_add_ons


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLink:
    """The price figure of a month, what it led to, and to how many persons."""

    id: UUID
    month: date
    index: Decimal  # percent over a year ago
    source: str
    entered_by: str
    entered_at: datetime
    link_class: str | None = None
    per_person: Decimal = ZERO
    persons: int = 0
    total: Decimal = ZERO
    state: str = "entered"  # entered, none, granted, dropped
