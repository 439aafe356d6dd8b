"""The workbench in a real browser: a diagram is changed, checked and deployed; two people meet; nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from api.services import Services
from engine.model import SYSTEM

# fixtures of a whole house
from tests.api.conftest import PASSWORD, furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.modeler_walk import walk_through
from tests.browser.test_bundles import IS_ON_TOP
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401
from workflows.organisation.commands import CreateAccount
from workflows.workbench.commands import SaveDraft
from workflows.workbench.contents import shipped_files

pytestmark = pytest.mark.browser

Opens = Callable[..., Page]
XML = shipped_files()["agency_inquiry.bpmn"].content.decode()
READY = "[data-editor][data-ready='true']"
RENAME = """([id, name]) => {
  const { modeler } = document.querySelector("[data-editor]");
  modeler.get("modeling").updateProperties(modeler.get("elementRegistry").get(id), { name });
}"""
SELECTED = "() => document.querySelector('[data-editor]').modeler.get('selection').get().map(one => one.id)"
REMOVE = """(id) => {
  const { modeler } = document.querySelector("[data-editor]");
  modeler.get("modeling").removeElements([modeler.get("elementRegistry").get(id)]);
}"""
RELABEL = """([from, to]) => {
  const { editor } = document.querySelector("[data-editor]");
  const field = editor.get("formFieldRegistry").getAll().find((one) => one.label === from);
  editor.get("modeling").editFormField(field, "label", to);
}"""
FOREIGN = re.compile(r"[^\u4e00-\u9fff]*[A-Za-z]{2}[^\u4e00-\u9fff]*")
OWN = re.compile(r"[_\"().=]|^(BPMN|FEEL|[a-z]+|[a-z]+[A-Z][A-Za-z]*)$")
"""What an analyst writes as it stands: ids, names of variables, expressions; and the names of notations."""


def edit(page: Page, key: str = "agency_inquiry", tab: str = "process") -> None:
    page.goto(f"/workbench?tab={tab}")
    row = page.get_by_role("row").filter(has=page.locator(f"code:text-is('{key}')")).last
    row.get_by_role("button", name="编辑").or_(row.get_by_role("link", name="继续编辑草稿")).click()
    expect(page.locator(READY)).to_be_visible(timeout=40_000)


def test_the_active_diagram_is_changed_checked_and_deployed(opens: Opens, axe: str) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page)
    expect(page.locator("[data-findings-title]")).to_have_text("检查结果：没有发现问题")
    page.evaluate(RENAME, ["Task_EnterAnswer", "登记书面答复"])
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    page.get_by_role("link", name="检查并部署").click()
    expect(page.get_by_role("row").filter(has_text="登记书面答复")).to_contain_text("人工登记答复")
    expect(page.locator("figure[data-diagram][data-ready='true']")).to_have_count(2, timeout=40_000)
    assert page.evaluate(FITS)
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    page.get_by_label("部署理由").fill("统一用语")
    page.get_by_role("button", name="部署为第 2 版").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版已部署")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('agency_inquiry')"))
    expect(row).to_contain_text("统一用语")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)


def test_a_finding_leads_to_its_element_and_is_marked_on_the_canvas(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page)
    page.evaluate(RENAME, ["Gateway_Channel", ""])
    page.evaluate(REMOVE, "Flow_ToChannel")
    finding = page.locator("[data-findings] button[data-element]").first
    expect(finding).to_be_visible(timeout=20_000)
    expect(page.locator("[data-findings-title]")).to_contain_text(re.compile("错误|提醒"))
    finding.click()
    assert page.evaluate(SELECTED) == [finding.get_attribute("data-element")]
    expect(page.locator(".finding-badge").first).to_be_visible()
    page.get_by_role("link", name="检查并部署").click()
    expect(page.get_by_text("不能部署")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name=re.compile("^部署为"))).to_have_count(0)


def test_two_people_are_told_and_neither_loses_anything(opens: Opens, services: Services) -> None:  # noqa: F811
    second = CreateAccount(
        login="second-analyst",
        name="沈青",
        password=PASSWORD,
        posts=(("civil-affairs", "administrator"),),
        must_change_password=False,
    )
    services.engine.execute(second, actor=SYSTEM)
    page, colleague = opens("administrator"), opens("second-analyst")
    edit(page)
    edit(colleague)
    assert page.url == colleague.url
    colleague.evaluate(RENAME, ["Task_EnterAnswer", "沈青改的名称"])
    colleague.keyboard.press("Control+s")
    expect(colleague.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    page.evaluate(RENAME, ["Task_EnterAnswer", "林涛改的名称"])
    bar = page.locator("[data-bar]")
    expect(bar).to_contain_text("沈青", timeout=20_000)
    expect(page.locator("[data-state]")).to_contain_text("未保存")
    page.get_by_role("button", name="对照查看").click()
    beside = page.get_by_role("dialog")
    expect(beside).to_contain_text("林涛改的名称 → 沈青改的名称")
    expect(beside.locator("svg text", has_text="沈青改的名称")).to_be_visible()
    beside.get_by_role("button", name="关闭").click()
    page.get_by_role("button", name="以我的为准").click()
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    expect(bar).to_be_hidden()
    [draft] = services.workbench.drafts()
    found = services.workbench.draft(draft.id)
    assert found is not None
    assert "林涛改的名称" in found.content.decode()
    kept = services.workbench.state(draft.id, services.workbench.states(draft.id)[0].version)
    assert kept is not None
    assert "沈青改的名称" in kept.content.decode()


def test_what_is_drawn_while_the_choice_is_open_goes_into_the_new_draft(
    opens: Opens,  # noqa: F811
    services: Services,  # noqa: F811
) -> None:
    page = opens("administrator")
    edit(page)
    [draft] = services.workbench.drafts()
    other = XML.replace("人工登记答复", "别处改的名称").encode()
    services.engine.execute(SaveDraft(draft_id=draft.id, version=1, content=other), actor=SYSTEM)
    page.evaluate(RENAME, ["Task_EnterAnswer", "被拒时的名称"])
    expect(page.locator("[data-state][data-state='held']")).to_be_visible(timeout=20_000)
    page.evaluate(RENAME, ["Task_EnterAnswer", "此后又改的名称"])
    page.get_by_role("button", name="对照查看").click()
    expect(page.get_by_role("dialog")).to_contain_text("此后又改的名称 → 别处改的名称")
    page.get_by_role("dialog").get_by_role("button", name="关闭").click()
    page.get_by_role("button", name="把我的另存为新草稿").click()
    expect(page.locator("h1 code")).to_have_text("agency_inquiry-administrator.bpmn", timeout=40_000)
    held = {one.file_name: services.workbench.draft(one.id) for one in services.workbench.drafts()}
    own, theirs = held["agency_inquiry-administrator.bpmn"], held["agency_inquiry.bpmn"]
    assert own is not None
    assert theirs is not None
    assert "此后又改的名称" in own.content.decode()
    assert theirs.content == other


def test_what_was_left_behind_outlives_other_work_and_is_not_saved_over_it(
    opens: Opens,  # noqa: F811
    services: Services,  # noqa: F811
) -> None:
    page = opens("administrator")
    edit(page)
    page.route("**/api/v1/workbench/drafts/*", lambda route: route.abort())
    page.evaluate(RENAME, ["Task_EnterAnswer", "断网时改的名称"])
    expect(page.locator("[data-state]")).to_contain_text("未能保存", timeout=20_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(READY)).to_be_visible(timeout=40_000)
    page.unroute("**/api/v1/workbench/drafts/*")  # not before: what the old page sent while it went must not arrive
    page.evaluate(RENAME, ["Gateway_Channel", "先改了别处"])  # before the bar is answered
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    page.reload()
    expect(page.locator(READY)).to_be_visible(timeout=40_000)
    expect(page.locator("[data-bar]")).to_contain_text("未保存到服务器")
    page.get_by_role("button", name="载入").click()
    expect(page.locator("svg text", has_text="断网时改的名称")).to_be_visible()
    expect(page.locator("[data-state][data-state='held']")).to_be_visible(timeout=20_000)
    [draft] = services.workbench.drafts()
    found = services.workbench.draft(draft.id)
    assert found is not None
    assert "先改了别处" in found.content.decode()


def test_what_the_server_never_got_is_offered_again(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page)
    page.route("**/api/v1/workbench/drafts/*", lambda route: route.abort())
    page.evaluate(RENAME, ["Task_EnterAnswer", "断网时改的名称"])
    expect(page.locator("[data-state]")).to_contain_text("未能保存", timeout=20_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(READY)).to_be_visible(timeout=40_000)
    page.unroute("**/api/v1/workbench/drafts/*")  # not before: what the old page sent while it went must not arrive
    expect(page.locator("[data-bar]")).to_contain_text("未保存到服务器")
    page.get_by_role("button", name="载入").click()
    expect(page.locator("svg text", has_text="断网时改的名称")).to_be_visible()
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    page.reload()
    expect(page.locator(READY)).to_be_visible(timeout=40_000)
    expect(page.locator("[data-bar]")).to_be_hidden()
    expect(page.locator("svg text", has_text="断网时改的名称")).to_be_visible()


def test_the_modeler_has_chinese_words_for_everything(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page, "public_notice")
    walked = walk_through(page)
    assert walked.failed == []
    assert walked.untranslated == []
    assert [line for line in walked.shown if FOREIGN.fullmatch(line) and not OWN.search(line)] == []
    assert page.locator(".bjs-powered-by").evaluate(IS_ON_TOP)


def test_a_decision_is_changed_and_deployed(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page, "aid_overlap", "decision")
    page.get_by_role("tab").last.click()
    cell = page.locator("td.output-cell", has_text="低保和特困供养不得同时享受")
    cell.click()
    cell.locator("[contenteditable]").first.fill('"低保与特困供养只能择一"')
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    assert page.evaluate("[...document.querySelector('[data-editor]').untranslated].join('|')") == ""
    assert page.locator(".bjs-powered-by:visible").first.evaluate(IS_ON_TOP)
    page.get_by_role("link", name="检查并部署").click()
    row = page.get_by_role("row").filter(has_text="低保与特困供养只能择一")
    expect(row).to_contain_text("规则 1")
    page.get_by_label("部署理由").fill("统一用语")
    page.get_by_role("button", name="部署为第 2 版").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版已部署")


def test_a_form_is_changed_and_deployed(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page, "enter_answer", "form")
    page.evaluate(RELABEL, ["信息单位", "答复的信息单位"])
    page.keyboard.press("Control+s")
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    expect(page.get_by_placeholder("搜索组件")).to_be_visible()
    assert page.locator(".fjs-powered-by-link").evaluate(IS_ON_TOP)
    page.get_by_role("link", name="检查并部署").click()
    row = page.get_by_role("row").filter(has_text="答复的信息单位")
    expect(row).to_contain_text("名称")
    page.get_by_label("部署理由").fill("统一用语")
    page.get_by_role("button", name="部署为第 2 版").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版已部署")
