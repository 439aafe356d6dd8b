"""Procedure over the shipped diagrams, in memory: how stories end and what the handlers were told."""

from __future__ import annotations

import pytest

from tests.processes import procedure_scenarios


@pytest.mark.parametrize("story", procedure_scenarios.STORIES, ids=lambda story: story.__name__)
def test_a_story_of_procedure_comes_to_its_end(story):
    assert story().is_done


@pytest.mark.parametrize(
    ("story", "outcome"),
    [
        (procedure_scenarios.objected_twice_and_dismissed, "dismissed"),
        (procedure_scenarios.upheld, "upheld"),
    ],
)
def test_a_notice_ends_with_its_outcome(story, outcome):
    assert story().variables()["notice_outcome"] == outcome


def test_urgent_relief_closes_the_case_whatever_becomes_of_the_rest():
    assert procedure_scenarios.urgent_alone().called("close_case") == [{"caseId": "case-1", "outcome": "granted"}]
    office = procedure_scenarios.urgent_beside_others()
    assert office.called("record_referral_result")[0]["outcome"] == "refused"
    assert office.called("close_case") == [{"caseId": "case-1", "outcome": "refused"}]


def test_what_cannot_wait_is_with_its_units_before_anybody_looks_at_the_papers():
    office = procedure_scenarios.all_at_once_beside_the_main_line()
    (opened,) = office.called("open_referrals_at_once")
    assert [each["need"] for each in opened["at_once"]] == procedure_scenarios.AT_ONCE
    assert [each["rule"] for each in opened["at_once"]] == ["R5", "R8", "R14", "R18", "R21"]
    assert len(office.called("send_referral")) == 5


def test_the_main_line_does_not_propose_again_what_went_at_once():
    office = procedure_scenarios.disaster_beside_dibao()
    proposed = office.shown("Task_ConfirmReferrals")["selected_rules"]
    assert "R1" in proposed
    assert "R14" not in proposed
    assert "Task_AcknowledgeDisaster" in office.open()


def test_a_child_alone_is_told_to_the_child_desk_though_nobody_asked():
    office = procedure_scenarios.child_alone_on_the_street()
    assert [each["need"] for each in office.called("open_referrals_at_once")[0]["at_once"]] == ["shelter", "child"]
    assert office.open() == ["Task_AcknowledgeStranded", "Task_ChildDesk"]


def test_what_went_to_the_wrong_unit_at_once_comes_back_to_the_window_and_is_told():
    office = procedure_scenarios.at_once_returned_and_given_up()
    assert [each["outcome"] for each in office.called("record_referral_result")] == ["cancelled"]
    assert office.notices == 1
    assert office.called("close_case")[0]["outcome"] == "refused"


def test_what_is_not_accepted_is_not_closed_a_second_time():
    assert procedure_scenarios.not_ours().called("close_case") == []


@pytest.mark.parametrize(
    ("story", "conclusions", "letters"),
    [
        (procedure_scenarios.visit_finds_nothing_new, [], 0),
        (procedure_scenarios.visit_finds_what_stays_within, ["within"], 0),
        (procedure_scenarios.visit_finds_too_much, ["over"], 1),
    ],
)
def test_what_a_visit_found_is_held_against_the_limits_and_told(story, conclusions, letters):
    office = story()
    concluded = office.called("conclude_check_report")
    assert [each["findings"]["conclusion"] for each in concluded] == conclusions
    assert [each["report_id"] for each in concluded] == ["B1"] * len(conclusions)
    assert office.notices == letters


def test_a_notice_is_issued_as_a_paper_before_it_is_posted_and_a_second_visit_is_counted():
    office = procedure_scenarios.upheld()
    (paper,) = [each for each in office.called("issue_document") if each["kind"] == "public_notice"]
    assert (paper["subject"], paper["values"]["amount"]) == ("N", "每月1,964元")
    steps = [step for step, _ in office.calls]
    assert steps.index("issue_document") < steps.index("record_notice_posted")
    assert len(office.called("count_survey")) == 1


def test_a_visit_both_agree_on_is_issued_as_a_paper():
    office = procedure_scenarios.upheld()
    (record,) = [each for each in office.called("issue_document") if each["kind"] == "survey"]
    assert record["subject"] == "S"


def test_a_letter_on_paper_that_is_not_delivered_in_time_is_reminded_of_once_and_delivered_in_the_end():
    office = procedure_scenarios.letter_delivered_late()
    assert office.is_done
    (recorded,) = office.called("record_letter_delivery")
    assert (recorded["delivered_on"], recorded["delivered_how"]) == ("2026-09-21", "post")
