"""The review of a sampled case, in memory: what is looked at, and what follows from what was found."""

from __future__ import annotations

import pytest

from tests.processes import spot_check_scenarios as stories


@pytest.mark.parametrize("story", stories.STORIES, ids=lambda story: story.__name__)
def test_a_story_of_a_spot_check_comes_to_its_end(story):
    assert story().is_done


def test_a_sampled_case_goes_to_the_reviewers_with_the_checklist_of_its_programme():
    office = stories.sampled()
    task = office.task(office._key("Task_ReviewSample"))
    assert task.candidate_groups == ("civil_affairs/reviewer",)
    assert office.due("Task_ReviewSample") == "06-17"
    codes = [row["code"] for row in office.shown("Task_ReviewSample")["checklist"]]
    assert codes == ["file", "persons", "check", "survey", "notice", "amount", "payment", "reasons", "limits"]
    assert [row["code"] for row in stories.sampled(programme="intake").shown("Task_ReviewSample")["checklist"]] == [
        "file",
        "persons",
        "declined",
        "limits",
    ]


def test_what_is_found_must_be_graded_and_told():
    office = stories.sampled()
    rows = stories.answers(office)
    rows[0] = {**rows[0], "verdict": "finding"}
    with pytest.raises(AssertionError, match="severity"):
        office.do("Task_ReviewSample", checklist=rows, conclusion="right")


def test_only_a_severe_finding_goes_to_the_supervisor_who_sees_that_finding_alone():
    assert stories.with_a_slight_finding().called("order_correction") == []
    office = stories.reviewed(severities={"survey": "severe"})
    assert office.open() == ["Task_DecideFindings"]
    shown = office.shown("Task_DecideFindings")
    assert [(row["code"], row["severity"]) for row in shown["checklist"]] == [("survey", "severe")]
    assert shown["unit_kind"] == "civil_affairs"


def test_an_order_needs_all_of_its_words_and_the_reason_why_none_follows_is_kept():
    office = stories.reviewed(severities=stories.SEVERE)
    with pytest.raises(AssertionError, match="demand"):
        office.do("Task_DecideFindings", **{**stories.ORDER, "demand": None})
    (order,) = stories.ordered().called("order_correction")
    assert (order["unit_kind"], order["working_days"], order["item_id"]) == ("township", 5, "I")
    assert [one["reason"] for one in stories.kept().called("keep_findings")] == ["已由单位自行纠正"]


def test_who_had_a_part_in_the_case_reviews_nothing_and_the_reviewer_decides_nothing():
    review = stories.sampled().properties("Task_ReviewSample")
    decision = stories.reviewed(severities=stories.SEVERE).properties("Task_DecideFindings")
    assert (review["barred"], decision["barred"]) == ("case_worker", "case_worker")
    assert decision["distinctFrom"] == "Task_ReviewSample"
    assert (review["clock"], decision["clock"]) == ("own", "own")
