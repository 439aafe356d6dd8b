# ruff: noqa: F811  the fixture is imported by name
"""A need found while somebody works on a task, on PostgreSQL: referred, returned, answered before the case closes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from engine.commands.operations import SuspendProcessInstance
from engine.commands.process_instances import CancelProcessInstance
from engine.commands.user_tasks import AssignUserTask
from engine.errors import NotAssignee, NotFound, TaskNotOpen
from engine.model import SYSTEM, Actor
from engine.operation_errors import IdempotencyConflict, InstanceSuspended, ReasonMissing
from tests.contracts.test_casework_scenarios import (  # noqa: F401  the fixture
    County,
    county,
    many_needs,
    survey,
    take_in,
)
from tests.engines import person
from workflows.casework.county import COUNTY_REGION
from workflows.casework.errors import CaseNotAccepted, CaseStillOpen
from workflows.casework.model import Case, CaseStatus
from workflows.casework.payments.starting import StartPriceLink
from workflows.casework.privacy import EraseCase
from workflows.casework.procedure.kin_commands import Kin, RegisterKin
from workflows.casework.procedure.model import KinPost
from workflows.casework.programmes import referring
from workflows.casework.programmes.commands import CallForSatisfaction, CancelReferral
from workflows.casework.programmes.errors import (
    CourseClosesWithout,
    NeedAwaitsRouting,
    NeedWithUnit,
    ProgrammeNotOffered,
    ReferralNotOpened,
    ReferringWithoutCase,
    ReferringWithoutUnit,
)
from workflows.casework.programmes.referring import OfferedProgrammes, ReferNeed
from workflows.casework.records import Referral

CLERK = person("kunlun.clerk", "township/clerk", region="320481001")
TEACHER = person("education.clerk", "education/clerk", region=COUNTY_REGION)
SURVEYOR = person("kunlun.surveyor1", "township/surveyor", region="320481001")
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


def at_the_routing(county: County, **changes: Any) -> Case:
    """A recognised household whose papers are complete: the window is about to confirm the referrals."""
    case = at_the_window(county, **changes)
    take_in(county, members=3)
    return case


def at_the_survey(county: County, **changes: Any) -> Case:
    """A household nobody recognised, accepted, with its check and the visit under way."""
    county.at("2026-09-14 09:00")
    case = county.submit(**changes)
    take_in(county, members=3)
    return case


def checked(county: County) -> None:
    survey(county)
    county.done("Task_ReviewReport", review="usable")


def closed(county: County, **changes: Any) -> Case:
    case = at_the_routing(county, **changes)
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="暂不需要")
    assert county.view(case).summary.status == CaseStatus.CLOSED
    return case


def called_up(county: County, case: Case) -> Any:
    """Hold a task of a closed case: the window asks the household how it went."""
    county.run(CallForSatisfaction(case_id=case.id), actor=CLERK)
    return held(county, "Task_CallHousehold")


def given_up(county: County) -> None:
    county.done("Task_AcknowledgeHousing", acknowledgement="returned", return_reason="属于劳动报酬纠纷")
    county.done("Task_Reroute", reroute_to="cancel", reroute_reason="家庭不再需要")


def housed(county: County) -> None:
    county.done("Task_AcknowledgeHousing", acknowledgement="accepted")
    dwelling = {"tenure": "rented", "persons": 3, "own_area": 0, "checked_on": "2026-06-15", "landlord": "房东"}
    county.done("Task_CheckDwelling", **dwelling)
    county.done("Task_ConfirmHousing", decision="agree")


def results(county: County, case: Case) -> list[str]:
    return [one.text for one in county.view(case).notices if one.kind == "result"]


def proposed(county: County) -> set[str]:
    """Return the needs that the window is proposed or may add."""
    shown = county.open()["Task_ConfirmReferrals"].variables
    rules = {"R9": "education", "R10": "housing"}
    named = {rules.get(one["value"], one["value"]) for one in shown["proposal_choices"]}
    return named | {one["value"] for one in shown["catalogue_choices"]}


def test_a_need_found_on_the_way_goes_to_its_unit_at_once_with_clocks_and_the_least_facts(county: County) -> None:
    case = at_the_routing(county)
    sent = refer(county, held(county, "Task_ConfirmReferrals"))

    assert (sent.need, sent.unit_kind, sent.state, sent.reason) == ("housing", "housing", "sent", FOUND)
    assert (sent.referred_by, sent.referring_unit, sent.applied_on) == (CLERK.id, "township", date(2026, 6, 15))
    assert county.local(sent.acknowledge_due_at) == "2026-06-17 23:59:59"
    assert sent.result_due_at is not None
    [view] = county.view(case).referrals
    assert {fact["fact"] for fact in view.shared} == {"contact", "household_status", "household_size", "dwelling"}
    assert {"Task_ConfirmReferrals", "Task_AcknowledgeHousing"} <= set(county.open())
    assert county.open()["Task_ConfirmReferrals"].assignee == CLERK.id  # the task stays where it is


def test_no_household_is_told_that_it_is_not_eligible_while_a_unit_works_for_it(county: County) -> None:
    case = at_the_routing(county)
    refer(county, held(county, "Task_ConfirmReferrals"))
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="其余暂不需要")
    assert (results(county, case), county.view(case).summary.status) == ([], CaseStatus.REFERRED)
    housed(county)

    view = county.view(case)
    assert (view.summary.status, view.outcome) == (CaseStatus.CLOSED, "granted")
    [letter] = results(county, case)
    assert "不符合条件" not in letter
    assert "720" in letter
    assert county.open() == {}


def test_what_another_worker_referred_meanwhile_is_not_handed_over_again(county: County) -> None:
    case = at_the_routing(county)
    [rule] = [one["value"] for one in county.open()["Task_ConfirmReferrals"].variables["proposal_choices"]
              if one["label"].startswith("住房救助")]  # fmt: skip
    sent = refer(county, held(county, "Task_ConfirmReferrals"))
    county.done("Task_ConfirmReferrals", selected_rules=[rule], added_needs=[], referral_note="其余暂不需要")
    assert [one.referral.number for one in county.view(case).referrals] == [sent.number]
    assert results(county, case) == []
    with county.under_test.database.begin() as connection:
        note = connection.execute(text("SELECT routing_note FROM case_file")).scalar_one()
    assert sent.number in note


def test_what_is_with_a_unit_is_not_proposed_and_a_rerouted_need_counts_as_what_it_became(county: County) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    refer(county, task, "shelter")
    county.done(
        "Task_AcknowledgeStranded",
        found_by="public",
        found_at="2026-06-15T09:00:00+08:00",
        sex="female",
        minor="no",
        acknowledgement="returned",
        return_reason="有家可归，属于住房困难",
    )
    county.done("Task_Reroute", reroute_to="housing", reroute_reason="转住房救助")
    first, second = [one.referral for one in county.view(case).referrals]
    assert (second.need, second.replaces, second.referred_by, second.referring_unit, second.applied_on) == (
        "housing", first.id, CLERK.id, "township", date(2026, 6, 15)
    )  # fmt: skip
    take_in(county, members=3)

    choices = proposed(county)
    assert "education" in choices  # asked for, and with nobody
    assert "shelter" in choices  # the unit returned it: nothing of it was granted
    assert "housing" not in choices  # with its unit now
    with pytest.raises(NeedWithUnit):
        refer(county, held(county, "Task_ConfirmReferrals"), "housing")
    housed(county)
    assert len(results(county, case)) == 1  # one answer to the household


def test_what_hangs_on_the_check_waits_for_the_routing_and_goes_by_the_status_that_was_found(county: County) -> None:
    case = at_the_survey(county, needs=("subsistence",))
    task = held(county, "Task_FirstSurveyor", SURVEYOR)
    for need in ("medical", "care", "subsistence"):
        with pytest.raises(NeedAwaitsRouting):
            refer(county, task, need, actor=SURVEYOR)
    checked(county)
    county.done("Task_ConfirmReferrals", selected_rules=["R9"], added_needs=[], referral_note="其余暂不需要")
    refer(county, held(county, "Task_AcknowledgeEducation", TEACHER), "medical", actor=TEACHER)
    told = {one.referral.need: fact["value"] for one in county.view(case).referrals for fact in one.shared
            if fact["fact"] == "household_status"}  # fmt: skip
    assert told["medical"] == told["education"] == "dibao"  # the household came without any


def test_a_need_found_after_the_case_was_closed_has_a_limit_of_its_own(county: County) -> None:
    case = at_the_survey(county, needs=("subsistence",))
    checked(county)
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="暂不需要")
    due = county.view(case).summary.due_on
    county.at("2026-11-16 09:00")
    sent = refer(county, called_up(county, case), "subsistence")
    assert due is not None
    assert due < date(2026, 11, 16)
    assert sent.result_due_at is not None
    days = county.parameter("total_days", date(2026, 11, 16))
    assert sent.result_due_at.date() >= date(2026, 11, 16) + timedelta(days=int(days))


def test_an_application_that_is_declined_stays_so_when_what_was_referred_is_given_up(county: County) -> None:
    case = at_the_window(county)
    refer(county, held(county, "Task_CheckCompleteness"), "shelter")
    county.done("Task_CheckCompleteness", completeness="not_ours", refusal_reason="仅咨询", right_unit="housing")
    [one] = county.view(case).referrals
    county.run(CancelReferral(number=one.referral.number, reason="已自行返乡"), actor=CLERK)
    county.work()
    assert county.view(case).referrals[0].referral.state == "cancelled"
    assert county.view(case).summary.status == CaseStatus.DECLINED
    assert county.open() == {}


def test_before_the_case_is_accepted_only_what_cannot_wait_is_referred(county: County) -> None:
    case = at_the_window(county)
    task = held(county, "Task_CheckCompleteness")
    offered = {one.need for one in county.run(OfferedProgrammes(task_id=task), actor=CLERK)}
    assert offered == {"urgent", "emergency_treatment", "disaster", "shelter", "child"}
    for need in ("housing", "education", "care"):
        with pytest.raises(CaseNotAccepted):
            refer(county, task, need)
    assert county.view(case).referrals == []


@pytest.mark.parametrize(
    ("need", "refusal"),
    [
        ("housing", NeedWithUnit),
        ("education", NeedAwaitsRouting),
        ("subsistence", ProgrammeNotOffered),
        ("care", NeedAwaitsRouting),
        ("nonsense", ProgrammeNotOffered),
    ],
)
def test_what_is_with_a_unit_or_comes_anyway_or_is_nothing_for_the_household_is_refused(
    county: County, need: str, refusal: type[Exception]
) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    refer(county, task)
    with pytest.raises(refusal):
        refer(county, task, need)
    assert need not in {one.need for one in county.run(OfferedProgrammes(task_id=task), actor=CLERK)}
    assert len(county.view(case).referrals) == 1


def test_beside_a_drawing_that_would_close_the_case_meanwhile_nothing_is_referred(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referring, "WAITS_AT", "Event_OfAnotherDrawing")
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    with pytest.raises(CourseClosesWithout):
        refer(county, task)
    assert county.run(OfferedProgrammes(task_id=task), actor=CLERK) == []
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="暂不需要")
    refer(county, called_up(county, case))  # of a case that is closed it goes its way


@pytest.mark.parametrize(
    ("name", "stand_in", "refusal"),
    [("adding_unit", lambda *_: "", ReferringWithoutUnit), ("start_process_of", lambda *_: None, ReferralNotOpened)],
    ids=["unit", "process"],
)
def test_without_a_unit_or_a_referral_a_clear_error_is_raised_and_nothing_kept(
    county: County, monkeypatch: pytest.MonkeyPatch, name: str, stand_in: Any, refusal: type[Exception]
) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    monkeypatch.setattr(referring, name, stand_in)
    with pytest.raises(refusal):
        refer(county, task, submission_key="a:1")
    monkeypatch.undo()
    refer(county, task, submission_key="a:1")
    assert len(county.view(case).referrals) == 1


def test_a_case_is_not_erased_while_a_unit_works_on_what_was_referred_after_its_end(county: County) -> None:
    case = closed(county)
    refer(county, called_up(county, case))
    with pytest.raises(CaseStillOpen):
        county.run(EraseCase(case_id=case.id), actor=SYSTEM)
    given_up(county)
    county.run(EraseCase(case_id=case.id), actor=SYSTEM)


def test_only_who_holds_an_open_task_of_a_case_refers_from_it_and_says_why(county: County) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    with pytest.raises(NotAssignee):
        refer(county, task, actor=person("other.clerk", "township/clerk", region="320481001"))
    with pytest.raises(ReasonMissing):
        refer(county, task, reason="  ")
    with pytest.raises(NotFound):
        refer(county, uuid4())
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="暂不需要")
    with pytest.raises(TaskNotOpen):
        refer(county, task)
    assert county.view(case).referrals == []


def test_of_the_case_of_ones_kin_nothing_is_referred(county: County) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    kin = Kin(name=case.applicant.person.name, relation="sibling", post=KinPost.STAFF, login=CLERK.id)
    county.run(RegisterKin(case_id=case.id, kin=kin), actor=SYSTEM)
    with pytest.raises(NotAssignee):  # the task was taken from them
        refer(county, task)
    assert county.view(case).referrals == []


def test_one_submission_refers_once_and_another_one_under_its_key_is_refused(county: County) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    first = refer(county, task, submission_key="a:1")
    assert refer(county, task, submission_key="a:1").id == first.id
    with pytest.raises(IdempotencyConflict):
        refer(county, task, "employment", submission_key="a:1")
    assert [one.referral.number for one in county.view(case).referrals] == [first.number]


def test_a_case_that_rests_refers_nothing(county: County) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    instance = county.view(case).summary.process_instance_id
    county.run(SuspendProcessInstance(process_instance_id=instance, reason="核对"), actor=SYSTEM)
    with pytest.raises(InstanceSuspended):
        refer(county, task)


def test_a_unit_refers_on_and_sees_how_it_stands_but_not_what_is_found(county: County) -> None:
    case = at_the_routing(county)
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
    housed(county)
    seen = {one.referral.programme: one.referral for one in county.questions.case(case.number, TEACHER).referrals}
    told = seen["housing_aid"]
    assert (told.state, told.outcome, told.amount, told.aid_until) == ("done", None, None, None)


def test_from_a_task_after_the_case_was_closed_the_referral_goes_its_way_alone(county: County) -> None:
    case = closed(county)
    refer(county, called_up(county, case))
    given_up(county)

    [found] = county.view(case).referrals
    assert (found.referral.state, found.referral.outcome_reason) == ("cancelled", "家庭不再需要")
    assert county.view(case).summary.status == CaseStatus.CLOSED
    assert set(county.open()) == {"Task_CallHousehold"}


def test_a_course_an_operator_ends_leaves_no_case_waiting_and_its_referral_says_so(county: County) -> None:
    case = at_the_routing(county)
    task = held(county, "Task_ConfirmReferrals")
    sent = refer(county, task)
    county.done("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="其余暂不需要")
    assert county.view(case).summary.status != CaseStatus.CLOSED  # it waits for the unit
    course = county.open()["Task_AcknowledgeHousing"].process_instance_id

    county.run(CancelProcessInstance(process_instance_id=course, reason="转错单位"), actor=SYSTEM)
    county.work()

    [found] = county.view(case).referrals
    assert (found.referral.id, found.referral.state, found.referral.outcome) == (sent.id, "cancelled", "cancelled")
    assert found.referral.outcome_reason == "转办流程已由管理人员终止"
    assert county.view(case).summary.status == CaseStatus.CLOSED
    assert county.open() == {}


def test_a_task_of_no_case_refers_nothing(county: County) -> None:
    county.at("2026-06-15 09:00")
    county.run(StartPriceLink(month=date(2026, 6, 1)), actor=SYSTEM)
    with pytest.raises(ReferringWithoutCase):
        refer(county, held(county, "Task_EnterPriceIndex", BUREAU), actor=BUREAU)
