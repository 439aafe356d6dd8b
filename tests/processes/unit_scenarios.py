"""What happens at the units a referral goes to, told by answers to the shipped forms: each plays to its end."""

from __future__ import annotations

from tests.processes.office import Office, at, case_of, member
from tests.processes.scenarios import MEANS, PUPIL, accept, authorise, hold_appraisal, post, settle, tenants, unit

FOUND = {"visited_on": "2026-06-17", "findings": "情况属实"}
REFUSED = {"offer": "refused", "offer_title": "夜班保安", "ground": "none", "reason": "不愿上夜班"}
OFFER = {"member_number": 1, "offered_on": "2026-07-06", "offer_title": "保安", "monthly_wage": 2600, "distance_km": 3}


def referred(programme, need, unit_kind, process_id="partner_referral"):
    """Start a referral of its own."""
    referral = {"id": "Z1", "number": "JZ-1-01", "need": need, "programme": programme}
    case = tenants() | {"accepted_on": "2026-06-15"}
    return Office(case, now=at("06-15"), means=MEANS).start(
        "referral", referral=referral | {"unit_kind": unit_kind, "process_id": process_id}, household_status="dibao"
    )


def charity_after_the_union():
    """The union grants and proposes charity next; charity finds nothing: the household was granted something."""
    office = referred("union_aid", "worker", "trade_union")
    assert office.shown("Task_AcknowledgePartner")["shared_titles"].startswith("申请人姓名")
    accept(office, "Task_AcknowledgePartner")
    worker = {"yearly_income": 60000, "rigid_spending": 5000, "accident_loss": 0, "persons": 3}
    office.do("Task_ExaminePartner", **FOUND, **worker)
    granted = {"answer": "granted", "aid_kind": "cash", "amount": 2000, "amount_period": "once", "project": "送温暖"}
    office.do("Task_AnswerPartner", **granted, next_need="charity", next_reason="医疗债务仍大")
    accept(office, "Task_AcknowledgePartner")
    office.do("Task_ExaminePartner", **FOUND)
    office.do("Task_AnswerPartner", answer="not_eligible", reason="项目已满", next_need="none")
    return office


CHECKED = MEANS | {"conclusion": "within"}


def workers_file(means=CHECKED, **figures):
    """B2: a worker's household of three with 60,000 a year, at the union's answer."""
    office = referred("union_aid", "worker", "trade_union")
    office.case["recognised_status"] = "none"
    office.case["means"] = means
    accept(office, "Task_AcknowledgePartner")
    told = {"yearly_income": 60000, "rigid_spending": 5000, "accident_loss": 0, "persons": 3}
    office.do("Task_ExaminePartner", **FOUND, **told | figures)
    return office


def a_partner_returns():
    office = unit("partner_referral")
    office.do("Task_AcknowledgePartner", acknowledgement="returned", return_reason="应由残联办理")
    return office


def information_needed_and_given():
    office = referred("legal_aid", "legal", "justice")
    office.hear("referral_needs_information", question="对方姓名和住址", asked_by="justice.clerk")
    assert office.shown("Task_ProvideInformation")["question"] == "对方姓名和住址"
    office.do("Task_ProvideInformation", information="已补充")
    accept(office, "Task_AcknowledgePartner")
    office.do("Task_ExaminePartner", **FOUND, dispute="wages")
    office.hear("referral_needs_information", question="劳动合同", asked_by="justice.clerk")
    office.do("Task_AnswerPartner", answer="granted", aid_kind="service", next_need="none")
    return office  # the second question falls with the answer


FOUND_ON_THE_WAY = {"reason": "走访时发现孩子已入学", "referred_by": "kunlun.surveyor1", "referring_unit": "township"}


def found_on_the_way(case):
    """A worker finds that a child goes to school; the case goes its own way meanwhile."""
    office = Office(case, now=at("06-15"), means=MEANS)
    office.start("added_referral", found_need="education", household_status="dibao", **FOUND_ON_THE_WAY)
    assert office.open() == ["Task_AcknowledgeEducation"]
    assert office.due("Task_AcknowledgeEducation") == "06-17"
    return office


def another_need_is_granted():
    office = found_on_the_way(tenants())
    accept(office, "Task_AcknowledgeEducation")
    office.do("Task_MatchSchoolRoll", pupils=[PUPIL, PUPIL | {"number": 3, "school_stage": "junior", "grade": 8}])
    office.do("Task_ConfirmEducation", decision="agree")
    return office


