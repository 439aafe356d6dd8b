# ruff: noqa: F811  the fixture is imported by name
"""Referrals at the units on PostgreSQL: facts shared, clocks that rest, offers counted, bills split, terms, queues."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, select, text, update

from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.errors import EngineError, NotPermitted
from engine.host import Context
from engine.model import SYSTEM, Resource
from engine.queries import TaskTab, UserTaskFilter
from storage.programme_read_models import SqlProgrammeQueries
from storage.tables.casework import referral as referral_table
from storage.tables.documents import issued_document
from storage.tables.engine import process_instance
from storage.tables.programmes import housing_place, term_grant
from tests.applications import CHILD, MOTHER
from tests.contracts.test_casework_scenarios import County, county, many_needs, take_in  # noqa: F401  the fixture
from tests.engines import person
from tests.processes.diagrams import document, end, flows, one_process, process, start
from tests.races import after_the_first
from workflows.casework.benefits.model import Act, Benefit, Terms
from workflows.casework.commands import SetParameters
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import CaseNotAccepted
from workflows.casework.model import Case, CaseStatus, Health
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.casework.procedure.clock_commands import PauseClock, ResumeClock
from workflows.casework.programmes.commands import (
    AskForInformation,
    BeginSchoolTerm,
    CallForSatisfaction,
    CancelReferral,
    LogJobOffer,
    SettleBill,
    SettlePlace,
)
from workflows.casework.programmes.errors import CallWaiting
from workflows.casework.programmes.model import OfferAnswer
from workflows.casework.programmes.total_aid import ReadTotalAid
from workflows.casework.records import Parameter

CLERK = person("kunlun.clerk", "township/clerk", region="320481001")
REVIEWER = person("kunlun.reviewer", "township/reviewer", region="320481001")
TEACHER = person("education.clerk", "education/clerk", region=COUNTY_REGION)
LANDLORD = person("housing.clerk", "housing/clerk", region=COUNTY_REGION)
JOBS = person("employment.clerk", "employment/clerk", region=COUNTY_REGION)
INSURER = person("medical.clerk", "medical/clerk", region=COUNTY_REGION)
PUPILS = [
    {"number": 2, "school_stage": "primary", "grade": 4, "on_roll": "yes"},
    {"number": 3, "school_stage": "junior", "grade": 8, "on_roll": "yes"},
]
TOLD = one_process(
    """<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m_three_refusals"/></bpmn:startEvent>""",
    """<bpmn:userTask id="Task_Told" name="听取"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="civil_affairs/clerk"/>
         <zeebe:ioMapping><zeebe:input target="days" source="=refusal_days"/>
         <zeebe:input target="member" source="=member_number"/></zeebe:ioMapping>
       </bpmn:extensionElements></bpmn:userTask>""",
    end(),
    flows("s>Task_Told>e"),
)


def referred(county: County, *rules: str, **changes: Any) -> Case:
    county.at("2026-06-15 09:00")
    case = county.submit(**many_needs() | changes)
    take_in(county, members=3)
    note = {"referral_note": "其余暂不需要"}
    county.done("Task_ConfirmReferrals", selected_rules=list(rules), added_needs=[], **note)
    return case


def referral(county: County, case: Case, programme: str) -> Any:
    return next(one for one in county.view(case).referrals if one.referral.programme == programme)


def test_each_unit_is_told_what_it_needs_and_the_referral_keeps_it_as_sent(county: County) -> None:
    ill = replace(MOTHER, relation="self", phone="19900005678", labour_capacity="full", employment="jobless")
    ill = replace(ill, health=Health(serious_illness=True, disability_kind="mental", disability_level=2))
    older = many_needs()["members"][2]
    case = referred(county, "R7", "R9", "R10", "R12", members=(ill, CHILD, older))
    told = {one.referral.programme: {fact["fact"]: fact for fact in one.shared} for one in county.view(case).referrals}

    assert set(told["housing_aid"]) == {"contact", "household_status", "household_size", "dwelling"}
    assert "illness" not in str(told["housing_aid"])
    assert "mental" not in str(told["education_aid"])
    assert told["medical_aid"]["patients"]["value"] == [1]
    assert told["housing_aid"]["contact"]["value"]["name"] == ill.name
    assert all(fact["legal_basis"] for facts in told.values() for fact in facts.values())
    seen = county.questions.case(case.number, LANDLORD)
    assert [one.referral.programme for one in seen.referrals] == ["housing_aid"]
    tasks = {name: task.variables for name, task in county.open().items()}
    assert not any("illness" in str(tasks[f"Task_Acknowledge{unit}"]) for unit in ("Housing", "Education"))


