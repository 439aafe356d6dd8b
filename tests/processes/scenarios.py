"""What happens in a county, told by answers to the shipped forms: each function plays one story to its end."""

from __future__ import annotations

import pytest

from tests.processes import check_stories
from tests.processes.office import Office, at, case_of, member

MEANS = {
    "monthly_income": 2000,
    "income_per_capita": 667,
    "assets": 9000,
    "has_vehicle": False,
    "complete": True,
    "wages": [],
}


PUPIL = {"number": 2, "school_stage": "primary", "grade": 4, "on_roll": "yes"}


def family(**facts):
    """A1: father at work, mother seriously ill, child at primary school."""
    return case_of(
        [
            member(1, net_monthly_wage=2000),
            member(2, age=38, labour_capacity="none", employment="none", serious_illness=True),
            member(3, age=10, labour_capacity="none", employment="student", school_stage="primary", grade=4),
        ],
        received_on="09-14",
        **facts,
    )


def tenants():
    """A10: recognised as dibao, renting, two pupils, the mother jobless."""
    pupil = {"labour_capacity": "none", "employment": "student"}
    return case_of(
        [
            member(1, employment="jobless"),
            member(2, age=10, school_stage="primary", grade=4, **pupil),
            member(3, age=14, school_stage="junior", grade=8, **pupil),
        ],
        received_on="06-15",
        recognised_status="dibao",
        household={"tenure": "rented", "own_area": 0},
    )


SHARED = {
    "titles": "困难类型",
    "household_size": 3,
    "pupils": [
        {"number": 2, "age": 10, "school_stage": "primary", "grade": 4},
        {"number": 3, "age": 14, "school_stage": "junior", "grade": 8},
    ],
    "dwelling": {
        "tenure": "rented",
        "own_area": 0,
        "settlement": "town",
        "monthly_rent": 800,
        "dangerous_dwelling": False,
    },
    "jobseekers": [{"number": 1, "age": 40, "labour_capacity": "full"}],
}


def unit(process_id, case=None, *, status="dibao", shared=None):
    """Start a unit's process with a referral that was sent on 2026-06-15."""
    case = case or tenants() | {"accepted_on": "2026-06-15"}
    for each in case["members"]:
        each["authorised"] = True
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "education", "programme": "p", "unit_kind": "u"}
    return Office(case, now=at("06-15"), means=MEANS).start(
        process_id,
        referral=referral | {"process_id": process_id},
        household_status=status,
        sent_on=case["accepted_on"],
        shared=shared or SHARED,
    )


def authorise(office, **answers):
    rows = [{"number": each["number"], "authorised": "yes", "signed_by": "self"} for each in office.case["members"]]
    office.do("Task_RecordAuthorisations", withdrawn="no", authorisations=rows, **answers)


def survey(office, **answers):
    seen = {"visited_on": "2026-09-16", "persons_met": "本人", "dwelling": "poor", "findings": "与申报相符"}
    compared = {"income_seen": "as_declared", "assets_seen": "as_declared"}
    office.do("Task_FirstSurveyor", **seen | compared | answers)


def accept(office, task):
    office.do(task, acknowledgement="accepted")


def one_window_to_the_last_answer():
    office = Office(family(), now=at("09-14"), agencies=("tax", "bank"), means=MEANS)
    office.case["documents"].append("illness_proof")
    office.start("relief_case")
    assert office.due("Task_CheckCompleteness") == "09-14"
    assert office.shown("Task_CheckCompleteness")["missing_documents"] == []
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    office.finish("Service_AskAgency", answer={"status": "no_hit"})
    survey(office)
    office.do("Task_SecondSurveyor", agrees="yes")
    office.do("Task_ReviewReport", review="usable")
    assert [each["value"] for each in office.shown("Task_ConfirmReferrals")["proposal_choices"]] == ["R1", "R7", "R9"]
    office.do("Task_ConfirmReferrals", selected_rules=["R1", "R7", "R9"], added_needs=[])
    grant(office)
    accept(office, "Task_AcknowledgeMedical")
    office.finish("Service_PushStatus", status_from="2026-09-15")
    office.do("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-09-15")
    accept(office, "Task_AcknowledgeEducation")
    office.do("Task_MatchSchoolRoll", pupils=[PUPIL | {"number": 3}])
    office.do("Task_ConfirmEducation", decision="agree")
    return office


