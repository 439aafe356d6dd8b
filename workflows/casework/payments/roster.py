"""Who is paid what in a month: what benefits owe and nobody paid yet, and what waits beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from workflows.casework.benefits.model import Entitlement
from workflows.casework.days import months_later
from workflows.casework.model import ZERO, Account
from workflows.casework.payments.model import Batch, BatchState, Hold, Payment, PaymentKind, PaymentState
from workflows.casework.ports import CaseworkUnitOfWork

REFRESHED = (PaymentState.DUE, PaymentState.LISTED, PaymentState.BLOCKED)
RAN = (BatchState.SENT, BatchState.SETTLED)
ARREARS_MONTHS = 12
TAIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The lines of a batch, and what could not be listed."""

    payments: tuple[Payment, ...]
    without_account: tuple[str, ...]  # case numbers
    held: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        """Return the whole sum, in yuan."""
        return sum((one.amount for one in self.payments), ZERO)


def prepare(unit_of_work: CaseworkUnitOfWork, batch: Batch, now: datetime) -> Roster:
    """List every payment that is owed up to the batch's month and was not made; listing again changes nothing.

    Besides the month itself, earlier months are looked through for which a batch ran already, so that a benefit granted
    late is paid from its first month.
    """
    before = {one.id: one for one in unit_of_work.money.payments.of_batch(batch.id)}
    wanted = [*_entitled(unit_of_work, batch, now), *_waiting(unit_of_work, batch)]
    holds = unit_of_work.money.payments.holds_of([one.basis_id for one in wanted])
    held = [one for one in wanted if _is_held(one, holds)]
    free = [one for one in wanted if not _is_held(one, holds)]
    ready = sorted((one for one in free if one.account), key=_place)
    listed = tuple(
        replace(one, state=PaymentState.LISTED, batch_id=batch.id, line=line) for line, one in enumerate(ready, start=1)
    )
    kept = {one.id for one in listed}
    dropped = [
        replace(one, state=_left(one), batch_id=None, line=None) for key, one in before.items() if key not in kept
    ]
    unlisted = [replace(one, state=_left(one)) for one in held if one.id not in before]
    unit_of_work.money.payments.save([*dropped, *unlisted, *listed])
    return Roster(
        payments=listed,
        without_account=tuple(sorted({one.case_number for one in free if not one.account})),
        held=tuple(sorted({one.case_number for one in held})),
    )


def payment_of(entitlement: Entitlement, now: datetime) -> Payment:
    """Return the payment that a benefit owes in a month."""
    return Payment(
        id=uuid4(),
        basis_id=entitlement.benefit_id,
        month=entitlement.month,
        kind=PaymentKind.ENTITLEMENT,
        case_id=entitlement.case_id,
        case_number=entitlement.case_number,
        region=entitlement.region,
        programme=entitlement.programme,
        persons=len(entitlement.persons),
        base=entitlement.base,
        add_ons=entitlement.add_ons,
        price_subsidy=ZERO,
        created_at=now,
    )


def with_account(payment: Payment, account: Account | None) -> Payment:
    """Return a payment that goes to an account."""
    return replace(payment, account=account, account_tail=account.number[-TAIL:] if account else "")


def _entitled(unit_of_work: CaseworkUnitOfWork, batch: Batch, now: datetime) -> Iterator[Payment]:
    payments = unit_of_work.money.payments
    for month in _months(unit_of_work, batch):
        known = {one.basis_id: one for one in payments.of_month(month) if one.kind == PaymentKind.ENTITLEMENT}
        for owed in unit_of_work.benefits.payable_in(month):
            if not owed.region.startswith(batch.region):
                continue
            made = known.get(owed.benefit_id)
            if made is None:
                made = payment_of(owed, now)
                payments.add(made)
            if made.state in REFRESHED:
                fresh = replace(made, base=owed.base, add_ons=owed.add_ons, persons=len(owed.persons))
                yield with_account(fresh, owed.payee)


def _waiting(unit_of_work: CaseworkUnitOfWork, batch: Batch) -> Iterator[Payment]:
    accounts: dict[UUID, Account | None] = {}
    for one in unit_of_work.money.payments.waiting(batch.month):
        own = one.state == PaymentState.LISTED and one.batch_id == batch.id
        entitled = one.kind == PaymentKind.ENTITLEMENT and one.corrected_at is None
        if entitled or not (own or one.may_be_listed) or not one.region.startswith(batch.region):
            continue
        if one.case_id not in accounts:
            case = unit_of_work.cases.get(one.case_id)
            accounts[one.case_id] = case.account if case else None
        yield with_account(one, accounts[one.case_id])


def _months(unit_of_work: CaseworkUnitOfWork, batch: Batch) -> list[date]:
    earliest = months_later(batch.month, -ARREARS_MONTHS)
    ran = {
        one.month
        for one in unit_of_work.money.payments.batches()
        if one.state in RAN and earliest <= one.month < batch.month
    }
    return [*sorted(ran), batch.month]


def _is_held(payment: Payment, holds: Sequence[Hold]) -> bool:
    return any(one.benefit_id == payment.basis_id and one.holds_in(payment.month) for one in holds)


def _left(payment: Payment) -> PaymentState:
    """Return the state of a payment that is not listed: what a benefit owes is looked up anew, the rest goes on."""
    if payment.kind == PaymentKind.ENTITLEMENT and payment.corrected_at is None:
        return PaymentState.BLOCKED
    return PaymentState.FAILED if payment.corrected_at else PaymentState.DUE


def _place(payment: Payment) -> tuple[str, str, str, date, str, str]:
    return (payment.region, payment.case_number, payment.programme, payment.month, payment.kind, str(payment.id))
