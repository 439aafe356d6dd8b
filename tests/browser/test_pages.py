"""Diagrams show where a case stands; lists can be worked from the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sample

pytestmark = pytest.mark.browser

SCALE = "figure => new DOMMatrix(getComputedStyle(figure.querySelector('.viewport')).transform).a"
IS_INSIDE = """figure => {
  const outer = figure.querySelector(".diagram-canvas").getBoundingClientRect();
  return [...figure.querySelectorAll(".djs-shape")].every((shape) => {
    const inner = shape.getBoundingClientRect();
    const fitsWidth = inner.left >= outer.left && inner.right <= outer.right;
    return fitsWidth && inner.top >= outer.top && inner.bottom <= outer.bottom;
  });
}"""


@pytest.fixture
def diagrams(page: Page, sample: Sample) -> Page:
    """The page with two diagrams, both drawn."""
    page.goto(sample.url + "/diagrams")
    for figure in page.locator("figure[data-diagram]").all():
        expect(figure).to_have_attribute("data-ready", "true")
    return page


def test_a_diagram_shows_tokens_path_and_incidents(diagrams: Page) -> None:
    relief = diagrams.locator("#relief")
    expect(relief.locator(".diagram-badge-active")).to_have_text(["12", "1"])
    expect(relief.locator(".diagram-badge-incident")).to_have_text(["1"])
    expect(relief.locator(".diagram-badge-repeat")).to_have_text(["×2", "×2"])
    expect(relief.locator(".djs-shape.is-completed")).to_have_count(4)
    expect(relief.locator(".djs-connection.is-taken")).to_have_count(5)
    expect(relief.locator(".diagram-legend li")).to_have_text(["进行中", "已完成", "走过的路径", "异常"])


def test_every_process_of_a_case_has_a_diagram_of_its_own(diagrams: Page) -> None:
    expect(diagrams.locator("#survey .diagram-badge-active")).to_have_text(["1"])
    diagrams.locator("#relief .diagram-badge-call").click()
    assert diagrams.url.endswith("#survey")
    expect(diagrams.locator("#survey")).to_be_in_viewport()


def test_a_diagram_is_drawn_whole(diagrams: Page) -> None:
    assert diagrams.locator("#relief").evaluate(IS_INSIDE)


def test_a_diagram_too_wide_to_be_read_opens_where_the_case_stands(page: Page, sample: Sample) -> None:
    page.set_viewport_size({"width": 420, "height": 700})
    page.goto(sample.url + "/diagrams")
    relief = page.locator("#relief")
    expect(relief).to_have_attribute("data-ready", "true")
    assert relief.evaluate(SCALE) == pytest.approx(0.5)
    expect(relief.locator("[data-element-id=Task_Verify]")).to_be_in_viewport()
    relief.get_by_role("button", name="适应窗口").click()
    assert relief.evaluate(IS_INSIDE)


def test_an_element_tells_how_it_stands(diagrams: Page) -> None:
    detail = diagrams.locator("#relief .diagram-detail")
    expect(detail).to_contain_text("家庭经济状况核对 Task_Verify 进行中 1 个 · 异常 1 个")
    expect(detail.get_by_role("listitem")).to_have_text(["银行接口超时：已重试 3 次"])
    diagrams.locator("#relief [data-element-id=Task_Accept]").click()
    expect(detail).to_contain_text("窗口受理 Task_Accept 已完成 2 次")


def test_a_diagram_is_zoomed_by_keys_once_it_has_the_focus(diagrams: Page) -> None:
    relief = diagrams.locator("#relief")
    fitted = relief.evaluate(SCALE)
    relief.locator(".diagram-canvas").focus()
    diagrams.keyboard.press("+")
    assert relief.evaluate(SCALE) > fitted
    diagrams.keyboard.press("0")
    assert relief.evaluate(SCALE) == pytest.approx(fitted)


def test_a_broken_diagram_says_so(page: Page, sample: Sample) -> None:
    page.route("**/survey.bpmn", lambda route: route.fulfill(body="<not-bpmn/>", content_type="text/xml"))
    page.goto(sample.url + "/diagrams")
    expect(page.locator("#survey").get_by_role("alert")).to_contain_text("流程图无法显示")
    expect(page.locator("#relief")).to_have_attribute("data-ready", "true")


@pytest.mark.parametrize(("language", "told"), [("zh", "没有图形信息"), ("en", "without its drawing")])
def test_a_process_without_a_drawing_says_so_in_the_language_of_the_page(
    page: Page, sample: Sample, language: str, told: str
) -> None:
    xml = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="P"/></definitions>'
    page.route("**/survey.bpmn", lambda route: route.fulfill(body=xml, content_type="text/xml"))
    page.goto(f"{sample.url}/diagrams?lang={language}")
    expect(page.locator("#survey").get_by_role("alert")).to_contain_text(told)
    expect(page.locator("#survey").get_by_role("alert")).not_to_contain_text("no diagram to display")


def test_a_list_is_worked_with_j_k_and_enter(page: Page, sample: Sample) -> None:
    page.goto(sample.url + "/list")
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator("tbody tr").nth(0).get_by_role("link")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.url.endswith("#row-JZ-2026-000001")


def test_a_click_on_a_row_opens_it(page: Page, sample: Sample) -> None:
    page.goto(sample.url + "/list")
    page.get_by_text("欧阳静").first.click()
    assert page.url.endswith("#row-JZ-2026-000002")


def test_keys_typed_into_a_field_are_only_text(page: Page, sample: Sample) -> None:
    page.goto(sample.url + "/list")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("jk?")
    expect(search).to_have_value("jk?")


def test_the_question_mark_shows_the_keys_and_escape_hides_them(page: Page, sample: Sample) -> None:
    page.goto(sample.url + "/list")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("列表中下一行、上一行")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("path", ["/list", "/task", "/diagrams"])
def test_a_page_fits_a_small_office_screen(page: Page, sample: Sample, path: str) -> None:
    page.goto(sample.url + path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
