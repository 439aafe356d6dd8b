"""The course of a question to another unit, in memory: it answers, or returns it with a reason."""

from __future__ import annotations

import pytest

from tests.processes import advice_scenarios as stories


@pytest.mark.parametrize("story", stories.STORIES, ids=lambda story: story.__name__)
def test_a_story_of_a_question_comes_to_its_end(story):
    assert story().is_done


def test_a_question_goes_to_its_unit_with_its_day():
    office = stories.asked()
    task = office.task(office._key("Task_AnswerAdvice"))
    assert (task.candidate_groups, task.assignee) == (("education/clerk",), None)
    assert office.due("Task_AnswerAdvice") == "06-08"


def test_an_answer_and_a_return_are_kept_as_what_they_are():
    assert stories.answered().called("record_advice") == [{"advice_id": "A", "answer": "在籍，四年级"}]
    assert stories.returned().called("return_advice") == [{"advice_id": "A", "answer": "不属于本单位职责"}]
