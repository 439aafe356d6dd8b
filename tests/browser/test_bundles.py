"""Both bundles come up, alone, in old browsers, in both languages and with the mark of their makers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Sample, Watch

pytestmark = pytest.mark.browser

OLD_CHROMIUM = Path(__file__).parent / "old_chromium.js"
TOOLS = {"/task": "[data-form], figure[data-diagram]", "/diagrams": "figure[data-diagram]"}
WATERMARKS = {"/task": ".fjs-powered-by-link", "/diagrams": "#relief .bjs-powered-by"}
IS_ON_TOP = """mark => {
  mark.scrollIntoView({ block: "center" });
  const { x, y, width, height } = mark.getBoundingClientRect();
  const inset = 2;
  const points = [[x + width / 2, y + height / 2], [x + inset, y + inset], [x + width - inset, y + height - inset]];
  return width >= 40 && height >= 15 && points.every(([px, py]) => mark.contains(document.elementFromPoint(px, py)));
}"""
PATIENCE = 15_000  # milliseconds
ALL_SHIPPED = 90_000  # on one page, which nobody else opens


def open_ready(page: Page, url: str, selector: str, *, within: int = PATIENCE) -> None:
    page.goto(url, timeout=within)
    for tool in page.locator(selector).all():
        expect(tool).to_have_attribute("data-ready", "true", timeout=within)


@pytest.mark.parametrize("path", TOOLS)
def test_a_page_comes_up_without_a_complaint_and_asks_no_other_host(
    page: Page, watch: Watch, sample: Sample, path: str
) -> None:
    open_ready(page, sample.url + path, TOOLS[path])
    assert not watch.errors + watch.console
    assert watch.hosts == {sample.url.removeprefix("http://")}


@pytest.mark.parametrize("path", TOOLS)
def test_a_page_comes_up_in_a_browser_of_2020(
    context: BrowserContext, page: Page, watch: Watch, sample: Sample, path: str
) -> None:
    context.add_init_script(path=OLD_CHROMIUM)
    open_ready(page, sample.url + path, TOOLS[path])
    assert not watch.errors + watch.console


def test_every_shipped_form_and_diagram_is_drawn_without_a_warning(page: Page, watch: Watch, sample: Sample) -> None:
    open_ready(page, sample.url + "/shipped", "[data-form], figure[data-diagram]", within=ALL_SHIPPED)
    warned = page.locator("[data-warnings]").evaluate_all("forms => forms.map(form => form.id)")
    assert not warned
    assert not watch.errors + watch.console


def test_every_shipped_form_is_english_for_an_english_reader(page: Page, sample: Sample) -> None:
    open_ready(page, sample.url + "/shipped?lang=en", "[data-form]", within=ALL_SHIPPED)
    texts = page.locator("[data-form]").evaluate_all("forms => forms.map(form => [form.id, form.innerText])")
    assert len(texts) > 20
    assert not {name: found for name, text in texts if (found := re.findall(r"[\u4e00-\u9fff].*", text))}


def test_a_form_works_in_a_browser_of_2020(context: BrowserContext, page: Page, watch: Watch, sample: Sample) -> None:
    context.add_init_script(path=OLD_CHROMIUM)
    open_ready(page, sample.url + "/task", "[data-form]")
    page.get_by_label("身份证号码").fill("51")
    page.get_by_label("救助事项").click()
    page.get_by_text("临时救助").click()
    page.get_by_role("button", name="新增一行").click()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/next")
    assert not watch.errors
    assert sample.received.submissions[0]["variables"]["programme"] == "temporary"


@pytest.mark.parametrize("path", WATERMARKS)
def test_the_mark_of_the_makers_stays_visible(page: Page, sample: Sample, path: str) -> None:
    open_ready(page, sample.url + path, TOOLS[path])
    assert page.locator(WATERMARKS[path]).evaluate(IS_ON_TOP)


def test_a_form_speaks_chinese_down_to_the_calendar(page: Page, sample: Sample) -> None:
    open_ready(page, sample.url + "/task", "[data-form]")
    expect(page.get_by_role("button", name="新增一行")).to_be_visible()
    expect(page.get_by_label("救助事项")).to_have_attribute("placeholder", "选择或搜索")
    expect(page.get_by_label("受理日期")).to_have_attribute("placeholder", "年/月/日")
    page.get_by_label("受理日期").click()
    calendar = page.locator(".flatpickr-calendar.open")
    assert calendar.locator(".flatpickr-weekday").first.inner_text().strip() in ("周日", "周一")
    assert "十一月" in calendar.locator(".flatpickr-monthDropdown-months").inner_text()


def test_a_form_and_a_diagram_speak_english_to_an_english_reader(page: Page, sample: Sample) -> None:
    open_ready(page, sample.url + "/task?lang=en", "[data-form], figure[data-diagram]")
    expect(page.get_by_role("button", name="Add new")).to_be_visible()
    expect(page.get_by_role("button", name="Zoom in (+)")).to_be_visible()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_role("alert")).to_contain_text("2 entries need correction")


@pytest.mark.parametrize("path", ["/list", "/task", "/diagrams"])
def test_a_page_breaks_no_rule_of_accessibility(page: Page, sample: Sample, axe: str, path: str) -> None:
    open_ready(page, sample.url + path, TOOLS.get(path, "figure[data-diagram]"))
    if path == "/task":
        page.get_by_role("button", name="完成办理").click()
        expect(page.get_by_role("alert")).to_be_visible()
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found] == []
