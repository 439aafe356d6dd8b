# ruff: noqa: F811  the fixture is imported by name
"""Payments on PostgreSQL: runs begun at once, and the bank's files in the encoding banks still use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, text

from engine.errors import EngineError
from engine.forms import FormInvalid
from engine.model import SYSTEM
from storage.money import SqlMoney
from storage.register_view import SqlRegisterQueries
from storage.tables.money import payment_batch
from tests.applications import FATHER, identity
from tests.casework import CaseworkUnderTest, casework_on
from tests.contracts.test_casework_scenarios import County, county  # noqa: F401  the fixture
from tests.engines import person
from tests.races import after_the_first
from workflows.casework.county import COUNTY_REGION
from workflows.casework.model import Account, Case
from workflows.casework.payments.commands import HandOutBankList, ImportReturn, StartPayments
from workflows.casework.payments.errors import BankFileEmpty, NothingPaid, PaymentsAtTheBank, RecoveryTooLarge
from workflows.casework.payments.files import RETURN_COLUMNS, UNWRITABLE
from workflows.casework.payments.model import PaymentKind, PaymentState
from workflows.casework.payments.recovery import RecoveryCause
from workflows.casework.payments.starting import StartRecovery
from workflows.casework.payments.views import ReadBatch, ReadBooks, ReadMoneyOfCase
from workflows.casework.register.corrections import DecideCorrection
from workflows.casework.register.model import CorrectionState
from workflows.casework.register.queries import CorrectionFilter

FINANCE = person("finance.clerk", "finance/clerk", region=COUNTY_REGION)
PAYER = person("civil.clerk", "civil_affairs/clerk", region=COUNTY_REGION)
REVIEWER = person("civil.reviewer", "civil_affairs/reviewer", region=COUNTY_REGION)
RUN_LOCK = text("SELECT pg_advisory_xact_lock(320482)")


def begun(house: CaseworkUnderTest, number: str, state: str) -> Any:
    """Return what another request does: it begins a run of November under the lock that runs begin with."""

    def begin(connection: Connection) -> None:
        connection.execute(RUN_LOCK)
        batch = {"id": uuid4(), "number": number, "month": date(2026, 11, 1), "region": COUNTY_REGION, "state": state}
        connection.execute(insert(payment_batch).values(**batch, created_at=house.under_test.clock()))

    return begin


def test_of_two_runs_begun_at_once_the_second_is_refused_by_the_first(database_url: str) -> None:
    with casework_on(database_url) as house:
        house.at("2026-11-05 09:00")

        def second() -> str:
            with pytest.raises(EngineError) as refused:
                house.run(StartPayments(month=date(2026, 11, 1)), actor=PAYER)
            return str(refused.value)

        told = after_the_first(house.under_test.database, begun(house, "PAY-2026-11", "prepared"), second)
        assert "PAY-2026-11" in told
        with house.under_test.database.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM payment_batch")).scalar_one() == 1


def test_a_run_begun_while_another_of_its_month_is_settled_takes_the_next_number_and_pays_nothing_twice(
    county: County,
) -> None:
    drawing(county, "陈建国")
    county.at("2026-11-05 09:00")

    def second() -> str:
        return str(county.run(StartPayments(month=date(2026, 11, 1)), actor=PAYER).number)

    begin = begun(county, "PAY-2026-11", "settled")
    assert after_the_first(county.under_test.database, begin, second) == "PAY-2026-11-2"
    with county.under_test.database.connect() as connection:
        owed = connection.execute(text("SELECT count(*) FROM payment WHERE month = '2026-11-01'")).scalar_one()
    assert owed == 1


def drawing(county: County, holder: str, *, count: int = 11) -> Case:
    """Return a case whose household draws the allowance from November on, paid to this holder's account."""
    county.at("2026-10-12 09:00")
    father = replace(FATHER, name=holder, identity_number=identity(date(1986, 3, 2), count=count))
    account = Account(bank="江苏农商银行", holder=holder, number="6229990000000000012")
    case = county.submit(members=(father,), account=account, submission_key=f"test-a1-00{count}")
    county.step("accept_application", case)
    proposal = {"rule": "R1", "need": "subsistence", "programme": "dibao", "unit_kind": "civil_affairs"}
    proposal |= {"process_id": "subsistence_allowance"}
    [opened] = county.step("open_referrals", case, confirmed=[proposal], dropped=[], note=None)["referrals"]
    county.step("grant_benefit", case, referral_id=opened["id"], base=1080, add_ons=0, amount=1080)
    return case


