"""Comments in a real browser: somebody mentioned by keys, new ones marked and read, and who else is here."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

# fixtures of a whole house
from tests.api.conftest import furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401

pytestmark = pytest.mark.browser


def the_task(page: Page) -> str:
    page.goto("/tasks?tab=to-claim")
    return str(page.locator("a[data-row-link]").first.get_attribute("href"))


def test_somebody_is_mentioned_by_keys_and_reads_it(opens: Callable[..., Page], app: Flask, axe: str) -> None:  # noqa: F811
    page, colleague = opens("clerk"), opens("other-clerk")
    task = the_task(page)
    page.goto(task)
    field = page.get_by_label("写留言")
    field.press_sequentially("请看@周")
    offered = page.get_by_role("listbox", name="可提醒的人员")
    expect(offered.get_by_role("option")).to_have_text(re.compile("周强"))
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    field.press("Enter")
    expect(field).to_have_value("请看@周强 ")
    expect(offered).to_have_count(0)
    field.press_sequentially("一下 @谁")
    expect(page.get_by_text("没有符合的人员")).to_be_visible()
    field.press("Escape")
    field.fill("请看@周强 一下")
    page.get_by_role("button", name="留言", exact=True).click()
    expect(page.locator(".comment-list li")).to_have_count(1)
    assert page.evaluate(FITS)

    colleague.goto("/notices")
    expect(colleague.get_by_text("留言中提到您")).to_be_visible()
    colleague.goto(task)
    count = colleague.locator("[data-unread-comments]")
    expect(count).to_have_text("1 条新")
    colleague.evaluate(axe)
    assert colleague.evaluate(VIOLATIONS) == []
    colleague.locator(".comment-list li").scroll_into_view_if_needed()
    expect(count).to_have_count(0)
    colleague.reload()
    expect(colleague.locator("[data-comments]")).to_be_visible()
    expect(count).to_have_count(0)


def test_who_else_is_here_is_told_and_marked_in_the_list(opens: Callable[..., Page], axe: str) -> None:  # noqa: F811
    page, colleague, reader = opens("clerk"), opens("other-clerk"), opens("reviewer", scripts=False)
    task = the_task(page)
    with page.expect_response(re.compile("/presence$")):
        page.goto(task)
    colleague.goto(task)
    told = colleague.locator("[data-presence]")
    expect(told).to_have_text(re.compile(r"^陈敏 自 \d\d:\d\d 起也打开了此任务$"))
    colleague.evaluate(axe)
    assert colleague.evaluate(VIOLATIONS) == []
    assert colleague.evaluate(FITS)
    colleague.goto("/tasks?tab=to-claim")
    expect(colleague.locator("[data-here]:visible")).to_have_text("陈敏 已打开")
    reader.goto(f"/cases/{colleague.locator('a[data-row-link]').first.inner_text()}")
    expect(reader.locator("[data-presence]")).to_contain_text("陈敏 自")


def test_a_printed_task_has_a_head_and_nothing_to_press(opens: Callable[..., Page]) -> None:  # noqa: F811
    page = opens("clerk")
    page.goto(the_task(page))
    expect(page.locator(".print-head")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".print-head")).to_contain_text("打印人：陈敏")
    for hidden in (".comment-form", ".page-actions", ".topbar"):
        expect(page.locator(hidden).first).to_be_hidden()