def grant(office):
    """A1: the notice is posted on Wednesday 09-23, sent up on Thursday 10-08, decided on 10-15."""
    allowance = office.shown("Task_FirstOpinion")["allowance"]
    assert (allowance["base"], allowance["add_ons"], allowance["amount"]) == (1640, 324, 1964)
    office.do("Task_FirstOpinion", opinion="grant")
    office.wait_until(at("09-23"))
    office.do("Task_PostNotice", posted_on="2026-09-23", place="村务公开栏")
    office.wait_until(at("09-30", 23))
    assert "Task_CountyReview" not in office.open()
    office.wait_until(at("10-08"))
    assert office.due("Task_CountyReview") == "10-21"
    office.do("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="符合条件")
    office.wait_until(at("10-15"))
    office.do("Task_CountyConfirm", county_decision="grant")


def four_referrals_at_once():
    office = Office(tenants(), now=at("06-15")).start("relief_case")
    office.case["documents"].append("rent_contract")
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    office.do("Task_ConfirmReferrals", selected_rules=["R7", "R9", "R10", "R12"], added_needs=[])
    acknowledgements = ["Education", "Employment", "Housing", "Medical"]
    assert office.open() == [f"Task_Acknowledge{each}" for each in acknowledgements]
    for each in acknowledgements:
        assert office.due(f"Task_Acknowledge{each}") == "06-17"
        accept(office, f"Task_Acknowledge{each}")
    assert office.due("Task_RegisterJobseeker") == "06-23"
    assert office.due("Task_MatchSchoolRoll") == "06-30"
    office.finish("Service_PushStatus", status_from="2026-06-16")
    assert office.due("Task_ConfirmMedicalStatus") == "06-16"
    office.do("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-06-16")
    office.do("Task_MatchSchoolRoll", pupils=[PUPIL, PUPIL | {"number": 3, "school_stage": "junior", "grade": 8}])
    assert office.shown("Task_ConfirmEducation")["amount_per_term"] == 1750
    office.do("Task_ConfirmEducation", decision="agree")
    dwelling = {"tenure": "rented", "landlord": "某", "persons": 3, "own_area": 0, "checked_on": "2026-06-18"}
    office.do("Task_CheckDwelling", **dwelling)
    office.do("Task_ConfirmHousing", decision="agree")
    office.do("Task_RegisterJobseeker", registered_on="2026-06-18", wishes="附近")
    office.do("Task_RecordOffer", offer="accepted", offer_title="保洁员", monthly_wage=2400)
    return office


def no_aid_applies():
    means = MEANS | {"monthly_income": 9000}
    office = Office(family(), now=at("09-14"), means=means).start("relief_case")
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    office.finish("Service_AskAgency", answer={"status": "no_hit"})
    survey(office)
    office.do("Task_SecondSurveyor", agrees="yes")
    assert office.conclusion == "over"
    office.do("Task_ReviewReport", review="usable")
    offered = [each["value"] for each in office.shown("Task_ConfirmReferrals")["catalogue_choices"]]
    assert ("subsistence" in offered, "charity" in offered) == (False, True)
    office.do("Task_ConfirmReferrals", selected_rules=[], added_needs=[])
    return office


def an_added_and_a_dropped_referral():
    office = Office(tenants(), now=at("06-15")).start("relief_case")
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    office.do("Task_ConfirmReferrals", selected_rules=["R9"], added_needs=[], referral_note="其余的家庭暂不需要")
    office.do("Task_AcknowledgeEducation", acknowledgement="returned", return_reason="在外市就读")
    assert office.shown("Task_Reroute")["reason"] == "在外市就读"
    office.do("Task_Reroute", reroute_to="cancel", reroute_reason="由就读地办理")
    return office


def added_by_the_clerk():
    case = case_of([member(1)], received_on="06-15", recognised_status="edge")
    office = Office(case, now=at("06-15")).start("relief_case")
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    note = {"selected_rules": [], "referral_note": "合同月底到期"}
    with pytest.raises(AssertionError, match="added_needs"):
        office.do("Task_ConfirmReferrals", added_needs=["subsistence"], **note)
    office.do("Task_ConfirmReferrals", added_needs=["employment"], **note)
    return office


def corrected_in_time():
    office = Office(family(), now=at("02-12")).start("one_window_intake")
    office.case["documents"].remove("authorisation")
    missing = ["authorisation:2", "illness_proof"]
    office.do("Task_CheckCompleteness", completeness="incomplete", missing_documents=missing, missing_note="请补")
    assert office.due("Task_ReceiveCorrections") == "03-04"
    office.wait_until(at("02-24"))
    office.do("Task_ReceiveCorrections", corrected="yes")
    assert office.due("Task_RecordAuthorisations") == "02-27"
    rows = [{"number": each, "authorised": "yes" if each < 3 else "no", "signed_by": "self"} for each in (1, 2, 3)]
    office.do("Task_RecordAuthorisations", withdrawn="no", authorisations=rows)
    assert office.shown("Task_RecordAuthorisations")["unauthorised_count"] == 1
    authorise(office, authorisation_note="第三人由监护人签署")
    return office


def correction_overdue():
    office = Office(family(), now=at("09-14")).start("relief_case")
    office.do("Task_CheckCompleteness", completeness="incomplete", missing_documents=["illness_proof"])
    office.wait_until(at("10-09"))
    return office


def not_corrected():
    office = Office(family(), now=at("09-14")).start("one_window_intake")
    office.do("Task_CheckCompleteness", completeness="incomplete", missing_documents=["illness_proof"])
    office.do("Task_ReceiveCorrections", corrected="no", correction_note="没有授权")
    return office


def withdrawn():
    office = Office(family(), now=at("09-14")).start("one_window_intake")
    office.do("Task_CheckCompleteness", completeness="complete")
    office.do("Task_RecordAuthorisations", withdrawn="yes", withdrawal_reason="不愿核对")
    return office


def returned_by_education(**facts):
    case = tenants() | {"accepted_on": "2026-06-15"} | facts
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "education", "programme": "education_aid"}
    office = Office(case, now=at("06-15")).start(
        "referral",
        referral=referral | {"unit_kind": "education", "process_id": "education_aid"},
        household_status="dibao",
    )
    office.do("Task_AcknowledgeEducation", acknowledgement="returned", return_reason="应由住建局办理")
    return office


