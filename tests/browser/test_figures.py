"""The page of figures in a real browser: by keyboard, without scripts, in both languages, on a small office screen."""

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
from tests.browser.conftest import CONTEXT
from tests.browser.person import open_from_menu

pytestmark = pytest.mark.browser

BUSY = "/figures?period=span&since=2026-01-01&until=2026-12-31"
EMPTY = "/figures?period=month&year=2020&number=2"
SENSELESS = "/figures?period=span&since=2026-02-01&until=2026-01-01"
VIOLATIONS = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def app(services: Services, bundles: None) -> Flask:  # noqa: F811  (the fixture above)
    return create_app(services)


@pytest.fixture
def address(app: Flask, sign_in: Callable[[str], Client]) -> Iterator[str]:  # noqa: F811  (the fixture above)
    """Where a house is served in which an application was handed in."""
    sign_in("clerk").post("/api/v1/applications", application_json())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opens(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Signs a supervisor in, with or without scripts."""
    contexts = []

    def opened(*, scripts: bool = True) -> Page:
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


def test_the_page_breaks_no_rule_of_accessibility_and_fits(opens: Callable[..., Page], axe: str) -> None:
    page = opens()
    for path in (BUSY, EMPTY, SENSELESS):
        for language in ("zh", "en"):
            page.goto(f"{path}&lang={language}")
            page.evaluate(axe)
            found = page.evaluate(VIOLATIONS)
            assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found] == []
            assert page.evaluate(FITS)


def test_a_period_is_chosen_and_a_file_taken_without_scripts_by_keyboard(opens: Callable[..., Page]) -> None:
    page = opens(scripts=False)
    open_from_menu(page, "监督", "业务统计")
    page.get_by_role("link", name="按季度").press("Enter")
    page.get_by_label("年份").select_option("2026")
    page.get_by_label("季度").select_option("2")
    page.get_by_label("季度").press("Tab")
    page.get_by_role("button", name="查看").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026-04-01 – 2026-06-30")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出 CSV").press("Enter")
    assert taken.value.suggested_filename == "业务统计 2026-04-01 2026-06-30.csv"


def test_a_printed_page_leaves_out_what_only_a_screen_needs(opens: Callable[..., Page]) -> None:
    page = opens()
    page.goto(BUSY)
    page.emulate_media(media="print")

    for name in ("主导航", "期间的选法", "本页内容"):
        expect(page.get_by_role("navigation", name=name)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("table", name="按时率", exact=True)).to_be_visible()