def approved(county: County) -> None:
    """Let somebody else approve the changes of accounts that wait."""
    wanted = CorrectionFilter(actor=SYSTEM, state=CorrectionState.REQUESTED)
    register = SqlRegisterQueries(county.under_test.database, county.under_test.keys)
    for one in register.corrections(wanted).corrections:
        county.run(DecideCorrection(correction_id=one.id, approve=True, note="已核实"), actor=REVIEWER)


def to_the_bank(
    county: County, encoding: str, *, month: int = 11, before_check: Callable[[], object] = lambda: None
) -> str:
    county.at(f"2026-{month}-05 09:00")
    number = str(county.run(StartPayments(month=date(2026, month, 1)), actor=PAYER).number)
    before_check()
    county.done("Task_PrepareRoster", prepared_note="与上月比对")
    county.done("Task_CheckRoster", roster_check="right")
    county.done("Task_PrepareFunds", budget_line="2081901", encoding=encoding)
    county.done("Task_ApproveFunds", funds_decision="approve")
    return number


def all_paid(county: County, number: str, *, encoding: str = "utf-8-sig") -> None:
    """Let the bank answer that every line of a batch arrived."""
    written = county.run(HandOutBankList(number=number), actor=FINANCE)
    lines = csv.DictReader(io.StringIO(written.content.decode(encoding)))
    answers = [[number, line["序号"], line["付款编号"], line["金额"], "成功", ""] for line in lines]
    content = "\r\n".join(",".join(row) for row in (RETURN_COLUMNS, *answers)).encode("utf-8")
    county.run(ImportReturn(number=number, content=content), actor=FINANCE)


def test_a_bank_reads_and_answers_in_gbk(county: County) -> None:
    drawing(county, "陈镕")
    number = to_the_bank(county, "gbk")
    written = county.run(HandOutBankList(number=number), actor=FINANCE)
    [line] = list(csv.DictReader(io.StringIO(written.content.decode("gbk"))))
    assert (line["户名"], line["开户银行"], line["金额"]) == ("陈镕", "江苏农商银行", "1080.00")

    answer = [number, line["序号"], line["付款编号"], line["金额"], "失败", "E102 账户已销户"]
    content = "\r\n".join(",".join(row) for row in (RETURN_COLUMNS, answer)).encode("gbk")
    county.run(ImportReturn(number=number, content=content), actor=FINANCE)
    county.run(ImportReturn(number=number, content=content), actor=FINANCE)  # the same file again changes nothing
    with county.under_test.database.connect() as connection:
        [paid] = connection.execute(text("SELECT state, failure_code FROM payment")).all()
    assert (paid.state, paid.failure_code) == ("failed", "E102 账户已销户")


