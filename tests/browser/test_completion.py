"""Writing an expression in the tools of the workbench: what is suggested is what can be named, and can be picked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

# fixtures of a whole house
from tests.api.conftest import furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.test_work_list import address, app, opens  # noqa: F401
from tests.browser.test_workbench import Opens, edit

pytestmark = pytest.mark.browser

SELECT = """(id) => {
  const { modeler } = document.querySelector("[data-editor]");
  modeler.get("selection").select(modeler.get("elementRegistry").get(id));
}"""
FLOW = """() => {
  const { modeler } = document.querySelector("[data-editor]");
  return modeler.get("elementRegistry").find((one) => one.businessObject.conditionExpression).id;
}"""
CONDITION = """() => {
  const { modeler } = document.querySelector("[data-editor]");
  return modeler.get("elementRegistry").find((one) => one.businessObject.conditionExpression)
    .businessObject.conditionExpression.body;
}"""
NAMED = """async (id) => {
  const { modeler } = document.querySelector("[data-editor]");
  const node = modeler.get("elementRegistry").get(id).businessObject;
  const found = await modeler.get("variableResolver").getVariablesForElement(node);
  return found.map((one) => one.name);
}"""
OPEN_TABLE = """() => {
  const { editor } = document.querySelector("[data-editor]");
  return editor.open(editor.getViews().find((one) => one.type === "decisionTable"));
}"""


def suggestions(page: Page) -> Locator:
    return page.locator(".cm-tooltip-autocomplete li")


def written(page: Page, field: Locator, text: str) -> None:
    """Write in an expression in the place of what stands there."""
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text, delay=20)


def pick(page: Page, text: str) -> None:
    """Take a suggestion by the mouse: for a moment after the list opens the editor takes no key for it."""
    suggestions(page).filter(has_text=text).click()


def test_a_condition_of_a_diagram_is_completed_by_the_case_figures_forms_and_functions(
    opens: Opens,  # noqa: F811
) -> None:
    page = opens("administrator")
    edit(page)
    page.evaluate(SELECT, page.evaluate(FLOW))
    page.locator(".bio-properties-panel-group-header-title", has_text="条件").click()
    field = page.locator("[data-entry-id='conditionExpression'] .cm-content")

    written(page, field, "case.household.si")
    expect(page.locator(".cm-completionInfo")).to_contain_text("共同生活的家庭成员人数")
    pick(page, "size")
    page.keyboard.type(" > 3")
    expect(field).to_have_text("case.household.size > 3")
    page.wait_for_function(f"() => ({CONDITION})() === '=case.household.size > 3'")

    written(page, field, "standard.education_pri")
    expect(suggestions(page).filter(has_text="education_primary_dibao")).to_be_visible()
    page.keyboard.press("Escape")
    written(page, field, "case.members.ag")
    expect(page.get_by_role("option", name="age", description="求值当日的周岁")).to_be_visible()
    page.keyboard.press("Escape")
    written(page, field, "add worki")
    pick(page, "add working days(date: date, n: number)")
    expect(field).to_have_text("add working days(date, n)")
    inside, beside = page.evaluate(NAMED, "Task_EnterAnswer"), page.evaluate(NAMED, page.evaluate(FLOW))
    assert {"answer_kind", "monthly_income", "case"} <= set(inside)
    assert "answer_kind" not in beside  # only what the outputs take leaves the task
    assert "answer" in beside


def test_a_table_is_completed_by_the_case_and_the_functions(opens: Opens) -> None:  # noqa: F811
    page = opens("administrator")
    edit(page, "route_needs", "decision")
    page.evaluate(OPEN_TABLE)
    page.locator("th.input-cell").first.dblclick()
    field = page.locator(".input-edit .cm-content")

    written(page, field, "case.household.ten")
    expect(page.locator(".cm-completionInfo")).to_contain_text("住房权属")
    pick(page, "tenure")
    expect(field).to_have_text("case.household.tenure")