def another_need_is_given_up():
    office = found_on_the_way(tenants())
    office.do("Task_AcknowledgeEducation", acknowledgement="returned", return_reason="在外市就读")
    office.do("Task_Reroute", reroute_to="cancel", reroute_reason="由就读地办理")
    return office


def with_education(**facts):
    """A case with a referral of education from a task."""
    referral = {"number": "JZ-1-01", "need": "education", "programme": "education_aid", "state": "sent",
                "outcome": None, "with_unit": True, "result_due_on": "2026-06-30"}  # fmt: skip
    return Office(tenants() | {"referrals": [referral | facts]}, now=at("06-15"), means=MEANS)


def routed_beside_another_need(office):
    """The window confirms nothing else; education is not proposed beside a unit, nor after a grant."""
    office.start("relief_case")
    office.do("Task_CheckCompleteness", completeness="complete")
    authorise(office)
    shown = office.shown("Task_ConfirmReferrals")
    assert "R9" not in [each["value"] for each in shown["proposal_choices"]]
    assert "education" not in [each["value"] for each in shown["catalogue_choices"]]
    office.do("Task_ConfirmReferrals", selected_rules=[], added_needs=[], referral_note="其余暂不需要")
    return office


def another_need_keeps_the_case_open():
    """What was referred on the way is answered before the case is closed; each answer is told, and asked anew."""
    office = with_education()
    office.added_open = 2
    routed_beside_another_need(office)
    for _ in range(2):
        assert not office.called("close_case")
        office.hear("added_referral_answered", key="case-1")
    return office


def another_need_was_granted_before():
    return routed_beside_another_need(with_education(state="done", outcome="granted", with_unit=False))


def withdrawn_beside_another_need():
    """The application is not accepted; what was referred on the way is answered first, and nothing is closed then."""
    office = with_education(state="cancelled", outcome="cancelled", with_unit=False)
    office.added_open = 1
    office.start("relief_case")
    office.do("Task_CheckCompleteness", completeness="not_ours", refusal_reason="仅咨询", right_unit="housing")
    assert not office.is_done
    office.hear("added_referral_answered", key="case-1")
    return office


def no_longer_needed():
    office = referred("charity_aid", "charity", "charity")
    office.hear("referral_cancelled", cancel_reason="亲属已帮助解决")
    return office


TAKEN_IN = {
    "found_by": "police", "found_at": "汽车站", "sex": "male", "minor": "yes",
    "identified": "no", "belongings": "书包一个",
}  # fmt: skip
POLICE = {"police_station": "昆仑派出所", "police_request": "CX-1"}
HANDED_OVER = {"exit_way": "handed_over", "origin": "安徽广德", "received_by": "母亲", "exit_note": "已联系家人"}
SIGNED_FOR = {"signed_by": "母亲", "signed_identity": "母亲", "belongings_returned": "yes"}
GROWN = TAKEN_IN | {"minor": "no", "sex": "female", "identified": "yes"}


def stranded(**answers):
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "shelter", "programme": "shelter"}
    office = Office(case_of([member(1, age=12)], received_on="07-20"), now=at("07-20", 22))
    office.start("shelter_stay", referral=referral, sent_on="2026-07-20", shared={"titles": "姓名"})
    office.do("Task_AcknowledgeStranded", **answers)
    return office


def stranded_minor_is_handed_over_after_the_report():
    office = stranded(**TAKEN_IN)
    assert office.open() == ["Task_EndStay", "Task_RequestIdentity"]
    assert (office.due("Task_RequestIdentity"), office.due("Task_EndStay")) == ("07-20", "07-30")
    assert office.shown("Task_EndStay")["bed_title"] == "未成年人区（男）"
    office.do("Task_RequestIdentity", **POLICE)
    office.wait_until(at("07-29", 23))
    assert office.open() == ["Task_EndStay"]
    office.wait_until(at("07-30", 0))
    assert office.due("Task_ReportStay") == "07-30"
    office.do("Task_ReportStay", stay_reason="身份仍未查明")
    office.now = at("08-03")
    office.do("Task_EndStay", **HANDED_OVER)
    office.do("Task_SignHandOver", **SIGNED_FOR)
    return office


def stranded_adult_leaves_freely():
    office = stranded(**GROWN, acknowledgement="accepted")
    office.do("Task_EndStay", exit_way="left", exit_note="本人要求离站")
    return office


def stranded_adult_declines():
    return stranded(found_by="public", found_at="公园", sex="male", minor="no", acknowledgement="declined")


def stranded_person_is_anothers():
    answers = {"acknowledgement": "returned", "return_reason": "有住处，应由民政办理"}
    return stranded(found_by="self", found_at="窗口", sex="male", minor="no", **answers)


