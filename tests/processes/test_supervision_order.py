"""The course of a supervision order, in memory: who answers by when, and who is told that nobody did."""

from __future__ import annotations

import pytest

from tests.processes import supervision_scenarios as stories
from tests.processes.office import at


@pytest.mark.parametrize("story", stories.STORIES, ids=lambda story: story.__name__)
def test_a_story_of_an_order_comes_to_its_end(story):
    assert story().is_done


def test_an_order_goes_to_its_unit_with_its_day():
    office = stories.issued()
    task = office.task(office._key("Task_AnswerOrder"))
    assert (task.candidate_groups, task.assignee) == (("education/clerk",), None)
    assert office.due("Task_AnswerOrder") == "06-10"


def test_an_answer_in_time_escalates_to_nobody():
    office = stories.answered_and_accepted()
    assert (office.called("escalate_order"), office.called("remind_of_order")) == ([], [])
    assert office.called("accept_order_answer") == [{"order_id": "O", "note": "属实"}]


@pytest.mark.parametrize(
    ("day", "levels"), [("06-10", []), ("06-11", []), ("06-12", [1]), ("06-16", [1, 2]), ("06-18", [1, 2, 3])]
)
def test_who_is_told_goes_by_the_working_days_over(day, levels):
    office = stories.issued()
    office.wait_until(at(day))
    assert [each["level"] for each in office.called("escalate_order")] == levels
    assert len(office.called("remind_of_order")) == 1


def test_a_returned_answer_opens_the_task_again_with_a_new_day_and_its_reason():
    office = stories.issued()
    office.wait_until(at("06-11"))
    office.do("Task_AnswerOrder", answer="正在办")
    with pytest.raises(AssertionError, match="return_reason"):
        office.do("Task_ReviewAnswer", order_decision="return")
    office.do("Task_ReviewAnswer", order_decision="return", return_reason="没有写明结果")
    shown = office.shown("Task_AnswerOrder")
    assert (shown["return_reason"], shown["answer"]) == ("没有写明结果", "正在办")
    assert office.due("Task_AnswerOrder") == "06-16"


def test_nobody_reviews_the_answer_they_gave_and_a_pause_of_the_case_moves_no_order():
    office = stories.issued()
    assert office.properties("Task_AnswerOrder")["clock"] == "own"
    office.do("Task_AnswerOrder", answer="已办好")
    assert office.properties("Task_ReviewAnswer")["distinctFrom"] == "Task_AnswerOrder"
    assert office.properties("Task_ReviewAnswer")["clock"] == "own"
