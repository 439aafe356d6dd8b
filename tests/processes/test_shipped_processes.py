"""The shipped processes at work: every element, every answer of a gateway, and the figures of the county."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from engine.core.model import MessageSent
from tests.processes import (
    advice_scenarios,
    allowance_scenarios,
    check_stories,
    conference_scenarios,
    money_scenarios,
    procedure_scenarios,
    scenarios,
    spot_check_scenarios,
    stories_relief,
    supervision_scenarios,
    unit_scenarios,
    winter_scenarios,
)
from tests.processes.office import PROCESSES, ROOT, at


def test_a_family_below_the_standard_gets_dibao_and_all_its_other_answers():
    office = scenarios.one_window_to_the_last_answer()
    assert office.is_done
    results = {each["referral_id"]: each for each in office.called("record_referral_result")}
    assert results["Z1"]["amount"] == 1964
    assert results["Z1"]["amount_period"] == "month"
    assert results["Z3"]["amount"] == 1500
    assert office.called("grant_benefit")[0]["base"] == 1640
    assert office.called("close_case") == [{"caseId": "case-1", "outcome": "granted"}]
    assert office.notices == 4  # the receipt and one for each answer


def test_a_household_with_many_needs_gets_parallel_referrals_and_one_notice_each():
    office = scenarios.four_referrals_at_once()
    assert office.is_done
    results = {each["referral_id"]: each["amount"] for each in office.called("record_referral_result")}
    assert sorted(amount for amount in results.values() if amount) == [720, 3500]
    assert office.called("start_means_check") == []
    assert office.notices == 5


def test_a_household_over_the_line_is_told_why_and_the_case_is_closed():
    office = scenarios.no_aid_applies()
    assert office.is_done
    assert office.called("issue_result_notice")[0]["reason"].startswith("家庭人均月收入达到或超过")
    assert office.called("close_case")[0]["outcome"] == "no_referral"


def test_what_the_clerk_drops_is_told_to_the_handler_and_a_given_up_referral_closes_the_case():
    office = scenarios.an_added_and_a_dropped_referral()
    assert office.is_done
    assert office.called("open_referrals")[0]["dropped"] == ["R7", "R10", "R12"]
    assert office.called("record_referral_result")[0]["outcome"] == "cancelled"
    assert office.called("close_case")[0]["outcome"] == "refused"


def test_a_need_the_clerk_adds_is_referred_like_a_proposed_one():
    office = scenarios.added_by_the_clerk()
    (confirmed,) = office.called("open_referrals")[0]["confirmed"]
    assert (confirmed["rule"], confirmed["process_id"]) == ("manual", "employment_aid")
    assert office.open() == ["Task_AcknowledgeEmployment"]


def test_one_notice_names_all_that_is_missing_and_the_clock_starts_when_it_is_complete():
    office = scenarios.corrected_in_time()
    assert office.is_done
    assert office.variables()["accepted"] is True
    notice = office.called("issue_correction_notice")
    assert len(notice) == 1
    assert [each["document"] for each in notice[0]["missing"]] == ["authorisation:2", "illness_proof"]


@pytest.mark.parametrize(
    ("scenario", "ground"),
    [
        (scenarios.correction_overdue, "correction_overdue"),
        (scenarios.not_corrected, "not_corrected"),
        (scenarios.withdrawn, "withdrawn"),
    ],
)
def test_an_application_that_is_not_accepted_ends_with_its_ground(scenario, ground):
    office = scenario()
    assert office.is_done
    assert [each["ground"] for each in office.called("decline_application")] == [ground]


def test_silent_agencies_do_not_lose_the_case():
    office = check_stories.agencies_fail_and_a_report_is_supplemented()
    assert office.is_done
    answers = {each["agency"]: each for each in office.called("record_agency_answer")}
    assert {each["source"] for each in answers.values()} == {"manual"}
    assert answers["tax"]["answer"]["monthly_income"] == 2000
    first, second = office.called("compile_check_report")
    assert (first["supplement"], second["supplement"]) == ("", "租金每月 500")
    assert (first["trigger"], second["trigger"]) == ("check", "supplement")


def test_an_answer_in_a_file_takes_the_place_of_the_line_and_of_the_desk():
    office = check_stories.answers_by_file_and_on_paper()
    assert office.is_done
    answers = {each["agency"]: each for each in office.called("record_agency_answer")}
    assert {each: answers[each]["source"] for each in answers} == {
        "bank": "agency",
        "securities": "agency",
        "court": "manual",
    }


def test_the_review_waits_for_an_objection_and_sees_the_newest_version():
    office = check_stories.over_a_limit_then_objected_to_then_late()
    assert office.is_done
    assert office.notices == 1  # what was found over the limit


def test_only_disputed_sources_are_asked_again_and_the_review_is_told():
    office = check_stories.objection_answered_by_a_new_version()
    assert office.is_done
    assert [each["agency"] for each in office.called("record_agency_answer")] == ["bank"]
    assert [each["trigger"] for each in office.called("compile_check_report")] == ["objection"]
    assert office.called("settle_report_objection")[0]["admitted"] is True
    sent = [(each.name, each.correlation_key) for each in office.facts if isinstance(each, MessageSent)]
    assert sent == [("report_objected", "B1"), ("report_settled", "B1")]


def test_a_dismissed_objection_asks_nobody_and_is_answered_with_its_reason():
    office = check_stories.objection_dismissed()
    assert office.is_done
    assert office.called("ask_disputed_sources") == []
    (settled,) = office.called("settle_report_objection")
    assert (settled["admitted"], settled["answer"]) == (False, "凭证与项目有关")


def test_a_late_answer_over_a_limit_gives_somebody_a_task_and_one_within_none():
    assert check_stories.late().open() == ["Task_RecheckLateAnswer"]
    assert check_stories.late_answer_without_effect().is_done
    assert check_stories.late_answer_over_a_limit_told().notices == 1
    assert check_stories.late_answer_over_a_limit_kept().notices == 0


def test_a_withdrawn_consent_ends_the_case_only_after_a_reminder_and_a_decision():
    office = check_stories.consent_stays_withdrawn()
    assert office.is_done
    assert len(office.called("remind_of_withdrawal")) == 2
    assert office.called("close_for_withdrawal")[0]["reason"] == "家庭不同意核对"
    assert check_stories.consent_restored_in_time().called("close_for_withdrawal") == []


def test_a_refused_consent_asks_nobody_and_ends_with_the_case_or_goes_on_once_it_is_given():
    ended = check_stories.consent_refused_and_the_case_ended()
    assert ended.is_done
    assert ended.called("await_consent")[0]["note"] == "不同意查询存款"
    assert ended.called("compile_check_report") == []
    assert len(check_stories.consent_refused_and_given_after_all().called("compile_check_report")) == 1


def test_an_objection_whose_sources_nobody_may_ask_is_answered_by_the_report_as_it_is():
    office = check_stories.consent_refused_when_sources_are_asked_again()
    assert office.is_done
    (settled,) = office.called("settle_report_objection")
    assert settled["admitted"] is False
    assert "没有签署核对授权" in settled["answer"]


def test_a_wrong_referral_is_rerouted_and_answered_by_the_right_unit():
    office = scenarios.rerouted()
    assert office.is_done
    assert office.called("reroute_referral")[0]["process_id"] == "housing_aid"
    (result,) = office.called("record_referral_result")
    assert (result["referral_id"], result["outcome"], result["amount"]) == ("Z9", "granted", 80)


def test_a_unit_proposes_the_next_project_and_the_first_grant_counts():
    office = unit_scenarios.charity_after_the_union()
    assert office.is_done
    assert [each["outcome"] for each in office.called("record_referral_result")] == ["granted", "not_eligible"]
    assert office.called("open_next_referral")[0]["need"] == "charity"
    assert office.variables()["earlier_outcome"] == "granted"
    assert office.notices == 2


def test_a_clock_rests_while_information_is_missing_and_an_answer_ends_the_question():
    office = unit_scenarios.information_needed_and_given()
    assert office.is_done
    assert len(office.called("pause_referral")) == 2
    assert [each["information"] for each in office.called("resume_referral")] == ["已补充"]


def test_a_need_that_is_gone_is_cancelled_at_the_unit():
    office = unit_scenarios.no_longer_needed()
    assert office.is_done
    (result,) = office.called("record_referral_result")
    assert (result["outcome"], result["reason"]) == ("cancelled", "亲属已帮助解决")


def test_a_need_found_on_the_way_is_referred_and_answered_apart():
    granted = unit_scenarios.another_need_is_granted()
    assert granted.is_done
    (opened,) = granted.called("open_added_referral")
    assert (opened["need"], opened["process_id"], opened["referring_unit"]) == (
        "education", "education_aid", "township"
    )  # fmt: skip
    given_up = unit_scenarios.another_need_is_given_up()
    assert given_up.is_done
    assert [each["outcome"] for each in given_up.called("record_referral_result")] == ["cancelled"]


@pytest.mark.parametrize(
    ("story", "outcome"),
    [
        (unit_scenarios.another_need_keeps_the_case_open, "no_referral"),
        (unit_scenarios.another_need_was_granted_before, "granted"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_no_letter_of_no_aid_is_written_beside_a_need_found_on_the_way(story, outcome):
    office = story()
    assert office.is_done
    assert office.called("issue_result_notice") == []
    assert office.called("close_case") == [{"caseId": "case-1", "outcome": outcome}]


def test_an_application_that_was_not_accepted_is_not_closed_for_a_need_found_on_the_way():
    office = unit_scenarios.withdrawn_beside_another_need()
    assert office.is_done
    assert office.called("decline_application") != []
    assert office.called("close_case") == []


def test_three_unjustified_refusals_are_told_to_civil_affairs_and_a_doctors_note_does_not_count():
    office = unit_scenarios.three_refusals_in_a_row()
    assert office.is_done
    (told,) = [each for each in office.facts if isinstance(each, MessageSent)]
    assert (told.name, told.correlation_key, told.variables["member_number"]) == ("three_refusals", "JZ-1", 1)
    assert [each["counts"] for each in office.called("record_job_offer")] == [True, False, True, True]


def test_a_bill_is_split_to_the_fen():
    office = unit_scenarios.bill_at_the_hospital()
    (bill,) = office.called("record_medical_bill")
    parts = [bill[each] for each in ("insurance", "critical_illness", "aid", "patient")]
    assert parts == [25200, 2145, Decimal("6491.25"), Decimal("6163.75")]
    assert sum(parts) == 40000


def test_public_rental_gives_a_place_in_the_queue_and_a_dangerous_house_goes_on_to_rebuilding():
    queued, rebuilt = unit_scenarios.queue_for_public_rental(), unit_scenarios.dangerous_house_goes_to_rebuilding()
    assert queued.variables()["outcome"] == "granted"
    assert queued.variables()["result"]["queue_number"] == 7
    assert rebuilt.variables()["outcome"] == "not_eligible"
    assert rebuilt.variables()["result"]["next"]["programme"] == "house_rebuilding"


def test_a_stranded_minor_is_never_refused_and_cannot_walk_out():
    office = unit_scenarios.stranded(**unit_scenarios.TAKEN_IN)
    ways = [each["value"] for each in office.shown("Task_EndStay")["exit_choices"]]
    assert ways == ["handed_over", "placed"]
    with pytest.raises(AssertionError, match="exit_way"):
        office.do("Task_EndStay", exit_way="left", exit_note="自己走了")


def test_how_a_stay_at_the_rescue_station_ends():
    minor = unit_scenarios.stranded_minor_is_handed_over_after_the_report().variables()
    assert (minor["outcome"], minor["result"]["bed"], minor["result"]["nights"]) == ("granted", "minors_boys", 14)
    left = unit_scenarios.stranded_adult_leaves_freely().variables()
    assert (left["outcome"], left["result"]["bed"], left["result"]["way"]) == ("granted", "women", "left")
    declined = unit_scenarios.stranded_adult_declines().variables()
    assert (declined["outcome"], declined["reason"]) == ("not_eligible", "本人不接受救助，自愿离开")
    assert unit_scenarios.stranded_person_is_anothers().variables()["outcome"] == "returned"


def test_a_house_lost_to_a_storm_is_rebuilt_with_a_grant_less_what_the_insurance_paid():
    found = unit_scenarios.storm_takes_the_house().variables()
    assert (found["outcome"], found["amount"], found["amount_period"]) == ("granted", 8000, "once")
    other = unit_scenarios.approved(unit_scenarios.house_lost("none")).variables()
    assert (other["outcome"], other["amount"]) == ("granted", 3000)  # 15,000 less 12,000


def test_disaster_relief_that_is_no_grant_says_why():
    left = unit_scenarios.storm_leaves_the_house().variables()
    assert (left["outcome"], left["amount"], left["result"]["aid"]["goods"]) == ("granted", None, "帐篷一顶")
    refused = unit_scenarios.storm_takes_a_house_and_an_objection_is_upheld().variables()
    assert (refused["outcome"], refused["reason"]) == ("refused", "权属不明")
    voted = unit_scenarios.village_does_not_agree().variables()
    assert (voted["outcome"], voted["reason"]) == ("refused", "村民民主评议未通过")
    returned = unit_scenarios.storm_is_anothers().variables()
    assert (returned["outcome"], returned["reason"]) == ("returned", "家庭火灾，应办临时救助")


@pytest.mark.parametrize(
    ("figures", "name", "per_head", "then"),
    [
        ({"rigid_spending": 30000}, "深度困难", Decimal("833.33"), "subsistence"),
        ({}, "相对困难", Decimal("1527.78"), "none"),
        ({"accident_loss": 50000}, "意外致困", Decimal("1527.78"), "none"),
        ({"yearly_income": 90000}, "未达建档标准", Decimal("2361.11"), "none"),
    ],
)
def test_the_class_of_a_workers_file_follows_from_its_figures(figures, name, per_head, then):
    shown = unit_scenarios.workers_file(**figures).shown("Task_AnswerPartner")
    assert (shown["union_class"], shown["union_per_head"], shown["next_need"]) == (name, per_head, then)


def test_a_unit_sees_the_facts_it_needs_and_no_others():
    office = scenarios.four_referrals_at_once()
    shared = {each["referral_id"]: {one["fact"] for one in each["facts"]} for each in office.called("send_referral")}
    everywhere = {"contact", "household_status"}
    assert shared == {
        "Z1": everywhere | {"patients", "persons"},
        "Z2": everywhere | {"pupils"},
        "Z3": everywhere | {"household_size", "dwelling"},
        "Z4": everywhere | {"jobseekers"},
    }


MEANS_ARE_CHECKED = "if case.accepted_on = null or case.means = null then false else case.means.conclusion != null"
"""Whether they are, and nothing of them: only then something that rests on means may be proposed."""


def test_no_diagram_of_another_unit_reads_the_case_but_for_its_clock():
    for process_id in ("education_aid", "housing_aid", "employment_aid", "medical_aid", "partner_referral"):
        drawn = (ROOT / f"bpmn/{process_id}.bpmn").read_text("utf-8")
        read = set(re.findall(r"\bcase\.\w+", drawn.replace(MEANS_ARE_CHECKED, "")))
        assert read <= {"case.referrals"}, process_id


RETURNED = {
    "education_aid": "Task_AcknowledgeEducation",
    "housing_aid": "Task_AcknowledgeHousing",
    "employment_aid": "Task_AcknowledgeEmployment",
    "medical_aid": "Task_AcknowledgeMedical",
    "subsistence_allowance": "Task_FirstOpinion",
}


def test_what_a_visit_found_after_an_objection_is_reckoned_with_even_where_the_objection_is_dismissed():
    office = scenarios.objections_dismissed_but_something_was_found()
    assert office.open() == ["Task_CountyReview"]  # and the notice that found nothing does not lead back again
    assert [each["outcome"] for each in office.called("close_notice")] == ["dismissed", "undisputed"]


OUTCOMES = [
    (scenarios.pupils_not_on_the_roll, "not_eligible", "不在本市就读"),
    (scenarios.large_enough_dwelling, "not_eligible", "自有面积已达标准"),
    (scenarios.job_refused, "refused", "夜里要照顾孩子"),
    (scenarios.no_job_found, "not_eligible", "附近没有合适岗位"),
    (scenarios.person_not_insured, "not_eligible", "尚未参保，可到村里办理"),
    (scenarios.status_not_pushed_in_time, "granted", None),
    (scenarios.objection_then_sent_back_then_refused, "refused", "隐瞒经营收入，收入超过标准"),
]


@pytest.mark.parametrize(("scenario", "outcome", "reason"), OUTCOMES, ids=[each[0].__name__ for each in OUTCOMES])
def test_a_unit_answers_with_an_outcome_and_its_reason(scenario, outcome, reason):
    office = scenario()
    assert office.is_done
    assert (office.variables()["outcome"], office.variables()["reason"]) == (outcome, reason)


@pytest.mark.parametrize(("process_id", "task"), RETURNED.items(), ids=list(RETURNED))
def test_a_unit_may_return_a_referral_as_wrong(process_id, task):
    office = scenarios.wrongly_referred(process_id, task)
    assert office.is_done
    assert office.variables()["outcome"] == "returned"
    assert office.variables()["reason"]


def test_a_county_decision_that_was_sent_back_once_cannot_be_sent_back_again():
    office = scenarios.unit("subsistence_allowance", scenarios.family(accepted_on="2026-04-13"))
    for posted, over in (("06-15", "06-23"), ("06-23", "07-01")):
        office.do("Task_FirstOpinion", opinion="grant")
        scenarios.post(office, posted)
        office.wait_until(at(over))
        office.do("Task_CountyReview", county_opinion="agree", county_visit="no", county_opinion_reason="属实")
        if office.shown("Task_CountyConfirm")["may_send_back"]:
            office.do("Task_CountyConfirm", county_decision="send_back", county_note="补充材料")
    assert office.shown("Task_CountyConfirm")["may_send_back"] is False
    with pytest.raises(AssertionError):
        office.do("Task_CountyConfirm", county_decision="send_back", county_note="再补")


def test_every_element_and_every_answer_of_a_gateway_is_passed_in_these_tests():
    played = [*scenarios.WHOLE, *unit_scenarios.UNITS, *(each[0] for each in OUTCOMES)]
    offices = [scenario() for scenario in played]
    offices += [scenarios.wrongly_referred(*each) for each in RETURNED.items()]
    offices += [story() for story in stories_relief.ALL]
    offices += [story() for story in (*allowance_scenarios.STORIES, *procedure_scenarios.STORIES)]
    stories = (*spot_check_scenarios.STORIES, *supervision_scenarios.STORIES, *advice_scenarios.STORIES)
    offices += [story() for story in stories]
    offices += [story() for story in conference_scenarios.STORIES]
    offices += [story() for story in (*money_scenarios.STORIES, *winter_scenarios.STORIES)]
    passed = {(fact.definition, fact.element) for office in offices for fact in office.facts}
    drawn = {
        (process_id, each)
        for process_id, process in PROCESSES.items()
        for node in process.nodes.values()
        for each in (node.id, *(flow.id for flow in node.outgoing))
    }
    assert drawn - passed == set()


def test_who_reviewed_or_nominated_a_household_does_not_approve_its_rebuilding_grant():
    office = unit_scenarios.reviewed(unit_scenarios.house_lost())
    assert set(office.properties("Task_ApproveGrant")["distinctFrom"].split(",")) == {
        "Task_ReviewDisaster",
        "Task_NominateHousehold",
    }


def test_what_the_rescue_station_writes_down_stays_with_the_referral():
    result = unit_scenarios.stranded_minor_is_handed_over_after_the_report().variables()["result"]
    assert (result["reception"]["found_at"], result["reception"]["belongings"]) == ("汽车站", "书包一个")
    assert (result["identity_request"]["police_station"], result["identity_request"]["number"]) == (
        "昆仑派出所",
        "CX-1",
    )
    assert (result["stay_report"]["reason"], result["note"]) == ("身份仍未查明", "已联系家人")
    hand_over = result["hand_over"]
    assert (hand_over["signed_by"], hand_over["relation"], hand_over["belongings_returned"]) == ("母亲", "母亲", True)
    declined = unit_scenarios.stranded_adult_declines().variables()["result"]
    assert declined["reception"]["found_at"] == "公园"


def test_belongings_kept_back_are_told_to_who_is_answered():
    office = unit_scenarios.stranded(**unit_scenarios.TAKEN_IN)
    office.do("Task_EndStay", **unit_scenarios.HANDED_OVER)
    kept = unit_scenarios.SIGNED_FOR | {"belongings_returned": "no"}
    with pytest.raises(AssertionError, match="belongings_note"):
        office.do("Task_SignHandOver", **kept)
    office.do("Task_SignHandOver", **kept, belongings_note="书包存站，8 月 10 日前凭证领取")
    assert office.variables()["reason"] == "随身物品未当面交还：书包存站，8 月 10 日前凭证领取"
    assert office.variables()["result"]["hand_over"]["belongings_returned"] is False


def test_what_was_reported_and_found_after_a_storm_stays_with_the_referral():
    result = unit_scenarios.storm_takes_the_house().variables()["result"]
    assert [each["collapsed"] for each in result["days"]] == [1, 3]
    assert (result["nomination"]["by"], result["nomination"]["proof"]) == ("group", "集体土地使用证")
    assert (result["review"], result["approval"]["decision"]) == ({"opinion": "agree", "note": "属实"}, "approve")
    assert unit_scenarios.village_does_not_agree().variables()["result"]["nomination"]["insured"] is True


@pytest.mark.parametrize("means", [None, scenarios.MEANS | {"conclusion": None}])
def test_what_rests_on_means_is_no_next_project_of_a_household_nobody_checked(means):
    unchecked = unit_scenarios.workers_file(means=means, rigid_spending=30000)
    shown = unchecked.shown("Task_AnswerPartner")
    assert (shown["next_need"], shown["advice"][-11:]) == ("none", "到窗口申请最低生活保障")
    answer = {"answer": "granted", "aid_kind": "service", "project": "送温暖"}
    with pytest.raises(AssertionError, match="next_need"):
        unchecked.do("Task_AnswerPartner", **answer, next_need="subsistence", next_reason="低于低保标准")
    unchecked.do("Task_AnswerPartner", **answer, next_need="none")
    assert unchecked.called("issue_result_notice")[0]["reason"] == shown["advice"]
    assert unchecked.called("open_next_referral") == []

    checked = unit_scenarios.workers_file(rigid_spending=30000)
    assert checked.shown("Task_AnswerPartner")["advice"] is None
    checked.do("Task_AnswerPartner", **answer, next_need="subsistence", next_reason="低于低保标准")
    assert checked.called("open_next_referral")[0]["rests_on_means"] is True


@pytest.mark.parametrize(
    ("facts", "offered"),
    [
        ({}, False),
        ({"means": scenarios.MEANS | {"conclusion": None}}, False),
        ({"means": scenarios.MEANS | {"conclusion": "within"}}, True),
        ({"means": scenarios.MEANS | {"conclusion": "within"}, "accepted_on": None}, False),
    ],
)
def test_a_returned_referral_is_rerouted_to_what_rests_on_means_only_after_a_check(facts, offered):
    office = scenarios.returned_by_education(recognised_status="none", **facts)
    needs = [each["value"] for each in office.shown("Task_Reroute")["programme_choices"]]
    assert ("subsistence" in needs, "housing" in needs) == (offered, True)