STORM = {
    "acknowledgement": "accepted", "event_id": "ZH-1", "disaster_kind": "storm", "happened_on": "2026-08-11",
    "place": "上兴镇", "persons_moved": 3, "goods": "帐篷一顶", "goods_signed_by": "本人",
}  # fmt: skip
INSURED = {"nominated_by": "group", "ownership_proof": "集体土地使用证", "insured": "yes", "insurance_payout": 12000}


def figures(office, rooms, stable):
    office.do("Task_DailyFigures", rooms_collapsed=rooms, rooms_damaged=0, persons_sheltered=3, stable=stable)


def storm(status="dibao"):
    referral = {"id": "Z1", "number": "JZ-1-01", "need": "disaster", "programme": "disaster_relief"}
    office = Office(case_of([member(1)], received_on="08-11"), now=at("08-11", 15))
    given = {"sent_on": "2026-08-11", "household_status": status, "shared": {"titles": "姓名"}}
    return office.start("disaster_relief", referral=referral, **given)


def house_lost(status="dibao", against=0):
    office = storm(status)
    office.do("Task_AcknowledgeDisaster", **STORM)
    figures(office, 1, "no")
    office.wait_until(at("08-12", 0))
    assert office.due("Task_DailyFigures") == "08-12"
    figures(office, 3, "yes")
    office.do("Task_NominateHousehold", **INSURED)
    hold_appraisal(office, against=against)
    return office


def reviewed(office):
    post(office, "08-17")
    office.wait_until(at("08-25"))
    office.do("Task_ReviewDisaster", town_opinion="agree", town_note="属实")
    return office


def approved(office, **answers):
    reviewed(office)
    office.do("Task_ApproveGrant", **({"grant_decision": "approve"} | answers))
    return office


def storm_takes_the_house():
    return approved(house_lost())


def storm_takes_a_house_and_an_objection_is_upheld():
    office = house_lost()
    post(office, "08-17")
    settle(office, objection_outcome="upheld")
    office.do("Task_NominateHousehold", nominated_by="self", ownership_proof="房产证", insured="no")
    hold_appraisal(office)
    return approved(office, grant_decision="refuse", grant_note="权属不明")


def village_does_not_agree():
    return house_lost(against=5)


def storm_leaves_the_house():
    office = storm()
    office.do("Task_AcknowledgeDisaster", **STORM)
    figures(office, 0, "yes")
    return office


def storm_is_anothers():
    office = storm()
    office.do("Task_AcknowledgeDisaster", acknowledgement="returned", return_reason="家庭火灾，应办临时救助")
    return office


def queue_for_public_rental():
    office = unit("housing_aid", shared=DWELLING)
    accept(office, "Task_AcknowledgeHousing")
    office.do("Task_CheckDwelling", **RENTED, wish="public_rental")
    assert office.shown("Task_ConfirmHousing")["priority"] == 1
    office.do("Task_ConfirmHousing", decision="agree")
    return office


def dangerous_house_goes_to_rebuilding():
    dwelling = DWELLING["dwelling"] | {"settlement": "village", "dangerous_dwelling": True}
    office = unit("housing_aid", shared=DWELLING | {"dwelling": dwelling})
    accept(office, "Task_AcknowledgeHousing")
    office.do("Task_CheckDwelling", **RENTED, dangerous="yes")
    return office


def senior_pupil_recognised_by_school():
    pupils = [{"number": 2, "age": 17, "school_stage": "senior", "grade": 2}]
    office = unit("education_aid", shared={"titles": "学段", "pupils": pupils})
    accept(office, "Task_AcknowledgeEducation")
    office.do("Task_MatchSchoolRoll", pupils=[PUPIL | {"school_stage": "senior", "grade": 2}])
    recognised = {"number": 2, "school_stage": "senior", "recognised": "yes"}
    office.do("Task_SchoolRecognition", recognitions=[recognised])
    assert office.shown("Task_ConfirmEducation")["amount"] == 3000
    office.do("Task_ConfirmEducation", decision="agree")
    return office


