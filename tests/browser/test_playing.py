"""Playing in a real browser: a term is changed, seen in findings and diff, played, kept, run again, deployed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

# fixtures of a whole house
from tests.api.conftest import furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401
from tests.browser.test_workbench import edit

pytestmark = pytest.mark.browser

Opens = Callable[..., Page]
DRAWN = "figure[data-diagram][data-ready='true']"
VARIABLES = """{
  "channel": "line", "caseId": "case-1", "agency": "tax", "agency_title": "税务局", "request_id": "R-1",
  "check_deadline": "2026-06-26", "failure": null
}"""
CHANGE_TERM = """(term) => {
  const { modeler } = document.querySelector("[data-editor]");
  const event = modeler.get("elementRegistry").get("Event_AnswerOverdue");
  const [definition] = event.businessObject.eventDefinitions;
  modeler.get("modeling").updateModdleProperties(event, definition.timeDate, { body: term });
}"""
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
TERM = '=end of working day(date(check_deadline) + duration("P2D"))'


def sound(page: Page, axe: str) -> None:
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)


def begin(page: Page) -> None:
    page.get_by_role("link", name="试走", exact=True).click()
    page.get_by_label("开始时间").fill("2026-06-15T09:00")
    page.get_by_label("流程变量（JSON，可空）").fill(VARIABLES)
    page.get_by_role("button", name="开始试走").click()
    expect(page.locator(DRAWN).first).to_be_visible(timeout=40_000)


@pytest.mark.timeout(240)
def test_a_term_is_changed_played_kept_run_and_deployed(opens: Opens, axe: str) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page)
    page.evaluate(CHANGE_TERM, TERM.replace("working", "workin"))
    expect(page.locator("[data-findings-title]")).to_contain_text(re.compile("错误 1|提醒 1"), timeout=20_000)
    page.evaluate(CHANGE_TERM, TERM)
    expect(page.locator("[data-findings-title]")).to_have_text("检查结果：没有发现问题", timeout=20_000)
    begin(page)
    expect(page.get_by_role("button", name=re.compile(r"2026-06-28 23:59"))).to_be_visible()
    sound(page, axe)
    page.get_by_role("button", name=re.compile("^快进到下一个定时")).click()
    expect(page.locator("[data-form][data-ready='true']")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="办结", exact=True).click()
    expect(page.locator(".form-summary").filter(has_text="项")).to_be_visible()
    sound(page, axe)
    page.get_by_label("没有取得").check()
    page.get_by_label("未取得的原因").fill("对方系统停用")
    page.get_by_role("button", name="办结", exact=True).click()
    page.wait_for_url("**/workbench/plays/*")
    job = page.locator("form.play-job")
    expect(job).to_contain_text("记录答复")
    job.get_by_label("答复的变量（JSON）").fill('{"answer_status": "no_data"}')
    job.get_by_role("button", name="答复", exact=True).click()
    expect(page.get_by_text("已结束", exact=True)).to_be_visible()
    page.get_by_label("场景名称").fill("逾期后人工登记")
    page.get_by_role("button", name="保存场景").click()
    expect(page.get_by_text("1/1 符合预期")).to_be_visible()
    expect(page.locator(DRAWN)).to_be_visible(timeout=40_000)
    expect(page.locator(".play-never")).to_contain_text("拒绝提供")
    sound(page, axe)
    page.get_by_role("link", name="逾期后人工登记").click()
    expect(page.locator(DRAWN)).to_be_visible(timeout=40_000)
    page.get_by_text("本步之后的预期").first.click()
    sound(page, axe)
    page.locator("#passed-end").fill("Event_AnswerRecorded Event_Refused")
    page.get_by_role("button", name="保存预期").click()
    expect(page.locator(".play-facts .is-wrong")).to_contain_text("Event_Refused")
    page.locator("#passed-end").fill("Event_AnswerRecorded")
    page.get_by_role("button", name="保存预期").click()
    expect(page.locator(".play-facts .is-wrong")).to_have_count(0)
    page.get_by_role("link", name="场景与覆盖").click()
    page.get_by_role("link", name="返回编辑").click()
    page.get_by_role("link", name="检查并部署").click()
    expect(page.get_by_text("1/1 符合预期")).to_be_visible(timeout=40_000)
    expect(page.get_by_role("row").filter(has_text="P2D")).to_contain_text("check_deadline")
    sound(page, axe)
    page.get_by_label("部署理由").fill("答复期限放宽两天")
    page.get_by_role("button", name="部署为第 2 版").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版已部署")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('agency_inquiry')"))
    expect(row.get_by_role("link", name="场景")).to_contain_text("1")


def test_playing_works_without_scripts_but_for_the_form(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator", scripts=False)
    page.goto("/workbench?tab=process")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('agency_inquiry')"))
    row.get_by_role("link", name="试走").click()
    page.get_by_label("流程变量（JSON，可空）").fill("{ not json")
    page.get_by_role("button", name="开始试走").click()
    expect(page.locator(".message-danger")).to_contain_text("变量不是 JSON")
    expect(page.get_by_label("流程变量（JSON，可空）")).to_have_value("{ not json")
    page.get_by_label("开始时间").fill("2026-06-15T09:00")
    page.get_by_label("流程变量（JSON，可空）").fill(VARIABLES)
    page.get_by_role("button", name="开始试走").click()
    page.get_by_label("BPMN 错误代码").fill("REFUSED")
    page.get_by_role("button", name="返回错误").click()
    expect(page.get_by_role("link", name="人工登记答复")).to_be_visible()
    page.get_by_role("button", name="退一步").click()
    page.get_by_label("快进天数").fill("30")
    page.get_by_role("button", name="快进", exact=True).click()
    expect(page.locator(".play-steps")).to_contain_text("逾期未答")


def test_a_decision_is_tried_on_examples(opens: Opens, axe: str) -> None:  # noqa: F811
    page = opens("administrator")
    page.goto("/workbench?tab=decision")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('county_check')"))
    row.get_by_role("link", name="示例").click()
    expect(page.locator("h1")).to_contain_text("4/4 符合预期")
    sound(page, axe)
    page.get_by_label("第 5 行：名称").fill("两样都有")
    for column, text in (("kin", "true"), ("disputed", "true"), ("sampled", "false"), ("预期 visit", "false")):
        page.get_by_label(f"第 5 行：{column}", exact=True).fill(text)
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("h1")).to_contain_text("4/5 符合预期")
    expect(page.locator("tr.is-wrong")).to_contain_text("true")
    page.get_by_label("第 5 行：预期 visit", exact=True).fill("true")
    page.get_by_role("button", name="保存示例").click()
    expect(page.locator("#messages")).to_contain_text("共 5 行")
    expect(page.locator("h1")).to_contain_text("5/5 符合预期")
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.evaluate(FITS)


def test_the_pages_of_playing_speak_english(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    page.goto("/workbench?tab=process&lang=en")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('agency_inquiry')"))
    row.get_by_role("link", name="Play").click()
    page.get_by_label("Starting time").fill("2026-06-15T09:00")
    page.get_by_label("Process variables (JSON, may be empty)").fill(VARIABLES.replace("税务局", "Tax Bureau"))
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(DRAWN).first).to_be_visible(timeout=40_000)
    page.get_by_label("BPMN error code").fill("REFUSED")
    page.get_by_role("button", name="End in error").click()
    expect(page.locator("[data-form][data-ready='true']")).to_be_visible(timeout=20_000)
    page.get_by_label("Name of the scenario").fill("Refused")
    page.get_by_role("button", name="Keep scenario").click()
    expect(page.get_by_text("1/1 as expected")).to_be_visible()
    page.get_by_role("link", name="Refused").click()
    expect(page.locator(DRAWN)).to_be_visible(timeout=40_000)
    assert CHINESE.findall(page.locator("main").inner_text()) == []
