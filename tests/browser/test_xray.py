"""A stuck case looked through and repaired in a real browser, and the heat map, by keyboard and without scripts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from api.app import create_app
from api.services import Services
from tests.api.applications import application_json

# fixtures of a whole house
from tests.api.conftest import PASSWORD, Client, furnished, services, sign_in, surroundings  # noqa: F401
from tests.api.test_operations import STUCK, begin, deploy
from tests.browser.conftest import CONTEXT
from tests.browser.person import open_from_menu

pytestmark = pytest.mark.browser

VIOLATIONS = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def app(services: Services, bundles: None) -> Flask:  # noqa: F811  (the fixture above)
    return create_app(services)


@pytest.fixture
def stuck(app: Flask, services: Services) -> str:  # noqa: F811  (the fixture above)
    """The address of a case that stands before a condition nobody can tell."""
    deploy(services, STUCK)
    return f"/process-instances/{begin(services).id}"


@pytest.fixture
def case(app: Flask, services: Services, sign_in: Callable[[str], Client]) -> str:  # noqa: F811  (the fixtures above)
    """The address of a case that was just handed in at a window."""
    number = sign_in("clerk").post("/api/v1/applications", application_json()).json["number"]
    [line] = sign_in("supervisor").get(f"/api/v1/process-instances?business_key={number}").json["instances"]
    return f"/process-instances/{line['id']}"


@pytest.fixture
def opens(chromium: Browser, app: Flask) -> Iterator[Callable[..., Page]]:
    """Signs a supervisor in, with or without scripts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    contexts = []

    def opened(*, scripts: bool = True) -> Page:
        address = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(**CONTEXT, base_url=address, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("登录名").fill("supervisor")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        return page

    yield opened
    for context in contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_stuck_case_is_repaired_by_keyboard_without_scripts(opens: Callable[..., Page], stuck: str) -> None:
    page = opens(scripts=False)
    page.goto("/incidents")
    page.get_by_role("link", name="流程透视").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("流程透视")
    page.get_by_role("link", name="修改变量").press("Enter")
    page.get_by_label("范围").select_option(index=1)
    page.get_by_label("变量名").fill("x")
    page.get_by_label("新值").fill("true")
    page.get_by_label("原因").fill("补录漏填的答案")
    page.get_by_role("button", name="预览").press("Enter")
    expect(page.get_by_role("heading", name="执行后会怎样")).to_be_visible()
    page.get_by_role("button", name="确认执行").press("Enter")
    expect(page.locator("#messages")).to_contain_text("已处置")

    page.get_by_role("link", name="重试故障").press("Enter")
    page.get_by_label("原因").fill("变量已补")
    page.get_by_role("button", name="预览").press("Enter")
    expect(page.get_by_role("status").last).to_contain_text("重试成功")
    page.get_by_role("button", name="确认执行").press("Enter")
    expect(page.locator("#messages")).to_contain_text("故障消除")
    record = page.get_by_role("table", name="处置记录")
    for kept in ("补录漏填的答案", "变量已补"):
        expect(record).to_contain_text(kept)
    expect(page.get_by_role("link", name="重试故障")).to_have_count(0)


def test_the_pages_draw_break_no_rule_of_accessibility_and_fit(opens: Callable[..., Page], case: str, axe: str) -> None:
    page = opens()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    forms = (f"{case}/repair?action=variable", f"{case}/repair?action=move")
    for path in (case, *forms, "/heat-map", "/process-instances"):
        for language in ("zh", "en"):
            page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            for figure in page.locator("figure[data-diagram]").all():
                expect(figure).to_have_attribute("data-ready", "true")
            page.evaluate(axe)
            found = page.evaluate(VIOLATIONS)
            told = [(path, rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]
            assert told == []
            assert page.evaluate(FITS), path
    assert errors == []


def test_a_node_of_the_heat_map_leads_to_the_cases_that_stand_there(opens: Callable[..., Page], case: str) -> None:
    page = opens()
    open_from_menu(page, "流程管理", "流程热力图")
    figure = page.locator("#heat")
    expect(figure).to_have_attribute("data-ready", "true")
    figure.locator("[data-element-id=Call_Intake] .djs-hit").first.click(force=True)
    figure.get_by_role("link", name="查看停留的案件").click()
    expect(page.locator("tbody a[data-row-link]")).to_have_attribute("href", case)
