"""Benefits and statuses over their whole life, with the figures of the county."""

from __future__ import annotations

import pytest

from tests.processes import allowance_scenarios as stories

EVERY = pytest.mark.parametrize("story", stories.STORIES, ids=[each.__name__ for each in stories.STORIES])


@EVERY
def test_every_story_comes_to_its_end(story):
    assert story().is_done


def decisions(office):
    return [(each["kind"], each["programme"], each["amount"]) for each in office.called("record_decision")]


def test_an_edge_family_gets_a_status_without_money_and_the_daughter_a_case_of_her_own():
    office = stories.an_edge_family_with_a_member_who_enters_alone()
    assert decisions(office) == [("recognise", "edge", None)]
    assert (office.variables()["outcome"], office.variables()["amount"]) == ("granted", None)
    assert office.called("recognise_status")[0]["months"] == 12
    assert [each["member"] for each in office.called("open_single_entry")] == [3]
    assert office.called("grant_benefit") == []


def test_a_rigid_spending_family_is_recognised_for_a_year():
    office = stories.a_rigid_spending_family()
    (decision,) = office.called("record_decision")
    assert (decision["kind"], decision["programme"]) == ("recognise", "rigid")
    assert (decision["valid_from"], decision["valid_until"]) == ("2026-06-23", "2027-06-22")


def test_a_meeting_may_grant_what_the_rules_do_not():
    office = stories.decided_by_a_meeting()
    assert decisions(office) == [("grant", "dibao", 700)]
    assert office.called("record_minutes")[0]["decision"] == "approve"
    assert office.called("grant_benefit")[0]["amount"] == 700


@pytest.mark.parametrize("story", [stories.not_carried_by_a_meeting, stories.vetoed_by_the_leader])
def test_what_a_meeting_or_its_leader_refuses_is_refused_in_writing(story):
    office = story()
    assert decisions(office) == [("refuse", "p", None)]
    assert office.called("record_minutes")[0]["decision"] == "refuse"
    assert office.called("record_decision_service")[0]["served_how"] == "post"


def test_a_single_person_over_the_limit_is_told_before_the_case_is_sent_on():
    office = stories.a_single_person_over_the_limit_who_is_told_and_may_object()
    assert [each["report_id"] for each in office.called("tell_findings")] == ["B1"]
    passed = office.passed()
    assert (passed["Service_SendFindings"], passed["Call_Verification"], passed["Call_Referral"]) == (1, 0, 1)
    within = stories.the_case_of_a_single_person()
    assert within.called("tell_findings") == []


def test_a_healthy_father_is_told_why_he_does_not_enter_alone():
    office = stories.a_healthy_father_does_not_enter_alone()
    (decision,) = office.called("record_decision")
    assert (decision["kind"], decision["reasons"]) == ("refuse", "没有重病，也没有重度残疾")
    assert office.called("open_single_entry") == []
    assert office.notices == 1


def test_a_rise_needs_no_hearing_and_a_stop_does():
    assert stories.work_lost().called("issue_hearing_notice") == []
    (hearing,) = stories.stopped_after_a_hearing().called("issue_hearing_notice")
    assert (hearing["action"], hearing["amount"]) == ("stop", 0)


def test_a_household_with_work_keeps_its_amount_and_becomes_an_edge_family_after():
    office = stories.phased_out()
    (change,) = office.called("change_benefit")
    assert (change["action"], change["from_month"]) == ("phase_out", "2026-10-14")
    (status,) = office.called("recognise_status")
    assert (status["status"], status["valid_from"]) == ("edge", "2027-04-01")


def test_above_the_edge_line_there_is_no_phase_out_and_no_status():
    office = stories.stopped_after_a_hearing()
    assert [each["action"] for each in office.called("change_benefit")] == ["stop"]
    assert office.called("recognise_status") == []


def test_three_refusals_stop_the_share_of_one_and_touch_no_add_ons():
    office = stories.three_refusals()
    (change,) = office.called("change_benefit")
    assert (change["base"], change["add_ons"], change["persons"]) == (2160, 324, [2, 3])
    assert office.called("record_decision")[0]["articles"][0] == "社会救助暂行办法第四十五条"


def test_a_change_of_what_is_suspended_is_decided_and_holds_when_it_is_resumed():
    told = {stories.refused_work_while_suspended: "cut", stories.work_lost_while_suspended: "raise"}
    for story, action in told.items():
        office = story()
        (change,), (decision,) = office.called("change_benefit"), office.called("record_decision")
        assert (change["action"], decision["reasons"]) == (action, change["reason"])
        assert change["reason"].endswith("；待遇现处于暂停，恢复发放时按此执行")
    assert "暂停" not in stories.three_refusals().called("change_benefit")[0]["reason"]


def test_a_letter_tells_of_a_suspension_as_it_stands_when_the_change_is_decided():
    resumed = stories.resumed_before_the_change_was_decided()
    assert "暂停" not in resumed.called("record_decision")[0]["reasons"]
    phased_out = stories.phased_out_while_suspended()
    (change,), (decision,) = phased_out.called("change_benefit"), phased_out.called("record_decision")
    assert (change["action"], decision["amount"]) == ("phase_out", None)
    assert decision["reasons"].endswith("；待遇现处于暂停，暂停期间不发放，渐退期内恢复发放的，按原金额发放至渐退期满")
    assert stories.phased_out().called("record_decision")[0]["amount"] == 2160


