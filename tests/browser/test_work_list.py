"""The work list in a real browser: ticking rows by keys, doing the same to several, keeping filters and columns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

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

pytestmark = pytest.mark.browser

CASES = 5
VIOLATIONS = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((one) => one.id)"
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def app(services: Services, bundles: None) -> Flask:  # noqa: F811  (the fixture above)
    return create_app(services)


@pytest.fixture
def address(app: Flask, sign_in: Callable[[str], Client]) -> Iterator[str]:  # noqa: F811  (the fixture above)
    """Where a house is served in which some applications were handed in."""
    for number in range(CASES):
        sign_in("clerk").post("/api/v1/applications", application_json(), headers={"Idempotency-Key": f"l-{number}"})
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
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/tasks**")
        return page

    yield opened
    for context in contexts:
        context.close()


def test_rows_are_ticked_by_keys_and_claimed_together(opens: Callable[..., Page], axe: str) -> None:
    page = opens("clerk")
    page.goto("/tasks?tab=to-claim")
    ticked = page.locator("[data-ticked]")
    claim = page.get_by_role("button", name="签收所选")
    expect(claim).to_be_disabled()
    for key in ("j", "Space", "j", "j", "Shift+Space"):
        page.keyboard.press(key)
    expect(ticked).to_have_text("已勾选 3 项")
    page.keyboard.press("k")
    page.keyboard.press("Space")
    expect(ticked).to_have_text("已勾选 2 项")
    page.locator("input[data-tick]").last.click(modifiers=["Shift"])
    expect(ticked).to_have_text("已勾选 5 项")
    page.locator("input[data-tick]").last.press("Space")
    expect(ticked).to_have_text("已勾选 4 项")
    for key in ("a", "a", "a"):
        page.keyboard.press(key)
    expect(ticked).to_have_text("已勾选 5 项")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)

    page.keyboard.press("b")
    expect(claim).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="已办 5 项，未办 0 项。")).to_be_visible()
    expect(page.locator("nav[aria-label=工作清单] a").first).to_have_text("我的 5")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []


def test_a_supervisor_assigns_without_scripts_and_sees_why_not(opens: Callable[..., Page]) -> None:
    page = opens("supervisor", scripts=False)
    page.goto("/tasks?tab=unit")
    for box in page.locator("input[data-tick]").all()[:2]:
        box.check()
    page.get_by_label("分派给").select_option("other-clerk")
    page.get_by_role("button", name="分派所选").click()
    expect(page.locator(".message-danger")).to_contain_text("请写明理由")
    expect(page.locator("input[data-tick]:checked")).to_have_count(2)
    page.get_by_label("理由").fill("窗口轮岗")
    page.get_by_role("button", name="分派所选").click()
    expect(page.get_by_role("status").filter(has_text="已办 2 项")).to_be_visible()
    expect(page.locator("[data-rows] tbody tr").filter(has_text="周强")).to_have_count(2)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_filter_of_the_longest_name_is_kept_renamed_and_removed(
    opens: Callable[..., Page], axe: str, language: str
) -> None:
    page = opens("clerk")
    page.goto(f"/tasks?tab=to-claim&overdue=1&lang={language}")
    page.locator(".kept-filters summary").click()
    page.locator("#filter-name").fill("本周到期前必须先看一遍的全部低保初审和复核事项（含转办和补正退回件）待签收")
    page.locator("#filter-unit").select_option("kunlun")
    page.locator(".kept-filters form button").click()
    kept = page.locator(".kept-filters nav a")
    expect(kept).to_have_attribute("aria-current", "page")
    assert page.evaluate(FITS)

    page.locator(".kept-filters > a").click()
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)
    page.locator("[id^=name-]").fill("超期")
    page.locator("[id^=name-]").press("Enter")
    expect(page.locator("[data-row-link]")).to_have_text("超期")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".btn-outline-danger").click()
    expect(page.locator(".empty-state")).to_be_visible()

    page.locator("#column-due").fill("1")
    page.locator("#column-applicant").fill("2")
    for column in ("step", "unit", "arrived", "holder"):
        page.locator(f"#column-{column}").fill("")
    page.locator("#column-due").press("Enter")
    page.goto("/tasks?tab=to-claim")
    expect(page.locator("[data-rows] thead th")).to_have_count(5)


def test_an_open_list_hears_of_changes_without_being_loaded_again(
    opens: Callable[..., Page],
    sign_in: Callable[[str], Client],  # noqa: F811  (the fixture above)
) -> None:
    other = sign_in("other-clerk")
    waiting = [one["id"] for one in other.get("/api/v1/tasks?tab=to-claim").json["tasks"]]
    page = opens("clerk")
    page.route("**/pulse/**", lambda route: route.abort())  # it feels nothing, and looks now and then all the same
    page.clock.install()
    page.goto("/tasks?tab=to-claim")
    rows = page.locator("[data-rows] tbody tr")
    expect(rows).to_have_count(CASES)

    other.post(f"/api/v1/tasks/{waiting[0]}/claim")
    page.clock.fast_forward(31_000)
    expect(rows).to_have_count(CASES - 1)

    page.locator("input[data-tick]").last.check()
    other.post(f"/api/v1/tasks/{waiting[1]}/claim")
    page.clock.fast_forward(31_000)
    told = page.locator("[data-changes]")
    expect(told).to_contain_text("清单有 1 项变化。")
    expect(rows).to_have_count(CASES - 1)
    page.keyboard.press("r")
    expect(rows).to_have_count(CASES - 2)
    expect(page.locator("input[data-tick]:checked")).to_have_count(1)
    expect(told).to_be_hidden()


def test_an_open_list_feels_changes_long_before_it_would_look_for_them(
    opens: Callable[..., Page],
    sign_in: Callable[[str], Client],  # noqa: F811  (the fixture above)
) -> None:
    other = sign_in("other-clerk")
    waiting = [one["id"] for one in other.get("/api/v1/tasks?tab=to-claim").json["tasks"]]
    page = opens("clerk")
    page.goto("/tasks?tab=mine")
    expect(page.locator('[data-count="to-claim"]')).to_have_text(str(CASES))
    other.post(f"/api/v1/tasks/{waiting[0]}/claim")
    before_it_looks = 15_000
    expect(page.locator('[data-count="to-claim"]')).to_have_text(str(CASES - 1), timeout=before_it_looks)

    page.goto("/tasks?tab=to-claim")
    rows = page.locator("[data-rows] tbody tr")
    expect(rows).to_have_count(CASES - 1)
    other.post(f"/api/v1/tasks/{waiting[1]}/claim")
    expect(rows).to_have_count(CASES - 2, timeout=before_it_looks)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_task_is_put_off_from_its_page_and_found_in_its_tab(
    opens: Callable[..., Page], axe: str, language: str
) -> None:
    page = opens("clerk")
    page.goto("/tasks?tab=to-claim")
    page.locator("[data-rows] tbody tr button").first.click()
    page.goto(f"{page.url}?lang={language}")
    page.locator(".task-later summary").click()
    page.locator("#until").fill((datetime.now(UTC) + timedelta(days=9)).date().isoformat())
    page.locator("#put-off-reason").fill("等申请人从外地回来签授权书")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS.replace("document", "document.querySelector('.task-work-head')")) == []
    assert page.evaluate(FITS)
    page.locator("#put-off-reason").press("Enter")
    expect(page.locator("#messages .message-success")).to_be_visible()

    page.goto("/tasks?tab=mine")
    tab = page.locator("nav.tabs a").nth(1)
    expect(tab.locator(".count")).to_have_text("1")
    tab.click()
    expect(page.locator("nav.tabs [aria-current]").locator(".count")).to_have_text("1")
    expect(page.locator("[data-rows] tbody tr")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").locator("dd")).to_have_count(12)
