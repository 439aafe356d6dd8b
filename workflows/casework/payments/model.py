"""Payments of a month and the batches they go to the bank in.

A payment is one sum owed to one household for one month and one reason; it is made once, however often a batch is
prepared, a file is written or an answer of the bank is read. Months are written by their first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from workflows.casework.model import ZERO, Account

NO_CAUSE = UUID(int=0)


class PaymentKind(StrEnum):
    """What a sum is paid for."""

    ENTITLEMENT = "entitlement"  # what a benefit owes in a month
    PRICE_SUBSIDY = "price_subsidy"
    BACK_PAY = "back_pay"  # what a new standard adds to a month that was paid already
    WINTER_RELIEF = "winter_relief"  # what the plan of a winter grants


class PaymentState(StrEnum):
    """Where a payment stands."""

    DUE = "due"  # goes into the next batch
    LISTED = "listed"  # stands in a roster that is not sent yet
    SENT = "sent"  # the bank has it
    PAID = "paid"
    FAILED = "failed"  # came back; due again once the account is corrected
    BLOCKED = "blocked"  # taken off a roster: the person died


class BatchState(StrEnum):
    """Where a batch stands."""

    PREPARED = "prepared"
    CHECKED = "checked"
    APPROVED = "approved"  # finance approved it: the file may be written, nothing in it changes any more
    SENT = "sent"
    SETTLED = "settled"  # the bank answered every line, or there was none for it
    DROPPED = "dropped"  # nothing was to be paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a payment is made up of, in yuan."""

    base: Decimal = ZERO
    add_ons: Decimal = ZERO
    price_subsidy: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return the whole sum."""
        return self.base + self.add_ons + self.price_subsidy


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One sum to one household; `basis_id` is the benefit, recognised status or need of a winter it rests on."""

    id: UUID
    basis_id: UUID
    month: date
    kind: PaymentKind
    case_id: UUID
    case_number: str
    region: str
    programme: str
    persons: int
    base: Decimal
    add_ons: Decimal
    price_subsidy: Decimal
    created_at: datetime
    cause_id: UUID = NO_CAUSE  # the new standard, price link or winter register that owes it
    state: PaymentState = PaymentState.DUE
    batch_id: UUID | None = None
    line: int | None = None
    account: Account | None = None  # as it went to the bank
    account_tail: str = ""
    paid_on: date | None = None
    failure_code: str | None = None
    corrected_at: datetime | None = None

    @property
    def amount(self) -> Decimal:
        """Return the whole sum, in yuan."""
        return self.base + self.add_ons + self.price_subsidy

    @property
    def is_in_file(self) -> bool:
        """Say whether its batch has a line for it; what the bank's encoding cannot write has none."""
        return self.line is not None

    @property
    def is_held_back(self) -> bool:
        """Say whether it stands in a batch whose file was written without it."""
        return self.state == PaymentState.FAILED and not self.is_in_file

    @property
    def is_out(self) -> bool:
        """Say whether the money left the county, or may have."""
        return self.state in (PaymentState.SENT, PaymentState.PAID)

    @property
    def may_be_listed(self) -> bool:
        """Say whether it goes into the next roster."""
        corrected = self.state == PaymentState.FAILED and self.corrected_at is not None
        return self.state == PaymentState.DUE or corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The payments of one run; its number is the business key of its process: PAY-2026-11, then PAY-2026-11-2."""

    id: UUID
    number: str
    month: date
    region: str
    state: BatchState
    created_at: datetime
    prepared_by: str | None = None
    checked_by: str | None = None
    approved_by: str | None = None
    encoding: str | None = None
    checksum: str | None = None  # of the bank file, SHA-256
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    return_checksum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSums:
    """What a batch comes to, in yuan: what goes to the bank, what was held back from its file, what came of it."""

    number: str
    lines: int
    total: Decimal
    held_back_lines: int
    held_back: Decimal
    paid: Decimal
    failed_lines: int
    failed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAttempt:
    """That a payment stood in a batch, and what the bank made of it."""

    payment_id: UUID
    batch_id: UUID
    line: int
    amount: Decimal
    account_tail: str
    failure_code: str | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """That nothing of a benefit is paid from a month on, while it is open."""

    id: UUID
    benefit_id: UUID
    from_month: date
    reason: str
    placed_at: datetime
    death_id: UUID | None = None
    lifted_at: datetime | None = None

    def holds_in(self, month: date) -> bool:
        """Say whether a month is held."""
        return self.lifted_at is None and month >= self.from_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A death as a register tells it, and whom of the county's households it is; matched by number and name."""

    id: UUID
    died_on: date
    source: str
    recorded_at: datetime
    recorded_by: str
    matched: int  # how many benefits were touched
    same_name_only: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOnFile:
    """A member of a case, found by an identity number."""

    case_id: UUID
    number: int
    name: str
