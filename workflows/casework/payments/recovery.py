"""Money to be paid back: what was wrongly paid, the fine, how it is paid in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from workflows.casework.days import months_later
from workflows.casework.model import ZERO
from workflows.casework.payments.errors import InstalmentsWrong, ReceiptTooLarge
from workflows.casework.payments.model import Payment
from workflows.rules.money import FEN, format_yuan


class RecoveryCause(StrEnum):
    """Why money is to be paid back."""

    FRAUD = "fraud"  # hidden or false facts: may be fined
    DEATH = "death"
    ERROR = "error"  # the office's own


class RecoveryState(StrEnum):
    """Where a recovery stands."""

    OPEN = "open"
    DROPPED = "dropped"
    DECIDED = "decided"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """A part of what is owed, and by when."""

    number: int
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A sum that came in; `reference` is the voucher, by which one receipt is known however often it is entered."""

    reference: str
    amount: Decimal
    received_on: date
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What a household is to pay back, in yuan, and what of it came in."""

    id: UUID
    case_id: UUID
    region: str
    cause: RecoveryCause
    opened_at: datetime
    from_month: date
    until_month: date
    wrongly_paid: Decimal
    months: int
    benefit_id: UUID | None = None
    act_on: date | None = None  # the day of the act: the law of that day sets the fine
    fine: Decimal = ZERO
    fine_least: Decimal = ZERO
    fine_most: Decimal = ZERO
    state: RecoveryState = RecoveryState.OPEN
    decision_id: UUID | None = None
    instalments: tuple[Instalment, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    def counts(self, payment: Payment, *, arrived_at: datetime) -> bool:
        """Say whether a payment had arrived when it was opened, and is of its months and of the benefit it names."""
        of_benefit = self.benefit_id in (None, payment.basis_id)
        return of_benefit and self.from_month <= payment.month <= self.until_month and arrived_at <= self.opened_at

    @property
    def owed(self) -> Decimal:
        """Return the whole sum to be paid in."""
        return self.wrongly_paid + self.fine

    @property
    def received(self) -> Decimal:
        """Return what came in."""
        return sum((one.amount for one in self.receipts), ZERO)

    @property
    def outstanding(self) -> Decimal:
        """Return what is still owed."""
        return self.owed - self.received

    def received_one(self, receipt: Receipt) -> Recovery:
        """Return the recovery with a receipt; one known by its voucher is not counted twice.

        Raises:
            ReceiptTooLarge: more than is owed.
        """
        if any(one.reference == receipt.reference for one in self.receipts):
            return self
        if receipt.amount > self.outstanding:
            raise ReceiptTooLarge(amount=format_yuan(receipt.amount), outstanding=format_yuan(self.outstanding))
        grown = replace(self, receipts=(*self.receipts, receipt))
        return replace(grown, state=RecoveryState.SETTLED) if grown.outstanding == 0 else grown

    def overdue_on(self, day: date) -> Decimal:
        """Return what should have come in before a day and did not."""
        due = sum((one.amount for one in self.instalments if one.due_on < day), ZERO)
        return max(ZERO, due - self.received)

    def next_due(self, day: date) -> date | None:
        """Return the day of the next instalment from a day on."""
        return min((one.due_on for one in self.instalments if one.due_on >= day), default=None)


def plan_of(owed: Decimal, *, count: int, first_due_on: date, most: int) -> tuple[Instalment, ...]:
    """Return a plan of monthly instalments: equal to the fen, the last one takes the rest.

    Raises:
        InstalmentsWrong: there is none or are too many, or one would be less than a fen.
    """
    if not 1 <= count <= most:
        raise InstalmentsWrong(count=count, most=most)
    part = (owed / count).quantize(FEN, rounding="ROUND_DOWN")
    if part <= 0:
        raise InstalmentsWrong(count=count, most=most)
    days = [_same_day(first_due_on, index) for index in range(count)]
    sums = [*([part] * (count - 1)), owed - part * (count - 1)]
    return tuple(
        Instalment(number=number, due_on=day, amount=amount)
        for number, (day, amount) in enumerate(zip(days, sums, strict=True), start=1)
    )


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts."""
    return sum(amounts, ZERO)


def _same_day(day: date, months: int) -> date:
    last = months_later(day, months + 1).toordinal() - 1
    return date.fromordinal(min(months_later(day, months).toordinal() + day.day - 1, last))
