"""What happens to benefits and statuses, told by answers to the shipped forms: each function plays one story."""

from __future__ import annotations

import pytest

from tests.processes import scenarios
from tests.processes.office import Office, at, case_of, member

MEETING = {
    "held_on": "2026-06-16",
    "place": "会议室",
    "present": [{"name": f"委员{number}", "role": "委员"} for number in range(5)],
    "votes_against": 1,
    "abstained": 0,
    "discussion": "情况特殊，予以救助",
}


def edge_family(**facts):
    """A4: four persons, 1,500 a head; the daughter has a physical disability of grade 2."""
    members = [
        member(1, net_monthly_wage=3540, authorised=True),
        member(2, net_monthly_wage=3540, authorised=True),
        member(3, age=24, disability_kind="physical", disability_level=2, authorised=True),
        member(4, age=9, authorised=True),
    ]
    means = {"monthly_income": 7080, "income_per_capita": 1770, "assets": 80000, "has_vehicle": False, "complete": True}
    means["wages"] = []
    return case_of(members, received_on="06-15", accepted_on="2026-06-15", means=means, **facts)


def to_the_county(office, **review):
    office.do("Task_FirstOpinion", opinion="grant")
    noticed(office)
    answers = {"county_opinion": "agree", "county_visit": "no", "county_opinion_reason": "属实"}
    office.do("Task_CountyReview", **answers | review)


def noticed(office):
    office.do("Task_PostNotice", posted_on="2026-06-15", place="村务公开栏")
    office.wait_until(at("06-23"))


def an_edge_family_with_a_member_who_enters_alone():
    office = scenarios.unit("subsistence_allowance", edge_family(), status="edge")
    office.sampled = True
    to_the_county(office, county_visit="yes")
    office.do("Task_CountyConfirm", county_decision="grant")
    assert office.shown("Task_OfferSingleEntry")["offers"] == [
        {"number": 3, "reason": "低保边缘家庭中的一级、二级残疾人", "accepted": None}
    ]
    office.do("Task_OfferSingleEntry", offers=[{"number": 3, "reason": "x", "accepted": "yes"}])
    return office


def a_rigid_spending_family():
    case = case_of([member(1), member(2, age=9)], received_on="06-15", accepted_on="2026-06-15")
    case["household"]["yearly_spending"] = {"medical": 38000, "education": 12000, "rehabilitation": 0}
    case["means"] = scenarios.MEANS | {"monthly_income": 8000}
    office = scenarios.unit("subsistence_allowance", case, status="rigid")
    to_the_county(office)
    office.do("Task_CountyConfirm", county_decision="grant")
    return office


