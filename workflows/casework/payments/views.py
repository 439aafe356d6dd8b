"""What is told of money: a batch with its roster, the payments of a case, the books of a month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from engine.host import Context
from engine.model import Actor
from workflows.casework.county import CIVIL_AFFAIRS, COUNTY_REGION, TOWN_BY_REGION
from workflows.casework.days import month_of
from workflows.casework.errors import CaseNotFound
from workflows.casework.model import ZERO
from workflows.casework.payments.commands import FINANCE, require_unit
from workflows.casework.payments.errors import BatchNotFound
from workflows.casework.payments.model import Batch, BatchSums, Payment, PaymentAttempt, PaymentKind, PaymentState
from workflows.casework.payments.recovery import Instalment, Receipt, Recovery, RecoveryCause, RecoveryState
from workflows.casework.payments.standards import ChangeLine, PriceLink, StandardChange
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.sight import is_purpose_limited
from workflows.rules.masks import masked_name


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment as shown: whose money, how much of what, to which account; the payee is masked."""

    id: UUID
    basis_id: UUID
    month: date
    kind: PaymentKind
    case_number: str
    town: str
    town_en: str
    programme: str
    payee: str
    persons: int
    base: Decimal
    add_ons: Decimal
    price_subsidy: Decimal
    amount: Decimal
    state: PaymentState
    line: int | None
    account_tail: str
    paid_on: date | None
    failure_code: str | None
    attempts: Sequence[PaymentAttempt] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtotal:
    """What a town is paid."""

    region: str
    town: str
    town_en: str
    lines: int
    persons: int
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch with its roster; the sums are of what goes to the bank, what is held back from its file stands apart."""

    batch: Batch
    lines: Sequence[PaymentView]
    subtotals: Sequence[Subtotal]
    total: Decimal
    held_back: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryView:
    """What a household is to pay back, and what of it came in."""

    id: UUID
    cause: RecoveryCause
    state: RecoveryState
    from_month: date
    until_month: date
    months: int
    wrongly_paid: Decimal
    act_on: date | None
    fine: Decimal
    fine_least: Decimal
    fine_most: Decimal
    owed: Decimal
    received: Decimal
    outstanding: Decimal
    decision_id: UUID | None
    instalments: Sequence[Instalment]
    receipts: Sequence[Receipt]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOfCase:
    """What a household was paid and what it is to pay back."""

    payments: Sequence[PaymentView]
    recoveries: Sequence[RecoveryView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A benefit whose payments for a month are not what it owes."""

    basis_id: UUID
    case_number: str
    entitled: Decimal
    paid: Decimal
    waiting: Decimal  # listed, failed or due: on its way


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The books of a month: what was owed, what was paid, and every benefit where the two differ by a fen."""

    month: date
    entitled: Decimal
    paid: Decimal
    waiting: Decimal
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBatch:
    """Read a batch with its roster; the sums are of the whole batch, lines of the actor's kin are not shown."""

    number: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> BatchView:
        """Return it."""
        require_sight(context.actor)
        batch = context.unit_of_work.money.payments.batch_numbered(self.number)
        if batch is None:
            raise BatchNotFound(self.number)
        payments = context.unit_of_work.money.payments.of_batch(batch.id)
        going = [one for one in payments if not one.is_held_back]
        of_kin = context.unit_of_work.procedure.kin.numbers_of(context.actor.id)
        return BatchView(
            batch=batch,
            lines=[payment_view(one) for one in payments if one.case_number not in of_kin],
            subtotals=subtotals(going),
            total=_sum(going),
            held_back=_sum(one for one in payments if one.is_held_back),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBatches:
    """Read the batches, the newest first."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[Batch]:
        """Return them."""
        require_sight(context.actor)
        return context.unit_of_work.money.payments.batches()


@dataclass(frozen=True, slots=True, kw_only=True)
class SumBatches:
    """Read what these batches come to."""

    batch_ids: Collection[UUID]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[BatchSums]:
        """Return it, in no order."""
        require_sight(context.actor)
        return context.unit_of_work.money.payments.batch_sums(self.batch_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMoneyOfCase:
    """Read what a household was paid and owes."""

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> MoneyOfCase:
        """Return it; whose unit sees the case only for its own purpose is told nothing."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None or (is_purpose_limited(context.actor, case.region) and not _is_finance(context.actor)):
            raise CaseNotFound(self.case_id)
        money = context.unit_of_work.money
        return MoneyOfCase(
            payments=[
                payment_view(one, attempts=money.payments.attempts_of(one.id))
                for one in money.payments.of_case(case.id)
            ],
            recoveries=[recovery_view(one) for one in money.recoveries.of_case(case.id)],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBooks:
    """Compare what benefits owe in a month with what was paid for it."""

    month: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Books:
        """Return every difference."""
        require_sight(context.actor)
        month = month_of(self.month)
        owed = {one.benefit_id: one for one in context.unit_of_work.benefits.payable_in(month)}
        made: dict[UUID, list[Payment]] = {}
        for one in context.unit_of_work.money.payments.of_month(month):
            if one.price_subsidy == 0:
                made.setdefault(one.basis_id, []).append(one)
        differences: list[Difference] = []
        of_kin = context.unit_of_work.procedure.kin.numbers_of(context.actor.id)
        for basis in sorted({*owed, *made}, key=str):
            payments = made.get(basis, [])
            number = owed[basis].case_number if basis in owed else payments[0].case_number
            found = Difference(
                basis_id=basis,
                case_number=number,
                entitled=owed[basis].amount if basis in owed else ZERO,
                paid=_sum(one for one in payments if one.state == PaymentState.PAID),
                waiting=_sum(one for one in payments if one.state not in (PaymentState.PAID, PaymentState.BLOCKED)),
            )
            if found.entitled != found.paid and number not in of_kin:
                differences.append(found)
        everything = [one for payments in made.values() for one in payments]
        return Books(
            month=month,
            entitled=sum((one.amount for one in owed.values()), ZERO),
            paid=_sum(one for one in everything if one.state == PaymentState.PAID),
            waiting=_sum(one for one in everything if one.state not in (PaymentState.PAID, PaymentState.BLOCKED)),
            differences=differences,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPriceLinks:
    """Read the price figures and what they led to."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[PriceLink]:
        """Return them, the newest month first."""
        require_sight(context.actor)
        return context.unit_of_work.money.price_links.all()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A new standard with its preview."""

    change: StandardChange
    lines: Sequence[ChangeLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStandardChanges:
    """Read the new standards with their previews."""

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[ChangeView]:
        """Return them, the newest first."""
        require_sight(context.actor)
        changes = context.unit_of_work.money.standard_changes
        return [ChangeView(change=one, lines=changes.lines(one.id)) for one in changes.all()]


def subtotals(payments: Sequence[Payment]) -> list[Subtotal]:
    """Return what each town is paid, in order of regions."""
    by_region: dict[str, list[Payment]] = {}
    for one in payments:
        by_region.setdefault(one.region, []).append(one)
    return [
        Subtotal(
            region=region,
            town=_town(region)[0],
            town_en=_town(region)[1],
            lines=len(found),
            persons=sum(one.persons for one in found),
            amount=_sum(found),
        )
        for region, found in sorted(by_region.items())
    ]


def sees_money(actor: Actor) -> bool:
    """Say whether somebody may look at money: those of civil affairs and finance, and supervisors of the county."""
    return actor.system or any(
        (one.role == "supervisor" and COUNTY_REGION.startswith(one.region)) or one.unit_kind in (CIVIL_AFFAIRS, FINANCE)
        for one in actor.memberships
    )


def require_sight(actor: Actor) -> None:
    """Let those look at money who may.

    Raises:
        NotPermitted: nobody else may.
    """
    if not sees_money(actor):
        require_unit(actor, CIVIL_AFFAIRS, FINANCE, action="查看资金发放")


def _is_finance(actor: Actor) -> bool:
    return any(one.unit_kind == FINANCE for one in actor.memberships)


def payment_view(payment: Payment, attempts: Sequence[PaymentAttempt] = ()) -> PaymentView:
    """Return a payment as it may be shown."""
    town, town_en = _town(payment.region)
    return PaymentView(
        id=payment.id,
        basis_id=payment.basis_id,
        month=payment.month,
        kind=payment.kind,
        case_number=payment.case_number,
        town=town,
        town_en=town_en,
        programme=payment.programme,
        payee=masked_name(payment.account.holder) if payment.account else "",
        persons=payment.persons,
        base=payment.base,
        add_ons=payment.add_ons,
        price_subsidy=payment.price_subsidy,
        amount=payment.amount,
        state=payment.state,
        line=payment.line,
        account_tail=payment.account_tail,
        paid_on=payment.paid_on,
        failure_code=payment.failure_code,
        attempts=attempts,
    )


def recovery_view(recovery: Recovery) -> RecoveryView:
    """Return a recovery with what is owed and came in."""
    return RecoveryView(
        id=recovery.id,
        cause=recovery.cause,
        state=recovery.state,
        from_month=recovery.from_month,
        until_month=recovery.until_month,
        months=recovery.months,
        wrongly_paid=recovery.wrongly_paid,
        act_on=recovery.act_on,
        fine=recovery.fine,
        fine_least=recovery.fine_least,
        fine_most=recovery.fine_most,
        owed=recovery.owed,
        received=recovery.received,
        outstanding=recovery.outstanding,
        decision_id=recovery.decision_id,
        instalments=recovery.instalments,
        receipts=recovery.receipts,
    )


def _town(region: str) -> tuple[str, str]:
    town = TOWN_BY_REGION.get(region)
    return (town.name, town.name_en) if town else (region, region)


def _sum(payments: Iterable[Payment]) -> Decimal:
    return sum((one.amount for one in payments), ZERO)
