"""Handing a task on and the rules that give tasks out, in real browsers: by keys, without scripts, with long names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from api.services import Services
from engine.model import SYSTEM

# fixtures of a whole house
from tests.api.conftest import PASSWORD, Client, furnished, services, sign_in, surroundings  # noqa: F401
from tests.api.test_task_batches import begin  # noqa: F401
from tests.browser.person import open_from_menu
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens, pytestmark  # noqa: F401
from workflows.organisation.commands import CreateAccount

LONG = "阿卜杜拉·买买提艾力·吐尔逊江·库尔班"
"""As long as names are that come with their dots; a login may be as long."""
LOGIN = "a-login-as-long-as-logins-may-be-in-here"
REASON = "下乡核查，本周不在窗口，" * 12


@pytest.fixture
def held(sign_in: Callable[[str], Client], begin: Callable[..., list[str]]) -> str:  # noqa: F811
    """A task that the clerk holds."""
    [task] = begin(1)
    assert sign_in("clerk").post(f"/api/v1/tasks/{task}/claim").status_code == 200
    return task


@pytest.fixture
def long_named(services: Services) -> str:  # noqa: F811
    """A colleague of the clerk whose name and login are as long as they may get."""
    command = CreateAccount(
        login=LOGIN, name=LONG, password=PASSWORD, posts=(("kunlun", "clerk"),), must_change_password=False
    )
    services.engine.execute(command, actor=SYSTEM)
    return LOGIN


def is_in_order(page: Page, axe: str) -> None:
    """See that a page breaks no rule of accessibility, and is as wide as the screen, in both languages."""
    for language in ("en", "zh"):
        page.goto(f"{page.url.partition('?')[0]}?{_query(page)}lang={language}")
        page.evaluate(axe)
        assert page.evaluate(VIOLATIONS) == []
        assert page.evaluate(FITS)


def focused_by_tab(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there, as a hand without a mouse does."""
    for _ in range(80):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the focus never came there")


def test_a_task_goes_from_one_browser_to_the_other_by_keys(
    opens: Callable[..., Page],  # noqa: F811
    held: str,
    long_named: str,
    axe: str,
) -> None:
    mine, theirs = opens("clerk"), opens(long_named)
    theirs.goto("/tasks?tab=mine")
    expect(theirs.locator("[data-rows] tbody tr")).to_have_count(0)
    mine.goto(f"/tasks/{held}")
    mine.get_by_role("link", name="转交", exact=True).press("Enter")
    mine.wait_for_url("**/hand-over")
    is_in_order(mine, axe)

    choice = mine.get_by_role("radio", name=LONG)
    mine.get_by_role("radio").first.focus()
    while not choice.is_checked():
        mine.keyboard.press("ArrowDown")
    focused_by_tab(mine, mine.get_by_label("转交理由"))
    mine.keyboard.type(REASON)
    mine.keyboard.press("Tab")
    mine.keyboard.press("Enter")
    expect(mine.locator("#messages")).to_contain_text(f"已将“记一笔”转交{LONG}")

    theirs.reload()
    expect(theirs.locator("[data-rows] tbody tr")).to_have_count(1)
    theirs.locator("[data-rows] a[data-row-link]").press("Enter")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("记一笔")
    assert theirs.evaluate(FITS)
    theirs.goto("/notices")
    expect(theirs.get_by_text(REASON.strip())).to_be_visible()
    is_in_order(theirs, axe)
    mine.goto(f"/tasks/{held}")
    expect(mine.get_by_role("button", name="完成办理")).to_have_count(0)


def test_a_supervisor_hands_a_task_to_a_unit_without_scripts(
    opens: Callable[..., Page],  # noqa: F811
    sign_in: Callable[[str], Client],  # noqa: F811
    held: str,
) -> None:
    page = opens("supervisor", scripts=False)
    page.goto(f"/tasks/{held}/hand-over")
    page.get_by_role("radio", name="教育局").check()
    page.get_by_label("转交理由").fill(" ")
    page.get_by_role("button", name="转交").press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("radio", name="教育局")).to_be_checked()
    page.get_by_label("转交理由").fill("由教育部门办理")
    page.get_by_role("button", name="转交").press("Enter")
    expect(page.locator("#messages")).to_contain_text("待对方签收")
    assert sign_in("teacher").post(f"/api/v1/tasks/{held}/claim").status_code == 200


@pytest.mark.parametrize("scripts", [True, False])
def test_a_supervisor_sets_a_rule_by_keys_and_sees_what_was_wrong(
    opens: Callable[..., Page],  # noqa: F811
    held: str,
    long_named: str,
    scripts: bool,
) -> None:
    page = opens("supervisor", scripts=scripts)
    open_from_menu(page, "监督", "工作量")
    page.locator("tr.total").filter(has_text="township 320481001").get_by_role("link").first.press("Enter")
    page.wait_for_url("**/load?unit=**")
    rules = page.locator("#rules")
    expect(page.get_by_text(long_named)).to_be_visible()
    rules.get_by_label("每人在办上限").fill("0")
    rules.get_by_label("每人在办上限").press("Enter")
    expect(rules.get_by_role("alert")).to_be_visible()
    rules.get_by_label("每人在办上限").fill("12")
    rules.get_by_label("自动退回（工作日）").fill("5")
    rules.get_by_label("自动退回（工作日）").press("Enter")
    expect(rules.locator("table").first).to_contain_text("12")
    page.once("dialog", lambda dialog: dialog.accept())
    rules.get_by_role("button", name="删除").press("Enter")
    expect(page.locator("#rules")).to_contain_text("没有分配规则")


def test_a_page_of_loads_with_long_names_fits_and_breaks_no_rule(
    opens: Callable[..., Page],  # noqa: F811
    held: str,
    long_named: str,
    axe: str,
) -> None:
    page = opens("supervisor")
    page.goto("/load")
    page.locator("tr.total").filter(has_text="township 320481001").get_by_role("link").first.press("Enter")
    page.wait_for_url("**/load?unit=**")
    is_in_order(page, axe)


def _query(page: Page) -> str:
    query = page.url.partition("?")[2].partition("#")[0]
    kept = [one for one in query.split("&") if one and not one.startswith("lang=")]
    return "".join(f"{one}&" for one in kept)
