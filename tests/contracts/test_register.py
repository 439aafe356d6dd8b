"""The register over the cases: fed at acceptance, as of a day, corrected by two, duplicates found and decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.errors import EngineError
from engine.model import SYSTEM, Actor, Membership
from storage.register_view import SqlRegisterQueries
from tests.applications import CHILD, FATHER, HOUSEHOLD, KUNLUN, MOTHER, identity, plain_dibao
from tests.casework import CaseworkUnderTest, casework_on
from workflows.casework.commands import SubmitApplication
from workflows.casework.model import Account, Application, Case, Presence
from workflows.casework.privacy import EraseCase
from workflows.casework.register.codes import AskStatus, IssueQueryCode, Unanswered
from workflows.casework.register.corrections import DecideCorrection, RequestCorrection
from workflows.casework.register.divisions import DivisionState
from workflows.casework.register.duplicates import DecideDuplicate
from workflows.casework.register.errors import CorrectionInvalid, TooManyTries
from workflows.casework.register.imports import COLUMNS, ImportApplications
from workflows.casework.register.model import DuplicateDecision, DuplicateKind, EntryAction, OnlineState
from workflows.casework.register.online import ConfirmOnlineEntry, EnterOnline, RefuseOnlineEntry
from workflows.casework.register.queries import (
    CorrectionFilter,
    DuplicateFilter,
    EntryFilter,
    HouseholdOnDay,
    PersonFilter,
    PersonView,
)

LICHENG = "320481002"
NEWCOMER = replace(FATHER, name="陈新", identity_number=identity(date(1990, 1, 5), count=51), phone="19900005555")


def actor(login: str, role: str, *, kind: str = "township", region: str = KUNLUN) -> Actor:
    return Actor(id=login, name=login, memberships=(Membership(unit_kind=kind, role=role, region=region),))


CLERK = actor("kunlun.clerk", "clerk")
REVIEWER = actor("kunlun.reviewer", "reviewer")
FAR_CLERK = actor("licheng.clerk", "clerk", region=LICHENG)
COUNTY = actor("civil.reviewer", "reviewer", kind="civil_affairs", region="320481")
TEACHER = actor("teacher", "clerk", kind="education", region="320481")


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        house.at("2026-09-14 09:00")
        yield house


def asked(house: CaseworkUnderTest) -> SqlRegisterQueries:
    return SqlRegisterQueries(house.under_test.database, house.under_test.keys)


def submitted(house: CaseworkUnderTest, application: Application, by: Actor = SYSTEM) -> Case:
    case: Case = house.run(SubmitApplication(application=application), actor=by)
    return case


def accepted(house: CaseworkUnderTest, application: Application) -> Case:
    case = submitted(house, application)
    house.step("accept_application", case)
    return house.case(case)


def person_of(house: CaseworkUnderTest, number: str, by: Actor = CLERK) -> PersonView:
    [line] = asked(house).persons(PersonFilter(actor=by, text=number)).persons
    return asked(house).person(line.id, by)


def household_of(house: CaseworkUnderTest, number: str, day: date, by: Actor = CLERK) -> HouseholdOnDay:
    return asked(house).household(person_of(house, number, by).households[-1].household_id, day, by)


def code_of(house: CaseworkUnderTest, case: Case) -> str:
    found = asked(house).query_code(case.id)
    assert found is not None
    return found.code


def refused(house: CaseworkUnderTest, command: Any, by: Actor) -> str:
    with pytest.raises(EngineError) as error:
        house.run(command, actor=by)
    return error.value.code


def kinds(house: CaseworkUnderTest, case: Case, by: Actor = COUNTY) -> list[str]:
    page = asked(house).duplicates(DuplicateFilter(actor=by, case=case.number))
    return sorted(one.duplicate.kind.value for one in page.duplicates)


def test_acceptance_enters_persons_and_household_once(house: CaseworkUnderTest) -> None:
    case = submitted(house, plain_dibao())
    assert asked(house).persons(PersonFilter(actor=CLERK)).total == 0
    house.step("accept_application", case)
    house.step("accept_application", case)

    person = person_of(house, FATHER.identity_number)
    assert (person.person.identity_number[6:14], person.person.phone) == ("********", "199****1234")
    assert [one.number for one in person.cases] == [case.number]
    home = household_of(house, FATHER.identity_number, date(2026, 9, 14))
    assert {(one.person.name, one.relation) for one in home.members} == {
        ("陈建国", "self"),
        ("李秀英", "spouse"),
        ("陈小明", "child"),
    }
    assert home.address is not None
    assert home.address.text == HOUSEHOLD.address
    assert home.account is not None
    assert home.account.number.endswith("0000")
    assert home.account.is_card_number is False  # its check digit does not hold: told, not refused


def test_a_newer_case_confirms_and_what_stood_before_is_kept(house: CaseworkUnderTest) -> None:
    first = accepted(house, plain_dibao())
    house.at("2026-10-20 09:00")
    moved = plain_dibao(
        submission_key="test-a1-0002",
        household=replace(HOUSEHOLD, address="昆仑街道新村2号", division="320481001003"),
        members=(replace(FATHER, phone="19900009999"), MOTHER, replace(CHILD, presence=Presence.ELSEWHERE)),
        account=None,
    )
    second = accepted(house, moved)

    assert house.case(first).household.address == HOUSEHOLD.address  # a case keeps what was declared in it
    assert house.case(second).household.division == "320481001003"
    then = household_of(house, FATHER.identity_number, date(2026, 10, 1))
    now = household_of(house, FATHER.identity_number, date(2026, 10, 20))
    assert then.id == now.id
    assert (len(then.members), len(now.members)) == (3, 2)
    assert then.address is not None
    assert then.address.until_on == date(2026, 10, 19)
    assert now.address is not None
    assert now.address.division_state is DivisionState.CURRENT
    assert now.account is not None  # none was declared: the one confirmed before still holds
    person = person_of(house, FATHER.identity_number)
    assert person.person.phone == "199****9999"
    assert [one.before.get("phone") for one in person.history] == [None, "199****1234"]


def test_who_has_no_case_of_a_person_does_not_see_them(house: CaseworkUnderTest) -> None:
    accepted(house, plain_dibao())
    seen = [asked(house).persons(PersonFilter(actor=one)).total for one in (CLERK, COUNTY, FAR_CLERK, TEACHER)]
    assert seen == [3, 3, 0, 0]


def test_the_same_person_in_two_cases_and_households_is_found_and_leaves_the_older(house: CaseworkUnderTest) -> None:
    first = accepted(house, plain_dibao())
    alone = plain_dibao(
        submission_key="test-dup-0001",
        region=LICHENG,
        members=(replace(MOTHER, relation="self", phone="19900002222"),),
        account=None,
    )
    second = submitted(house, alone)
    assert kinds(house, second) == ["same_person"]
    house.step("accept_application", second)
    assert kinds(house, second) == ["same_person", "two_households"]

    [far] = asked(house).duplicates(DuplicateFilter(actor=FAR_CLERK, kind=DuplicateKind.TWO_HOUSEHOLDS)).duplicates
    assert (far.case.name, far.other.name, far.other.town) == ("李秀英", None, "昆仑街道")
    assert far.same.identity_number is True
    decide = DecideDuplicate(duplicate_id=far.duplicate.id, decision=DuplicateDecision.MERGE, reason="已离婚,另立门户")
    assert refused(house, decide, REVIEWER) == "not-permitted"
    house.run(decide, actor=COUNTY)
    assert refused(house, decide, COUNTY) == "duplicate-decided"
    home = household_of(house, FATHER.identity_number, date(2026, 9, 15))
    assert len(home.members) == 2
    assert house.case(first).members[1].person.name == "李秀英"
    same = next(
        one
        for one in asked(house).duplicates(DuplicateFilter(actor=COUNTY, open_only=True)).duplicates
        if one.duplicate.kind is DuplicateKind.SAME_PERSON
    )
    merge = DecideDuplicate(duplicate_id=same.duplicate.id, decision=DuplicateDecision.MERGE, reason="x")
    assert refused(house, merge, COUNTY) == "duplicate-not-mergeable"
    house.run(replace(merge, decision=DuplicateDecision.SAME), actor=COUNTY)
    assert asked(house).duplicates(DuplicateFilter(actor=COUNTY, open_only=True)).total == 0


def test_look_alikes_are_found_and_merged_under_the_right_number(house: CaseworkUnderTest) -> None:
    accepted(house, plain_dibao())
    wrong = replace(FATHER, identity_number=identity(date(1986, 3, 2), count=13))
    other = accepted(
        house,
        plain_dibao(
            submission_key="test-dup-0002",
            members=(wrong,),
            account=Account(bank="b", holder="陈建国", number="6200000000000000"),
        ),
    )
    assert kinds(house, other) == ["account", "name_and_birth", "phone"]
    [found] = asked(house).duplicates(DuplicateFilter(actor=COUNTY, kind=DuplicateKind.NAME_AND_BIRTH)).duplicates
    assert (found.same.identity_number, found.same.name, found.same.account) == (False, True, True)
    house.run(
        DecideDuplicate(
            duplicate_id=found.duplicate.id, decision=DuplicateDecision.MERGE, reason="证号录错", keeps_older=True
        ),
        actor=REVIEWER,
    )
    right = person_of(house, FATHER.identity_number, COUNTY)
    assert len(right.households) == 2
    assert asked(house).persons(PersonFilter(actor=COUNTY, text=wrong.identity_number)).total == 0
    third = accepted(house, plain_dibao(submission_key="test-dup-0003", members=(wrong,), account=None))
    assert third.number
    assert asked(house).persons(PersonFilter(actor=COUNTY, text="陈建国")).total == 1


def test_a_correction_needs_another_person_and_is_made_on_approval(house: CaseworkUnderTest) -> None:
    accepted(house, plain_dibao())
    person = person_of(house, FATHER.identity_number)
    home = household_of(house, FATHER.identity_number, date(2026, 9, 14))
    ask = RequestCorrection(region=KUNLUN, person_id=person.person.id, changes={"phone": "19911112222"}, reason="换号")
    with pytest.raises(CorrectionInvalid) as invalid:
        house.run(replace(ask, changes={"phone": "12", "height": "1"}), actor=REVIEWER)
    assert {one.code for one in invalid.value.errors} == {"phone-refused", "choice-unknown"}
    asked_for = house.run(ask, actor=REVIEWER)
    decide = DecideCorrection(correction_id=asked_for.id, approve=True, note="已核实")
    assert refused(house, decide, REVIEWER) == "own-request"
    assert refused(house, decide, CLERK) == "not-permitted"
    assert asked(house).corrections(CorrectionFilter(actor=COUNTY)).corrections[0].changes == {"phone": "199****2222"}
    house.run(decide, actor=COUNTY)
    assert refused(house, decide, COUNTY) == "correction-decided"
    assert person_of(house, FATHER.identity_number).person.phone == "199****2222"

    changes = {
        "division": "320481100003",
        "account": {"bank": "测试银行", "holder": "陈建国", "number": "4111 1111 1111 1111"},
        "left": [{"person_id": str(home.members[2].person.id), "on": "2026-09-14"}],
    }
    by_household = RequestCorrection(region=KUNLUN, household_id=home.id, changes=changes, reason="更正")
    one, two = (house.run(by_household, actor=CLERK) for _ in range(2))
    house.run(DecideCorrection(correction_id=one.id, approve=True, note="同意"), actor=REVIEWER)
    outdated = DecideCorrection(correction_id=two.id, approve=True, note="同意")
    assert refused(house, outdated, REVIEWER) == "correction-outdated"
    house.run(replace(outdated, approve=False), actor=REVIEWER)
    now = household_of(house, FATHER.identity_number, date(2026, 9, 15))
    assert now.address is not None
    assert now.address.division_state is DivisionState.ABOLISHED
    assert now.account is not None
    assert now.account.is_card_number
    assert len(now.members) == 2
    [corrected] = [one for one in now.history if one.action is EntryAction.CORRECTED]
    assert corrected.before["account"]["number"] == "*" * 12 + "0000"


def test_an_identity_number_of_somebody_else_is_refused(house: CaseworkUnderTest) -> None:
    accepted(house, plain_dibao())
    person = person_of(house, FATHER.identity_number)
    ask = RequestCorrection(
        region=KUNLUN, person_id=person.person.id, changes={"identity_number": MOTHER.identity_number}, reason="x"
    )
    decide = DecideCorrection(correction_id=house.run(ask, actor=CLERK).id, approve=True, note="x")
    assert refused(house, decide, REVIEWER) == "identity-known"


def closed(house: CaseworkUnderTest, case: Case) -> None:
    house.step("decline_application", case, ground="withdrawn", reason=None)
    with house.under_test.database.begin() as connection:
        connection.exec_driver_sql("UPDATE process_instance SET state = 'completed', ended_at = now()")


def test_a_person_stays_while_another_case_needs_them_and_goes_with_the_last(house: CaseworkUnderTest) -> None:
    first = accepted(house, plain_dibao())
    second = accepted(house, plain_dibao(submission_key="test-a1-0009", members=(FATHER,)))
    code = code_of(house, first)
    closed(house, first)
    closed(house, second)
    house.run(EraseCase(case_id=first.id), actor=SYSTEM)
    assert asked(house).persons(PersonFilter(actor=COUNTY)).total == 1
    assert house.run(AskStatus(number=first.number, code=code, caller="c"), actor=SYSTEM) == Unanswered()
    house.run(EraseCase(case_id=second.id), actor=SYSTEM)
    assert asked(house).persons(PersonFilter(actor=SYSTEM)).total == 0
    with house.under_test.database.connect() as connection:
        left = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM register_person WHERE wrapped_key IS NOT NULL OR identity_hash <> ''),"
            " (SELECT count(*) FROM register_household WHERE wrapped_key IS NOT NULL),"
            " (SELECT count(*) FROM query_code), (SELECT count(*) FROM register_account WHERE number_hash <> '')"
        ).one()
    assert tuple(left) == (0, 0, 0, 0)


def test_number_and_code_tell_in_plain_words_how_it_stands(house: CaseworkUnderTest) -> None:
    case = submitted(house, plain_dibao())
    ask = AskStatus(number=case.number, code=code_of(house, case), caller="home")
    assert house.run(ask, actor=SYSTEM).step == "papers"
    missing = [{"document": "illness_proof", "title": "诊断证明", "reason": "医疗需求"}]
    house.step("issue_correction_notice", case, missing=missing, note=None, override_reason=None)
    told = house.run(ask, actor=SYSTEM)
    assert [one.title for one in told.missing] == ["诊断证明"]
    assert told.missing_until is not None
    assert told.phone
    assert told.window == "昆仑街道社会救助窗口"
    house.step("accept_application", case)
    short = case.number.removeprefix("溧民救") + "-SL"
    told = house.run(replace(ask, number=f" {short} "), actor=SYSTEM)
    assert (told.step, told.accepted_on) == ("checking", date(2026, 9, 14))
    assert [one.state for one in told.steps] == ["done", "done", "done", "now", "next", "next"]
    assert "陈" not in str(told)


def test_a_wrong_code_a_wrong_number_and_too_many_tries(house: CaseworkUnderTest) -> None:
    case = submitted(house, plain_dibao())
    right = AskStatus(number=case.number, code=code_of(house, case), caller="a")
    wrong = replace(right, code="00000000" if right.code != "00000000" else "11111111")
    nobody = replace(wrong, number="溧民救320481001-2026-999999")
    for guess in (wrong, nobody):
        assert [house.run(guess, actor=SYSTEM) for _ in range(5)] == [Unanswered()] * 5
        assert house.run(guess, actor=SYSTEM).wait is not None
    assert house.run(replace(right, caller="b"), actor=SYSTEM).wait is not None  # nor can another caller guess on
    house.at("2026-09-14 09:16")
    assert house.run(right, actor=SYSTEM).step == "papers"
    renewed = house.run(IssueQueryCode(case_id=case.id), actor=CLERK)
    if renewed.code != right.code:
        assert house.run(right, actor=SYSTEM) == Unanswered()
    assert house.run(replace(right, code=renewed.code), actor=SYSTEM).number == case.number


def test_one_caller_cannot_try_many_numbers(house: CaseworkUnderTest) -> None:
    guesses = [AskStatus(number=f"X{count}", code="12345678", caller="bot") for count in range(31)]
    answers = [house.run(guess, actor=SYSTEM) for guess in guesses]
    assert answers[:30] == [Unanswered()] * 30
    assert answers[30].wait is not None


def test_an_entry_on_line_counts_when_the_window_has_confirmed_it(house: CaseworkUnderTest) -> None:
    code = house.run(EnterOnline(application=plain_dibao(recognised_status="dibao"), caller="x"), actor=TEACHER)
    assert house.count("case_file") == 0
    ask = AskStatus(number=code.number, code=code.code, caller="home")
    assert house.run(ask, actor=SYSTEM).step == "confirming"
    assert asked(house).entries(EntryFilter(actor=FAR_CLERK)).total == 0
    [line] = asked(house).entries(EntryFilter(actor=CLERK)).entries
    assert (line.applicant, line.needs) == ("陈建国", ("subsistence", "medical", "education"))
    confirm = ConfirmOnlineEntry(number=code.number)
    assert refused(house, confirm, FAR_CLERK) == "not-permitted"
    house.at("2026-09-16 10:00")
    case = house.run(confirm, actor=CLERK)
    assert (case.received_on, case.channel, case.recognised_status) == (date(2026, 9, 14), "online", "none")
    assert refused(house, confirm, CLERK) == "online-entry-decided"
    assert house.run(ask, actor=SYSTEM).number == case.number
    assert house.run(replace(ask, number=case.number), actor=SYSTEM).number == case.number
    assert asked(house).entry(code.number, CLERK).entry.case_number == case.number


def test_a_refused_entry_is_destroyed_and_too_many_are_not_taken(house: CaseworkUnderTest) -> None:
    enter = EnterOnline(application=plain_dibao(), caller="x")
    codes = [house.run(enter, actor=TEACHER) for _ in range(10)]
    with pytest.raises(TooManyTries):
        house.run(enter, actor=TEACHER)
    refuse = RefuseOnlineEntry(number=codes[0].number, reason="电话无人接听")
    assert refused(house, replace(refuse, reason=" "), CLERK) == "reason-missing"
    house.run(refuse, actor=CLERK)
    view = asked(house).entry(codes[0].number, CLERK)
    assert (view.entry.state, view.application, view.entry.phone) == (OnlineState.REFUSED, None, None)
    told = house.run(AskStatus(number=codes[0].number, code=codes[0].code, caller="h"), actor=SYSTEM)
    assert told.step == "refused"
    house.at("2026-09-14 10:01")
    assert house.run(enter, actor=TEACHER).number not in {one.number for one in codes}


def row(number: int, **cells: str) -> tuple[int, dict[str, str]]:
    plain = dict.fromkeys(COLUMNS, "") | {
        "申请编号": "K-1",
        "乡镇": "昆仑街道",
        "姓名": "陈建国",
        "身份证号": FATHER.identity_number,
        "与申请人关系": "本人",
        "手机号": "19900001234",
        "住址": "测试路1号",
        "住房": "自有",
        "城乡": "农村",
        "救助需求": "生活、医疗",
        "代办人": "王村官",
        "代办人手机号": "19900007777",
        "代办村居": "某村村委会",
        "委托书": "WT-1",
        "委托日期": "2026-09-10",
    }
    return number, plain | cells


CHILD_ROW = row(3, 姓名="陈小明", 身份证号=CHILD.identity_number, 与申请人关系="子女", 手机号="")
BAD_ROW = row(4, 申请编号="K-2", 身份证号="123", 委托书="")


def test_a_spreadsheet_is_taken_in_once_with_its_mandates(house: CaseworkUnderTest) -> None:
    command = ImportApplications(rows=[row(2), CHILD_ROW], good_rows_only=False)
    [first] = house.run(command, actor=CLERK).imported
    [again] = house.run(command, actor=CLERK).imported
    assert (first.is_new, again.is_new, first.case_number) == (True, False, again.case_number)
    case = house.questions.case(first.case_number, CLERK)
    assert (case.summary.channel, case.summary.household_size) == ("village", 2)
    changed = ImportApplications(rows=[row(2, 住址="别处")], good_rows_only=False)
    assert refused(house, changed, CLERK) == "import-invalid"


def test_all_or_nothing_and_good_rows_only(house: CaseworkUnderTest) -> None:
    command = ImportApplications(rows=[row(2), CHILD_ROW, BAD_ROW], good_rows_only=False)
    assert refused(house, command, CLERK) == "import-invalid"
    assert house.count("case_file") == 0
    result = house.run(replace(command, good_rows_only=True), actor=CLERK)
    assert [one.key for one in result.imported] == ["K-1"]
    assert {(one.row, one.column) for one in result.errors} == {(4, "身份证号"), (4, "委托书")}
    assert all(one.zh and one.en for one in result.errors)
    assert refused(house, command, FAR_CLERK) == "not-permitted"
    assert refused(house, replace(command, rows=[]), CLERK) == "import-invalid"