def term_paid_after_a_second_look():
    office = Office(case_of([member(1)], received_on="06-15"), now=at("09-14")).start(
        "education_term", term="2026-autumn"
    )
    rows = office.shown("Task_MatchTermList")["pupils"]
    office.do("Task_MatchTermList", pupils=rows)
    office.do("Task_ConfirmTerm", decision="send_back", review_note="第二名已转学")
    assert office.shown("Task_MatchTermList")["review_note"] == "第二名已转学"
    office.do("Task_MatchTermList", pupils=[rows[0], rows[1] | {"on_roll": "no"}])
    assert office.shown("Task_ConfirmTerm")["total"] == 750
    office.do("Task_ConfirmTerm", decision="agree")
    assert office.called("pay_term_grants") == []
    office.do("Task_CosignTerm", cosign_decision="send_back", review_note="第一名重复享受")
    assert office.shown("Task_MatchTermList")["review_note"] == "第一名重复享受"
    office.do("Task_MatchTermList", pupils=[rows[0], rows[1] | {"on_roll": "no"}])
    office.do("Task_ConfirmTerm", decision="agree")
    assert office.shown("Task_CosignTerm")["total"] == 750
    office.do("Task_CosignTerm", cosign_decision="cosign", budget_line="2050202")
    return office


def three_refusals_in_a_row():
    office = unit("employment_aid")
    accept(office, "Task_AcknowledgeEmployment")
    office.do("Task_RegisterJobseeker", registered_on="2026-06-18", wishes="附近")
    office.do("Task_RecordOffer", **REFUSED, go_on="yes")
    office.do("Task_RecordOffer", **REFUSED | {"ground": "doctor_note"}, go_on="yes")
    office.do("Task_RecordOffer", **REFUSED, go_on="yes")
    office.do("Task_RecordOffer", **REFUSED, go_on="yes")
    return office


def an_accepted_offer_is_logged():
    office = Office(tenants() | {"accepted_on": "2026-06-15"}, now=at("07-06"))
    office.start("job_offer", **OFFER, answer="accepted", ground="none", reason=None)
    return office


def bill_at_the_hospital(channel="online"):
    office = Office(case_of([member(1)], received_on="06-15"), now=at("09-20"))
    bill = {"number": "H-1", "identity_number": "x", "hospital": "市人民医院", "discharged_on": "2026-09-19"}
    return office.start(
        "medical_settlement", **bill, channel=channel, total=40000, in_scope=36000, claimed_on="2026-09-20"
    )


def paper_claim_agreed_after_a_second_look():
    office = bill_at_the_hospital("paper")
    assert office.shown("Task_ReviewClaim")["aid"] == 6491.25
    office.do("Task_ReviewClaim", claim_opinion="agree")
    office.do("Task_ConfirmClaim", claim_decision="send_back", review_note="补出院小结")
    office.do("Task_ReviewClaim", claim_opinion="agree")
    office.do("Task_ConfirmClaim", claim_decision="agree")
    return office


def paper_claim_refused():
    office = bill_at_the_hospital("paper")
    office.do("Task_ReviewClaim", claim_opinion="disagree", claim_note="商业保险已报")
    office.do("Task_ConfirmClaim", claim_decision="refuse", review_note="商业保险已报")
    return office


def household_called():
    office = Office(tenants() | {"accepted_on": "2026-06-15"}, now=at("07-01")).start("satisfaction_call")
    office.do("Task_CallHousehold", reached="yes", score="5", remark="很快")
    return office


def nobody_called():
    office = Office(tenants() | {"accepted_on": "2026-06-15"}, now=at("07-01")).start("satisfaction_call")
    office.wait_until(at("07-20"))
    return office


DWELLING = {
    "titles": "住房情况",
    "household_size": 3,
    "dwelling": {
        "tenure": "rented",
        "own_area": 0,
        "settlement": "town",
        "monthly_rent": 800,
        "dangerous_dwelling": False,
    },
}
RENTED = {"tenure": "rented", "landlord": "某", "persons": 3, "own_area": 0, "checked_on": "2026-06-18"}

UNITS = (
    charity_after_the_union,
    a_partner_returns,
    information_needed_and_given,
    no_longer_needed,
    another_need_is_granted,
    another_need_is_given_up,
    another_need_keeps_the_case_open,
    another_need_was_granted_before,
    withdrawn_beside_another_need,
    queue_for_public_rental,
    dangerous_house_goes_to_rebuilding,
    senior_pupil_recognised_by_school,
    term_paid_after_a_second_look,
    three_refusals_in_a_row,
    an_accepted_offer_is_logged,
    bill_at_the_hospital,
    paper_claim_agreed_after_a_second_look,
    paper_claim_refused,
    household_called,
    nobody_called,
    stranded_minor_is_handed_over_after_the_report,
    stranded_adult_leaves_freely,
    stranded_adult_declines,
    stranded_person_is_anothers,
    storm_takes_the_house,
    storm_takes_a_house_and_an_objection_is_upheld,
    storm_leaves_the_house,
    storm_is_anothers,
    village_does_not_agree,
)
