"""Whether what went to the bank is what was decided: each payment against its benefit's history, batches, recoveries.

A payment is explained by the version of its benefit that stood while its roster was made, a back payment by the line of
the new standard that owes it, a price subsidy by the figure of its month, winter relief by the approved plan. What was
paid above what stands now needs a recovery or a lowered standard; what stands now and is not on its way needs a hold or
a household without an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, not_, or_, select

from storage.tables.benefits import benefit_version
from storage.tables.casework import benefit, case_file
from storage.tables.money import (
    payment,
    payment_attempt,
    payment_batch,
    payment_hold,
    price_link,
    recovery,
    standard_change_line,
)
from storage.tables.winter import winter_need, winter_register
from workflows.casework.figures.books import Check, Finding
from workflows.casework.payments.model import BatchState, PaymentKind, PaymentState
from workflows.casework.payments.roster import ARREARS_MONTHS

OUT = (PaymentState.SENT, PaymentState.PAID)
RAN = (BatchState.SENT, BatchState.SETTLED)
OF_BENEFIT = (PaymentKind.ENTITLEMENT, PaymentKind.BACK_PAY)
_TOTAL = payment.c.base + payment.c.add_ons + payment.c.price_subsidy
_VERSION_SUM = benefit_version.c.base + benefit_version.c.add_ons


@dataclass(frozen=True, slots=True)
class PaymentBooks:
    """The checks of payments on one connection."""

    connection: Connection

    def findings(self) -> Iterator[Finding]:
        """Yield every payment that nothing explains, and every sum owed that is not on its way."""
        for condition, zh, en in _unexplained():
            statement = select(payment.c.case_number, payment.c.month, _TOTAL.label("sum")).where(condition)
            yield from self._found(statement, zh, en)
        yield from self._attempts()
        yield from self._found(_overpaid(), "多付且无追回", "more than is owed, and no recovery")
        yield from self._found(_not_on_its_way(), "应付未付", "owed and not on its way")
        yield from self._found(_recovered_too_much(), "追回数超过已付数", "the recovery is of more than was paid")

    def _attempts(self) -> Iterator[Finding]:
        """The bank had each payment with its own sum, and answered once that it was paid."""
        attempt = payment_attempt.c
        other = (
            select(payment.c.case_number, payment.c.month, attempt.amount.label("sum"))
            .join(payment_attempt, attempt.payment_id == payment.c.id)
            .where(attempt.amount != _TOTAL)
        )
        yield from self._found(other, "送盘金额与付款不符", "the bank was told another sum")
        paid = and_(attempt.answered_at.is_not(None), attempt.failure_code.is_(None))
        twice = (
            select(payment.c.case_number, payment.c.month, func.sum(attempt.amount).label("sum"))
            .join(payment_attempt, attempt.payment_id == payment.c.id)
            .where(paid)
            .group_by(payment.c.id, payment.c.case_number, payment.c.month)
            .having(func.count() > 1)
        )
        yield from self._found(twice, "同一笔付款付了两次", "one payment was paid twice")

    def _found(self, statement: Select[Any], zh: str, en: str) -> Iterator[Finding]:
        for number, month, amount in self.connection.execute(statement):
            yield Finding(
                check=Check.PAYMENT,
                case_number=number,
                zh=f"{month:%Y-%m} {amount} 元：{zh}",
                en=f"{month:%Y-%m}, {amount} yuan: {en}",
            )


def _unexplained() -> Iterator[tuple[ColumnElement[bool], str, str]]:
    """Yield what makes a payment that went to the bank one that nothing explains."""
    went = _stood_in_a_file()
    entitled = payment.c.kind == PaymentKind.ENTITLEMENT
    yield (
        and_(went, entitled, or_(payment.c.price_subsidy != 0, not_(_version_said_so()))),
        "付款与待遇决定不符",
        "the payment is not what the benefit's decision says",
    )
    line, link, need = standard_change_line.c, price_link.c, winter_need.c
    owed_back = exists().where(
        line.change_id == payment.c.cause_id,
        line.benefit_id == payment.c.basis_id,
        line.from_month <= payment.c.month,
        line.applied_at.is_not(None),
        line.new_base - line.old_base == payment.c.base,
        line.new_add_ons - line.old_add_ons == payment.c.add_ons,
        payment.c.price_subsidy == 0,
    )
    yield (
        and_(went, payment.c.kind == PaymentKind.BACK_PAY, not_(owed_back)),
        "补发与标准调整不符",
        "the back payment is not what the new standard adds",
    )
    subsidy = exists().where(
        link.id == payment.c.cause_id,
        link.month == payment.c.month,
        link.per_person * payment.c.persons == payment.c.price_subsidy,
        payment.c.base == 0,
        payment.c.add_ons == 0,
    )
    yield (
        and_(went, payment.c.kind == PaymentKind.PRICE_SUBSIDY, not_(subsidy)),
        "价格补贴与物价联动不符",
        "the price subsidy is not what the price link grants",
    )
    planned = exists().where(
        need.id == payment.c.basis_id,
        need.register_id == payment.c.cause_id,
        need.granted == payment.c.base,
        payment.c.add_ons == 0,
        payment.c.price_subsidy == 0,
        winter_register.c.id == need.register_id,
        winter_register.c.approval_number.is_not(None),
    )
    yield (
        and_(went, payment.c.kind == PaymentKind.WINTER_RELIEF, not_(planned)),
        "冬春救助款与批准的方案不符",
        "the winter relief is not what the approved plan grants",
    )


def _stood_in_a_file() -> ColumnElement[bool]:
    """Say whether the bank had it; of what failed that is where an attempt is kept, not where it was held back."""
    tried = exists().where(payment_attempt.c.payment_id == payment.c.id)
    return or_(payment.c.state.in_(OUT), and_(payment.c.state == PaymentState.FAILED, tried))


def _version_said_so() -> ColumnElement[bool]:
    """Say whether a version of the benefit stood for the month, with these sums, while the roster was made."""
    version = benefit_version.c
    sent = (
        select(func.min(payment_batch.c.sent_at))
        .join(payment_attempt, payment_attempt.c.batch_id == payment_batch.c.id)
        .where(payment_attempt.c.payment_id == payment.c.id)
        .correlate(payment)
        .scalar_subquery()
    )
    stood = exists().where(
        version.benefit_id == payment.c.basis_id,
        version.from_month <= payment.c.month,
        or_(version.until_month.is_(None), version.until_month >= payment.c.month),
        ~version.suspended,
        version.base == payment.c.base,
        version.add_ons == payment.c.add_ons,
        version.recorded_at <= sent,
        or_(version.superseded_at.is_(None), version.superseded_at >= payment.c.created_at),
    )
    unversioned = exists().where(
        benefit.c.id == payment.c.basis_id,
        benefit.c.start_month <= payment.c.month,
        benefit.c.base == payment.c.base,
        benefit.c.add_ons == payment.c.add_ons,
        ~exists().where(version.benefit_id == benefit.c.id),
    )
    return or_(stood, unversioned)


def _overpaid() -> Select[Any]:
    """Return the months of benefits paid above what stands now, without a recovery and without a lowered standard."""
    line = standard_change_line.c
    paid = (
        select(
            payment.c.case_id,
            payment.c.case_number,
            payment.c.basis_id,
            payment.c.month,
            func.sum(_TOTAL).label("sum"),
        )
        .where(payment.c.kind.in_(OF_BENEFIT), payment.c.state.in_(OUT))
        .group_by(payment.c.case_id, payment.c.case_number, payment.c.basis_id, payment.c.month)
        .subquery("paid")
    )
    owed = select(func.sum(_VERSION_SUM)).where(_stands(paid.c.basis_id, paid.c.month)).scalar_subquery()
    asked_back = exists().where(
        recovery.c.case_id == paid.c.case_id,
        or_(recovery.c.benefit_id.is_(None), recovery.c.benefit_id == paid.c.basis_id),
        recovery.c.from_month <= paid.c.month,
        recovery.c.until_month >= paid.c.month,
    )
    lowered = exists().where(
        line.benefit_id == paid.c.basis_id,
        line.from_month <= paid.c.month,
        line.applied_at.is_not(None),
        line.new_base + line.new_add_ons < line.old_base + line.old_add_ons,
    )
    has_versions = exists().where(benefit_version.c.benefit_id == paid.c.basis_id)
    return select(paid.c.case_number, paid.c.month, paid.c.sum - func.coalesce(owed, 0)).where(
        paid.c.sum > func.coalesce(owed, 0), has_versions, not_(asked_back), not_(lowered)
    )


def _not_on_its_way() -> Select[Any]:
    """Return the months that a later run should have listed: owed before it began, not held, with an account."""
    version, first, later = benefit_version.c, payment_batch.alias("first"), payment_batch.alias("later")
    looked = exists().where(
        later.c.state.in_(RAN),
        later.c.created_at > version.recorded_at,
        later.c.month >= first.c.month,
        later.c.month <= first.c.month + func.make_interval(0, ARREARS_MONTHS),
        case_file.c.region.startswith(later.c.region),
        not_(
            exists().where(
                payment_hold.c.benefit_id == version.benefit_id,
                payment_hold.c.from_month <= first.c.month,
                or_(payment_hold.c.lifted_at.is_(None), payment_hold.c.lifted_at >= later.c.created_at),
            )
        ),
    )
    made = (
        select(func.coalesce(func.sum(_TOTAL), 0))
        .where(
            payment.c.basis_id == version.benefit_id,
            payment.c.month == first.c.month,
            payment.c.kind.in_(OF_BENEFIT),
            payment.c.state != PaymentState.BLOCKED,
        )
        .scalar_subquery()
    )
    return (
        select(case_file.c.number, first.c.month, (_VERSION_SUM - made).label("sum"))
        .select_from(benefit_version)
        .join(benefit, benefit.c.id == version.benefit_id)
        .join(case_file, case_file.c.id == benefit.c.case_id)
        .join(first, and_(first.c.state.in_(RAN), _holds_in(first.c.month)))
        .where(benefit.c.amount_period == "month", made < _VERSION_SUM, looked)
        .where(version.superseded_at.is_(None), ~version.suspended, case_file.c.account_sealed.is_not(None))
        .distinct()
    )


def _recovered_too_much() -> Select[Any]:
    paid = (
        select(func.coalesce(func.sum(_TOTAL), 0))
        .where(
            payment.c.case_id == recovery.c.case_id,
            or_(recovery.c.benefit_id.is_(None), recovery.c.benefit_id == payment.c.basis_id),
            payment.c.month.between(recovery.c.from_month, recovery.c.until_month),
            payment.c.state.in_(OUT),
        )
        .scalar_subquery()
    )
    return (
        select(case_file.c.number, recovery.c.from_month, recovery.c.wrongly_paid)
        .join(case_file, case_file.c.id == recovery.c.case_id)
        .where(recovery.c.state != "dropped", recovery.c.wrongly_paid > paid)
    )


def _stands(benefit_id: ColumnElement[Any], month: ColumnElement[Any]) -> ColumnElement[bool]:
    version = benefit_version.c
    return and_(version.benefit_id == benefit_id, version.superseded_at.is_(None), ~version.suspended, _holds_in(month))


def _holds_in(month: ColumnElement[Any]) -> ColumnElement[bool]:
    version = benefit_version.c
    goes_on = or_(version.until_month.is_(None), version.until_month >= month)
    return and_(version.from_month <= month, goes_on)
