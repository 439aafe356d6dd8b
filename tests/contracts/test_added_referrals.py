# ruff: noqa: F811  the fixture is imported by name
"""A need found while somebody works on a task, on PostgreSQL: referred, returned, answered before the case closes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from engine.commands.operations import SuspendProcessInstance
from engine.commands.user_tasks import AssignUserTask
from engine.errors import NotAssignee, NotFound, TaskNotOpen
from engine.model import SYSTEM, Actor
from engine.operation_errors import IdempotencyConflict, InstanceSuspended, ReasonMissing
from tests.contracts.test_casework_scenarios import County, county, many_needs, take_in  # noqa: F401  the fixture
from tests.engines import person
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import MeansUnchecked
from workflows.casework.model import Case, CaseStatus
from workflows.casework.payments.starting import StartPriceLink
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.programmes.commands import CallForSatisfaction
from workflows.casework.programmes.errors import NeedWithUnit, ProgrammeNotOffered, ReferringWithoutCase
from workflows.casework.programmes.referring import OfferedProgrammes, ReferNeed
from workflows.casework.records import Referral

CLERK = person("kunlun.clerk", "township/clerk", region="320481001")
TEACHER = person("education.clerk", "education/clerk", region=COUNTY_REGION)
LANDLORD = person("housing.clerk", "housing/clerk", region=COUNTY_REGION)
BUREAU = person("civil-affairs.clerk", "civil_affairs/clerk", region=COUNTY_REGION)
FOUND = "走访时发现租住危房"


def held(county: County, element_id: str, actor: Actor = CLERK) -> Any:
    task = county.open()[element_id]
    county.run(AssignUserTask(user_task_id=task.id, assignee=actor), actor=SYSTEM)
    return task.id


def refer(county: County, task_id: Any, need: str = "housing", *, actor: Actor = CLERK, **changes: Any) -> Referral:
    given = {"reason": FOUND, "submission_key": uuid4().hex} | changes
    found: Referral = county.run(ReferNeed(task_id=task_id, need=need, **given), actor=actor)
    county.work()
    return found


def at_the_window(county: County, **changes: Any) -> Case:
    county.at("2026-06-15 09:00")
    return county.submit(**many_needs() | {"needs": ("education",)} | changes)


def given_up(county: County) -> None:
    county.done("Task_AcknowledgeHousing", acknowledgement="returned", return_reason="属于劳动报酬纠纷")
    county.done("Task_Reroute", reroute_to="cancel", reroute_reason="家庭不再需要")


def test_a_need_found_at_the_window_goes_to_its_unit_at_once_with_clocks_and_the_least_facts(county: County) -> None:
    case = at_the_window(county)
    sent = refer(county, held(county, "Task_CheckCompleteness"))

    assert (sent.need, sent.unit_kind, sent.state, sent.reason) == ("housing", "housing", "sent", FOUND)
    assert (sent.referred_by, sent.referring_unit) == (CLERK.id, "township")
    assert county.local(sent.acknowledge_due_at) == "2026-06-17 23:59:59"
    [view] = county.view(case).referrals
    assert {fact["fact"] for fact in view.shared} == {"contact", "household_status", "household_size", "dwelling"}
    assert {"Task_CheckCompleteness", "Task_AcknowledgeHousing"} <= set(county.open())
    assert county.open()["Task_CheckCompleteness"].assignee == CLERK.id  # the task stays where it is


def test_the_case_is_closed_when_what_was_found_is_answered_too(county: County) -> None:
    case = at_the_window(county)
    refer(county, held(county, "Task_CheckCompleteness"))
    take_in(county, members=3)
    note = {"referral_note": "其余暂不需要"}
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], **note)
    assert county.view(case).summary.status != CaseStatus.CLOSED
    county.done("Task_AcknowledgeHousing", acknowledgement="accepted")
    dwelling = {"tenure": "rented", "persons": 3, "own_area": 0, "checked_on": "2026-06-15", "landlord": "房东"}
    county.done("Task_CheckDwelling", **dwelling)
    county.done("Task_ConfirmHousing", decision="agree")

    view = county.view(case)
    assert (view.summary.status, view.outcome) == (CaseStatus.CLOSED, "granted")
    assert [one.kind for one in view.notices].count("result") == 2  # of the routing that found nothing, and of housing
    assert county.open() == {}


def test_what_a_unit_returns_is_rerouted_by_the_window_and_the_household_gets_one_answer(county: County) -> None:
    case = at_the_window(county)
    refer(county, held(county, "Task_CheckCompleteness"))
    county.done("Task_AcknowledgeHousing", acknowledgement="returned", return_reason="属于劳动报酬纠纷")
    county.done("Task_Reroute", reroute_to="legal", reroute_reason="转法律援助")
    county.done("Task_AcknowledgePartner", acknowledgement="accepted")
    county.done("Task_ExaminePartner", visited_on="2026-06-16", dispute="wages", findings="欠薪三个月")
    county.done("Task_AnswerPartner", answer="granted", aid_kind="service", project="指派律师", next_need="none")

    states = {one.referral.programme: one.referral.state for one in county.view(case).referrals}
    assert states == {"housing_aid": "returned", "legal_aid": "done"}
    assert [one.kind for one in county.view(case).notices].count("result") == 1
    refer(county, held(county, "Task_CheckCompleteness"))  # it is with no unit any more


@pytest.mark.parametrize(
    ("need", "refusal"),
    [("housing", NeedWithUnit), ("subsistence", ProgrammeNotOffered), ("nonsense", ProgrammeNotOffered)],
)
def test_what_is_with_a_unit_or_no_programme_for_the_household_is_refused(
    county: County, need: str, refusal: type[Exception]
) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    refer(county, task)
    with pytest.raises(refusal):
        refer(county, task, need)
    assert len(county.view(case).referrals) == 1


def test_what_rests_on_means_waits_for_the_check(county: County) -> None:
    at_the_window(county, recognised_status="edge")
    task = held(county, "Task_CheckCompleteness")
    offered = [one.need for one in county.run(OfferedProgrammes(task_id=task), actor=CLERK)]
    assert ("housing" in offered, "subsistence" in offered) == (True, False)
    with pytest.raises(MeansUnchecked):
        refer(county, task, "subsistence")


def test_only_who_holds_an_open_task_of_a_case_refers_from_it_and_says_why(county: County) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    with pytest.raises(NotAssignee):
        refer(county, task, actor=person("other.clerk", "township/clerk", region="320481001"))
    with pytest.raises(ReasonMissing):
        refer(county, task, reason="  ")
    with pytest.raises(NotFound):
        refer(county, uuid4())
    county.done("Task_CheckCompleteness", completeness="complete")
    with pytest.raises(TaskNotOpen):
        refer(county, task)
    assert county.view(case).referrals == []


def test_of_the_case_of_ones_kin_nothing_is_referred(county: County) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    kin = Kin(name=case.applicant.person.name, relation="sibling", post=KinPost.STAFF, login=CLERK.id)
    county.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    with pytest.raises(NotAssignee):  # the task was taken from them
        refer(county, task)
    assert county.view(case).referrals == []


def test_one_submission_refers_once_and_another_one_under_its_key_is_refused(county: County) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    first = refer(county, task, submission_key="a:1")
    assert refer(county, task, submission_key="a:1").id == first.id
    with pytest.raises(IdempotencyConflict):
        refer(county, task, "employment", submission_key="a:1")
    assert [one.referral.number for one in county.view(case).referrals] == [first.number]


def test_a_case_that_rests_refers_nothing(county: County) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    instance = county.view(case).summary.process_instance_id
    county.run(SuspendProcessInstance(process_instance_id=instance, reason="核对"), actor=SYSTEM)
    with pytest.raises(InstanceSuspended):
        refer(county, task)


def test_a_unit_refers_on_and_sees_how_it_stands_but_not_what_is_found(county: County) -> None:
    case = at_the_window(county)
    take_in(county, members=3)
    county.done("Task_ConfirmReferrals", selected_rules=["R9"], added_needs=[], referral_note="其余暂不需要")
    task = held(county, "Task_AcknowledgeEducation", TEACHER)
    sent = refer(county, task, actor=TEACHER)
    assert sent.referring_unit == "education"
    seen = {one.referral.programme: one for one in county.questions.case(case.number, TEACHER).referrals}
    assert set(seen) == {"education_aid", "housing_aid"}
    assert (seen["housing_aid"].referral.state, list(seen["housing_aid"].shared)) == ("sent", [])
    assert county.questions.case(case.number, TEACHER).household.own_area is None
    [own] = county.questions.case(case.number, LANDLORD).referrals
    assert own.referral.programme == "housing_aid"


def test_from_a_task_after_the_case_was_closed_the_referral_goes_its_way_alone(county: County) -> None:
    case = at_the_window(county)
    take_in(county, members=3)
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="暂不需要")
    assert county.view(case).summary.status == CaseStatus.CLOSED
    county.run(CallForSatisfaction(case_id=case.id), actor=CLERK)
    refer(county, held(county, "Task_CallHousehold"))
    given_up(county)

    [found] = county.view(case).referrals
    assert (found.referral.state, found.referral.outcome_reason) == ("cancelled", "家庭不再需要")
    assert county.view(case).summary.status == CaseStatus.CLOSED
    assert set(county.open()) == {"Task_CallHousehold"}


def test_a_task_of_no_case_refers_nothing(county: County) -> None:
    county.at("2026-06-15 09:00")
    county.run(StartPriceLink(month=date(2026, 6, 1)), actor=SYSTEM)
    with pytest.raises(ReferringWithoutCase):
        refer(county, held(county, "Task_EnterPriceIndex", BUREAU), actor=BUREAU)