def rerouted():
    office = returned_by_education()
    office.do("Task_Reroute", reroute_to="housing", reroute_reason="属于住房困难")
    accept(office, "Task_AcknowledgeHousing")
    office.do("Task_CheckDwelling", tenure="owned", persons=3, own_area=40, checked_on="2026-06-18")
    office.do("Task_ConfirmHousing", decision="agree")
    return office


def pupils_not_on_the_roll():
    office = unit("education_aid", status="edge")
    accept(office, "Task_AcknowledgeEducation")
    office.do("Task_MatchSchoolRoll", pupils=[PUPIL])
    office.do("Task_ConfirmEducation", decision="send_back", review_note="学籍在外市")
    assert office.shown("Task_MatchSchoolRoll")["review_note"] == "学籍在外市"
    office.do("Task_MatchSchoolRoll", pupils=[PUPIL | {"on_roll": "no"}])
    office.do("Task_ConfirmEducation", decision="agree", reason="不在本市就读")
    return office


def large_enough_dwelling():
    office = unit("housing_aid")
    accept(office, "Task_AcknowledgeHousing")
    office.do("Task_CheckDwelling", tenure="owned", persons=3, own_area=30, checked_on="2026-06-18")
    assert office.shown("Task_ConfirmHousing")["amount"] == 240
    office.do("Task_ConfirmHousing", decision="send_back", review_note="另有一套住房")
    office.do("Task_CheckDwelling", tenure="owned", persons=3, own_area=80, checked_on="2026-06-19")
    office.do("Task_ConfirmHousing", decision="agree", reason="自有面积已达标准")
    return office


def job_refused():
    return _offer(offer="refused", offer_title="夜班保安", ground="care_duty", reason="夜里要照顾孩子", go_on="no")


def no_job_found():
    return _offer(offer="none", reason="附近没有合适岗位")


def _offer(**answers):
    office = unit("employment_aid")
    accept(office, "Task_AcknowledgeEmployment")
    office.do("Task_RegisterJobseeker", registered_on="2026-06-18", wishes="附近")
    assert office.due("Task_RecordOffer") == "07-14"
    office.do("Task_RecordOffer", **answers)
    return office