def decided_by_a_meeting():
    office = _put_before_a_meeting()
    office.do("Task_RecordMeeting", votes_for=4, amount=700, **MEETING)
    office.do("Task_ApproveMeeting", approval="agree")
    noticed(office)
    assert office.shown("Task_CountyReview")["allowance"]["amount"] == 700
    office.do("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="属实")
    office.do("Task_CountyConfirm", county_decision="grant")
    return office


def not_carried_by_a_meeting():
    office = _put_before_a_meeting()
    office.do("Task_RecordMeeting", votes_for=2, **MEETING)
    return _refused(office)


def vetoed_by_the_leader():
    office = _put_before_a_meeting()
    office.do("Task_RecordMeeting", votes_for=4, **MEETING)
    office.do("Task_ApproveMeeting", approval="disagree", approval_reason="应走临时救助")
    return _refused(office)


def _put_before_a_meeting():
    case = scenarios.family(accepted_on="2026-06-15", means=scenarios.MEANS | {"monthly_income": 9000})
    office = scenarios.unit("subsistence_allowance", case)
    office.do("Task_FirstOpinion", opinion="collective", opinion_reason="账面收入因骗取贷款虚高")
    return office


def _refused(office):
    office.do("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="属实")
    office.do("Task_CountyConfirm", county_decision="refuse", county_note="集体研究未通过")
    office.do("Task_ServeRefusal", served_on="2026-06-16", served_how="post")
    return office


def single_entry(number):
    office = Office(edge_family(), now=at("06-15"))
    office.start("single_entry", member=number, household_status="edge")
    office.do("Task_ConfirmSingleEntry", single_note="查看了残疾人证")
    return office


def a_person_enters_alone():
    return single_entry(3)


def a_healthy_father_does_not_enter_alone():
    return single_entry(1)


def the_case_of_a_single_person():
    person = member(1, age=24, disability_kind="physical", disability_level=2, authorised=True)
    means = scenarios.MEANS | {"monthly_income": 0, "needs_explanation": False}
    office = Office(case_of([person], received_on="06-15", accepted_on="2026-06-15", means=means), now=at("06-15"))
    office.start("single_person_case", family_case="JZ-0", family_checked=True, report_id="B1")
    assert (office.conclusion, office.passed()["Call_Verification"]) == ("within", 0)
    assert office.shown("Task_FirstOpinion")["allowance"]["amount"] == 1296
    to_the_county(office)
    office.do("Task_CountyConfirm", county_decision="grant")
    return office


def a_single_person_over_the_limit_who_is_told_and_may_object():
    person = member(1, age=24, disability_kind="physical", disability_level=2, authorised=True)
    means = scenarios.MEANS | {"monthly_income": 9000, "needs_explanation": False}
    office = Office(case_of([person], received_on="06-15", accepted_on="2026-06-15", means=means), now=at("06-15"))
    office.start("single_person_case", family_case="JZ-0", family_checked=True, report_id="B1")
    assert (office.conclusion, office.notices) == ("over", 1)
    office.do("Task_FirstOpinion", opinion="refuse", opinion_reason="收入超限")
    return _refused(office)


def a_single_person_of_a_family_whose_check_is_open_again():
    person = member(1, age=24, disability_kind="physical", disability_level=2, authorised=True)
    means = scenarios.MEANS | {"monthly_income": 0}
    office = Office(case_of([person], received_on="06-15", accepted_on="2026-06-15"), now=at("06-15"), means=means)
    office.start("single_person_case", family_case="JZ-0", family_checked=False, report_id="B1")
    assert office.called("open_referrals") == []
    office.finish("Service_AskAgency", answer={"status": "no_hit"})
    office.do("Task_ReviewReport", review="usable")
    to_the_county(office)
    office.do("Task_CountyConfirm", county_decision="grant")
    return office


def running(trigger="report", *, benefit=None, members=None, means=None, **variables):
    """A benefit of 1,964 a month that something happens to; the household is that of A1."""
    case = scenarios.family(accepted_on="2026-09-14", means=means or dict(scenarios.MEANS))
    if members is not None:
        case["members"], case["household"]["size"] = members, len(members)
    for each in case["members"]:
        each["authorised"] = True
    office = Office(case, now=at("09-14"), means=dict(scenarios.MEANS))
    office.benefit = office.benefit | (benefit or {})
    office.start("benefit_change", benefit_id="B", trigger=trigger, **variables)
    return office


def rows(office, **changes):
    names = ("number", "net_monthly_wage", "other_monthly_income", "basic_pension", "employment", "presence")
    told = [{name: each[name] for name in names} for each in office.case["members"]]
    told[0].update(changes)
    return told


def verified(office, **changes):
    answers = {"founded": "yes", "assets": 9000, "has_vehicle": "no", "verify_note": "查看工资流水"}
    office.do("Task_VerifyChange", members=rows(office, **changes), **answers)


def work_lost():
    """A11: the father loses his job; nobody needs to be heard before a rise."""
    office = running()
    verified(office, net_monthly_wage=0, employment="jobless")
    assert office.shown("Task_DecideChange")["new"]["amount"] == 3564
    office.do("Task_DecideChange", change_decision="agree")
    return office


def work_found(wage=3200):
    """A12: two persons, one finds work."""
    office = running(members=[member(1), member(2, age=38)], benefit={"base": 2160, "add_ons": 0, "amount": 2160})
    verified(office, net_monthly_wage=wage, employment="employed")
    return office


def phased_out():
    office = work_found()
    office.do("Task_DecideChange", change_decision="agree")
    return office


def stopped_after_a_hearing():
    office = work_found(4000)
    office.do("Task_HoldHearing", heard="waived")
    office.do("Task_DecideChange", change_decision="agree")
    return office


def heard_and_dropped():
    office = work_found(4000)
    assert office.due("Task_HoldHearing") == "09-20"
    office.do("Task_HoldHearing", heard="stated", statement="工作是临时的，只做一个月")
    assert office.shown("Task_DecideChange")["statement"] == "工作是临时的，只做一个月"
    office.do("Task_DecideChange", change_decision="drop", change_note="收入不稳定，下月再核")
    return office


def ended_while_it_was_verified():
    office = running()
    office.benefit_state = "ended"
    verified(office, net_monthly_wage=0, employment="jobless")
    return office


def reported_for_nothing():
    office = running()
    office.do("Task_VerifyChange", founded="no", verify_note="没有变化")
    return office


def rechecked_without_a_change():
    return running("recheck", means=dict(scenarios.MEANS))


def three_refusals():
    """A11: the father's share of 3,240 stops, the add-ons of mother and child stay."""
    office = running("refusals", benefit={"base": 3240, "amount": 3564}, member=1, refusals=3)
    assert office.shown("Task_HoldHearing")["new"]["amount"] == 2484
    office.do("Task_HoldHearing", heard="silent")
    office.do("Task_DecideChange", change_decision="agree")
    return office


def refused_work_without_a_benefit_left():
    office = Office(scenarios.family(accepted_on="2026-09-14"), now=at("09-18"))
    office.benefit_state = "ended"
    return office.start("benefit_change", benefit_id="B", trigger="refusals", member=1, refusals=3)


def refused_work_while_suspended():
    office = Office(scenarios.family(accepted_on="2026-09-14"), now=at("09-18"))
    office.benefit_state = "suspended"
    office.start("benefit_change", benefit_id="B", trigger="refusals", member=1, refusals=3)
    office.do("Task_HoldHearing", heard="silent")
    office.do("Task_DecideChange", change_decision="agree")
    return office


def ended_before_the_change_was_decided():
    office = running("refusals", benefit={"base": 3240, "amount": 3564}, member=1, refusals=3)
    office.do("Task_HoldHearing", heard="silent")
    office.benefit_state = "ended"
    office.do("Task_DecideChange", change_decision="agree")
    return office


def work_lost_while_suspended():
    office = running()
    office.benefit_state = "suspended"
    verified(office, net_monthly_wage=0, employment="jobless")
    office.do("Task_DecideChange", change_decision="agree")
    return office


def phased_out_while_suspended():
    office = work_found()
    office.benefit_state = "suspended"
    office.do("Task_DecideChange", change_decision="agree")
    return office


def resumed_before_the_change_was_decided():
    office = running()
    office.benefit_state = "suspended"
    verified(office, net_monthly_wage=0, employment="jobless")
    office.benefit_state = "in_payment"
    office.do("Task_DecideChange", change_decision="agree")
    return office


def suspension(decision="agree", *, benefit_state="in_payment"):
    office = Office(scenarios.family(accepted_on="2026-09-14"), now=at("09-14"))
    office.start("benefit_suspension", benefit_id="B", suspension_reason="两次联系不上")
    office.benefit_state = benefit_state
    office.do("Task_DecideSuspension", suspension_decision=decision, suspension_note="书面催告未果")
    office.benefit_state = "suspended"
    return office


def suspension_of_what_ended():
    return suspension(benefit_state="ended")


def refusals_told(benefit_state="in_payment"):
    office = Office(scenarios.family(accepted_on="2026-04-13"), now=at("08-03"))
    office.benefit_state = benefit_state
    told = {"member_number": 1, "refusal_days": ["2026-07-06", "2026-07-20", "2026-08-03"]}
    return office.start_by("Event_RefusalsTold", "refused_work", **told)


def refusals_of_somebody_without_allowance():
    return refusals_told("ended")


def not_suspended():
    return suspension("decline")


def suspended_and_resumed():
    office = suspension()
    assert office.due("Task_ReviewSuspension") == "12-14"
    office.do("Task_ReviewSuspension", resumption="resume", resumption_reason="已联系上")
    office.do("Task_ConfirmResumption", resumption_decision="resume", resumption_note="配合复核")
    return office


def suspended_and_stopped_otherwise():
    office = suspension()
    office.benefit_state = "ended"
    office.do("Task_ReviewSuspension", resumption="resume", resumption_reason="已联系上")
    office.do("Task_ConfirmResumption", resumption_decision="resume", resumption_note="配合复核")
    return office


def suspended_and_ended():
    office = suspension()
    office.do("Task_ReviewSuspension", resumption="stop", resumption_reason="已迁走")
    office.do("Task_ConfirmResumption", resumption_decision="stop", resumption_note="已迁走")
    return _ended(office, "agree")


def ended(founded="yes", decision="agree", *, benefit_state="in_payment"):
    office = Office(scenarios.family(accepted_on="2026-09-14"), now=at("09-14"))
    office.start("benefit_end", benefit_id="B", ground="death", end_reason="火化记录")
    office.benefit_state = benefit_state
    if founded == "no":
        office.do("Task_VerifyEnd", end_founded="no", end_note="同名不同人")
        return office
    return _ended(office, decision)


def _ended(office, decision):
    office.do("Task_VerifyEnd", end_founded="yes", happened_on="2026-08-20", end_note="死亡证明")
    note = {"end_decision_note": "证明不符"} if decision == "decline" else {}
    office.do("Task_DecideEnd", end_decision=decision, **note)
    return office


def not_the_same_person():
    return ended("no")


def end_of_what_ended():
    return ended(benefit_state="ended")


def end_declined():
    return ended(decision="decline")


def rechecked_again_and_again():
    office = _rechecking()
    _investigated(office)
    office.benefit_state = "suspended"
    planned = len(office.called("plan_recheck"))
    office.wait_until(at("12-31"))
    assert len(office.called("plan_recheck")) == planned
    office.benefit_state = "ended"
    office.hear("SuspensionOver")
    return office


def suspended_until_its_last_month():
    office = _rechecking(benefit_state="suspended")
    office.wait_until(at("04-30", 23))
    assert len(office.called("check_benefit")) == 1
    office.wait_until(at("05-06", 12))
    assert len(office.called("check_benefit")) == 2
    office.benefit_state = "ended"
    office.wait_until(at("06-01", 12))
    return office


def suspended_while_it_was_rechecked():
    office = _rechecking()
    _investigated(office, benefit_state="suspended")
    assert len(office.called("plan_recheck")) == 2
    office.hear("RecheckNow")
    assert "Task_FirstSurveyor" not in office.open()
    office.benefit_state = "ended"
    office.hear("SuspensionOver")
    return office


def ended_while_it_was_rechecked():
    office = _rechecking()
    _investigated(office, benefit_state="ended")
    assert len(office.called("plan_recheck")) == 1
    return office


def ended_while_a_consent_was_awaited():
    """A member refuses to sign, the benefit ends: nobody is asked or visited for it any more."""
    office = _rechecking(authorised=False)
    assert office.open() == ["Task_FirstSurveyor", "Task_RenewAuthorisations"]
    rows = office.shown("Task_RenewAuthorisations")["authorisations"]
    office.do("Task_RenewAuthorisations", authorisations=rows, consent_refused="yes")
    office.benefit_state = "ended"
    office.hear("BenefitEnded")
    return office


def _rechecking(benefit_state="in_payment", *, authorised=True):
    case = scenarios.family(accepted_on="2026-04-13", means=dict(scenarios.MEANS))
    for each in case["members"]:
        each["authorised"] = authorised
    office = Office(case, now=at("04-13"), means=dict(scenarios.MEANS)).start("periodic_recheck", benefit_id="B")
    office.benefit_state = benefit_state
    office.hear("RecheckNow")
    return office


def _investigated(office, benefit_state="in_payment"):
    office.finish("Service_AskAgency", answer={"status": "no_hit"})
    office.do("Task_ReviewReport", review="usable")
    assert office.due("Task_FirstSurveyor") == "04-20"
    scenarios.survey(office)
    office.benefit_state = benefit_state
    office.do("Task_SecondSurveyor", agrees="yes")


def over_after_the_warning():
    office = _expiring(holds=True)
    assert office.notices == 1
    office.wait_until(at("12-14", 23))
    assert not office.is_done
    office.wait_until(at("12-15", 12))
    return office


def renewed_after_the_warning():
    office = _expiring(holds=True)
    office.renewed = True
    office.wait_until(at("12-15", 12))
    return office


def ended_before_the_warning():
    return _expiring(holds=False)


def insurer_and_units_are_told():
    office = _status_ended(pushes=PUSHES, units=UNITS)
    office.finish("Service_PushStatusEnd", status_from="2026-10-01")
    ends = {"aid_review": "ends", "aid_note": "按月补贴停发"}
    with pytest.raises(AssertionError, match="statement"):
        office.do("Task_ReviewDependentAid", turn=1, **ends)
    office.do("Task_ReviewDependentAid", turn=1, **ends, statement="希望发到学期末")
    office.do("Task_DecideAidEnd", aid_decision="agree")
    office.do("Task_ReviewDependentAid", aid_review="continues", aid_note="本学期资助不以此为条件")
    return office


def a_unit_would_stop_its_aid():
    office = _status_ended(pushes=[], units=UNITS[1:])
    office.do("Task_ReviewDependentAid", aid_review="ends", aid_note="停发", statement="仍在读书")
    return office


def the_decider_lets_the_aid_go_on():
    office = a_unit_would_stop_its_aid()
    office.do("Task_DecideAidEnd", aid_decision="decline", aid_decision_note="不以该身份为条件")
    return office


def the_aid_was_stopped_before():
    office = a_unit_would_stop_its_aid()
    office.stopped_before = True
    office.do("Task_DecideAidEnd", aid_decision="agree")
    return office


def two_units_stop_their_aid():
    office = _status_ended(pushes=[], units=UNITS)
    for note in ("租赁补贴停发", "助学金停发"):
        office.do("Task_ReviewDependentAid", aid_review="ends", aid_note=note, statement=f"对{note}没有意见")
    for _ in UNITS:
        office.do("Task_DecideAidEnd", aid_decision="agree")
    return office


def the_insurer_knows_nobody():
    office = _status_ended(pushes=PUSHES[:1], units=[])
    office.throw("Service_PushStatusEnd", "PERSON_NOT_FOUND")
    office.do("Task_TellInsurer", told_note="已在医保系统更正")
    return office


def the_insurer_knows_nobody_of_one_group():
    office = _status_ended(pushes=PUSHES, units=[])
    office.throw("Service_PushStatusEnd", "PERSON_NOT_FOUND")
    office.finish("Service_PushStatusEnd", status_from="2026-10-01")
    return office


def nobody_gave_anything_for_it():
    return _status_ended(pushes=[], units=[])


def the_status_stands():
    return _status_ended(pushes=[], units=[], holds=False)


def _status_ended(*, pushes, units, holds=True):
    office = Office(scenarios.family(accepted_on="2026-04-13"), now=at("09-15"))
    office.holds, office.pushes, office.units = holds, pushes, units
    office.start("status_ended", status="dibao", ended_from="2026-10-01")
    assert not office.called("read_status_end")
    office.wait_until(at("10-01", 12))
    return office


def _expiring(*, holds):
    office = Office(scenarios.family(accepted_on="2026-04-13"), now=at("06-15"))
    office.holds = holds
    office.start("status_expiry", recognition_id="A", status="rigid", valid_until="2026-12-14")
    office.wait_until(at("11-13", 23))
    assert not office.is_done
    office.wait_until(at("11-14", 12))
    return office


PUSHES = [
    {"status": "edge", "persons": [3], "names": "陈小明"},
    {"status": "none", "persons": [1, 2], "names": "陈建国、李秀英"},
]
UNITS = [
    {
        "referral_id": number,
        "unit_kind": kind,
        "programme": f"{kind}_aid",
        "programme_name": name,
        "deciders": f"{kind}/reviewer",
    }
    for number, kind, name in (("R-1", "housing", "住房救助"), ("R-2", "education", "教育救助"))
]
STORIES = (
    an_edge_family_with_a_member_who_enters_alone,
    a_rigid_spending_family,
    decided_by_a_meeting,
    not_carried_by_a_meeting,
    vetoed_by_the_leader,
    a_person_enters_alone,
    a_healthy_father_does_not_enter_alone,
    the_case_of_a_single_person,
    a_single_person_over_the_limit_who_is_told_and_may_object,
    a_single_person_of_a_family_whose_check_is_open_again,
    work_lost,
    phased_out,
    stopped_after_a_hearing,
    heard_and_dropped,
    ended_while_it_was_verified,
    reported_for_nothing,
    rechecked_without_a_change,
    three_refusals,
    refused_work_without_a_benefit_left,
    refused_work_while_suspended,
    ended_before_the_change_was_decided,
    work_lost_while_suspended,
    phased_out_while_suspended,
    resumed_before_the_change_was_decided,
    refusals_told,
    refusals_of_somebody_without_allowance,
    not_suspended,
    suspended_and_resumed,
    suspension_of_what_ended,
    suspended_and_ended,
    suspended_and_stopped_otherwise,
    ended,
    not_the_same_person,
    end_declined,
    end_of_what_ended,
    rechecked_again_and_again,
    suspended_until_its_last_month,
    suspended_while_it_was_rechecked,
    ended_while_it_was_rechecked,
    ended_while_a_consent_was_awaited,
    over_after_the_warning,
    renewed_after_the_warning,
    ended_before_the_warning,
    insurer_and_units_are_told,
    the_decider_lets_the_aid_go_on,
    the_aid_was_stopped_before,
    two_units_stop_their_aid,
    the_insurer_knows_nobody,
    nobody_gave_anything_for_it,
    the_status_stands,
)
