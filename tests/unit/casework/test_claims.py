"""What recoveries claim of payments: month by month, to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from workflows.casework.model import ZERO
from workflows.casework.payments.claims import Arrived, asked_back, by_month, left_by_month
from workflows.casework.payments.errors import RecoveryTooLarge
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


def arrived(*payments: Payment, later: Sequence[Payment] = ()) -> Arrived:
    """Return payments that arrived before any claim, and those that arrived afterwards."""
    at = {one.id: MOMENT for one in payments} | {one.id: MOMENT + timedelta(seconds=1) for one in later}
    return Arrived(payments=[*payments, *later], at=at)


def claim(
    amount: str | Decimal, first: date, last: date, *, benefit: UUID | None = DIBAO, at: datetime = MOMENT
) -> Recovery:
    return Recovery(
        id=uuid4(),
        case_id=CASE,
        region="",
        cause=RecoveryCause.ERROR,
        opened_at=at,
        from_month=first,
        until_month=last,
        wrongly_paid=Decimal(amount),
        months=1,
        benefit_id=benefit,
    )


def test_a_share_of_each_month_is_claimed_and_the_whole_of_a_month_that_had_less() -> None:
    payments = [paid(MAY, 100), paid(JUNE, 1000), paid(JULY, 900)]
    left = left_by_month(payments, recoveries=[claim("500", MAY, JULY)], arrived=arrived(*payments))

    assert left == {MAY: 0, JUNE: 800, JULY: 700}


def test_months_outside_a_recovery_and_other_benefits_are_left_whole() -> None:
    payments = [paid(MAY, 500), paid(JUNE, 500)]
    claims = [claim("500", JUNE, JULY), claim("300", MAY, JUNE, benefit=CARE)]

    assert left_by_month(payments, recoveries=claims, arrived=arrived(*payments)) == {MAY: 500, JUNE: 0}


def test_what_a_recovery_of_all_benefits_claims_may_be_of_each() -> None:
    dibao, care = paid(MAY, 600), paid(MAY, 80, basis=CARE)
    everything, all_paid = claim("100", MAY, MAY, benefit=None), arrived(dibao, care)

    assert left_by_month([dibao], recoveries=[everything], arrived=all_paid) == {MAY: 500}
    assert left_by_month([care], recoveries=[everything], arrived=all_paid) == {MAY: 0}


def test_recoveries_add_up() -> None:
    payments = [paid(MAY, 500)]
    claims = [claim("200", MAY, MAY), claim("100.50", MAY, MAY, benefit=None)]

    assert left_by_month(payments, recoveries=claims, arrived=arrived(*payments)) == {MAY: Decimal("199.50")}


def test_a_month_that_arrived_after_a_recovery_of_the_whole_leaves_nothing_of_the_first_and_is_unclaimed() -> None:
    may, june = paid(MAY, 500), paid(JUNE, 500)
    whole, both = [claim("500", MAY, JUNE)], arrived(may, later=[june])

    assert left_by_month([may, june], recoveries=whole, arrived=both) == {MAY: 0, JUNE: 500}
    assert both.unclaimed(whole) == [june]


def test_back_pay_that_arrives_after_a_recovery_of_the_whole_frees_nothing_of_other_months() -> None:
    may, june, back_pay = paid(MAY, 100), paid(JUNE, 500), paid(MAY, 400)
    whole, everything = [claim("600", MAY, JUNE)], arrived(may, june, later=[back_pay])

    assert left_by_month([may, june, back_pay], recoveries=whole, arrived=everything) == {MAY: 400, JUNE: 0}
    assert everything.unclaimed(whole) == [back_pay]


MONTHS, BENEFITS = (MAY, JUNE, JULY), (DIBAO, CARE)
BASES = st.sampled_from((None, *BENEFITS))
ARRIVALS = st.tuples(st.sampled_from(MONTHS), st.integers(1, 900), st.sampled_from(BENEFITS))
ASKED = st.tuples(st.sampled_from(MONTHS), st.sampled_from(MONTHS), BASES, st.none() | st.integers(1, 500))


@dataclass
class Ledger:
    """What arrived for a household, and what recoveries asked of each month and benefit."""

    arrived: Arrived = field(default_factory=arrived)
    recoveries: list[Recovery] = field(default_factory=list)
    asked: dict[tuple[date, UUID | None], Decimal] = field(default_factory=dict)

    def arrive(self, month: date, amount: int, basis: UUID, *, at: datetime) -> None:
        one = paid(month, amount, basis=basis)
        self.arrived = Arrived(payments=[*self.arrived.payments, one], at={**self.arrived.at, one.id: at})

    def ask(self, first: date, last: date, benefit: UUID | None, share: int | None, *, at: datetime) -> None:
        first, last = sorted((first, last))
        of_benefit = [one for one in self.arrived.payments if benefit in (None, one.basis_id)]
        wanted = [one for one in of_benefit if first <= one.month <= last]
        most = None if share is None else Decimal(share)
        try:
            wrong = asked_back(wanted, share=most, recoveries=self.recoveries, arrived=self.arrived)
        except RecoveryTooLarge:
            return
        self.recoveries.append(claim(sum(wrong.values(), ZERO), first, last, benefit=benefit, at=at))
        for month, amount in wrong.items():
            self.asked[month, benefit] = self.asked.get((month, benefit), ZERO) + amount

    def asked_of(self, month: date, *benefits: UUID | None) -> Decimal:
        return sum((self.asked.get((month, one), ZERO) for one in benefits), ZERO)


@given(st.lists(ARRIVALS | ASKED, max_size=14))
def test_recoveries_never_ask_more_of_a_month_than_arrived_for_it(story: list[tuple[Any, ...]]) -> None:
    ledger = Ledger()
    for second, event in enumerate(story):
        tell = ledger.arrive if len(event) == 3 else ledger.ask
        tell(*event, at=MOMENT + timedelta(seconds=second))

    for month, amount in by_month(ledger.arrived.payments).items():
        assert ledger.asked_of(month, None, *BENEFITS) <= amount
    for benefit in BENEFITS:
        sums = by_month(one for one in ledger.arrived.payments if one.basis_id == benefit)
        assert all(ledger.asked_of(month, benefit) <= sums.get(month, ZERO) for month in MONTHS)
