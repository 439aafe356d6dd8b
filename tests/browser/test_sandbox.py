"""By hand: a stuck case is reproduced in a sandbox and tried on a draft; a decision is run on what cases asked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from api.services import Services

# fixtures of a whole house
from tests.api.applications import application_json
from tests.api.conftest import Client, content, furnished, services, sign_in, surroundings  # noqa: F401
from tests.api.test_decision_replays import TABLE, deploy, step
from tests.api.test_sandbox import ADDRESS, NAME
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401

pytestmark = pytest.mark.browser

Opens = Callable[..., Page]


def is_sound(page: Page, axe: str) -> None:
    """The page fits and a reader of any kind can use it."""
    assert page.evaluate(FITS)
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []


def test_a_case_is_reproduced_and_tried_again_on_a_draft(
    opens: Opens,  # noqa: F811
    sign_in: Callable[[str], Client],  # noqa: F811
    axe: str,
) -> None:
    body = application_json()
    body["household"]["address"], body["members"][0]["name"] = ADDRESS, NAME
    clerk = sign_in("clerk")
    number = content(clerk.post("/api/v1/applications", body))["number"]
    instances = content(sign_in("administrator").get("/api/v1/process-instances"))["instances"]
    instance = next(one for one in instances if one["business_key"] == number)
    page = opens("administrator")
    page.goto(f"/process-instances/{instance['id']}")
    page.get_by_role("button", name="在沙箱中重现").click()
    expect(page.get_by_text("办理中流程的副本")).to_be_visible()
    expect(page.locator("figure[data-diagram][data-ready='true']").first).to_be_visible(timeout=40_000)
    assert not [one for one in (NAME, ADDRESS, number) if one in page.content()]
    is_sound(page, axe)
    page.get_by_role("button", name="在草稿中改正后再试").click()
    expect(page.get_by_role("button", name="从头再试一次")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="返回编辑")).to_be_visible()


def test_the_hits_of_a_decision_are_read_and_run_again(
    opens: Opens,  # noqa: F811
    services: Services,  # noqa: F811
    axe: str,
) -> None:
    deploy(services, TABLE)
    for amount in (50, 150, 250):
        step(services, f"none-{amount}", amount=amount)
    page = opens("administrator")
    page.goto("/workbench?tab=decision")
    row = page.get_by_role("row").filter(has=page.locator("code:text-is('step')"))
    row.get_by_role("link", name="命中").click()
    expect(page.get_by_role("table", name="规则")).to_contain_text("办案中命中")
    is_sound(page, axe)
    page.get_by_role("button", name=re.compile("重算最近 3 次")).click()
    expect(page.get_by_text("结果不变 3 次")).to_be_visible()
    is_sound(page, axe)
