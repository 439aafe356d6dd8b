"""Starting what money needs beside the monthly run: a price figure, a new standard, a recovery, a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from engine.commands.messages import CorrelateMessage
from engine.core.texts import Words
from engine.errors import NotCorrelated
from engine.host import Context
from engine.model import SYSTEM, ProcessInstance
from engine.permissions import checked_reason
from workflows.casework.benefits.model import Benefit, BenefitState
from workflows.casework.county import CIVIL_AFFAIRS
from workflows.casework.days import month_of
from workflows.casework.errors import CaseErased, CaseNotFound, RecordNotFound, SubmissionKeyTaken
from workflows.casework.model import Case
from workflows.casework.payments.claims import Arrived, asked_back
from workflows.casework.payments.commands import FINANCE, require_unit
from workflows.casework.payments.errors import NothingPaid, PaymentsAtTheBank, StandardChangeRefused
from workflows.casework.payments.model import Payment, PaymentState
from workflows.casework.payments.recovery import Receipt, Recovery, RecoveryCause, total_of
from workflows.casework.payments.standards import RECOMPUTED, StandardChange
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.guard import is_kin
from workflows.casework.procedure.office import WORKING, require_office
from workflows.casework.standards import standards_on
from workflows.casework.starting import start_county_process, start_process_of

PRICE_LINK, STANDARD_CHANGE, RECOVERY = "price_link", "standard_change", "recovery"
SETTLED_MESSAGE = "RecoverySettled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPriceLink:
    """Begin looking at the price figure of a month.

    Raises:
        NotPermitted: the actor is no clerk or reviewer of civil affairs or finance.
    """

    month: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> ProcessInstance:
        """Start the process."""
        require_unit(context.actor, CIVIL_AFFAIRS, FINANCE, action="启动物价联动")
        month = f"{month_of(self.month):%Y-%m}"
        return start_county_process(replace(context, actor=SYSTEM), PRICE_LINK, f"PRICE-{month}", {"month": month})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeStandard:
    """Propose another value of a figure from a day on; it counts once it was decided, with its preview.

    Raises:
        NotPermitted: the actor is no clerk or reviewer of civil affairs.
        StandardChangeRefused: no benefit is computed anew by it; it has no number today, or this one already.
    """

    key: str
    value: Decimal
    effective_from: date
    document: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> StandardChange:
        """Keep the proposal and start its process."""
        require_unit(context.actor, CIVIL_AFFAIRS, action="拟定新标准")
        if self.key not in RECOMPUTED:
            fault = Words(
                "不引起逐户重算，请在政策参数页面变更", "no benefit is computed anew; see the page of figures"
            )
            raise StandardChangeRefused(key=self.key, fault=fault)
        old = standards_on(context.unit_of_work, self.effective_from).values.get(self.key)
        if isinstance(old, bool) or not isinstance(old, int | Decimal):
            fault = Words("没有这项数字标准", "there is no such figure")
            raise StandardChangeRefused(key=self.key, fault=fault)
        if Decimal(old) == self.value or self.value <= 0:
            fault = Words("与现行标准相同或不是正数", "it is the value in force, or not above zero")
            raise StandardChangeRefused(key=self.key, fault=fault)
        change = StandardChange(
            id=uuid4(),
            key=self.key,
            old_value=Decimal(old),
            new_value=self.value,
            effective_from=month_of(self.effective_from),
            document=checked_reason(self.document),
            proposed_at=context.now(),
            proposed_by=context.actor.id,
        )
        context.unit_of_work.money.standard_changes.add(change)
        business_key = f"STD-{self.key}-{change.effective_from:%Y-%m}"
        started = {"change_id": str(change.id)}
        start_county_process(replace(context, actor=SYSTEM), STANDARD_CHANGE, business_key, started)
        return change


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecovery:
    """Begin the recovery of what a household was paid wrongly in some months.

    `share` is what of each month was wrong, in yuan; without it the whole of what arrived is. With `payments`, only
    these count. The recovery spans the months of which something arrived. The same `recovery_id` asks once.

    Raises:
        CaseNotFound, CaseErased, NotPermitted
        PaymentsAtTheBank: the bank has not answered payments of these months.
        NothingPaid: nothing arrived for these months.
        RecoveryTooLarge: other recoveries leave less of a month than is asked back.
        SubmissionKeyTaken: the id is that of another recovery.
    """

    case_id: UUID
    cause: RecoveryCause
    from_month: date
    until_month: date
    reason: str
    benefit_id: UUID | None = None
    share: Decimal | None = None
    payments: frozenset[UUID] | None = None
    recovery_id: UUID | None = None

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Recovery:
        """Count what was paid, keep the recovery and start its process."""
        case = context.unit_of_work.cases.get(self.case_id)
        if case is None:
            raise CaseNotFound(self.case_id)
        if case.erased:
            raise CaseErased(number=case.number, action="追回款项")
        require_office(context.actor, case.region, WORKING, action="追回款项")
        known = self._known(context)
        if known is not None:
            return known
        wrong = self._wrong(context, case)
        recovery = Recovery(
            id=self.recovery_id or uuid4(),
            case_id=case.id,
            region=case.region,
            cause=self.cause,
            opened_at=context.now(),
            from_month=min(wrong),
            until_month=max(wrong),
            wrongly_paid=total_of(wrong.values()),
            months=len(wrong),
            benefit_id=self.benefit_id,
        )
        context.unit_of_work.money.recoveries.add(recovery)
        about = {"recovery_id": str(recovery.id), "cause": recovery.cause.value}
        reason = {"recovery_reason": checked_reason(self.reason)}
        start_process_of(replace(context, actor=SYSTEM), case, RECOVERY, {**about, **reason})
        return recovery

    def _known(self, context: Context[CaseworkUnitOfWork]) -> Recovery | None:
        """Return the recovery of this id, if it was asked for as it is now."""
        if self.recovery_id is None:
            return None
        recoveries = context.unit_of_work.money.recoveries
        recoveries.claiming(self.case_id)  # one sent twice at once waits here for the other
        known = recoveries.get(self.recovery_id)
        if known is None:
            return None
        arrived = _arrived(context.unit_of_work, self.case_id)
        counted = [one for one in arrived.payments if self._counts(one)]
        wrong = asked_back(counted, share=self.share, recoveries=(), arrived=arrived)
        before = (known.case_id, known.cause, known.benefit_id, known.months, known.wrongly_paid)
        if before != (self.case_id, self.cause, self.benefit_id, len(wrong), total_of(wrong.values())):
            raise SubmissionKeyTaken
        return known

    def _wrong(self, context: Context[CaseworkUnitOfWork], case: Case) -> dict[date, Decimal]:
        """Return what of each month is asked back."""
        money = context.unit_of_work.money
        counted = [one for one in money.payments.of_case(case.id) if self._counts(one)]
        at_bank = {one.month for one in counted if one.state == PaymentState.SENT}
        if at_bank:
            raise PaymentsAtTheBank(number=case.number, months=sorted(at_bank))
        paid = [one for one in counted if one.state == PaymentState.PAID]
        if not paid:
            raise NothingPaid(number=case.number)
        recoveries = money.recoveries.claiming(case.id)
        arrived = _arrived(context.unit_of_work, case.id)
        return asked_back(paid, share=self.share, recoveries=recoveries, arrived=arrived)

    def _counts(self, payment: Payment) -> bool:
        of_benefit = self.benefit_id in (None, payment.basis_id)
        of_months = month_of(self.from_month) <= payment.month <= month_of(self.until_month)
        return of_benefit and of_months and (self.payments is None or payment.id in self.payments)


def recover(
    context: Context[CaseworkUnitOfWork],
    benefit: Benefit,
    paid: Sequence[Payment],
    *,
    cause: RecoveryCause,
    reason: str,
) -> Sequence[Recovery]:
    """Start the recovery of payments of a benefit; a month of which more is out, at the bank or asked back, ends one.

    So a recovery of several months asks for all that arrived of each, which is what its sum is read as.
    """
    parts: list[list[Payment]] = []
    ids = {one.id for one in paid}
    out = [one for one in context.unit_of_work.money.payments.of_basis(benefit.id) if one.is_out]
    for one in sorted(paid, key=lambda each: each.month):
        last = parts[-1][-1].month if parts else None
        apart = last is None or (
            last < one.month and any(last <= each.month <= one.month and each.id not in ids for each in out)
        )
        parts = [*parts, [one]] if apart else [*parts[:-1], [*parts[-1], one]]
    return [
        StartRecovery(
            case_id=benefit.case_id,
            cause=cause,
            from_month=part[0].month,
            until_month=part[-1].month,
            reason=reason,
            benefit_id=benefit.id,
            payments=frozenset(one.id for one in part),
        ).execute(replace(context, actor=SYSTEM))
        for part in parts
    ]


def not_asked_back(
    unit_of_work: CaseworkUnitOfWork, benefit: Benefit, payments: Sequence[Payment]
) -> Sequence[Payment]:
    """Return the payments of a benefit that no recovery counts, unless it was dropped."""
    asked = unit_of_work.money.recoveries.claiming(benefit.case_id)
    free = {one.id for one in _arrived(unit_of_work, benefit.case_id).unclaimed(asked)}
    return [each for each in payments if each.id in free]


def _arrived(unit_of_work: CaseworkUnitOfWork, case_id: UUID) -> Arrived:
    payments = unit_of_work.money.payments
    paid = [one for one in payments.of_case(case_id) if one.state == PaymentState.PAID]
    return Arrived(payments=paid, at=payments.arrivals(case_id))


def not_owed(unit_of_work: CaseworkUnitOfWork, lines: Sequence[Payment]) -> Sequence[tuple[Benefit, Payment]]:
    """Return the payments whose benefit does not pay their month any more, and the benefit."""
    owed = {
        month: {one.benefit_id for one in unit_of_work.benefits.payable_in(month)}
        for month in {one.month for one in lines}
    }
    left = [one for one in lines if one.basis_id not in owed[one.month]]
    found = ((unit_of_work.benefits.get(one.basis_id), one) for one in left)
    return [
        (benefit, one) for benefit, one in found if benefit and benefit.state_in(one.month) != BenefitState.IN_PAYMENT
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReceipt:
    """Enter a sum that came in; a voucher counts once. With the last of what is owed the recovery ends.

    Raises:
        RecordNotFound: there is no such recovery, or it is of the actor's kin.
        NotPermitted: the actor is no clerk or reviewer of finance or civil affairs.
        ReceiptTooLarge: more than is owed.
    """

    recovery_id: UUID
    amount: Decimal
    received_on: date
    reference: str

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Recovery:
        """Keep it."""
        require_unit(context.actor, FINANCE, CIVIL_AFFAIRS, action="登记追回款收款")
        recoveries = context.unit_of_work.money.recoveries
        recovery = recoveries.lock(self.recovery_id)
        if recovery is None:
            raise RecordNotFound("recovery", self.recovery_id)
        case = context.unit_of_work.cases.get(recovery.case_id)
        if case is not None and is_kin(context, case):
            raise RecordNotFound("recovery", self.recovery_id)
        receipt = Receipt(
            reference=self.reference,
            amount=self.amount,
            received_on=self.received_on,
            recorded_by=context.actor.id,
        )
        grown = recovery.received_one(receipt)
        recoveries.save(grown)
        if grown.outstanding == 0 and recovery.outstanding > 0:
            _tell_settled(context, grown)
        return grown


def _tell_settled(context: Context[CaseworkUnitOfWork], recovery: Recovery) -> None:
    message = CorrelateMessage(name=SETTLED_MESSAGE, correlation_key=str(recovery.id), variables={})
    try:
        message.execute(replace(context, actor=SYSTEM))
    except NotCorrelated:
        return  # the plan is not made yet: the process sees that nothing is owed
