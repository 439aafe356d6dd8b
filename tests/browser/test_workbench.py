"""The workbench in a real browser: a diagram is changed, checked and deployed; two people meet; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

# fixtures of a whole house
from tests.api.conftest import PASSWORD, furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401

pytestmark = pytest.mark.browser

Opens = Callable[..., Page]
READY = "[data-editor][data-ready='true']"
RENAME = """([id, name]) => {
  const { modeler } = document.querySelector("[data-editor]");
  modeler.get("modeling").updateProperties(modeler.get("elementRegistry").get(id), { name });
}"""
SELECTED = "() => document.querySelector('[data-editor]').modeler.get('selection').get().map(one => one.id)"


def edit(page: Page, key: str = "agency_inquiry", tab: str = "process") -> None:
    page.goto(f"/workbench?tab={tab}")
    row = page.get_by_role("row").filter(has=page.locator(f"code:text-is('{key}')")).last
    row.get_by_role("button", name="编辑").or_(row.get_by_role("link", name="继续编辑草稿")).click()
    expect(page.locator(READY)).to_be_visible(timeout=40_000)


def test_the_active_diagram_is_changed_checked_and_deployed(opens: Opens, axe: str) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page)
    expect(page.locator("[data-findings-title]")).to_have_text("检查结果：没有发现问题")
    page.screenshot(path="/tmp/wb-editor.png")
    page.evaluate(RENAME, ["Task_EnterAnswer", "登记书面答复"])
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=20_000)
    page.get_by_role("link", name="检查并部署").click()
    expect(page.get_by_role("row").filter(has_text="登记书面答复")).to_contain_text("人工登记答复")
    expect(page.locator("figure[data-diagram][data-ready='true']")).to_have_count(2, timeout=40_000)
    page.screenshot(path="/tmp/wb-check.png", full_page=True)
    assert page.evaluate(FITS)
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    page.get_by_label("部署理由").fill("统一用语")
    page.get_by_role("button", name="部署为第 2 版").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版已部署")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('agency_inquiry')"))
    expect(row).to_contain_text("统一用语")
    page.screenshot(path="/tmp/wb-library.png")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)
