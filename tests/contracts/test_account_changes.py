# ruff: noqa: F811  the fixture is imported by name
"""Where a family's money goes: one asks, another approves, and only rosters made afterwards pay there."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import EngineError
from engine.model import SYSTEM, Actor
from storage.register import subject_seal
from storage.register_view import SqlRegisterQueries
from storage.sealing import open_json
from storage.tables.register import household as household_table
from tests.contracts.test_casework_scenarios import County, county  # noqa: F401  the fixture
from tests.contracts.test_payments import FINANCE, REVIEWER, all_paid, drawing, to_the_bank
from tests.engines import person
from tests.races import after_the_first
from workflows.casework.model import Account, Case
from workflows.casework.payments.commands import HandOutBankList
from workflows.casework.payments.views import ReadMoneyOfCase
from workflows.casework.privacy import EraseCase
from workflows.casework.register.codes import AskStatus
from workflows.casework.register.corrections import DecideCorrection, RequestCorrection
from workflows.casework.register.errors import CorrectionInvalid
from workflows.casework.register.model import Correction, EntryAction
from workflows.casework.register.queries import CorrectionFilter

KUNLUN = "320481001"
CLERK = person("kunlun.clerk", "township/clerk", region=KUNLUN)
LEADER = person("kunlun.leader", "township/leader", region=KUNLUN)
OLD, NEW = "6229990000000000012", "6229990000000000020"
HOLDER = "陈建国"


def wanted(case: Case, **changed: Any) -> RequestCorrection:
    account = {"bank": "江苏农商银行", "holder": HOLDER, "number": NEW} | changed
    return RequestCorrection(region=case.region, case_id=case.id, changes={"account": account}, reason="换卡")


def decided(county: County, asked: Correction, *, by: Actor = LEADER, approve: bool = True) -> Correction:
    decision = DecideCorrection(correction_id=asked.id, approve=approve, note="与存折核对一致")
    found: Correction = county.run(decision, actor=by)
    return found


def refused(county: County, command: Any, by: Actor) -> str:
    with pytest.raises(EngineError) as error:
        county.run(command, actor=by)
    return error.value.code


def paid_to(county: County, number: str) -> list[str]:
    written = county.run(HandOutBankList(number=number), actor=FINANCE)
    return [one["账号"] for one in csv.DictReader(io.StringIO(written.content.decode("utf-8-sig")))]


def register(county: County) -> SqlRegisterQueries:
    return SqlRegisterQueries(county.under_test.database, county.under_test.keys)


def test_one_asks_and_another_approves_where_the_money_goes(county: County) -> None:
    case = drawing(county, HOLDER)
    asked = county.run(wanted(case), actor=LEADER)
    assert refused(county, DecideCorrection(correction_id=asked.id, approve=True, note="同意"), LEADER) == "own-request"
    assert (
        refused(county, DecideCorrection(correction_id=asked.id, approve=True, note="同意"), CLERK) == "not-permitted"
    )
    assert county.case(case).account == Account(bank="江苏农商银行", holder=HOLDER, number=OLD)

    decided(county, asked, by=REVIEWER)
    assert county.case(case).account == Account(bank="江苏农商银行", holder=HOLDER, number=NEW)
    [kept] = register(county).corrections(CorrectionFilter(actor=SYSTEM, case_id=case.id)).corrections
    assert (kept.requested_by, kept.decided_by) == (LEADER.id, REVIEWER.id)
    assert [one["account"]["number"][-4:] for one in (kept.before, kept.changes)] == ["0012", "0020"]
    assert OLD not in str(kept)
    assert NEW not in str(kept)


def test_the_register_of_the_household_follows_and_keeps_what_stood_before(county: County) -> None:
    case = drawing(county, HOLDER)
    decided(county, county.run(wanted(case), actor=CLERK))
    households = text("SELECT household_id FROM register_case")
    with county.under_test.database.connect() as connection:
        household = connection.execute(households).scalar_one()
    found = register(county).household(household, date(2026, 10, 12), SYSTEM)
    assert found.account is not None
    assert found.account.number.endswith("0020")
    [corrected] = [one for one in found.history if one.action is EntryAction.CORRECTED]
    assert corrected.before["account"]["number"].endswith("0012")


def test_a_change_in_the_register_moves_the_money_of_its_cases(county: County) -> None:
    case = drawing(county, HOLDER)
    with county.under_test.database.connect() as connection:
        household = connection.execute(text("SELECT household_id FROM register_case")).scalar_one()
    asked = county.run(replace(wanted(case), case_id=None, household_id=household), actor=CLERK)
    decided(county, asked)
    account = county.case(case).account
    assert account is not None
    assert account.number == NEW


def test_a_refused_change_leaves_the_money_where_it_goes(county: County) -> None:
    case = drawing(county, HOLDER)
    decided(county, county.run(wanted(case), actor=CLERK), approve=False)
    assert county.case(case).account == case.account
    assert county.case(case).account_changed_at is None


def test_a_roster_that_is_made_keeps_its_account_and_the_next_one_pays_to_the_new(county: County) -> None:
    case = drawing(county, HOLDER)
    asked = county.run(wanted(case), actor=CLERK)
    november = to_the_bank(county, "utf-8", before_check=lambda: decided(county, asked))
    assert paid_to(county, november) == [OLD]
    all_paid(county, november)
    county.done("Task_DeliverBankFile", delivered_on="2026-11-05")

    december = to_the_bank(county, "utf-8", month=12)
    assert paid_to(county, december) == [NEW]
    tails = [one.account_tail for one in county.run(ReadMoneyOfCase(case_id=case.id), actor=SYSTEM).payments]
    assert tails == ["0012", "0020"]


def test_of_two_changes_asked_for_at_once_the_second_is_outdated_by_the_first(county: County) -> None:
    case = drawing(county, HOLDER)
    first, second = (county.run(wanted(case, number=number), actor=CLERK) for number in (NEW, "62299900000000038"))
    decided(county, first)
    late = DecideCorrection(correction_id=second.id, approve=True, note="同意")
    assert refused(county, late, LEADER) == "correction-outdated"
    assert county.run(replace(late, approve=False), actor=LEADER).state == "refused"


def test_a_change_waits_for_another_of_the_same_case_that_is_being_approved(county: County) -> None:
    case = drawing(county, HOLDER)
    asked = county.run(wanted(case), actor=CLERK)

    def moved(connection: Any) -> None:
        statement = text("UPDATE case_file SET account_bank = '另一银行' WHERE id = :case")
        connection.execute(statement, {"case": case.id})

    def approve() -> str:
        return refused(county, DecideCorrection(correction_id=asked.id, approve=True, note="同意"), LEADER)

    assert after_the_first(county.under_test.database, moved, approve) == "correction-outdated"


def test_who_approves_is_told_when_the_holder_is_no_member_any_more(county: County) -> None:
    case = drawing(county, HOLDER)
    asked = county.run(wanted(case), actor=CLERK)
    with county.under_test.database.begin() as connection:
        renamed = text("UPDATE member SET name = '陈建华' WHERE case_id = :case AND name = :holder")
        assert connection.execute(renamed, {"case": case.id, "holder": HOLDER}).rowcount == 1
    approval = DecideCorrection(correction_id=asked.id, approve=True, note="同意")
    with pytest.raises(CorrectionInvalid) as invalid:
        county.run(approval, actor=LEADER)
    assert [one.code for one in invalid.value.errors] == ["holder-not-a-member"]
    assert county.case(case).account == case.account
    assert county.run(replace(approval, approve=False), actor=LEADER).state == "refused"


def test_who_approves_waits_for_the_case_and_holds_up_nobody_who_asks(county: County) -> None:
    case = drawing(county, HOLDER)
    asked = county.run(wanted(case), actor=CLERK)

    def held(connection: Any) -> None:
        connection.execute(text("SELECT id FROM case_file WHERE id = :case FOR UPDATE"), {"case": case.id})

    def asks_again(connection: Any) -> None:
        request = text("SELECT id FROM register_correction WHERE id = :id FOR UPDATE NOWAIT")
        connection.execute(request, {"id": asked.id})

    approval = DecideCorrection(correction_id=asked.id, approve=True, note="同意")
    database = county.under_test.database
    decision = after_the_first(database, held, lambda: county.run(approval, actor=LEADER), meanwhile=asks_again)
    assert decision.state == "approved"


def test_an_account_that_waits_for_its_approval_is_not_asked_for_again(county: County) -> None:
    case = drawing(county, HOLDER)
    row = {"case_number": case.number, "bank": "江苏农商银行", "holder": HOLDER, "account": NEW, "failure_code": "E102"}
    counts = [county.step("correct_accounts", case, failures=[one])["corrected"] for one in (row, row)]
    assert counts == [1, 0]
    [waiting] = register(county).corrections(CorrectionFilter(actor=SYSTEM, case_id=case.id)).corrections
    decided(county, waiting, approve=False)
    other = {**row, "account": "62299900000000038"}
    assert county.step("correct_accounts", case, failures=[row, other])["corrected"] == 2


def test_what_is_asked_for_of_a_household_is_sealed_as_the_release_before_reads_it(county: County) -> None:
    case = drawing(county, HOLDER)
    with county.under_test.database.connect() as connection:
        household = connection.execute(text("SELECT household_id FROM register_case")).scalar_one()
    asked = county.run(replace(wanted(case), case_id=None, household_id=household), actor=CLERK)
    with county.under_test.database.connect() as connection:
        seal = subject_seal(connection, county.under_test.keys, household_table, household)
        sealed = connection.execute(text("SELECT content_sealed FROM register_correction")).scalar_one()
    content = open_json(seal, bytes(sealed), where=f"correction:{asked.id}")
    assert set(content) == {"changes", "reason", "evidence", "note"}


def test_only_a_members_account_with_a_right_number_is_asked_for(county: County) -> None:
    case = drawing(county, HOLDER)
    with pytest.raises(CorrectionInvalid) as invalid:
        county.run(wanted(case, holder="外人", number="12"), actor=CLERK)
    assert {one.code for one in invalid.value.errors} == {"holder-not-a-member", "account-number-refused"}
    elsewhere = replace(wanted(case), changes={"address": "别处"})
    assert refused(county, elsewhere, CLERK) == "correction-invalid"
    assert refused(county, wanted(case), person("lc.clerk", "township/clerk", region="320481002")) == "not-permitted"


def test_the_household_is_told_that_the_account_was_changed(county: County) -> None:
    case = drawing(county, HOLDER)
    code = register(county).query_code(case.id)
    assert code is not None
    ask = AskStatus(number=case.number, code=code.code, caller="home")
    assert county.run(ask, actor=SYSTEM).account_changed_on is None
    asked = county.run(wanted(case), actor=CLERK)
    county.at("2026-10-14 09:00")
    decided(county, asked)
    assert county.run(ask, actor=SYSTEM).account_changed_on == date(2026, 10, 14)


def test_an_erased_case_is_paid_nowhere_and_what_was_asked_for_is_gone(county: County) -> None:
    case = drawing(county, HOLDER)
    asked = county.run(wanted(case), actor=CLERK)
    with county.under_test.database.begin() as connection:
        connection.exec_driver_sql("UPDATE process_instance SET state = 'completed', ended_at = now()")
        connection.exec_driver_sql("UPDATE case_file SET closed_at = now(), status = 'closed'")
        connection.exec_driver_sql("DELETE FROM benefit_version")
    county.run(EraseCase(case_id=case.id), actor=SYSTEM)
    assert refused(county, wanted(case), CLERK) == "case-erased"
    assert refused(county, DecideCorrection(correction_id=asked.id, approve=True, note="同意"), LEADER) == "case-erased"
    shown = register(county).correction(asked.id, SYSTEM)
    assert (shown.changes, shown.before) == ({}, {})
