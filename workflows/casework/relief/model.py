"""A claim to temporary relief, from the event or bill to the complete file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from workflows.casework.model import ZERO


class ClaimKind(StrEnum):
    """Sudden need (急难型), paid first and filed later, or spending (支出型)."""

    URGENT = "urgent"
    SPENDING = "spending"


class ClaimState(StrEnum):
    """How far a claim has come."""

    OPEN = "open"
    PAID = "paid"  # urgent: paid, the file still to be made up
    DONE = "done"
    DROPPED = "dropped"  # nothing was paid


class PayMode(StrEnum):
    """How relief is handed over; cash and goods need the receiver's signature."""

    CASH = "cash"
    GOODS = "goods"
    BANK = "bank"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefPayment:
    """One payment of a claim; the cap of a year counts the payments made in it."""

    id: UUID
    claim_id: UUID
    amount: Decimal  # yuan
    mode: PayMode
    paid_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefClaim:
    """One claim of a household; sums are yuan.

    `amount` is the sum of its payments, `mode` and `paid_at` are those of the latest.
    """

    id: UUID
    case_id: UUID
    referral_id: UUID
    region: str
    kind: ClaimKind
    claimed_at: datetime
    state: ClaimState = ClaimState.OPEN
    event_kind: str | None = None
    event_reference: str | None = None  # number of the police, the fire brigade, the hospital
    happened_on: date | None = None
    pay_due_at: datetime | None = None
    amount: Decimal = ZERO
    mode: PayMode | None = None
    paid_at: datetime | None = None
    make_up_due_on: date | None = None
    made_up_at: datetime | None = None

    def is_overdue(self, today: date) -> bool:
        """Say whether the file of relief that was paid first is owed past its day."""
        owed = self.state == ClaimState.PAID and self.make_up_due_on is not None
        return owed and self.make_up_due_on is not None and self.make_up_due_on < today

    def is_same_event(self, other: ReliefClaim, *, days: int) -> bool:
        """Say whether another claim of these persons seems to be for the same event.

        It is when both name the same reference, or when the events lie at most so many days apart.
        """
        if self.event_reference and self.event_reference == other.event_reference:
            return True
        if self.happened_on is None or other.happened_on is None:
            return False
        return abs((self.happened_on - other.happened_on).days) <= days
