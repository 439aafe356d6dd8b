"""Moving running cases to another version in a real browser: mapping by clicks and by selects, trial, batch, back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from api.services import Services
from engine.batches import BatchKind
from engine.commands.batches import Asked, CreateBatch, DoBatchItem
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.model import SYSTEM, ProcessInstance, Resource

# fixtures of a whole house
from tests.api.conftest import OTHER_TOWN, TOWN, furnished, services, sign_in, surroundings  # noqa: F401
from tests.browser.person import open_from_menu
from tests.browser.test_work_list import FITS, VIOLATIONS, address, app, opens  # noqa: F401
from tests.engines import person
from workflows.workbench.contents import shipped_files

pytestmark = pytest.mark.browser

Opens = Callable[..., Page]
FILE = "agency_inquiry.bpmn"
OLD, NEW = "Task_EnterAnswer", "Task_RecordAnswer"
XML = shipped_files()[FILE].content.decode()
OTHERWISE = XML.replace(f'"{OLD}"', f'"{NEW}"').replace(f">{OLD}<", f">{NEW}<").replace("人工登记答复", "登记书面答复")
ASKED = {"channel": "desk", "agency": "bank", "agency_title": "银行", "check_deadline": "2026-06-30", "caseId": "c"}
IN_TOWN = 3
CASES = IN_TOWN + 1
DRAWN = "[data-mapping][data-ready='true']"


def deploy(services: Services, xml: str) -> UUID:  # noqa: F811
    resource = Resource(name=FILE, kind="process", content=xml.encode())
    return services.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM).definitions[0].id


def begin(services: Services, number: int, region: str = TOWN) -> ProcessInstance:  # noqa: F811
    command = StartProcessInstance(
        process_id="agency_inquiry",
        business_key=f"T-{number}",
        region=region,
        variables={**ASKED, "request_id": f"r-{number}"},
    )
    return services.engine.execute(command, actor=SYSTEM)


def work_off(services: Services, items: int = 10_000) -> None:  # noqa: F811
    for _ in range(items):
        if not services.engine.execute(DoBatchItem(), actor=SYSTEM):
            return


def definition(services: Services, version: int) -> UUID:  # noqa: F811
    found = services.operations.versions("agency_inquiry", SYSTEM)
    return next(one.definition.id for one in found if one.definition.version == version)


def versions(services: Services) -> list[int]:  # noqa: F811
    found = services.operations.versions("agency_inquiry", SYSTEM)
    return [one.running for one in sorted(found, key=lambda one: one.definition.version)]


@pytest.fixture
def moved(services: Services) -> Services:  # noqa: F811
    """A house in which cases stand at a step that has another id and name in the newest version."""
    for number in range(IN_TOWN):
        begin(services, number)
    begin(services, IN_TOWN, OTHER_TOWN)
    deploy(services, OTHERWISE)
    return services


def is_sound(page: Page, axe: str) -> None:
    page.evaluate(axe)
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(FITS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_element_is_mapped_by_two_clicks_and_the_cases_move_and_come_back(
    opens: Opens,  # noqa: F811
    moved: Services,
    axe: str,
    language: str,
) -> None:
    page = opens("administrator")
    zh = language == "zh"
    page.goto(f"/migrations?lang={language}")
    is_sound(page, axe)
    page.get_by_role("row").filter(has_text="agency_inquiry").get_by_role("link").first.click()
    expect(page.locator(DRAWN)).to_be_visible(timeout=40_000)
    expect(page.locator(f"tr.is-stranded [data-maps='{OLD}']")).to_have_value("")
    left, right = page.locator("#migration-old"), page.locator("#migration-new")
    expect(left.locator(f"[data-element-id='{OLD}'].maps-stranded")).to_be_visible()
    expect(left.locator(".diagram-badge-stranded")).to_have_text(str(CASES))
    is_sound(page, axe)

    left.locator(f"[data-element-id='{OLD}'] .djs-hit").first.click()
    right.locator("[data-element-id='Service_RecordAgencyAnswer'] .djs-hit").first.click()
    expect(page.locator(f"[data-maps='{OLD}']")).to_have_value("")
    expect(page.locator(".mapping-told")).to_contain_text("不是同类环节" if zh else "another kind")
    right.locator(f"[data-element-id='{NEW}'] .djs-hit").first.click()
    expect(page.locator(f"[data-maps='{OLD}']")).to_have_value(NEW)
    expect(page.locator("tr.is-stranded")).to_have_count(0)
    expect(page.locator(".mapping-lines path")).to_have_count(1)
    expect(right.locator(f"[data-element-id='{NEW}'].maps-other")).to_be_visible()
    page.locator("#reason").fill("改用书面用语")
    page.locator(".btn[value=preview]").click()

    expect(page.get_by_role("status").filter(has_text=str(CASES))).to_be_visible()
    is_sound(page, axe)
    page.locator("button[value=apply]").click()
    expect(page.locator("#word-error")).to_be_visible()
    assert versions(moved) == [CASES, 0]
    page.locator("#word").fill("迁移" if zh else "migrate")
    page.locator("button[value=apply]").click()
    expect(page.locator("#batch-progress")).to_contain_text(f"0 / {CASES}")
    is_sound(page, axe)
    work_off(moved, 1)
    expect(page.locator("#batch-progress")).to_contain_text(f"1 / {CASES}", timeout=20_000)  # without a hand on it
    work_off(moved)
    expect(page.locator("#batch-progress [data-count=done]")).to_have_text(str(CASES), timeout=20_000)
    expect(page.locator("#batch-progress")).to_contain_text("已完成" if zh else "Completed")
    assert versions(moved) == [0, CASES]
    is_sound(page, axe)

    page.get_by_role("link", name="撤销迁移" if zh else "Undo the migration").click()
    page.locator("#reason").fill("看错版本")
    page.locator(".btn[value=preview]").click()
    expect(page.get_by_role("status").filter(has_text=str(CASES))).to_be_visible()
    is_sound(page, axe)
    page.locator("#word").fill("撤销" if zh else "REVERT")
    page.locator("button[value=apply]").click()
    expect(page.locator("#batch-progress")).to_be_visible()
    work_off(moved)
    expect(page.locator("#batch-progress [data-count=done]")).to_have_text(str(CASES), timeout=20_000)
    assert versions(moved) == [CASES, 0]
    page.goto(f"/batches?lang={language}")
    expect(page.locator("[data-rows] tbody tr")).to_have_count(2)
    is_sound(page, axe)


def test_without_scripts_the_selects_do_it_and_a_batch_is_stopped(opens: Opens, moved: Services) -> None:  # noqa: F811
    page = opens("administrator", scripts=False)
    open_from_menu(page, "流程管理", "流程迁移")
    page.get_by_role("row").filter(has_text="agency_inquiry").get_by_role("link", name="迁移", exact=True).click()
    expect(page.locator("[data-mapping-summary]")).to_contain_text("停在那里的流程不能迁移")
    page.get_by_label("街道（镇）").select_option(TOWN)
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.locator("#reason-error")).to_contain_text("请填写原因")
    page.locator("#reason").fill("改用书面用语")
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"可行 0 件，不能 {IN_TOWN} 件")).to_be_visible()
    expect(page.get_by_role("cell", name=f"{OLD} 在新版本中没有对应环节").first).to_be_visible()
    page.get_by_role("button", name="返回修改").click()
    expect(page.locator("#reason")).to_have_value("改用书面用语")
    page.locator(f"[data-maps='{OLD}']").select_option(NEW)
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=f"可行 {IN_TOWN} 件，不能 0 件")).to_be_visible()
    page.locator("#word").fill("迁移")
    page.get_by_role("button", name=f"迁移 {IN_TOWN} 件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("流程迁移")
    work_off(moved, 1)
    page.get_by_label("终止原因").fill("先看一件")
    page.get_by_role("button", name="终止其余各件").click()
    expect(page.locator("#batch-progress")).to_contain_text("已终止")
    expect(page.locator("[data-count=done]")).to_have_text("1")
    expect(page.locator("[data-count=cancelled]")).to_have_text(str(IN_TOWN - 1))
    expect(page.locator("main")).to_contain_text("先看一件")
    work_off(moved)
    assert versions(moved) == [CASES - 1, 1]


def test_finished_tasks_that_would_count_no_more_are_amber_until_they_go_somewhere(
    opens: Opens,  # noqa: F811
    services: Services,  # noqa: F811
    axe: str,
) -> None:
    instance = begin(services, 0)
    [task] = services.queries.instance(instance.id).tasks
    checker = person("wen", "civil_affairs/checker", region=TOWN[:6])
    services.engine.execute(ClaimUserTask(user_task_id=task.id), actor=checker)
    answer = {"answer_kind": "no_data", "no_data_reason": "查无此人"}
    services.engine.execute(CompleteUserTask(user_task_id=task.id, values=answer), actor=checker)
    source, _target = instance.definition_id, deploy(services, OTHERWISE)
    page = opens("administrator")
    page.goto(f"/migrations?source={source}")
    expect(page.locator(DRAWN)).to_be_visible(timeout=40_000)
    row, warning = page.locator(f"[data-mapping-row='{OLD}']"), page.locator("[data-mapping-forgotten]")
    expect(page.locator(f"#migration-old [data-element-id='{OLD}'].maps-forgotten")).to_be_visible()
    expect(row).to_have_class("is-forgotten")
    expect(warning).to_contain_text("已办的 1 个任务没有对应环节")
    is_sound(page, axe)
    page.locator(f"[data-maps='{OLD}']").select_option(NEW)
    expect(warning).to_be_hidden()
    expect(row).not_to_have_class("is-forgotten")
    page.locator(f"[data-maps='{OLD}']").select_option("")
    expect(warning).to_contain_text("已办的 1 个任务没有对应环节")


def test_a_page_that_is_told_how_far_a_batch_is_leaves_the_keyboard_where_it_is(opens: Opens, moved: Services) -> None:  # noqa: F811
    plan = {"source": str(definition(moved, 1)), "target": str(definition(moved, 2)), "mapping": {OLD: NEW}}
    asked = Asked(kind=BatchKind.MIGRATE, parameters=plan, reason="改用书面用语", everything=True)
    batch = moved.engine.execute(CreateBatch(asked=asked), actor=SYSTEM)
    page = opens("administrator")
    page.goto(f"/batches/{batch.id}")
    tab = page.locator("#batch-progress nav a").nth(1)
    tab.focus()
    work_off(moved, 1)
    expect(page.locator("[data-count=done]")).to_have_text("1")
    expect(page.locator("[data-batch-state]")).to_contain_text(f"1 / {CASES}")
    expect(page.locator("[data-batch-items]")).to_contain_text("已迁移")
    expect(tab).to_be_focused()
    case = page.locator("[data-batch-items] a").first
    case.focus()
    work_off(moved, 1)
    expect(page.locator("[data-count=done]")).to_have_text("2")
    expect(case).to_be_focused()
