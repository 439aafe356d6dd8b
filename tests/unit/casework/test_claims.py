"""What recoveries claim of payments: month by month, to the fen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from workflows.casework.model import ZERO
from workflows.casework.payments.claims import left_by_month
from workflows.casework.payments.model import Payment, PaymentKind, PaymentState
from workflows.casework.payments.recovery import Recovery, RecoveryCause

CASE, DIBAO, CARE = uuid4(), uuid4(), uuid4()
MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))
MOMENT = datetime(2026, 8, 1, tzinfo=UTC)


def paid(month: date, amount: int, *, basis: UUID = DIBAO) -> Payment:
    return Payment(
        id=uuid4(),
        basis_id=basis,
        month=month,
        kind=PaymentKind.ENTITLEMENT,
        case_id=CASE,
        case_number="",
        region="",
        programme="dibao",
        persons=1,
        base=Decimal(amount),
        add_ons=ZERO,
        price_subsidy=ZERO,
        created_at=MOMENT,
        state=PaymentState.PAID,
    )


def claim(amount: str, first: date, last: date, *, benefit: UUID | None = DIBAO) -> Recovery:
    return Recovery(
        id=uuid4(),
        case_id=CASE,
        region="",
        cause=RecoveryCause.ERROR,
        opened_at=MOMENT,
        from_month=first,
        until_month=last,
        wrongly_paid=Decimal(amount),
        months=1,
        benefit_id=benefit,
    )


def test_a_share_of_each_month_is_claimed_and_the_whole_of_a_month_that_had_less() -> None:
    payments = [paid(MAY, 100), paid(JUNE, 1000), paid(JULY, 900)]
    left = left_by_month(payments, recoveries=[claim("500", MAY, JULY)], out=payments)

    assert left == {MAY: 0, JUNE: 800, JULY: 700}


def test_months_outside_a_recovery_and_other_benefits_are_left_whole() -> None:
    payments = [paid(MAY, 500), paid(JUNE, 500)]
    claims = [claim("500", JUNE, JULY), claim("300", MAY, JUNE, benefit=CARE)]

    assert left_by_month(payments, recoveries=claims, out=payments) == {MAY: 500, JUNE: 0}


def test_a_recovery_of_all_benefits_claims_of_each_in_proportion() -> None:
    dibao, care = paid(MAY, 600), paid(MAY, 300, basis=CARE)
    everything = claim("100", MAY, MAY, benefit=None)

    assert left_by_month([dibao], recoveries=[everything], out=[dibao, care]) == {MAY: Decimal("533.33")}


def test_recoveries_add_up() -> None:
    payments = [paid(MAY, 500)]
    claims = [claim("200", MAY, MAY), claim("100.50", MAY, MAY, benefit=None)]

    assert left_by_month(payments, recoveries=claims, out=payments) == {MAY: Decimal("199.50")}
