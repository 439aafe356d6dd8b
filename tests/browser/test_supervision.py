"""A supervisor finds a stuck case on the board, reminds and orders; the unit answers; the supervisor accepts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from api.app import create_app
from api.services import Services
from tests.api.applications import application_json

# fixtures of a whole house
from tests.api.conftest import PASSWORD, Client, content, furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.conftest import CONTEXT

pytestmark = pytest.mark.browser

VIOLATIONS = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
FITS = "document.documentElement.scrollWidth <= innerWidth"
LONG = "请于期限内完成材料核对并书面说明逾期原因，逐项列明已完成和未完成的事项。" * 10


@pytest.fixture
def app(services: Services, bundles: None) -> Flask:  # noqa: F811  (the fixture above)
    return create_app(services)


@pytest.fixture
def address(app: Flask, services: Services, sign_in: Callable[[str], Client]) -> Iterator[str]:  # noqa: F811
    """Where a house is served with one case whose first task is over its limit."""
    sign_in("clerk").post("/api/v1/applications", application_json())
    supervisor = sign_in("supervisor")
    [task] = content(supervisor.get("/api/v1/tasks?tab=unit"))["tasks"]
    past = {"due_at": (services.now() - timedelta(days=3)).isoformat()}
    assert supervisor._send("PATCH", f"/api/v1/tasks/{task['id']}", past, {}).status_code == 200
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opens(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Signs somebody in, with or without scripts."""
    contexts = []

    def opened(login: str, *, scripts: bool = True) -> Page:
        context = chromium.new_context(**CONTEXT, base_url=address, java_script_enabled=scripts)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        return page

    yield opened
    for context in contexts:
        context.close()


def tick(page: Page) -> None:
    """Go from the board to what is over its limit, tick the one task there by keyboard, and act on it."""
    page.goto("/supervision")
    page.locator("tr.total .count-danger").first.click()
    page.get_by_role("checkbox", name="勾选").press("Space")
    page.get_by_role("button", name="督办所选").press("Enter")


def order(page: Page, demand: str) -> None:
    page.get_by_label("督办要求").fill(demand)
    page.get_by_role("textbox", name="依据", exact=True).fill("社会救助法第四十四条")
    page.get_by_label("答复期限（工作日）").fill("5")
    page.get_by_role("button", name="下发督办单").press("Enter")


def test_a_stuck_case_is_reminded_of_ordered_answered_and_accepted(opens: Callable[..., Page]) -> None:
    supervisor, clerk = opens("supervisor", scripts=False), opens("clerk")
    tick(supervisor)
    supervisor.get_by_label("催办内容").fill("请今日签收")
    supervisor.get_by_role("button", name="发出催办").press("Enter")
    expect(supervisor.locator("#messages")).to_contain_text("已催办 1 项任务。")
    tick(supervisor)
    order(supervisor, "三日内办结并书面答复")
    expect(supervisor.locator("#messages")).to_contain_text("已下发 1 份督办单。")

    clerk.goto("/")
    expect(clerk.locator(".topbar-notices")).to_have_text("通知 2")
    clerk.locator(".topbar-notices").click()
    clerk.get_by_role("link", name="溧督").click()
    clerk.get_by_role("link", name="答复督办单").click()
    clerk.get_by_role("button", name="签收").click()
    clerk.get_by_label("办理情况和结果").fill("材料已核对完毕")
    clerk.get_by_role("button", name="完成办理").click()
    expect(clerk.locator("#messages")).to_contain_text("已完成")

    reviewer = opens("supervisor")
    reviewer.goto("/supervision")
    reviewer.get_by_role("link", name="督办答复待审核").click()
    reviewer.get_by_role("link", name="溧督").click()
    expect(reviewer.locator(".timeline")).to_contain_text("材料已核对完毕")
    reviewer.get_by_role("link", name="审核答复").click()
    reviewer.get_by_role("button", name="签收").click()
    reviewer.get_by_label("采纳，督办办结").check()
    reviewer.get_by_role("button", name="完成办理").click()
    expect(reviewer.locator("#messages")).to_contain_text("已完成")
    clerk.goto("/supervision/orders?situation=closed")
    expect(clerk.locator("tbody tr")).to_contain_text("已办结")
    clerk.goto("/notices")
    expect(clerk.get_by_text("答复已采纳")).to_be_visible()


def test_the_pages_break_no_rule_of_accessibility_and_fit(opens: Callable[..., Page], axe: str) -> None:
    supervisor, clerk = opens("supervisor"), opens("clerk")
    tick(supervisor)
    acting = supervisor.url
    order(supervisor, LONG)
    expect(supervisor.locator("#messages")).to_contain_text("已下发")
    listed = "/supervision/orders?situation=all"
    supervisor.goto(listed)
    one = supervisor.locator("[data-row-link]").get_attribute("href")
    paths = [
        (supervisor, path) for path in ("/supervision?", f"{listed}&", f"{one}?", f"{acting}&", "/tasks?tab=unit&")
    ]
    for page, path in [*paths, (clerk, "/notices?"), (clerk, f"{one}?")]:
        for language in ("zh", "en"):
            page.goto(f"{path}lang={language}")
            page.evaluate(axe)
            found: list[dict[str, Any]] = page.evaluate(VIOLATIONS)
            assert [(path, rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found] == []
            assert page.evaluate(FITS), path
