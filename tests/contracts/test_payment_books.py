"""The books of payments: what went to the bank is what was decided, and what is owed is on its way, to the fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from engine.host import Context
from engine.model import SYSTEM
from storage.supervision_figures import SqlFigureQueries
from tests.applications import plain_dibao
from tests.casework import CaseworkUnderTest, casework_on
from tests.winters import KeepWinterRegister
from workflows.casework.benefits.model import Act, Terms
from workflows.casework.benefits.transfer import RunningBenefit, TakeOverBenefit
from workflows.casework.county import COUNTY_REGION
from workflows.casework.figures.books import Check, Finding
from workflows.casework.model import Case
from workflows.casework.payments.commands import answer, attempt_of, batch_of
from workflows.casework.payments.files import Answered
from workflows.casework.payments.model import Batch, BatchState, Payment, PaymentKind, PaymentState
from workflows.casework.payments.recovery import Recovery, RecoveryCause
from workflows.casework.payments.roster import payment_of, prepare
from workflows.casework.payments.standards import ChangeLine, PriceLink, StandardChange
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.programmes.model import AidLine

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMonth:
    """Pay a month: list, send, let the bank answer that everything was paid."""

    month: date

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        payments, now = context.unit_of_work.money.payments, context.now()
        number = f"PAY-{self.month:%Y-%m}-{len(payments.batches(self.month)) + 1}"
        payments.add_batch(
            Batch(
                id=uuid4(),
                number=number,
                month=self.month,
                region=COUNTY_REGION,
                state=BatchState.PREPARED,
                created_at=now,
            )
        )
        batch = batch_of(context, number)
        prepare(context.unit_of_work, batch, now)
        sent = [replace(one, state=PaymentState.SENT) for one in payments.of_batch(batch.id)]
        payments.save(sent)
        payments.add_attempts([attempt_of(one, batch) for one in sent])
        answer(context, batch, [Answered(payment=one, failure_code=None) for one in sent])
        payments.save_batch(replace(batch, state=BatchState.SETTLED, sent_at=now, settled_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Change the benefit of a case from a month on, or end it with the month before."""

    case_id: UUID
    month: date
    base: Decimal | None  # None: it ends

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        benefits = context.unit_of_work.benefits
        (held,) = benefits.of_case(self.case_id)
        act = Act(reason="test", at=context.now())
        version = held.drawn_version(self.month)
        if self.base is None:
            benefits.save(held.ended(date(2026, 8, 1), act))
        else:
            terms = Terms(base=self.base, add_ons=version.add_ons, persons=version.persons)
            benefits.save(held.changed(self.month, terms, act))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRecovery:
    """Keep a recovery of a month."""

    case: Case
    amount: Decimal

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        context.unit_of_work.money.recoveries.add(
            Recovery(
                id=uuid4(),
                case_id=self.case.id,
                region=self.case.region,
                cause=RecoveryCause.DEATH,
                opened_at=context.now(),
                from_month=SEPTEMBER,
                until_month=SEPTEMBER,
                wrongly_paid=self.amount,
                months=1,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OweBackPay:
    """Raise the base by a new standard whose month was paid already, and owe the difference."""

    case: Case
    more: Decimal

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        work = context.unit_of_work
        (held,) = work.benefits.of_case(self.case.id)
        version = held.drawn_version(SEPTEMBER)
        change = StandardChange(
            id=uuid4(),
            key="dibao_standard",
            old_value=Decimal(1080),
            new_value=Decimal(1120),
            effective_from=SEPTEMBER,
            document="test",
            proposed_at=context.now(),
            proposed_by="x",
        )
        work.money.standard_changes.add(change)
        raised = version.base + self.more
        line = ChangeLine(
            number=1,
            case_id=self.case.id,
            case_number=self.case.number,
            region=self.case.region,
            programme=held.programme,
            benefit_id=held.id,
            from_month=SEPTEMBER,
            persons=len(version.persons),
            old_base=version.base,
            old_add_ons=version.add_ons,
            new_base=raised,
            new_add_ons=version.add_ons,
            applied_at=context.now(),
            back_pay=self.more,
        )
        work.money.standard_changes.put_lines(change.id, [line])
        terms = Terms(base=raised, add_ons=version.add_ons, persons=version.persons)
        work.benefits.save(held.changed(SEPTEMBER, terms, Act(reason="test", at=context.now())))
        (owed,) = [one for one in work.benefits.payable_in(SEPTEMBER) if one.case_id == self.case.id]
        back = replace(payment_of(owed, context.now()), kind=PaymentKind.BACK_PAY, cause_id=change.id)
        work.money.payments.add(replace(back, base=self.more, add_ons=Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSubsidy:
    """Owe a household the price subsidy of a month."""

    case: Case
    per_person: Decimal

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        work = context.unit_of_work
        link = PriceLink(
            id=uuid4(),
            month=SEPTEMBER,
            index=Decimal("3.4"),
            source="test",
            entered_by="x",
            entered_at=context.now(),
            per_person=self.per_person,
        )
        work.money.price_links.add(link)
        (owed,) = [one for one in work.benefits.payable_in(SEPTEMBER) if one.case_id == self.case.id]
        subsidy: Payment = replace(payment_of(owed, context.now()), kind=PaymentKind.PRICE_SUBSIDY, cause_id=link.id)
        nothing = Decimal(0)
        sum_of_month = self.per_person * subsidy.persons
        work.money.payments.add(replace(subsidy, base=nothing, add_ons=nothing, price_subsidy=sum_of_month))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAid:
    """Read what a household gets."""

    case_id: UUID

    def execute(self, context: Context[CaseworkUnitOfWork]) -> Sequence[AidLine]:
        return context.unit_of_work.programmes.household_aid.of_household(self.case_id, OCTOBER)


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        house.at("2026-09-07 10:00")
        yield house


@pytest.fixture
def case(house: CaseworkUnderTest) -> Case:
    """A household that draws 1,512 and 249 yuan a month, paid for September."""
    running = RunningBenefit(
        application=plain_dibao(submission_key="old-system-0001"),
        programme="tekun",
        old_number="溧民低〔2021〕17",
        decided_on=date(2021, 3, 5),
        start_month=SEPTEMBER,
        base=Decimal(1512),
        add_ons=Decimal(249),
    )
    case: Case = house.run(TakeOverBenefit(running=running), actor=SYSTEM)
    house.at("2026-09-08 10:00")
    house.run(RunMonth(month=SEPTEMBER), actor=SYSTEM)
    house.at("2026-09-14 10:00")
    return case


def findings(house: CaseworkUnderTest) -> Sequence[Finding]:
    asked = SqlFigureQueries(house.under_test.database, house.under_test.clock)
    return [one for one in asked.books() if one.check is Check.PAYMENT]


def told(house: CaseworkUnderTest) -> set[str]:
    return {one.en.split(": ", 1)[1] for one in findings(house)}


def change(house: CaseworkUnderTest, statement: str) -> None:
    with house.under_test.database.begin() as connection:
        assert connection.execute(text(statement)).rowcount


def test_a_month_that_was_paid_as_decided_holds(house: CaseworkUnderTest, case: Case) -> None:
    assert case.number
    assert findings(house) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE payment SET base = base + 0.01", "the payment is not what the benefit's decision says"),
        ("UPDATE payment SET add_ons = add_ons - 1, base = base + 1", "the payment is not what the benefit's decision"),
        ("UPDATE payment SET price_subsidy = 90", "the payment is not what the benefit's decision says"),
        ("UPDATE payment SET base = base - 1", "owed and not on its way"),
        ("UPDATE payment_attempt SET amount = amount + 1", "the bank was told another sum"),
        ("UPDATE benefit_version SET base = base - 1", "more than is owed, and no recovery"),
        ("UPDATE payment SET kind = 'back_pay'", "the back payment is not what the new standard adds"),
        ("UPDATE payment SET kind = 'price_subsidy'", "the price subsidy is not what the price link grants"),
    ],
)
def test_a_payment_that_is_not_what_was_decided_is_named(
    house: CaseworkUnderTest, case: Case, statement: str, said: str
) -> None:
    change(house, statement)

    assert any(one.startswith(said) for one in told(house)), findings(house)
    assert {one.case_number for one in findings(house)} == {case.number}


def test_a_line_that_failed_is_accused_where_the_bank_had_it_and_not_where_it_was_held_back(
    house: CaseworkUnderTest, case: Case
) -> None:
    change(house, "UPDATE payment SET state = 'failed', base = base + 1")
    assert "the payment is not what the benefit's decision says" in told(house)

    change(house, "DELETE FROM payment_attempt")
    change(house, "UPDATE payment SET line = NULL")
    assert told(house) == set()


def test_a_change_from_next_month_on_leaves_what_was_paid_explained(house: CaseworkUnderTest, case: Case) -> None:
    house.run(Change(case_id=case.id, month=OCTOBER, base=Decimal(1000)), actor=SYSTEM)
    house.at("2026-10-08 10:00")
    house.run(RunMonth(month=OCTOBER), actor=SYSTEM)

    assert findings(house) == []


def test_what_was_paid_too_much_needs_a_recovery_of_no_more_than_that(house: CaseworkUnderTest, case: Case) -> None:
    house.run(Change(case_id=case.id, month=SEPTEMBER, base=None), actor=SYSTEM)
    assert told(house) == {"more than is owed, and no recovery"}

    house.run(KeepRecovery(case=case, amount=Decimal(1761)), actor=SYSTEM)
    assert findings(house) == []

    change(house, "UPDATE recovery SET wrongly_paid = wrongly_paid + 1")
    assert told(house) == {"the recovery is of more than was paid"}


def test_what_is_owed_for_a_month_must_be_on_its_way_unless_it_is_held(house: CaseworkUnderTest, case: Case) -> None:
    house.run(Change(case_id=case.id, month=SEPTEMBER, base=Decimal(1600)), actor=SYSTEM)
    assert findings(house) == []  # no run has come since

    house.at("2026-10-08 10:00")
    house.run(RunMonth(month=OCTOBER), actor=SYSTEM)
    assert told(house) == {"owed and not on its way"}

    held = "INSERT INTO payment_hold (id, benefit_id, from_month, reason, placed_at) "
    change(house, held + "SELECT gen_random_uuid(), id, '2026-09-01', 'x', now() FROM benefit")
    assert findings(house) == []


def test_winter_relief_is_what_the_approved_plan_grants_and_leaves_the_allowance_as_it_is(
    house: CaseworkUnderTest, case: Case
) -> None:
    need = house.run(KeepWinterRegister(case_number=case.number), actor=SYSTEM)
    approved = {"approval_number": "溧政复〔2026〕21号", "approved_on": "2026-09-14"}
    for _ in range(2):  # granted again it is owed once
        house.step("grant_winter_relief", case, register_id=str(need.register_id), **approved)
    house.at("2026-10-08 10:00")
    house.run(RunMonth(month=OCTOBER), actor=SYSTEM)
    assert findings(house) == []
    with house.under_test.database.begin() as connection:
        batch = "(SELECT id FROM payment_batch WHERE month = '2026-10-01')"
        listed = connection.execute(
            text(f"SELECT kind, base + add_ons FROM payment WHERE batch_id = {batch} ORDER BY 1")
        )
        assert [tuple(row) for row in listed] == [("entitlement", Decimal(1761)), ("winter_relief", Decimal(600))]

    aid = house.run(ReadAid(case_id=case.id), actor=SYSTEM)
    granted = [(one.programme, one.amount, one.since) for one in aid if one.source == "register"]
    assert granted == [("winter_relief", Decimal(600), date(2026, 9, 14))]

    change(house, "UPDATE winter_need SET granted = 500")
    assert told(house) == {"the winter relief is not what the approved plan grants"}
    change(house, "UPDATE winter_need SET granted = 600")
    change(house, "UPDATE winter_register SET approval_number = NULL")
    assert told(house) == {"the winter relief is not what the approved plan grants"}


def test_back_pay_and_price_subsidies_are_what_their_causes_owe(house: CaseworkUnderTest, case: Case) -> None:
    house.run(OweBackPay(case=case, more=Decimal(56)), actor=SYSTEM)
    house.run(GrantSubsidy(case=case, per_person=Decimal(90)), actor=SYSTEM)
    house.at("2026-10-08 10:00")
    house.run(RunMonth(month=OCTOBER), actor=SYSTEM)
    assert findings(house) == []

    change(house, "UPDATE standard_change_line SET new_base = new_base - 1")
    change(house, "UPDATE price_link SET per_person = 135")
    assert told(house) == {
        "the back payment is not what the new standard adds",
        "the price subsidy is not what the price link grants",
    }


def test_a_payment_that_two_files_paid_is_named(house: CaseworkUnderTest, case: Case) -> None:
    house.at("2026-10-08 10:00")
    house.run(RunMonth(month=OCTOBER), actor=SYSTEM)
    again = "INSERT INTO payment_attempt SELECT payment_id, "
    again += "(SELECT id FROM payment_batch WHERE month = '2026-10-01'), line, amount, account_tail, NULL, now() "
    change(
        house,
        again + "FROM payment_attempt WHERE batch_id <> (SELECT id FROM payment_batch ORDER BY month DESC LIMIT 1)",
    )

    assert told(house) == {"one payment was paid twice"}