def test_a_change_of_what_ended_before_it_was_decided_ends_without_a_decision():
    office = stories.ended_before_the_change_was_decided()
    assert (office.is_done, office.passed()["Event_EndedMeanwhile"]) == (True, 1)
    assert office.called("record_decision") == office.called("change_benefit") == []


def test_what_was_stopped_while_it_was_suspended_is_not_resumed():
    office = stories.suspended_and_stopped_otherwise()
    assert office.passed()["Event_NoLongerSuspended"] == 1
    assert [each["action"] for each in office.called("change_benefit")] == ["suspend"]


def test_a_cut_of_what_has_ended_ends_by_itself():
    office = stories.refused_work_without_a_benefit_left()
    assert (office.is_done, office.passed()["Event_NothingToCut"]) == (True, 1)
    assert office.called("issue_hearing_notice") == []


def test_what_the_employment_bureau_told_begins_with_the_count_of_refusals():
    office = stories.refusals_told()
    assert office.called("notify_refusals") == [{"caseId": "case-1", "member_number": 1, "refusals": 3}]
    assert office.passed()["Event_HearingBegun"] == 1


@pytest.mark.parametrize("story", [stories.heard_and_dropped, stories.reported_for_nothing, stories.end_declined])
def test_what_is_dropped_changes_nothing(story):
    office = story()
    assert office.called("change_benefit") == []
    assert office.called("record_decision") == []


def test_an_end_counts_from_the_month_after_what_happened():
    (change,) = stories.ended().called("change_benefit")
    assert (change["action"], change["from_month"]) == ("end", "2026-09-20")


def test_nobody_is_warned_of_a_status_that_ended_before():
    assert stories.over_after_the_warning().called("issue_expiry_notice")[0]["valid_until"] == "2026-12-14"
    assert stories.ended_before_the_warning().called("issue_expiry_notice") == []


def test_a_status_that_is_over_is_ended_in_writing_and_everybody_is_told():
    office = stories.over_after_the_warning()
    assert office.notices == 2
    assert office.called("tell_status_end") == [{"caseId": "case-1", "status": "rigid", "ended_from": "2026-12-15"}]


def test_a_status_that_was_renewed_ends_nothing():
    office = stories.renewed_after_the_warning()
    assert (office.notices, office.called("tell_status_end")) == (1, [])


def test_a_group_the_insurer_does_not_know_is_corrected_by_hand_and_the_others_are_told_all_the_same():
    office = stories.the_insurer_knows_nobody_of_one_group()
    assert [one["persons"] for one in office.called("record_status_end")] == [[1, 2]]
    shown = office.shown("Task_TellInsurer")
    assert (shown["status"], shown["new_status"], shown["names"]) == ("dibao", "edge", "陈小明")
    office.do("Task_TellInsurer", told_note="已在医保系统更正")
    assert [one["persons"] for one in office.called("record_status_end")] == [[1, 2], [3]]
    assert office.is_done


def test_the_insurer_is_told_what_each_person_is_from_the_day_on():
    office = stories.insurer_and_units_are_told()
    told = [(one["status"], one["persons"], one["status_from"]) for one in office.called("record_status_end")]
    assert told == [("edge", [3], "2026-10-01"), ("none", [1, 2], "2026-10-01")]


def test_a_unit_that_ends_its_aid_says_why_in_writing_and_one_that_goes_on_changes_nothing():
    office = stories.insurer_and_units_are_told()
    assert office.is_done
    (decision,) = office.called("record_decision")
    assert (decision["kind"], decision["programme"], decision["referral_id"]) == ("stop", "education_aid", "R-2")
    assert decision["reasons"].endswith("按月补贴停发。该户陈述申辩：希望发到学期末")
    ended = [(one["referral_id"], one["ended_from"]) for one in office.called("end_dependent_aid")]
    assert (ended, office.notices) == ([("R-2", "2026-10-01")], 1)


def test_who_decides_sees_what_was_found_and_said_and_may_let_the_aid_go_on():
    office = stories.a_unit_would_stop_its_aid()
    shown = office.shown("Task_DecideAidEnd")
    assert (shown["aid_note"], shown["statement"]) == ("停发", "仍在读书")
    office = stories.the_decider_lets_the_aid_go_on()
    assert office.is_done
    assert (office.called("record_decision"), office.called("end_dependent_aid")) == ([], [])


def test_aid_that_another_end_stopped_before_gets_no_second_decision():
    office = stories.the_aid_was_stopped_before()
    assert office.is_done
    assert (office.called("record_decision"), office.notices) == ([], 0)


def test_each_unit_keeps_its_own_finding_while_the_others_are_looked_at():
    office = stories.two_units_stop_their_aid()
    assert office.is_done
    found = {one["referral_id"]: one["reasons"] for one in office.called("record_decision")}
    assert found["R-1"].endswith("租赁补贴停发。该户陈述申辩：对租赁补贴停发没有意见")
    assert found["R-2"].endswith("助学金停发。该户陈述申辩：对助学金停发没有意见")


def test_a_change_of_a_benefit_that_ended_meanwhile_ends_without_a_decision():
    office = stories.ended_while_it_was_verified()
    assert office.is_done
    assert decisions(office) == []
    assert office.called("change_benefit") == []


def test_a_recheck_that_waits_for_a_consent_is_over_when_the_benefit_ends():
    office = stories.ended_while_a_consent_was_awaited()
    assert office.is_done
    assert len(office.called("await_consent")) == 1
    assert office.called("compile_check_report") == office.called("record_survey") == []
