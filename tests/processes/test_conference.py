"""The joint conference in memory: who does what by when, what returns, what long overdue work brings."""

from __future__ import annotations

import pytest

from tests.processes import conference_scenarios as stories
from tests.processes.office import at


@pytest.mark.parametrize("story", stories.STORIES, ids=lambda story: story.__name__)
def test_a_story_of_the_conference_comes_to_its_end(story):
    assert story().is_done


def test_issues_are_gathered_the_day_after_the_last_one_for_filing():
    office = stories.convened()
    office.wait_until(at("06-06", 23))
    assert office.called("close_issues") == []
    office.wait_until(at("06-07", 1))
    assert office.called("close_issues") == [{"meeting_id": "M"}]
    assert office.due("Task_LiaisonMeeting") == "06-11"


def test_minutes_are_due_five_working_days_after_the_meeting_and_signed_by_somebody_else():
    office = stories.on_the_agenda()
    assert office.due("Task_HoldMeeting") == "06-16"
    office = stories.held()
    assert office.due("Task_SignMinutes") == "06-24"
    assert office.properties("Task_SignMinutes")["distinctFrom"] == "Task_DraftMinutes"


def test_an_item_without_evidence_cannot_be_said_to_be_done():
    office = stories.given_out()
    with pytest.raises(AssertionError, match="evidence"):
        office.do("Task_ReportItem", report_kind="finished", progress="已比对")


@pytest.mark.parametrize(("day", "orders"), [("06-30", 0), ("07-14", 0), ("07-15", 1)])
def test_an_order_comes_when_an_item_is_ten_working_days_over(day, orders):
    office = stories.given_out()
    office.wait_until(at(day))
    assert len(office.called("order_item")) == orders


def test_the_owner_is_reminded_before_the_day():
    office = stories.given_out()
    office.wait_until(at("06-26"))
    assert office.called("remind_of_item") == []
    office.wait_until(at("06-29"))
    assert office.called("remind_of_item") == [{"item_id": "I"}]


def test_a_problem_not_answered_in_time_is_told_to_the_office():
    office = stories.given_to_finance()
    assert office.due("Task_AnswerProblem") == "06-08"
    office.wait_until(at("06-08"))
    assert office.called("tell_problem_overdue") == []
    office.wait_until(at("06-09"))
    assert len(office.called("tell_problem_overdue")) == 1
