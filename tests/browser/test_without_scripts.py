"""The lists, filters and plain forms of a day's work, with scripts turned off."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from api.app import create_app
from api.services import Services
from tests.api.applications import APPLICANT, application_json

# fixtures of a whole house
from tests.api.conftest import PASSWORD, Client, furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.conftest import CONTEXT
from tests.browser.person import open_from_menu

pytestmark = pytest.mark.browser

CASES = 3


@pytest.fixture
def app(services: Services, bundles: None) -> Flask:  # noqa: F811  (the fixture above)
    return create_app(services)


@pytest.fixture
def opens(chromium: Browser, app: Flask, sign_in: Callable[[str], Client]) -> Iterator[Callable[[str], Page]]:  # noqa: F811
    """Signs somebody in whose browser runs no script, in a house with some cases."""
    for number in range(CASES):
        key = {"Idempotency-Key": f"plain-{number}"}
        sign_in("clerk").post("/api/v1/applications", application_json(), headers=key)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    contexts = []

    def opened(login: str) -> Page:
        address = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(**CONTEXT, base_url=address, java_script_enabled=False)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("密码").press("Enter")
        return page

    yield opened
    for context in contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_clerk_finds_claims_puts_off_and_gives_back(opens: Callable[[str], Page]) -> None:
    page = opens("clerk")
    page.get_by_role("navigation", name="工作清单").get_by_role("link", name="待签收").press("Enter")
    rows = page.locator("[data-rows] tbody tr")
    expect(rows).to_have_count(CASES)
    page.get_by_role("searchbox").fill(APPLICANT)
    page.get_by_role("searchbox").press("Enter")
    expect(rows).to_have_count(CASES)
    page.get_by_role("searchbox").fill("没有这样的人")
    page.get_by_role("button", name="筛选", exact=True).press("Enter")
    expect(page.get_by_text("没有符合条件的任务")).to_be_visible()
    page.get_by_role("link", name="清除筛选").last.press("Enter")
    page.get_by_role("link", name="到达时间").press("Enter")
    expect(page.locator("th[aria-sort]")).to_contain_text("到达时间")

    rows.first.get_by_role("button", name="签收").press("Enter")
    expect(page.locator("#messages")).to_contain_text("已签收")
    expect(page.get_by_role("table", name="家庭成员")).to_contain_text(APPLICANT)
    page.locator(".task-later summary").press("Enter")
    page.get_by_label("退回理由").fill("应由另一窗口办理")
    page.get_by_role("button", name="退回本组").press("Enter")
    expect(page.locator("#messages")).to_contain_text("已释放")
    page.get_by_role("navigation", name="工作清单").get_by_role("link", name="待签收").press("Enter")
    expect(rows).to_have_count(CASES)


def test_a_clerk_keeps_a_filter_and_chooses_columns(opens: Callable[[str], Page]) -> None:
    page = opens("clerk")
    page.goto("/tasks?tab=to-claim&overdue=1")
    page.locator(".kept-filters summary").press("Enter")
    page.locator("#filter-name").fill("超期未签")
    page.locator(".kept-filters form button").press("Enter")
    expect(page.locator(".kept-filters nav a")).to_have_text("超期未签")
    page.get_by_role("link", name="列表设置").press("Enter")
    page.locator("#column-unit").fill("")
    page.locator("#column-unit").press("Enter")
    page.goto("/tasks?tab=to-claim")
    expect(page.locator("[data-rows] thead")).not_to_contain_text("承办单位")


def test_cases_are_found_sorted_and_read(opens: Callable[[str], Page]) -> None:
    page = opens("clerk")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="案件清单").press("Enter")
    rows = page.locator("[data-rows] tbody tr")
    expect(rows).to_have_count(CASES)
    page.get_by_role("link", name="案件编号").press("Enter")
    numbers = page.locator("a[data-row-link]").all_inner_texts()
    assert numbers == sorted(numbers)
    page.get_by_role("searchbox").fill(numbers[1])
    page.get_by_role("searchbox").press("Enter")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(numbers[1])
    expect(page.get_by_role("table", name="家庭成员")).to_contain_text(APPLICANT)


def test_an_application_grows_a_member_and_is_shown_again_with_what_is_wrong(opens: Callable[[str], Page]) -> None:
    page = opens("clerk")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="登记申请").press("Enter")
    page.get_by_role("group", name="家庭成员 1").get_by_label("姓名").fill(APPLICANT)
    page.get_by_role("button", name="添加家庭成员").press("Enter")
    expect(page.get_by_role("group", name=re.compile("^家庭成员 "))).to_have_count(2)
    expect(page.get_by_role("group", name="家庭成员 1").get_by_label("姓名")).to_have_value(APPLICANT)
    page.get_by_role("button", name="提交登记").last.press("Enter")
    expect(page.get_by_role("alert").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("group", name="家庭成员 1").get_by_label("身份证号码")).to_have_attribute(
        "aria-invalid", "true"
    )


def test_a_supervisor_reads_the_board_the_figures_and_the_heat_map(opens: Callable[[str], Page]) -> None:
    page = opens("supervisor")
    navigation = page.get_by_role("navigation", name="主导航")
    navigation.get_by_role("link", name="督办").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("督办")
    open_from_menu(page, "监督", "业务统计")
    page.get_by_role("button", name="查看").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("业务统计")
    open_from_menu(page, "流程管理", "流程热力图")
    page.get_by_label("流程", exact=True).select_option(index=0)
    page.get_by_role("button", name="查看").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("流程热力图")