def test_a_name_that_gbk_cannot_write_is_held_back_and_paid_again_while_the_others_are_paid(county: County) -> None:
    rare, plain = drawing(county, "陈𠮷"), drawing(county, "陈镕", count=13)
    number = to_the_bank(county, "gbk")
    written = county.run(HandOutBankList(number=number), actor=FINANCE)
    assert [one["户名"] for one in csv.DictReader(io.StringIO(written.content.decode("gbk")))] == ["陈镕"]
    shown = county.run(ReadBatch(number=number), actor=FINANCE)
    assert (shown.total, shown.held_back, len(shown.lines)) == (written.total, 1080, 2)
    assert sum(one.amount for one in shown.subtotals) == written.total

    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")
    all_paid(county, number, encoding="gbk")
    county.work()
    [failure] = county.open()["Task_CorrectAccounts"].variables["failures"]
    assert (failure["case_number"], failure["failure_code"]) == (rare.number, UNWRITABLE)
    entered = {**failure, "bank": "江苏农商银行", "holder": "陈𠮷", "account": "6229990000000000012"}
    county.done("Task_CorrectAccounts", failures=[entered])
    approved(county)

    again = to_the_bank(county, "utf-8")
    all_paid(county, again)
    money = [county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM) for case in (rare, plain)]
    assert [one.state for each in money for one in each.payments] == ["paid", "paid"]


def test_a_batch_whose_every_line_is_held_back_has_no_file_and_goes_on(county: County) -> None:
    rare = drawing(county, "陈𠮷")
    number = to_the_bank(county, "gbk")

    assert "Task_DeliverBankFile" not in county.open()
    [failure] = county.open()["Task_CorrectAccounts"].variables["failures"]
    assert (failure["case_number"], failure["failure_code"]) == (rare.number, UNWRITABLE)
    with pytest.raises(BankFileEmpty) as empty:
        county.run(HandOutBankList(number=number), actor=FINANCE)
    assert number in empty.value.text("zh")
    shown = county.run(ReadBatch(number=number), actor=FINANCE)
    assert (shown.batch.state, shown.batch.checksum, shown.total, shown.held_back) == ("settled", None, 0, 1080)
    books = county.run(ReadBooks(month=date(2026, 11, 1)), actor=FINANCE)
    assert (books.entitled, books.paid, books.waiting) == (1080, 0, 1080)

    entered = {**failure, "bank": "江苏农商银行", "holder": "陈𠮷", "account": "6229990000000000012"}
    county.done("Task_CorrectAccounts", failures=[entered])
    approved(county)
    again = to_the_bank(county, "utf-8")
    all_paid(county, again)
    money = county.run(ReadMoneyOfCase(case_id=rare.id), actor=SYSTEM)
    assert [one.state for one in money.payments] == ["paid"]


def test_a_file_is_delivered_to_the_bank_between_the_day_it_is_made_and_today(county: County) -> None:
    drawing(county, "陈建国")
    to_the_bank(county, "utf-8")
    county.at("2026-11-06 09:00")

    for wrong in ("1890-01-01", "2026-11-04", "2026-11-07"):
        with pytest.raises(FormInvalid) as sent_back:
            county.done("Task_DeliverBankFile", delivered_on=wrong)
        [fault] = sent_back.value.errors
        assert (fault.path, fault.code) == (("delivered_on",), "delivery-day")
        assert (fault.message_zh, fault.message_en) == (
            "应在 2026-11-05（文件生成）至 2026-11-06（今天）之间",
            "from 2026-11-05 (file made) to 2026-11-06 (today)",
        )
    held = text("SELECT id FROM payment_batch FOR UPDATE")
    with county.under_test.database.begin() as connection:  # an import of the bank's answer, say
        connection.execute(held)
        with pytest.raises(FormInvalid):
            county.done("Task_DeliverBankFile", delivered_on="2026-11-07")
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")


def ended(county: County, case: Case, *, from_month: str) -> None:
    """End the benefit of a case from a month on, and ask back what was paid for it."""
    (benefit,) = county.view(case).benefits
    step: dict[str, Any] = {"benefit_id": str(benefit.id), "reason": "迁出本市"}
    nothing: dict[str, Any] = {"base": None, "add_ons": None, "persons": None, "decision_id": None}
    county.step("change_benefit", case, action="end", from_month=from_month, **nothing, **step)
    county.step("recover_overpaid", case, cause="error", from_month=f"{from_month}-01", **step)
    county.work()