def resting(county: County) -> set[str]:
    """Return the open tasks that a work list shows as resting."""
    wanted = UserTaskFilter(actor=SYSTEM, tab=TaskTab.UNIT, paused_at=county.under_test.clock())
    return {task.element_id for task in county.under_test.queries.user_tasks(wanted).tasks}


def test_a_clock_rests_while_the_unit_waits_and_moves_by_the_days_that_passed(county: County) -> None:
    case = referred(county, "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    assert county.due("Task_MatchSchoolRoll") == "2026-06-30 23:59:59"
    number = referral(county, case, "education_aid").referral.number
    with pytest.raises(NotPermitted):
        county.run(AskForInformation(number=number, question="就读学校？"), actor=LANDLORD)

    county.at("2026-06-16 10:00")
    asked = county.run(AskForInformation(number=number, question="就读学校？"), actor=TEACHER)
    assert asked.state == "need_info"
    with pytest.raises(EngineError, match="waiting for information"):
        county.run(AskForInformation(number=number, question="还有？"), actor=TEACHER)
    assert county.open()["Task_MatchSchoolRoll"].due_at is None  # nothing of it can be late
    assert {"Task_MatchSchoolRoll", "Task_ProvideInformation"} <= set(county.open())
    assert resting(county) == {"Task_MatchSchoolRoll"}  # the window owes its answer all the same
    county.at("2026-07-01 09:00")
    assert not referral(county, case, "education_aid").overdue

    county.at("2026-06-22 10:00")  # 17th, 18th and 22nd: Friday 19th is a holiday
    county.done("Task_ProvideInformation", information="实验小学")
    found = referral(county, case, "education_aid")
    assert found.referral.state == "in_work"
    assert county.local(found.referral.result_due_at) == "2026-07-03 23:59:59"
    assert county.due("Task_MatchSchoolRoll") == "2026-07-03 23:59:59"
    (pause,) = found.pauses
    assert (pause.question, pause.information, pause.asked_by) == ("就读学校？", "实验小学", TEACHER.id)

    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    assert county.due("Task_ConfirmEducation") == "2026-07-03 23:59:59"
    county.done("Task_ConfirmEducation", decision="agree")
    assert county.view(case).summary.status == CaseStatus.CLOSED


def confirming(process_id: str, task_id: str) -> Resource:
    """A process with one task of the county, due in five days, that names no referral."""
    task = f"""<bpmn:userTask id="{task_id}" name="确认"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="civil_affairs/reviewer"/>
         <zeebe:taskSchedule dueDate="=now() + duration(&quot;P5D&quot;)"/></bpmn:extensionElements></bpmn:userTask>"""
    drawn = document(process(start("s"), task, end("e"), flows(f"s>{task_id}>e"), process_id=process_id))
    return Resource(name=f"{process_id}.bpmn", kind="process", content=drawn)


def test_a_referrals_question_stops_no_task_of_another_programme_of_its_unit(county: County) -> None:
    calling = """<bpmn:callActivity id="Call_Inner"><bpmn:extensionElements>
        <zeebe:calledElement processId="inner"/></bpmn:extensionElements></bpmn:callActivity>"""
    subsidy = document(process(start("s"), calling, end("e"), flows("s>Call_Inner>e"), process_id="disability_subsidy"))
    resources = (
        Resource(name="disability_subsidy.bpmn", kind="process", content=subsidy),
        confirming("inner", "Task_Inner"),
        confirming("other", "Task_Other"),
    )
    county.run(DeployResources(resources=resources), actor=SYSTEM)
    case = referred(county, "R13", needs=("disability",))
    beside = StartProcessInstance(process_id="other", variables={}, region=case.region, business_key=case.number)
    county.run(beside, actor=SYSTEM)
    due = county.open()["Task_Other"].due_at
    assert county.open()["Task_Inner"].due_at == due
    number = referral(county, case, "disability_subsidy").referral.number
    asked = AskForInformation(number=number, question="残疾证？")
    county.run(asked, actor=person("bureau.clerk", "civil_affairs/clerk", region=COUNTY_REGION))

    assert (county.open()["Task_Inner"].due_at, county.open()["Task_Other"].due_at) == (None, due)


@pytest.mark.parametrize(
    ("answered_on", "resumed_on", "due"),
    [
        # asked on the 16th; 17, 18, 22, 23, 24 are five working days, and the two of the case stand among them
        pytest.param("06-24", "06-22", "2026-07-07", id="the case stood still within the question"),
        # 17, 18, 22 for the question, 18, 22, 23, 24 for the case: five days in all
        pytest.param("06-22", "06-24", "2026-07-07", id="the case stood still beyond the answer"),
        pytest.param("06-22", "06-22", "2026-07-03", id="both ended on one day"),
    ],
)
def test_days_on_which_the_case_and_the_referral_both_stood_still_count_once(
    county: County, answered_on: str, resumed_on: str, due: str
) -> None:
    case = referred(county, "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    number = referral(county, case, "education_aid").referral.number
    county.at("2026-06-16 10:00")
    county.run(AskForInformation(number=number, question="就读学校？"), actor=TEACHER)
    county.at("2026-06-17 10:00")
    county.run(PauseClock(case_id=case.id, reason="等待法院文书"), actor=REVIEWER)
    for day, answers in sorted([(answered_on, True), (resumed_on, False)]):
        county.at(f"2026-{day} 10:00")
        if answers:
            county.done("Task_ProvideInformation", information="实验小学")
        else:
            county.run(ResumeClock(case_id=case.id), actor=REVIEWER)

    assert county.local(referral(county, case, "education_aid").referral.result_due_at)[:10] == due
    assert county.due("Task_MatchSchoolRoll")[:10] == due


def test_a_question_asked_while_a_leader_holds_the_clock_leaves_it_with_the_leader(county: County) -> None:
    case = referred(county, "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    number = referral(county, case, "education_aid").referral.number
    county.at("2026-06-16 10:00")
    county.run(PauseClock(case_id=case.id, reason="学校放假", referral_number=number), actor=REVIEWER)
    county.run(AskForInformation(number=number, question="就读学校？"), actor=TEACHER)
    county.at("2026-06-18 10:00")
    county.done("Task_ProvideInformation", information="实验小学")
    assert county.open()["Task_MatchSchoolRoll"].due_at is None
    county.at("2026-06-22 10:00")
    county.run(ResumeClock(case_id=case.id, referral_number=number), actor=REVIEWER)

    assert county.due("Task_MatchSchoolRoll")[:10] == "2026-07-03"
    assert county.local(referral(county, case, "education_aid").referral.result_due_at)[:10] == "2026-07-03"


def test_a_referral_whose_need_is_gone_is_cancelled_with_one_answer_to_the_household(county: County) -> None:
    case = referred(county, "R10")
    number = referral(county, case, "housing_aid").referral.number
    county.run(CancelReferral(number=number, reason="已租到单位宿舍"), actor=CLERK)
    county.work()

    found = referral(county, case, "housing_aid").referral
    assert (found.state, found.outcome, found.outcome_reason) == ("cancelled", "cancelled", "已租到单位宿舍")
    assert county.open() == {}
    assert county.view(case).summary.status == CaseStatus.CLOSED
    with pytest.raises(EngineError, match="referral"):
        county.run(CancelReferral(number=number, reason="再撤"), actor=CLERK)


def test_a_returned_referral_goes_to_a_partner_with_other_facts_and_a_clock_of_its_own(county: County) -> None:
    case = referred(county, "R10")
    county.done("Task_AcknowledgeHousing", acknowledgement="returned", return_reason="属于劳动报酬纠纷")
    county.done("Task_Reroute", reroute_to="legal", reroute_reason="转法律援助")
    found = referral(county, case, "legal_aid")
    assert {fact["fact"] for fact in found.shared} == {"contact", "household_status"}
    assert (found.referral.legal_basis, found.referral.result_due_at) == ("法律援助法第三十一条", None)
    county.done("Task_AcknowledgePartner", acknowledgement="accepted")
    county.done("Task_ExaminePartner", visited_on="2026-06-16", dispute="wages", findings="欠薪三个月")
    county.done("Task_AnswerPartner", answer="granted", aid_kind="service", project="指派律师", next_need="none")
    assert (county.view(case).summary.status, county.view(case).outcome) == (CaseStatus.CLOSED, "granted")
    assert referral(county, case, "legal_aid").referral.result["project"] == "指派律师"


def offer(case: Case, day: str, answer: str = "refused", ground: str = "none") -> LogJobOffer:
    return LogJobOffer(
        case_id=case.id,
        member_number=1,
        offered_on=date.fromisoformat(f"2026-{day}"),
        title="保洁员",
        monthly_wage=Decimal(2400),
        distance_km=Decimal("2.5"),
        answer=OfferAnswer(answer),
        ground=ground,
        reason=None if answer == "accepted" else "不愿去",
    )


def test_the_third_unjustified_refusal_in_a_row_is_told_to_civil_affairs_with_its_days(county: County) -> None:
    county.run(DeployResources(resources=(Resource(name="told.bpmn", kind="process", content=TOLD),)), actor=SYSTEM)
    case = referred(county, "R9")
    for day, ground in (("07-06", "none"), ("07-20", "none"), ("07-27", "doctor_note")):
        county.run(offer(case, day, ground=ground), actor=JOBS)
    assert "Task_Told" not in county.open()

    county.run(offer(case, "08-03"), actor=JOBS)
    county.work()
    told = county.open()["Task_Told"].variables
    assert (told["member"], told["days"]) == (1, ["2026-07-06", "2026-07-20", "2026-08-03"])
    with pytest.raises(NotPermitted):
        county.run(offer(case, "08-04"), actor=LANDLORD)


def test_two_refusals_and_one_job_taken_start_the_count_anew(county: County) -> None:
    case = referred(county, "R9")
    for day in ("07-06", "07-20"):
        county.run(offer(case, day), actor=JOBS)
    county.run(offer(case, "07-24", answer="accepted"), actor=JOBS)
    county.run(offer(case, "08-03"), actor=JOBS)

    log = reading(county).offer_log(case.id)
    assert [(one.member_number, list(one.days)) for one in log.refusals_in_row] == [(1, [date(2026, 8, 3)])]
    assert [one.reason for one in log.offers] == ["不愿去", "不愿去", None, "不愿去"]


def test_of_two_offers_at_once_the_second_counts_the_first(county: County) -> None:
    case = referred(county, "R9")

    def held(connection: Connection) -> None:
        lock = select(process_instance.c.id).where(process_instance.c.business_key == case.number)
        connection.execute(lock.with_for_update())

    after_the_first(county.under_test.database, held, lambda: county.run(offer(case, "07-06"), actor=JOBS))
    assert len(reading(county).offer_log(case.id).offers) == 1


def bill(case: Case, number: str = "H-1", **changes: Any) -> SettleBill:
    plain: dict[str, Any] = {
        "number": number,
        "identity_number": case.members[0].person.identity_number,
        "hospital": "溧阳市人民医院",
        "discharged_on": date(2026, 6, 17),
        "channel": "online",
        "total": Decimal(40000),
        "in_scope": Decimal(36000),
    }
    return SettleBill(**plain | changes)


def medically_known(county: County) -> Case:
    case = referred(county, "R7")
    county.done("Task_AcknowledgeMedical", acknowledgement="accepted")
    county.done("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-06-16")
    return case


def test_a_status_confirmed_the_day_before_discharge_hits_and_the_bill_adds_up_to_the_fen(county: County) -> None:
    case = medically_known(county)
    number = case.members[0].person.identity_number
    assert reading(county).medical_status(number, date(2026, 6, 17)).status == "dibao"
    assert reading(county).medical_status(number, date(2026, 6, 15)).status is None

    settled = county.run(bill(case), actor=INSURER)
    parts = (settled.insurance, settled.critical_illness, settled.aid, settled.patient)
    assert parts == (Decimal(25200), Decimal(2145), Decimal("6491.25"), Decimal("6163.75"))
    assert sum(parts) == Decimal("40000.00")
    assert county.run(bill(case), actor=INSURER) == settled  # asked again: the bill on file
    with pytest.raises(EngineError, match="other content"):
        county.run(bill(case, total=Decimal(40001)), actor=INSURER)
    others: tuple[dict[str, Any], ...] = (
        {"hospital": "溧阳市中医院"},
        {"identity_number": case.members[1].person.identity_number},
    )
    for other in others:  # the number of one hospital is no other's, and no other patient's
        with pytest.raises(EngineError, match="other content"):
            county.run(bill(case, **other), actor=INSURER)

    second = county.run(bill(case, "H-2", total=Decimal(10000), in_scope=Decimal(10000)), actor=INSURER)
    assert (second.critical_illness, second.aid) == (Decimal(1950), Decimal("787.50"))
    (claim,) = reading(county).claims(date(2026, 6, 1))
    assert (claim.bills, claim.total) == (2, Decimal(50000))
    assert claim.insurance + claim.critical_illness + claim.aid + claim.patient == claim.total


def test_a_status_counts_until_its_recognition_ends_and_a_bill_after_it_gets_no_aid(county: County) -> None:
    case = medically_known(county)
    number = case.members[0].person.identity_number
    county.step("recognise_status", case, status="dibao", valid_from="2026-06-16", months=1)
    days = (date(2026, 7, 15), date(2026, 7, 16))
    assert [reading(county).medical_status(number, day).status for day in days] == ["dibao", None]
    settled = [county.run(bill(case, f"H-{day.day}", discharged_on=day), actor=INSURER).aid > 0 for day in days]
    assert settled == [True, False]


def test_a_stopped_allowance_ends_the_status_at_the_hospital_and_units_look_again(county: County) -> None:
    case = referred(county, "R7", "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    county.done("Task_ConfirmEducation", decision="agree")
    county.done("Task_AcknowledgeMedical", acknowledgement="accepted")
    county.done("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-06-16")
    proposal = {"rule": "R1", "need": "subsistence", "programme": "dibao", "unit_kind": "civil_affairs"}
    proposal |= {"process_id": "subsistence_allowance"}
    [opened] = county.step("open_referrals", case, confirmed=[proposal], dropped=[], note=None)["referrals"]
    sums: dict[str, Any] = {"base": 1640, "add_ons": 324, "amount": 1964}
    given = county.step("grant_benefit", case, referral_id=opened["id"], **sums)
    county.step("start_recheck_plan", case, benefit_id=given["benefit_id"])
    number = case.members[0].person.identity_number

    county.at("2026-08-10 09:00")
    stopping: dict[str, Any] = {"base": None, "add_ons": None, "persons": None, "decision_id": None}
    stopping |= {"from_month": "2026-09", "reason": "迁出本市", "benefit_id": given["benefit_id"]}
    county.step("change_benefit", case, action="end", **stopping)
    assert running(county, "periodic_recheck") == 0
    asked = reading(county)
    statuses = [asked.medical_status(number, date(2026, *day)).status for day in ((6, 15), (8, 31), (9, 1))]
    assert statuses == [None, "dibao", None]

    county.at("2026-09-01 07:00")
    county.work()
    told = county.ledger()["statuses"][-1]
    assert told == {"status": "none", "wanted_from": "2026-09-01", "persons": 3}
    assert county.open()["Task_ReviewDependentAid"].candidate_groups == ("education/clerk",)
    county.done("Task_ReviewDependentAid", aid_review="ends", aid_note="秋季起停止", statement="孩子还在上学")
    assert county.open()["Task_DecideAidEnd"].candidate_groups == ("education/reviewer",)
    county.done("Task_DecideAidEnd", aid_decision="agree")
    county.work()
    assert running(county, "status_ended") == 0
    education = referral(county, case, "education_aid").referral
    assert (education.outcome, education.aid_until) == ("granted", date(2026, 8, 31))
    with county.under_test.database.connect() as connection:
        states = connection.execute(select(term_grant.c.state).distinct()).scalars().all()
    assert states == ["ended"]
    (decision,) = county.view(case).decisions
    assert (decision.kind, decision.programme) == ("stop", "education_aid")
    (letter,) = [one for one in county.view(case).notices if one.kind == "decision"]
    assert "秋季起停止" in letter.text
    assert "孩子还在上学" in letter.text
    with county.under_test.database.connect() as connection:
        kinds = connection.execute(select(issued_document.c.kind).distinct()).scalars().all()
    assert ("decision" in kinds, "change_notice" in kinds) == (True, False)  # no running benefit was changed
    assert asked.medical_status(number, date(2026, 9, 1)).status is None


@pytest.mark.parametrize(("autumn_opens", "autumn"), [(9, "due"), (11, "ended")])
def test_aid_that_ends_keeps_the_terms_begun_before_and_ends_once(
    county: County, autumn_opens: int, autumn: str
) -> None:
    opens = Parameter(
        key="school_opens_month_autumn", value=autumn_opens, effective_from=date(2026, 1, 1), source="test"
    )
    county.run(SetParameters(parameters=(opens,), region=COUNTY_REGION), actor=SYSTEM)
    case = referred(county, "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    county.done("Task_ConfirmEducation", decision="agree")
    number = str(referral(county, case, "education_aid").referral.id)

    def ended(day: str) -> object:
        return county.step("end_dependent_aid", case, referral_id=number, ended_from=day)

    assert ended("2026-11-01") == {"aid_until": "2026-10-31", "stopped_before": False}
    assert ended("2026-12-01") == {"aid_until": "2026-10-31", "stopped_before": True}
    states = {
        term: {one.grant.state for one in reading(county).term(term, SYSTEM)} for term in ("2026-autumn", "2027-spring")
    }
    assert states == {"2026-autumn": {autumn}, "2027-spring": {"ended"}}


def test_only_units_whose_aid_goes_on_look_again_when_a_status_ends(county: County) -> None:
    case = referred(county, "R9", "R10")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    county.done("Task_ConfirmEducation", decision="agree")
    in_queue(county)
    county.step("recognise_status", case, status="dibao", valid_from="2026-06-16", months=1)

    def asked() -> set[str]:
        told = county.step("read_status_end", case, status="dibao", ended_from="2026-07-16")
        return {one["deciders"] for one in told["units"]}

    assert asked() == {"education/reviewer", "housing/reviewer"}
    with county.under_test.database.begin() as connection:
        connection.execute(update(referral_table).values(amount_period="once"))
        connection.execute(update(term_grant).values(state="paid"))
    assert asked() == {"housing/reviewer"}
    with county.under_test.database.begin() as connection:
        connection.execute(update(housing_place).values(state="left"))
    assert asked() == set()


def running(county: County, process_id: str) -> int:
    """Return how many instances of a process have not ended."""
    table = process_instance.c
    with county.under_test.database.connect() as connection:
        statement = select(table.id).where(table.process_id == process_id, table.ended_at.is_(None))
        return len(connection.execute(statement).all())


def test_a_patient_without_status_gets_no_aid_and_a_paper_claim_waits_for_two_people(county: County) -> None:
    case = medically_known(county)
    stranger = bill(case, "H-3", identity_number="11010519491231002X")
    assert county.run(stranger, actor=INSURER).aid == 0
    assert county.run(bill(case, "P-1", channel="paper"), actor=INSURER) is None
    county.done("Task_ReviewClaim", claim_opinion="agree")
    county.done("Task_ConfirmClaim", claim_decision="agree")
    (claimed,) = reading(county).bills(case.id)
    assert (claimed.channel, claimed.aid) == ("paper", Decimal("6491.25"))
    with pytest.raises(EngineError, match="in scope"):
        county.run(bill(case, "P-2", in_scope=Decimal(40001)), actor=INSURER)


def test_grants_are_paid_by_term_and_who_left_the_school_is_unmatched(county: County) -> None:
    case = referred(county, "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    county.done("Task_ConfirmEducation", decision="agree")
    terms = {term: reading(county).term(term, SYSTEM) for term in ("2026-autumn", "2027-spring")}
    assert {term: [one.grant.amount for one in rows] for term, rows in terms.items()} == {
        "2026-autumn": [Decimal(750), Decimal(1000)],
        "2027-spring": [Decimal(750), Decimal(1000)],
    }

    county.at("2026-09-10 09:00")
    county.run(BeginSchoolTerm(term="2026-autumn"), actor=TEACHER)
    rows = county.open()["Task_MatchTermList"].variables["pupils"]
    assert {row["case_number"] for row in rows} == {case.number}
    county.done("Task_MatchTermList", pupils=[rows[0], {**rows[1], "on_roll": "no"}])
    county.done("Task_ConfirmTerm", decision="agree")
    assert {one.grant.state for one in reading(county).term("2026-autumn", SYSTEM)} == {"due"}  # finance did not sign
    county.done("Task_CosignTerm", cosign_decision="cosign", budget_line="2050202")
    states = [(one.grant.state, one.grant.paid_on) for one in reading(county).term("2026-autumn", SYSTEM)]
    assert states == [("paid", date(2026, 9, 10)), ("unmatched", None)]


def test_a_second_list_of_the_same_term_pays_nobody_again(county: County) -> None:
    case = referred(county, "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    county.done("Task_ConfirmEducation", decision="agree")
    rows = [{"grant_id": str(one.grant.id), "on_roll": "yes"} for one in reading(county).term("2026-autumn", SYSTEM)]

    def paid_by_the_first(connection: Connection) -> None:
        connection.execute(update(term_grant).values(state="paid", paid_on=date(2026, 9, 1)))

    counted = after_the_first(
        county.under_test.database,
        paid_by_the_first,
        lambda: county.step("pay_term_grants", case, term="2026-autumn", pupils=rows),
    )
    assert counted == {"paid": 0, "unmatched": 0}
    assert {one.grant.paid_on for one in reading(county).term("2026-autumn", SYSTEM)} == {date(2026, 9, 1)}


def test_the_queue_for_public_rental_goes_by_priority_and_then_by_number(county: County) -> None:
    edge = referred(county, "R10", recognised_status="edge", submission_key="household-edge")
    in_queue(county)
    dibao = referred(county, "R10", submission_key="household-dibao")
    in_queue(county)
    queue = reading(county).housing_queue(SYSTEM)
    found = [(one.position, one.case_number, one.place.number, one.place.priority) for one in queue]
    assert found == [(1, dibao.number, 2, 1), (2, edge.number, 1, 2)]
    result = referral(county, edge, "housing_aid").referral
    assert (result.outcome, result.amount, result.result["queue_number"]) == ("granted", None, 1)

    with pytest.raises(EngineError, match="waits before"):
        county.run(SettlePlace(place_id=queue[1].place.id, contract_number="GZF-1"), actor=LANDLORD)
    county.run(SettlePlace(place_id=queue[0].place.id, contract_number="GZF-1"), actor=LANDLORD)
    with pytest.raises(EngineError, match="settled already"):
        county.run(SettlePlace(place_id=queue[0].place.id, contract_number=None), actor=LANDLORD)
    assert [one.position for one in reading(county).housing_queue(SYSTEM)] == [1]


def in_queue(county: County) -> None:
    county.done("Task_AcknowledgeHousing", acknowledgement="accepted")
    rented = {"tenure": "rented", "persons": 3, "own_area": 0, "checked_on": "2026-06-16", "landlord": "房东"}
    county.done("Task_CheckDwelling", **rented, wish="public_rental")
    county.done("Task_ConfirmHousing", decision="agree")


def test_all_aid_of_a_household_shows_sums_gaps_and_doubles(county: County) -> None:
    case = referred(county, "R7", "R9")
    county.done("Task_AcknowledgeEducation", acknowledgement="accepted")
    county.done("Task_MatchSchoolRoll", pupils=PUPILS)
    county.done("Task_ConfirmEducation", decision="agree")
    county.done("Task_AcknowledgeMedical", acknowledgement="accepted")
    county.done("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-06-16")
    county.run(bill(case), actor=INSURER)
    again = referred(county, "R9", submission_key="household-again")

    aid = county.run(ReadTotalAid(case_id=case.id, with_amounts=True), actor=SYSTEM)
    assert [(one.programme, one.source, one.amount) for one in aid.lines] == [
        ("education_aid", "referral", Decimal(3500)),
        ("education_aid", "referral", None),
        ("medical_aid", "referral", None),
        ("medical_aid", "bill", Decimal("6491.25")),
    ]
    assert aid.yearly_total == Decimal("9991.25")
    findings = {(one.kind, one.programmes) for one in aid.findings}
    assert ("duplicate", ("education_aid",)) in findings
    assert {("gap", ("housing_aid",)), ("gap", ("employment_aid",))} <= findings
    hidden = county.run(ReadTotalAid(case_id=again.id, with_amounts=False), actor=SYSTEM)
    assert {one.amount for one in hidden.lines} == {None}


def test_a_benefit_that_was_cut_or_stopped_counts_as_it_stands(county: County) -> None:
    case = draws(county, "dibao", 1964)
    other = draws(county, "tekun", 1512, submission_key="household-again")
    aid = county.run(ReadTotalAid(case_id=case.id, with_amounts=True), actor=SYSTEM)
    assert [(one.programme, one.amount, one.until) for one in aid.lines] == [
        ("dibao", Decimal(1964), None),
        ("tekun", Decimal(1512), None),
    ]
    assert aid.yearly_total == Decimal(12 * (1964 + 1512))
    assert {("dibao", "tekun"), ("tekun", "dibao")} & {one.programmes for one in aid.findings}

    county.at("2026-09-10 09:00")
    (stopped,) = county.view(other).benefits
    county.run(Alter(benefit_id=stopped.id, by=lambda one, act: one.ended(date(2026, 8, 1), act)), actor=SYSTEM)
    (cut,) = county.view(case).benefits
    terms = Terms(base=Decimal(900), add_ons=Decimal(0), persons=(1, 2, 3))
    county.run(Alter(benefit_id=cut.id, by=lambda one, act: one.changed(date(2026, 9, 1), terms, act)), actor=SYSTEM)

    aid = county.run(ReadTotalAid(case_id=case.id, with_amounts=True), actor=SYSTEM)
    assert [(one.programme, one.amount, one.until) for one in aid.lines] == [
        ("dibao", Decimal(900), None),
        ("tekun", Decimal(0), date(2026, 8, 31)),
    ]
    assert aid.yearly_total == Decimal(12 * 900)
    assert not any("tekun" in one.programmes for one in aid.findings if one.kind in ("exclusive", "duplicate"))
    hidden = county.run(ReadTotalAid(case_id=case.id, with_amounts=False), actor=SYSTEM)
    assert [(one.case_number, one.amount) for one in hidden.lines] == [(case.number, None), (None, None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alter:
    """A command that writes another history of a benefit."""

    benefit_id: UUID
    by: Callable[[Benefit, Act], Benefit]

    def execute(self, context: Context[CaseworkUnitOfWork]) -> None:
        benefits = context.unit_of_work.benefits
        drawn = benefits.lock(self.benefit_id)
        assert drawn is not None
        benefits.save(self.by(drawn, Act(reason="收入增加", at=context.now())))


def draws(county: County, programme: str, base: int, **changes: Any) -> Case:
    """Return a case whose household was granted a benefit, also one that excludes another: two towns at once."""
    case = referred(county, **changes)
    proposal = {"rule": "R1", "need": "subsistence", "programme": programme, "unit_kind": "civil_affairs"}
    proposal |= {"process_id": "subsistence_allowance"}
    [opened] = county.step("open_referrals", case, confirmed=[proposal], dropped=[], note=None)["referrals"]
    sums = {"id": uuid4(), "referral": opened["id"], "base": base, "programme": programme, "case_id": case.id}
    with county.under_test.database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO benefit (id, case_id, referral_id, programme, amount, amount_period, base, add_ons,"
                " start_month, granted_at) VALUES (:id, :case_id, :referral, :programme, :base, 'month', :base, 0,"
                " '2026-07-01', '2026-06-15T02:00:00Z')"
            ),
            sums,
        )
        connection.execute(
            text(
                "UPDATE referral SET state = 'done', outcome = 'granted', amount = :base, amount_period = 'month',"
                " sent_at = '2026-06-15T02:00:00Z', result_at = '2026-06-15T02:00:00Z' WHERE id = :referral"
            ),
            sums,
        )
    return case


def test_a_satisfaction_call_is_asked_for_and_kept_but_nothing_waits_for_it(county: County) -> None:
    case = referred(county)
    assert county.view(case).summary.status == CaseStatus.CLOSED
    county.run(CallForSatisfaction(case_id=case.id), actor=CLERK)
    with pytest.raises(CallWaiting):
        county.run(CallForSatisfaction(case_id=case.id), actor=CLERK)
    county.done("Task_CallHousehold", reached="yes", score="4", remark="窗口很热情")
    (call,) = reading(county).satisfaction(case.id)
    assert (call.reached, call.score, call.remark) == (True, 4, "窗口很热情")


def test_of_two_clicks_at_once_one_asks_for_a_call_and_the_other_is_told_that_it_waits(county: County) -> None:
    case = referred(county)

    def held(connection: Connection) -> None:
        ours = process_instance.c.id == case.process_instance_id
        connection.execute(select(process_instance.c.id).where(ours).with_for_update())

    def click() -> Exception | None:
        try:
            county.run(CallForSatisfaction(case_id=case.id), actor=CLERK)
        except CallWaiting as refused:
            return refused
        return None

    def clicked_twice() -> list[Exception | None]:
        with ThreadPoolExecutor(2) as pool:
            return [done.result() for done in [pool.submit(click), pool.submit(click)]]

    told = after_the_first(county.under_test.database, held, clicked_twice)
    assert sorted(type(one).__name__ for one in told) == ["CallWaiting", "NoneType"]
    assert running(county, "satisfaction_call") == 1


def test_a_household_is_not_asked_how_content_it_is_before_anything_was_done(county: County) -> None:
    county.at("2026-06-15 09:00")
    with pytest.raises(CaseNotAccepted):
        county.run(CallForSatisfaction(case_id=county.submit().id), actor=CLERK)


def reading(county: County) -> SqlProgrammeQueries:
    return SqlProgrammeQueries(county.under_test.database, county.under_test.keys)
