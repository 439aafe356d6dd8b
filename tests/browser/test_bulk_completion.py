"""Completing several tasks together in a real browser: by keys alone, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

# fixtures of a whole house
from tests.api.conftest import Client, furnished, services, sign_in, surroundings  # noqa: F401
from tests.api.test_task_batches import BATCH, begin  # noqa: F401
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens, pytestmark  # noqa: F401

NAMES = "请各项共同填写" * 20


def _held(sign_in: Callable[[str], Client], begin: Callable[..., list[str]]) -> None:  # noqa: F811
    answer = sign_in("clerk").post(BATCH, {"action": "claim", "task_ids": begin(3)})
    assert answer.status_code == 200


def test_tasks_are_completed_together_by_keys(
    opens: Callable[..., Page],  # noqa: F811
    sign_in: Callable[[str], Client],  # noqa: F811
    begin: Callable[..., list[str]],  # noqa: F811
    axe: str,
) -> None:
    _held(sign_in, begin)
    page = opens("clerk")
    page.goto("/tasks?q=note-")
    for key in ("a", "b", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/tasks/completion**")
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)
    page.get_by_label("Note").focus()
    page.keyboard.type(NAMES)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("将一并办结 3 项“记一笔”，提交后不能撤回。")).to_be_visible()
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)
    page.get_by_role("button", name="确认办结 3 项").press("Enter")
    expect(page.get_by_role("status").filter(has_text="已办 3 项，未办 0 项。")).to_be_visible()
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    page.get_by_role("link", name="返回清单").click()
    expect(page.get_by_text("没有符合条件的任务")).to_be_visible()


def test_tasks_are_completed_together_without_scripts(
    opens: Callable[..., Page],  # noqa: F811
    sign_in: Callable[[str], Client],  # noqa: F811
    begin: Callable[..., list[str]],  # noqa: F811
) -> None:
    _held(sign_in, begin)
    page = opens("clerk", scripts=False)
    page.goto("/tasks?q=note-&lang=en")
    for box in page.locator("input[data-tick]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Complete ticked").click()
    page.get_by_label("Note").fill("seen")
    page.get_by_role("button", name="Next: confirm 2 tasks").click()
    page.get_by_role("button", name="Back to the form").click()
    expect(page.get_by_label("Note")).to_have_value("seen")
    page.get_by_role("button", name="Next: confirm 2 tasks").click()
    page.get_by_role("button", name="Complete 2 tasks").click()
    expect(page.get_by_role("status").filter(has_text="Done: 2. Not done: 0.")).to_be_visible()