def test_a_benefit_that_ends_before_the_file_is_sent_is_left_out_of_it(county: County) -> None:
    case = drawing(county, "陈建国")
    county.at("2026-11-05 09:00")
    number = str(county.run(StartPayments(month=date(2026, 11, 1)), actor=PAYER).number)
    county.done("Task_PrepareRoster", prepared_note="与上月比对")
    county.done("Task_CheckRoster", roster_check="right")
    ended(county, case, from_month="2026-11")
    county.done("Task_PrepareFunds", budget_line="2081901", encoding="utf-8")
    county.done("Task_ApproveFunds", funds_decision="approve")

    assert "Task_DeliverBankFile" not in county.open()
    with pytest.raises(BankFileEmpty):
        county.run(HandOutBankList(number=number), actor=FINANCE)
    money = county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM)
    assert ([one.state for one in money.payments], money.recoveries) == (["blocked"], [])


def test_a_month_is_asked_back_once(county: County) -> None:
    case = drawing(county, "陈建国")
    number = to_the_bank(county, "utf-8")
    all_paid(county, number)
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")
    (benefit,) = county.view(case).benefits
    month = date(2026, 11, 1)
    misreport = StartRecovery(
        case_id=case.id,
        cause=RecoveryCause.FRAUD,
        from_month=month,
        until_month=month,
        reason="隐瞒工资",
        benefit_id=benefit.id,
        share=Decimal(200),
    )
    county.run(misreport, actor=SYSTEM)
    ended(county, case, from_month="2026-11")

    (recovery,) = county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM).recoveries
    assert (recovery.cause, recovery.wrongly_paid) == ("fraud", 200)


def asked_back(case: Case, *, share: int | None, until: int = 11) -> StartRecovery:
    return StartRecovery(
        case_id=case.id,
        cause=RecoveryCause.FRAUD,
        from_month=date(2026, 11, 1),
        until_month=date(2026, until, 1),
        reason="隐瞒工资",
        share=None if share is None else Decimal(share),
    )


def test_what_is_at_the_bank_is_not_asked_back_before_it_arrives(county: County) -> None:
    case = drawing(county, "陈建国")
    number = to_the_bank(county, "utf-8")
    with pytest.raises(PaymentsAtTheBank) as refused:
        county.run(asked_back(case, share=None), actor=SYSTEM)
    assert refused.value.fields["months"] == refused.value.fields["months_zh"] == "2026-11"

    all_paid(county, number)
    assert county.run(asked_back(case, share=None), actor=SYSTEM).wrongly_paid == 1080


def test_where_nothing_was_sent_there_is_nothing_to_ask_back(county: County) -> None:
    case = drawing(county, "陈建国")
    with pytest.raises(NothingPaid):
        county.run(asked_back(case, share=None), actor=SYSTEM)


def test_months_of_which_some_are_at_the_bank_are_asked_back_once_each_has_arrived(county: County) -> None:
    case = drawing(county, "陈建国")
    all_paid(county, to_the_bank(county, "utf-8"))
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")
    december = to_the_bank(county, "utf-8", month=12)
    with pytest.raises(PaymentsAtTheBank) as refused:
        county.run(asked_back(case, share=None, until=12), actor=SYSTEM)
    assert refused.value.fields["months"] == "2026-12"

    november = county.run(asked_back(case, share=None), actor=SYSTEM)
    all_paid(county, december)
    with pytest.raises(RecoveryTooLarge) as claimed:
        county.run(asked_back(case, share=None, until=12), actor=SYSTEM)
    assert (november.wrongly_paid, claimed.value.fields["left"]) == (1080, "0.00")


def test_a_recovery_spans_the_months_that_arrived_and_leaves_one_that_arrives_later(county: County) -> None:
    case = drawing(county, "陈建国")
    all_paid(county, to_the_bank(county, "utf-8"))
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")
    first = county.run(asked_back(case, share=None, until=12), actor=SYSTEM)
    assert (first.from_month, first.until_month, first.wrongly_paid) == (date(2026, 11, 1), date(2026, 11, 1), 1080)

    december = to_the_bank(county, "utf-8", month=12)
    county.done("Task_DeliverBankFile", delivered_on="2026-12-05")
    ended(county, case, from_month="2026-11")
    all_paid(county, december)
    county.work()
    recoveries = county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM).recoveries
    asked = [(one.from_month.month, one.until_month.month, one.wrongly_paid) for one in recoveries]
    assert asked == [(11, 11, 1080), (12, 12, 1080)]


