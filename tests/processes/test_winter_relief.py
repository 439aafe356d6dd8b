"""Winter and spring relief: the days of the register, who may decide, and what each end leaves."""

from __future__ import annotations

import pytest

from tests.processes import winter_scenarios as stories
from tests.processes.office import at


def test_a_town_is_warned_in_october_and_its_register_is_frozen_with_the_month_though_it_ends_on_a_saturday():
    office = stories.town()
    assert office.due("Task_SurveyWinterNeeds") == "10-25"
    office.wait_until(at("10-15", hour=8))
    assert office.called("warn_winter_town") == []
    office.wait_until(at("10-15", hour=9))
    assert office.called("warn_winter_town") == [{"register_id": "R", "region": "320481109"}]
    office.wait_until(at("10-31", hour=23))
    assert office.open() == ["Task_SurveyWinterNeeds"]
    office.wait_until(at("11-01", hour=0))
    assert office.open() == ["Task_ReviewWinterTown"]
    assert office.shown("Task_ReviewWinterTown")["is_frozen"] is True


def test_a_town_that_hands_its_register_in_early_is_not_warned():
    office = stories.surveyed()
    office.wait_until(at("11-02"))
    assert office.called("warn_winter_town") == []
    assert office.shown("Task_ReviewWinterTown")["is_frozen"] is False


def test_a_town_without_need_reports_that_and_is_done():
    office = stories.nobody_is_in_need_in_a_town()
    assert office.is_done
    assert office.called("report_winter_town") == [{"register_id": "R", "region": "320481109"}]
    assert office.called("confirm_winter_town") == []


def test_the_county_plans_once_every_town_is_ready_and_grants_what_the_government_approved():
    office = stories.county()
    assert office.open() == []
    office.hear("WinterTownsReady", "WINTER-2026")
    assert office.due("Task_PlanWinter") == "10-31"
    office = stories.the_government_approves()
    assert office.is_done
    assert office.called("grant_winter_relief") == [
        {"register_id": "R", "approval_number": "溧政复〔2026〕21号", "approved_on": "2026-10-30"}
    ]


def test_a_plan_the_government_returns_is_drawn_anew():
    office = stories.the_government_returns_the_plan_once()
    assert len(office.called("draw_winter_plan")) == 2


@pytest.mark.parametrize(
    ("story", "outcome"),
    [(stories.the_government_refuses_the_plan, "refused"), (stories.nobody_is_in_need, "no_need")],
    ids=["refused", "nobody in need"],
)
def test_nothing_is_granted_where_the_government_refuses_or_nobody_is_in_need(story, outcome):
    office = story()
    assert office.is_done
    assert office.called("grant_winter_relief") == []
    assert office.called("drop_winter_plan") == [{"register_id": "R", "outcome": outcome}]
