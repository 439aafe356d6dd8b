"""Casework on PostgreSQL: applications become sealed case files, steps write them, one rule says who sees them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.commands.messages import PublishMessage
from engine.commands.process_instances import CancelProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.errors import NotPermitted
from engine.model import SYSTEM, Actor
from engine.operation_errors import IdempotencyConflict
from engine.queries import TaskTab, UserTaskFilter
from storage.casework_read_models import SqlCaseworkQueries
from storage.encryption import KeyRing, Unreadable
from storage.procedure import SqlSurveys
from tests.applications import CHILD, FATHER, KUNLUN, MOTHER, plain_dibao
from tests.casework import CaseworkUnderTest, ReadStandard, casework_on, confirmed
from tests.engines import person
from workflows.casework.circumstances import Bill, DisabilityCard, Event, Supporter
from workflows.casework.commands import OverrideCalendarDay, SetParameters, SubmitApplication
from workflows.casework.correspondence import ReadCoverage, ReadMessage
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import (
    ApplicationInvalid,
    CaseErased,
    CaseNotFound,
    CaseStillOpen,
    InputInvalid,
)
from workflows.casework.model import Case, CaseStatus, Health
from workflows.casework.privacy import EraseCase, Purpose, RevealPersonalFacts
from workflows.casework.queries import CaseFilter, CaseOrder, CaseView
from workflows.casework.records import Parameter, ReferralState
from workflows.casework.shipped_figures import EnterMissingFigures
from workflows.rules.calendar import CalendarDay

CLERK = person("clerk", "township/clerk", region=KUNLUN)
OTHER_TOWN = person("other", "township/clerk", region="320481114")
COUNTY = "320481"
CHECKER = person("checker", "civil_affairs/checker", region=COUNTY)
TEACHER = person("teacher", "education/clerk", region=COUNTY)
DOCTOR = person("doctor", "medical/clerk", region=COUNTY)
CHIEF = person("chief", "civil_affairs/supervisor", region=COUNTY)
HEADMASTER = person("headmaster", "education/supervisor", "education/administrator", region=COUNTY)


@pytest.fixture
def house(database_url: str) -> Iterator[CaseworkUnderTest]:
    with casework_on(database_url) as house:
        yield house


def test_what_is_told_of_circumstances_is_kept_sealed_and_read_back(house: CaseworkUnderTest) -> None:
    son = Supporter(name="陈远", relation="child", age=48, condition="imprisoned", low_means=True)
    event = Event(kind="accident", happened_on=date(2026, 6, 1), place="南渡镇工地", reference="120-77")
    bill = Bill(kind="medical", amount=Decimal("20000.50"), reimbursed=Decimal(5000))
    card = DisabilityCard(number=FATHER.identity_number + "42", expires_on=date(2027, 1, 1))
    health = Health(disability_kind="physical", disability_level=2)
    father = replace(FATHER, health=health, card=card, failed_self_care=("dress", "bathe"))
    told: dict[str, Any] = {"supporters": (son,), "event": event, "bills": (bill,)}
    case = house.case(submitted(house, members=(father, MOTHER, CHILD), **told))

    assert (case.supporters, case.event, case.bills) == ((son,), event, (bill,))
    assert (case.members[0].person.card, case.members[0].person.failed_self_care) == (card, ("dress", "bathe"))
    with house.under_test.database.connect() as connection:
        sealed = connection.execute(text("SELECT circumstances_sealed FROM case_file")).scalar_one()
    assert "南渡镇".encode() not in sealed


def submitted(house: CaseworkUnderTest, **changes: Any) -> Case:
    case: Case = house.run(SubmitApplication(application=plain_dibao(**changes)), actor=CLERK)
    return case


def end_process(house: CaseworkUnderTest, case: Case) -> None:
    assert case.process_instance_id is not None
    house.run(CancelProcessInstance(process_instance_id=case.process_instance_id, reason="测试"), actor=SYSTEM)


def accepted(house: CaseworkUnderTest, **changes: Any) -> Case:
    case = submitted(house, **changes)
    house.step("accept_application", case)
    return house.case(case)


def referred(house: CaseworkUnderTest, *programmes: str, **changes: Any) -> tuple[Case, list[dict[str, Any]]]:
    case = accepted(house, **changes)
    opened = house.step("open_referrals", case, confirmed=[confirmed(one) for one in programmes], dropped=[], note=None)
    for one in opened["referrals"]:
        house.step("send_referral", case, referral_id=one["id"], facts=[])
    return house.case(case), opened["referrals"]


def seen(house: CaseworkUnderTest, case: Case, actor: Actor) -> CaseView:
    return house.questions.case(case.number, actor)


def test_an_application_becomes_a_case_with_a_number_and_a_running_process(house: CaseworkUnderTest) -> None:
    case = submitted(house)

    assert case.number == "溧民救320481001-2026-000001"
    assert house.case(case) == case
    assert case.process_instance_id is not None
    assert house.under_test.queries.instance(case.process_instance_id).instance.business_key == case.number


def test_the_same_submission_twice_is_one_case(house: CaseworkUnderTest) -> None:
    first = submitted(house)

    assert submitted(house).id == first.id
    assert house.count("case_file") == house.count("process_instance") == 1


def test_a_submission_key_that_comes_again_with_another_application_is_refused(house: CaseworkUnderTest) -> None:
    submitted(house)

    with pytest.raises(IdempotencyConflict):
        submitted(house, remark="另一份")
    assert house.count("case_file") == 1


def test_the_same_submission_twice_at_the_same_moment_is_one_case(house: CaseworkUnderTest) -> None:
    with ThreadPoolExecutor(4) as pool:
        cases = list(pool.map(lambda _: submitted(house), range(4)))

    assert len({case.id for case in cases}) == 1
    assert house.count("case_file") == house.count("process_instance") == 1


def test_an_invalid_application_leaves_nothing(house: CaseworkUnderTest) -> None:
    with pytest.raises(ApplicationInvalid) as refusal:
        submitted(house, members=(FATHER, replace(CHILD, identity_number="320481197803151011")), account=None)

    assert [error.path for error in refusal.value.errors] == ["members[1].identity_number"]
    assert house.count("case_file") == 0


def test_only_a_clerk_of_the_region_may_hand_in(house: CaseworkUnderTest) -> None:
    with pytest.raises(NotPermitted):
        house.run(SubmitApplication(application=plain_dibao()), actor=OTHER_TOWN)


def test_personal_facts_are_nowhere_in_the_clear(house: CaseworkUnderTest) -> None:
    case = submitted(house)
    with house.under_test.database.connect() as connection:
        rows = [
            str(connection.execute(text(f"SELECT array_agg(row_to_json(t)) FROM {table} t")).scalar_one())
            for table in ("case_file", "member", "variable", "user_task", "history_entry")
        ]

    for person_ in (one.person for one in case.members):
        assert person_.identity_number not in "".join(rows)
    assert "19900001234" not in "".join(rows)
    assert "6200000000000000" not in "".join(rows)
    assert "serious_illness" not in "".join(rows)


def test_another_key_file_opens_nothing(house: CaseworkUnderTest) -> None:
    case = submitted(house)
    stranger = SqlCaseworkQueries(house.under_test.database, KeyRing.generate(), now=house.under_test.clock)

    with pytest.raises(Unreadable):
        stranger.case(case.id, SYSTEM)


def test_an_erased_case_keeps_its_number_and_loses_its_persons(house: CaseworkUnderTest) -> None:
    case = accepted(house)
    with pytest.raises(CaseStillOpen):
        house.run(EraseCase(case_id=case.id), actor=SYSTEM)
    house.step("close_case", case, outcome="no_referral")
    with pytest.raises(NotPermitted):
        house.run(EraseCase(case_id=case.id), actor=CLERK)
    end_process(house, case)
    named = {"name": "paid", "time_to_live": timedelta(days=9), "variables": {"applicant": "陈建国"}}
    for key, business_key in ((case.number, None), ("x", case.number), ("other", None)):
        house.run(PublishMessage(correlation_key=key, business_key=business_key, **named), actor=SYSTEM)
    house.run(EraseCase(case_id=case.id), actor=SYSTEM)
    with house.under_test.database.connect() as connection:
        assert connection.execute(text("SELECT correlation_key FROM message")).scalars().all() == ["other"]

    view = seen(house, case, CLERK)
    gone = "（已销毁）"
    assert {(member.identity_number, member.name) for member in view.members} == {(gone, gone)}
    assert (view.summary.number, view.summary.applicant, view.household.address) == (case.number, gone, gone)
    assert {notice.text for notice in view.notices} == {gone}
    for typed in ("陈建国", "cjg", FATHER.identity_number):
        assert house.questions.cases(CaseFilter(actor=CLERK, text=typed)).total == 0
    assert house.questions.cases(CaseFilter(actor=CLERK, text=case.number)).total == 1


def test_a_case_whose_process_still_runs_is_not_erased(house: CaseworkUnderTest) -> None:
    case = accepted(house)
    house.step("close_case", case, outcome="no_referral")

    with pytest.raises(CaseStillOpen):
        house.run(EraseCase(case_id=case.id), actor=SYSTEM)
    assert house.case(case).applicant.person.name == "陈建国"


def test_nothing_is_sent_or_shown_of_an_erased_case(house: CaseworkUnderTest) -> None:
    case = accepted(house)
    (receipt,) = seen(house, case, CLERK).notices
    house.step("close_case", case, outcome="no_referral")
    end_process(house, case)
    house.run(EraseCase(case_id=case.id), actor=SYSTEM)

    for command in (
        ReadMessage(notice_id=receipt.id),
        ReadCoverage(case_id=case.id, status="dibao"),
        RevealPersonalFacts(case_id=case.id, member_number=1, purpose=Purpose.CONTACT),
    ):
        with pytest.raises(CaseErased):
            house.run(command, actor=SYSTEM)
    with pytest.raises(IdempotencyConflict):
        submitted(house)


def test_a_number_is_shown_in_full_for_a_purpose_and_the_look_is_kept(house: CaseworkUnderTest) -> None:
    case, _ = referred(house, "education_aid")
    look = RevealPersonalFacts(case_id=case.id, member_number=1, purpose=Purpose.CONTACT)

    facts = house.run(look, actor=CLERK)
    assert (facts.identity_number, facts.phone) == (FATHER.identity_number, "19900001234")
    assert facts.account_number == "6200000000000000"
    with pytest.raises(CaseNotFound):
        house.run(look, actor=TEACHER)
    assert case.process_instance_id is not None
    history = house.under_test.queries.instance(case.process_instance_id).history
    looks = [(entry.actor, entry.details) for entry in history if entry.action == "revealed"]
    assert looks == [("clerk", {"member": 1, "purpose": "contact"})]


@pytest.mark.parametrize(
    "typed",
    [
        "陈建国",
        "建国",
        "cjg",
        "chenjianguo",
        "CJ",
        "000001",
        "1",
        "2026-000001",
        FATHER.identity_number,
        "199 0000 1234",
    ],
)
def test_a_case_is_found_by_name_pinyin_number_identity_and_phone(house: CaseworkUnderTest, typed: str) -> None:
    case = submitted(house)

    assert [one.id for one in house.questions.cases(CaseFilter(actor=CLERK, text=typed)).cases] == [case.id]


def test_what_does_not_match_is_not_found(house: CaseworkUnderTest) -> None:
    submitted(house)

    for typed in ("王", "999", CHILD.identity_number[:-1], "%"):
        assert house.questions.cases(CaseFilter(actor=CLERK, text=typed)).total == 0


def test_a_town_sees_its_own_cases_and_the_county_all(house: CaseworkUnderTest) -> None:
    case = submitted(house)

    for actor in (CLERK, CHECKER, CHIEF, SYSTEM):
        assert seen(house, case, actor).summary.number == case.number
        assert house.questions.cases(CaseFilter(actor=actor)).total == 1
        assert house.questions.case_counts(actor)[CaseStatus.RECEIVED] == 1
    for actor in (OTHER_TOWN, TEACHER, Actor(id="nobody", name="nobody")):
        with pytest.raises(CaseNotFound):
            seen(house, case, actor)
        assert house.questions.cases(CaseFilter(actor=actor)).total == 0
        assert house.questions.summaries([case.number], actor) == {}
        assert sum(house.questions.case_counts(actor).values()) == 0


def test_a_county_unit_sees_a_case_from_the_day_it_is_referred_to_it_and_what_its_purpose_needs(
    house: CaseworkUnderTest,
) -> None:
    case, _ = referred(house, "education_aid", "medical_aid")

    teacher, doctor, clerk = (seen(house, case, actor) for actor in (TEACHER, DOCTOR, CLERK))
    assert [one.referral.programme for one in teacher.referrals] == ["education_aid"]
    assert (teacher.purpose_limited, clerk.purpose_limited) == (True, False)
    assert (teacher.household.assets_declared, teacher.household.has_vehicle) == (None, None)
    assert teacher.account is None
    assert not any(member.income or member.health for member in teacher.members)
    assert doctor.members[1].health is not None
    assert doctor.members[1].health.serious_illness
    assert len(clerk.referrals) == 2


def test_a_supervisor_of_another_unit_sees_what_the_unit_sees(house: CaseworkUnderTest) -> None:
    hidden = submitted(house, submission_key="key-hidden")
    case, _ = referred(house, "education_aid")

    with pytest.raises(CaseNotFound):
        seen(house, hidden, HEADMASTER)
    view = seen(house, case, HEADMASTER)
    assert view.purpose_limited
    assert view.account is None
    assert not any(member.income or member.health for member in view.members)
    assert [one.number for one in house.questions.cases(CaseFilter(actor=HEADMASTER)).cases] == [case.number]
    assert sum(house.questions.case_counts(HEADMASTER).values()) == 1
    everything = UserTaskFilter(actor=HEADMASTER, tab=TaskTab.UNIT)
    assert house.under_test.queries.user_tasks(everything).total == 0  # both cases have a task of the township
    assert list(house.questions.summaries([case.number, hidden.number], HEADMASTER)) == [case.number]
    for one in (case, hidden):
        look = RevealPersonalFacts(case_id=one.id, member_number=1, purpose=Purpose.CONTACT)
        with pytest.raises(CaseNotFound):
            house.run(look, actor=HEADMASTER)


def test_lists_mask_numbers(house: CaseworkUnderTest) -> None:
    view = seen(house, submitted(house), CLERK)

    assert view.members[0].identity_number == FATHER.identity_number[:6] + "********" + FATHER.identity_number[-4:]
    assert view.members[0].phone == "199****1234"
    assert view.account is not None
    assert view.account.number == "************0000"


def test_lists_are_sorted_paged_and_counted(house: CaseworkUnderTest) -> None:
    cases = [submitted(house, submission_key=f"key-00000{index}") for index in range(3)]

    page = house.questions.cases(CaseFilter(actor=CLERK, order=CaseOrder.NUMBER, descending=False, offset=1, limit=1))
    assert ([one.id for one in page.cases], page.total) == ([cases[1].id], 3)


def test_one_correction_notice_and_never_a_second(house: CaseworkUnderTest) -> None:
    house.at("2026-02-12 10:00")
    case = submitted(house)
    missing = [{"document": "disability_card", "title": "残疾人证", "reason": "申报残疾"}]
    given = house.step("issue_correction_notice", case, missing=missing, note=None)

    assert given["correction_due_on"] == "2026-03-04"  # ten working days over the Spring Festival
    assert house.case(case).status == CaseStatus.CORRECTING
    assert house.fails("issue_correction_notice", case, missing=missing, note=None) == "CORRECTION_ALREADY_ISSUED"


def test_acceptance_over_the_spring_festival_counts_working_days(house: CaseworkUnderTest) -> None:
    house.at("2026-02-12 10:00")
    case = submitted(house)
    missing = [{"document": "disability_card", "title": "残疾人证", "reason": "申报残疾"}]
    house.step("issue_correction_notice", case, missing=missing, note=None)
    house.at("2026-02-24 15:00")
    given = house.step("accept_application", case)

    assert (given["accepted_on"], given["due_on"]) == ("2026-02-24", "2026-04-07")
    assert "disability_card" in house.case(case).documents
    view = seen(house, case, CLERK)
    assert [notice.kind for notice in view.notices] == ["correction", "receipt"]
    assert [
        entry.kind for entry in view.trail if entry.kind in ("received", "correction", "corrected", "accepted")
    ] == [
        "received",
        "correction",
        "corrected",
        "accepted",
    ]


def test_no_agency_is_asked_about_anybody_while_one_authorisation_is_missing(house: CaseworkUnderTest) -> None:
    case = accepted(house)
    signed = [
        {"number": 1, "authorised": True, "signed_on": None, "signed_by": "self"},
        {"number": 3, "authorised": True, "signed_on": "2026-06-14", "signed_by": "guardian"},
    ]
    given = house.step("record_authorisations", case, authorisations=signed, note=None)

    assert given == {"all_authorised": False, "unauthorised": [2]}
    assert house.fails("start_means_check", case, purpose="new_application") == "AUTHORISATION_MISSING"
    assert house.count("agency_request") == 0


def test_every_agency_is_asked_once_however_often_the_check_starts(house: CaseworkUnderTest) -> None:
    case = house.authorised(accepted(house))
    first = house.step("start_means_check", case, purpose="new_application")

    assert [one["agency"] for one in first["agencies"]] == house.parameter("check_sources", date(2026, 6, 15))
    assert first["check_deadline"] == "2026-06-23"  # five working days after 06-15, 06-19 is a holiday
    assert house.step("start_means_check", case, purpose="new_application") == first


def test_answers_become_a_report_in_versions(house: CaseworkUnderTest) -> None:
    case = house.authorised(accepted(house))
    for asked in house.step("start_means_check", case, purpose="new_application")["agencies"]:
        answer: dict[str, Any] = {"status": "no_hit", "as_of": "2026-06-15"}
        if asked["agency"] == "bank":
            answer = {"status": "hit", "as_of": "2026-06-15", "assets": Decimal("86000.50")}
        if asked["agency"] == "tax":
            answer = {"status": "no_data", "reason": "系统维护"}
        given = house.step(
            "record_agency_answer",
            case,
            agency=asked["agency"],
            request_id=asked["request_id"],
            answer=answer,
            source="manual",
        )
        assert given == {"answer_status": answer["status"]}

    given = house.step("compile_check_report", case, trigger="check", supplement=None)

    assert given["means"] == {
        "monthly_income": Decimal(2000),
        "income_per_capita": Decimal("666.67"),
        "assets": Decimal("86000.50"),
        "has_vehicle": False,
        "complete": False,
    }
    house.step("compile_check_report", case, trigger="supplement", supplement="已说明")
    report = seen(house, case, CLERK).check_report
    assert report is not None
    assert (report.version, report.missing, report.supplement) == (2, ("税务局",), "已说明")
    assert seen(house, case, CLERK).agency_requests[0].entered_by == SYSTEM.id


def test_a_referral_has_both_its_clocks_and_turns_red_when_one_runs_out(house: CaseworkUnderTest) -> None:
    case, _ = referred(house, "education_aid", "housing_aid", recognised_status="dibao")
    (education, housing) = seen(house, case, CLERK).referrals

    assert house.local(education.referral.acknowledge_due_at) == "2026-06-17 23:59:59"
    assert house.local(education.referral.result_due_at) == "2026-06-30 23:59:59"
    assert not education.overdue
    assert not housing.overdue
    house.at("2026-06-18 00:00")
    assert [one.overdue for one in seen(house, case, CLERK).referrals] == [True, True]
    assert house.questions.cases(CaseFilter(actor=CLERK, overdue_only=True)).total == 1
    assert [(load.unit_kind, load.open, load.overdue) for load in house.questions.unit_loads(CLERK)] == [
        ("education", 1, 1),
        ("housing", 1, 1),
    ]


def test_a_returned_referral_is_kept_and_a_new_one_takes_its_place(house: CaseworkUnderTest) -> None:
    case, (referral,) = referred(house, "education_aid")
    house.step("record_returned_referral", case, referral_id=referral["id"], reason="学籍不在本地")
    given = house.step("reroute_referral", case, referral_id=referral["id"], **confirmed("housing_aid"))

    states = [(one.referral.state, one.referral.outcome_reason) for one in seen(house, case, CLERK).referrals]
    assert states == [(ReferralState.RETURNED, "学籍不在本地"), (ReferralState.DRAFT, None)]
    assert given["referral"]["number"].endswith("-02")
    assert "referral-state-wrong" in house.breaks("send_referral", case, referral_id=referral["id"], facts=[])


def test_what_rests_on_means_is_opened_after_an_answer_only_where_the_means_were_checked(
    house: CaseworkUnderTest,
) -> None:
    case, (returned, granted) = referred(house, "education_aid", "housing_aid")
    house.step("record_returned_referral", case, referral_id=returned["id"], reason="无在校生")
    house.step("record_referral_result", case, referral_id=granted["id"], outcome="granted", reason=None, result=None)
    allowance = confirmed("housing_aid") | {"need": "subsistence", "programme": "dibao"}
    marked = confirmed("housing_aid") | {"rests_on_means": True}
    after = {"referral_id": granted["id"], "earlier_outcome": "granted"}

    for proposal in (allowance, marked):
        assert house.breaks("reroute_referral", case, referral_id=returned["id"], **proposal) == "means-unchecked"
        assert house.breaks("open_next_referral", case, **after, **proposal) == "means-unchecked"
    checked(house, case)

    assert house.step("reroute_referral", case, referral_id=returned["id"], **allowance)["referral"]["number"]
    assert house.step("open_next_referral", case, **after, **marked)["referral"]["number"]


def test_what_a_clerk_adds_and_rests_on_means_is_opened_only_where_the_means_were_checked(
    house: CaseworkUnderTest,
) -> None:
    case = accepted(house)
    by_hand = confirmed("dibao") | {"rule": "manual", "need": "subsistence"}
    suggested = confirmed("housing_aid") | {"rests_on_means": True}

    for added in (by_hand, suggested):
        asked: dict[str, Any] = {"confirmed": [added], "dropped": [], "note": None}
        assert house.breaks("open_referrals", case, **asked) == "means-unchecked"
    checked(house, case)
    given = house.step("open_referrals", case, confirmed=[by_hand, suggested], dropped=[], note=None)

    assert [one["need"] for one in given["referrals"]] == ["subsistence", suggested["need"]]


def checked(house: CaseworkUnderTest, case: Case) -> None:
    made = house.step("compile_check_report", case, trigger="check", supplement=None)
    house.step(
        "conclude_check_report", case, report_id=made["report_id"], findings={"conclusion": "within", "hits": []}
    )


def test_a_result_is_written_of_once(house: CaseworkUnderTest) -> None:
    case, (referral,) = referred(house, "education_aid")
    result = {"outcome": "granted", "amount": 3500, "amount_period": "year", "reason": None}
    house.step("record_referral_result", case, referral_id=referral["id"], **result, result={"pupils": 2})
    first = house.step("issue_result_notice", case, referral_id=referral["id"], **result)

    assert house.step("issue_result_notice", case, referral_id=referral["id"], **result) == first
    view = seen(house, case, CLERK)
    (letter,) = [notice for notice in view.notices if notice.kind == "result"]
    assert "教育救助" in letter.text
    assert "每年3,500 元" in letter.text
    assert view.referrals[0].referral.amount == Decimal(3500)
    assert view.referrals[0].referral.result == {"pupils": 2}


def test_the_notice_about_the_whole_application_is_written_once_too(house: CaseworkUnderTest) -> None:
    case = accepted(house)
    result = {"referral_id": None, "outcome": "not_eligible", "amount": None, "amount_period": None, "reason": "超过"}

    assert house.step("issue_result_notice", case, **result) == house.step("issue_result_notice", case, **result)


def test_a_benefit_starts_in_the_month_after_the_decision_and_is_granted_once(house: CaseworkUnderTest) -> None:
    house.at("2026-09-14 10:00")
    case, (referral,) = referred(house, "dibao")
    house.at("2026-10-15 10:00")
    amounts = {"base": 1640, "add_ons": 324, "amount": 1964}
    given = house.step("grant_benefit", case, referral_id=referral["id"], **amounts)

    assert given["start_month"] == "2026-11"
    assert house.step("grant_benefit", case, referral_id=referral["id"], **amounts) == given
    assert "input-invalid" in house.breaks(
        "grant_benefit", case, referral_id=referral["id"], **(amounts | {"amount": 1})
    )


def test_a_step_complains_about_what_the_diagram_gave_it_without_repeating_it(house: CaseworkUnderTest) -> None:
    case = submitted(house)

    with pytest.raises(InputInvalid) as complaint:
        house.step("decline_application", case, ground="because of 陈建国", reason=None)
    assert "ground" in str(complaint.value)
    assert "陈建国" not in str(complaint.value)


def test_the_lot_of_a_county_visit_is_drawn_by_the_countys_key(house: CaseworkUnderTest) -> None:
    case, numbers = submitted(house), [f"320481-2026-{place:05d}" for place in range(1, 201)]
    with house.under_test.database.connect() as connection:
        ours = SqlSurveys(connection, house.under_test.keys)
        others = SqlSurveys(connection, KeyRing.generate())
        lots = [ours.lot(number) for number in numbers]
        assert all(Decimal(0) <= lot < 1 for lot in lots)
        assert 30 <= sum(lot < Decimal("0.3") for lot in lots) <= 95
        assert lots != [others.lot(number) for number in numbers]
        expected = ours.lot(case.number) < Decimal("0.3")
    drawn = [house.step("draw_county_sample", case) for _ in range(2)]
    assert drawn == [{"sampled": expected, "kin": False}] * 2


def test_parameters_hold_from_their_day(house: CaseworkUnderTest) -> None:
    raised = Parameter(key="dibao_standard", value=1120, effective_from=date(2026, 7, 1), source="测试")
    house.run(SetParameters(parameters=(raised,), region=COUNTY), actor=SYSTEM)

    assert house.standard(date(2026, 6, 30)) == 1080
    assert house.standard(date(2026, 7, 1)) == 1120
    assert [one.value for one in house.questions.parameters() if one.key == "dibao_standard"][-2:] == [1080, 1120]


def test_only_an_administrator_sets_figures_of_policy(house: CaseworkUnderTest) -> None:
    with pytest.raises(NotPermitted):
        house.run(SetParameters(parameters=(), region=COUNTY), actor=CLERK)


def test_a_local_closure_moves_the_limits_set_afterwards(house: CaseworkUnderTest) -> None:
    storm = CalendarDay(day=date(2026, 6, 16), is_workday=False, name="台风停工")
    house.run(OverrideCalendarDay(day=storm, region=COUNTY), actor=SYSTEM)
    case, _ = referred(house, "education_aid")

    (education,) = seen(house, case, CLERK).referrals
    assert house.local(education.referral.acknowledge_due_at) == "2026-06-18 23:59:59"
    assert [day.name for day in house.questions.calendar_days(2026) if day.day == storm.day] == ["台风停工"]
    assert house.questions.calendar_days(2027) == []


def test_expressions_see_the_case_as_it_is_now(house: CaseworkUnderTest) -> None:
    case = submitted(house)
    queries = house.under_test.queries
    (task,) = queries.user_tasks(UserTaskFilter(actor=CLERK, tab=TaskTab.UNIT)).tasks
    assert queries.user_task(task.id, CLERK).variables == {
        "seen": {"size": 3, "accepted_on": None, "age": 40, "standard": 1080, "due": "2026-06-17"}
    }

    house.run(ClaimUserTask(user_task_id=task.id), actor=CLERK)
    house.run(CompleteUserTask(user_task_id=task.id, values={}), actor=CLERK)

    (after,) = queries.user_tasks(UserTaskFilter(actor=CLERK, tab=TaskTab.UNIT)).tasks
    assert queries.user_task(after.id, CLERK).variables["accepted_on"] == "2026-06-15"
    assert house.case(case).status == CaseStatus.ACCEPTED


def test_a_case_id_that_is_none_is_refused(house: CaseworkUnderTest) -> None:
    with pytest.raises(CaseNotFound):
        house.questions.case(UUID(int=0), SYSTEM)


def test_figures_of_policy_that_another_process_changed_are_seen_by_the_next_step(house: CaseworkUnderTest) -> None:
    day = date(2026, 9, 14)
    before = house.run(ReadStandard(day=day), actor=SYSTEM)

    with house.under_test.database.begin() as connection:
        connection.execute(text("UPDATE parameter SET value = '1234' WHERE key = 'dibao_standard'"))

    assert before != 1234
    assert house.run(ReadStandard(day=day), actor=SYSTEM) == 1234
    with house.under_test.database.begin() as connection:
        connection.execute(text("DELETE FROM parameter WHERE key = 'dibao_standard'"))
    with pytest.raises(KeyError):
        house.run(ReadStandard(day=day), actor=SYSTEM)


def test_an_upgraded_county_gets_the_figures_it_has_no_key_of_and_keeps_its_own(house: CaseworkUnderTest) -> None:
    day, opens = date(2026, 9, 14), "school_opens_month_autumn"
    own = Parameter(key="dibao_standard", value=1111, effective_from=date(2026, 7, 1), source="county")
    with house.under_test.database.begin() as connection:
        connection.execute(text("DELETE FROM parameter WHERE key IN ('school_opens_month_autumn', 'dibao_standard')"))
    house.run(SetParameters(parameters=(own,), region=COUNTY_REGION), actor=SYSTEM)

    assert house.run(EnterMissingFigures(), actor=SYSTEM) == (opens,)
    assert house.run(EnterMissingFigures(), actor=SYSTEM) == ()
    assert (house.parameter(opens, day), house.parameter("dibao_standard", day)) == (9, 1111)


def test_a_new_county_without_any_figure_begins_with_its_own(house: CaseworkUnderTest) -> None:
    with house.under_test.database.begin() as connection:
        connection.execute(text("DELETE FROM parameter"))

    assert house.run(EnterMissingFigures(), actor=SYSTEM) == ()