def test_back_pay_that_arrives_after_its_month_was_asked_back_is_asked_back_by_itself(county: County) -> None:
    case = drawing(county, "陈建国")
    all_paid(county, to_the_bank(county, "utf-8"))
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")
    county.run(asked_back(case, share=None), actor=SYSTEM)
    owe_back_pay(county, case, base=40)
    all_paid(county, to_the_bank(county, "utf-8", month=12))
    county.done("Task_DeliverBankFile", delivered_on="2026-12-05")

    with pytest.raises(RecoveryTooLarge) as refused:
        county.run(asked_back(case, share=None), actor=SYSTEM)
    assert refused.value.fields == {"month": "2026-11", "wanted": "1,120.00", "left": "40.00"}
    ended(county, case, from_month="2026-11")
    recoveries = county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM).recoveries
    asked = [(one.from_month.month, one.until_month.month, one.wrongly_paid) for one in recoveries]
    assert sorted(asked) == [(11, 11, 40), (11, 11, 1080), (12, 12, 1080)]


def owe_back_pay(county: County, case: Case, *, base: int) -> None:
    """Owe a household more for November than it was paid."""
    with county.under_test.database.begin() as connection:
        payments = SqlMoney.over(connection, county.under_test.keys).payments
        (paid,) = payments.of_case(case.id)
        more = replace(paid, id=uuid4(), kind=PaymentKind.BACK_PAY, cause_id=uuid4(), base=Decimal(base))
        payments.add(replace(more, state=PaymentState.DUE, batch_id=None, line=None, paid_on=None))


def test_no_more_is_asked_back_than_other_recoveries_leave(county: County) -> None:
    case = drawing(county, "陈建国")
    all_paid(county, to_the_bank(county, "utf-8"))
    county.run(asked_back(case, share=200), actor=SYSTEM)

    for share, wanted in ((None, "1,080.00"), (881, "881.00")):
        with pytest.raises(RecoveryTooLarge) as refused:
            county.run(asked_back(case, share=share), actor=SYSTEM)
        assert refused.value.fields == {"month": "2026-11", "wanted": wanted, "left": "880.00"}
    assert county.run(asked_back(case, share=880), actor=SYSTEM).wrongly_paid == 880


def test_what_a_dropped_recovery_claimed_may_be_asked_back(county: County) -> None:
    case = drawing(county, "陈建国")
    all_paid(county, to_the_bank(county, "utf-8"))
    dropped = county.run(asked_back(case, share=None), actor=SYSTEM)
    county.step("decide_recovery", case, recovery_id=str(dropped.id), decision="drop", fine=None)

    assert county.run(asked_back(case, share=None), actor=SYSTEM).wrongly_paid == 1080


def test_of_two_recoveries_begun_at_once_the_second_is_left_the_rest(county: County) -> None:
    case = drawing(county, "陈建国")
    all_paid(county, to_the_bank(county, "utf-8"))
    first = county.run(asked_back(case, share=880), actor=SYSTEM)
    with county.under_test.database.begin() as connection:
        connection.execute(text("DELETE FROM recovery"))

    def begin(connection: Connection) -> None:
        recoveries = SqlMoney.over(connection, county.under_test.keys).recoveries
        recoveries.claiming(case.id)
        recoveries.add(first)

    def second() -> str:
        with pytest.raises(RecoveryTooLarge) as refused:
            county.run(asked_back(case, share=201), actor=SYSTEM)
        return str(refused.value.fields["left"])

    assert after_the_first(county.under_test.database, begin, second) == "200.00"