def person_not_insured():
    office = unit("medical_aid")
    accept(office, "Task_AcknowledgeMedical")
    office.throw("Service_PushStatus", "PERSON_NOT_FOUND")
    assert office.shown("Task_ConfirmMedicalStatus")["failure"] == "person_not_found"
    office.do("Task_ConfirmMedicalStatus", confirmation="not_insured", reason="尚未参保，可到村里办理")
    return office


def status_not_pushed_in_time():
    office = unit("medical_aid")
    accept(office, "Task_AcknowledgeMedical")
    office.wait_until(at("06-17"))
    office.do("Task_ConfirmMedicalStatus", confirmation="active", status_from="2026-06-17")
    return office


def objection_then_sent_back_then_refused():
    office = unit("subsistence_allowance", family(accepted_on="2026-04-13"))
    office.do("Task_FirstOpinion", opinion="grant")
    post(office, "05-06")
    office.wait_until(at("05-11"))
    settle(office, objection_outcome="upheld")
    assert office.shown("Task_FirstOpinion")["objection_note"] == "公示期内异议成立，须重新提出意见"
    office.do("Task_FirstOpinion", opinion="refuse", opinion_reason="隐瞒经营收入")
    office.do("Task_CountyReview", county_opinion="disagree", county_visit="yes", county_opinion_reason="证据不足")
    assert office.shown("Task_CountyConfirm")["may_grant"] is False
    office.do("Task_CountyConfirm", county_decision="send_back", county_note="补充店铺登记材料")
    assert office.shown("Task_FirstOpinion")["county_note"] == "补充店铺登记材料"
    office.do("Task_FirstOpinion", opinion="refuse", opinion_reason="已查实")
    office.do("Task_CountyReview", county_opinion="agree", county_visit="yes", county_opinion_reason="属实")
    office.do("Task_CountyConfirm", county_decision="refuse", county_note="隐瞒经营收入，收入超过标准")
    assert office.due("Task_ServeRefusal") == "06-18"
    office.do("Task_ServeRefusal", served_on="2026-06-16", served_how="handed")
    return office


def objections_dismissed_but_something_was_found():
    """The first visit finds income nobody declared, the second nothing more; then a notice nobody objects to."""
    office = unit("subsistence_allowance", family(accepted_on="2026-04-13"))
    office.do("Task_FirstOpinion", opinion="grant")
    post(office, "06-15")
    office.wait_until(at("06-16"))
    for office.survey_counts in (True, False):
        settle(office, objection_outcome="dismissed")
    office.wait_until(at("06-24"))
    assert office.shown("Task_FirstOpinion")["objection_note"] == "公示期内复查有新发现，已计入核对报告，须重新提出意见"
    office.do("Task_FirstOpinion", opinion="grant")
    post(office, "06-24")
    office.wait_until(at("07-02"))
    return office


def settle(office, **opinion):
    """Somebody objects; the household is visited again, the appraisal held, the objector answered."""
    office.hear("notice_objection")
    survey(office)
    office.do("Task_SecondSurveyor", agrees="yes")
    hold_appraisal(office)
    office.do("Task_NewOpinion", new_opinion_reason="已查实", **opinion)
    office.do("Task_AnswerObjector", answer_text="已复查")
    office.finish("Service_SendAnswers", delivered=1)


def hold_appraisal(office, people=7, against=0):
    sat = [{"name": f"评议员{number}", "role": "other"} for number in range(people)]
    votes = {"votes_for": people - against, "votes_against": against, "votes_abstained": 0}
    office.do("Task_HoldAppraisal", held_on="2026-05-14", place="村委会", participants=sat, minutes="属实", **votes)


def post(office, day):
    office.wait_until(at(day))
    office.do("Task_PostNotice", posted_on=f"2026-{day}", place="村务公开栏")


def wrongly_referred(process_id, task):
    office = unit(process_id)
    if process_id == "subsistence_allowance":
        office.do(task, opinion="return", opinion_reason="已是低保对象")
    else:
        office.do(task, acknowledgement="returned", return_reason="转错了")
    return office


WHOLE = (
    one_window_to_the_last_answer,
    four_referrals_at_once,
    no_aid_applies,
    an_added_and_a_dropped_referral,
    corrected_in_time,
    correction_overdue,
    not_corrected,
    withdrawn,
    *check_stories.WHOLE,
    rerouted,
)
