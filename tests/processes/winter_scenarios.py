"""Winter and spring relief, played over the shipped diagrams: each function is one story to its end."""

from __future__ import annotations

from tests.processes.office import Office, at
from tests.processes.scenarios import family

SEASON = {
    "register_id": "R", "register_key": "WINTER-2026", "season": 2026, "freezes_on": "2026-10-31",
    "fund_source": None, "goods_source": None, "return_note": None,
}  # fmt: skip
TOWN = {
    "register_id": "R", "town_key": "WINTER-2026-320481109", "region": "320481109", "town_name": "上兴镇",
    "season": 2026, "warns_on": "2026-10-15", "report_on": "2026-10-25", "freezes_on": "2026-10-31",
    "return_note": None,
}  # fmt: skip
SOURCES = {"fund_source": "县级救灾资金", "goods_source": "县救灾物资储备库"}
APPROVED = {"plan_decision": "approve", "approval_number": "溧政复〔2026〕21号", "approved_on": "2026-10-30"}


def town(day="09-07", households=2):
    office = Office(family(), now=at(day))
    office.winter_households = households
    return office.start("winter_town", **TOWN)


def surveyed(office=None):
    office = office or town()
    office.do("Task_SurveyWinterNeeds", survey_note="走访十二个村")
    return office


def confirmed():
    office = surveyed()
    office.do("Task_ReviewWinterTown", town_decision="confirm")
    return office


def a_town_publishes_what_is_granted():
    office = confirmed()
    office.hear("WinterPlanSettled", "WINTER-2026-320481109", granted=True)
    office.do("Task_PublishVillages", published_on="2026-11-05", published_at="各村公告栏")
    return office


def nothing_is_granted_to_a_town():
    office = confirmed()
    office.hear("WinterPlanSettled", granted=False)
    return office


def a_reviewer_gives_the_register_back():
    office = surveyed()
    office.do("Task_ReviewWinterTown", town_decision="return", return_note="漏了涧西村")
    assert office.shown("Task_SurveyWinterNeeds")["return_note"] == "漏了涧西村"
    surveyed(office)
    office.do("Task_ReviewWinterTown", town_decision="confirm")
    office.hear("WinterPlanSettled", granted=False)
    return office


def the_day_freezes_the_register():
    office = town()
    office.wait_until(at("11-02"))
    office.do("Task_ReviewWinterTown", town_decision="confirm")
    office.hear("WinterPlanSettled", granted=False)
    return office


def nobody_is_in_need_in_a_town():
    return surveyed(town(households=0))


def county(households=2):
    office = Office(family(), now=at("09-01"))
    office.winter_households = households
    return office.start("winter_relief", **SEASON)


def planned():
    office = county()
    office.hear("WinterTownsReady", "WINTER-2026")
    office.do("Task_PlanWinter", **SOURCES)
    return office


def the_government_approves():
    office = planned()
    office.do("Task_RecordApproval", **APPROVED)
    office.do("Task_FileAbove", filing_number="溧应急〔2026〕9号", filed_on="2026-11-03")
    office.do("Task_PublishCounty", published_on="2026-11-04", published_at="市政府网站")
    return office


def the_government_returns_the_plan_once():
    office = planned()
    office.do("Task_RecordApproval", plan_decision="return", return_note="请说明物资来源")
    assert office.shown("Task_PlanWinter")["return_note"] == "请说明物资来源"
    office.do("Task_PlanWinter", **SOURCES)
    office.do("Task_RecordApproval", **APPROVED)
    return office


def the_government_refuses_the_plan():
    office = planned()
    office.do("Task_RecordApproval", plan_decision="refuse", return_note="资金未落实")
    return office


def nobody_is_in_need():
    office = county(households=0)
    office.hear("WinterTownsReady")
    return office


STORIES = (
    a_town_publishes_what_is_granted,
    nothing_is_granted_to_a_town,
    a_reviewer_gives_the_register_back,
    the_day_freezes_the_register,
    nobody_is_in_need_in_a_town,
    the_government_approves,
    the_government_returns_the_plan_once,
    the_government_refuses_the_plan,
    nobody_is_in_need,
)
