"""A term is changed in the modeler, deployed, and two hundred running cases go on by it: what is in hand is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, Table, select

from api.bootstrap import Surroundings
from api.services import Services
from engine.commands.batches import DoBatchItem
from engine.commands.jobs import AcquireJobs, CompleteJob
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask, SaveDraft
from engine.model import SYSTEM, Actor
from storage.database import connect
from storage.tables.casework import case_file
from storage.tables.engine import timer, user_task
from storage.tables.procedure import clock_pause
from tests.api.conftest import furnished, services, sign_in  # noqa: F401
from tests.applications import plain_dibao
from tests.browser.test_work_list import CASES as HANDED_IN_BEFORE
from tests.browser.test_work_list import address, app, opens  # noqa: F401
from tests.browser.test_workbench import edit
from workflows.casework.commands import SubmitApplication
from workflows.organisation.model import actor_of

pytestmark = pytest.mark.browser

TODAY = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
CASES = 200
DRAFTED, CORRECTED, ACCEPTED = 30, 20, 20
PROCESS, TASK, CORRECTIONS = "one_window_intake", "Task_CheckCompleteness", "Task_ReceiveCorrections"
BEFORE, AFTER = 'duration("P1D"), 1))', 'duration("P1D"), 3))'
SET_TERM = """([id, before, after]) => {
  const { modeler } = document.querySelector("[data-editor]");
  const element = modeler.get("elementRegistry").get(id);
  const schedule = element.businessObject.extensionElements.values.find((one) => one.$type === "zeebe:TaskSchedule");
  const dueDate = schedule.dueDate.replace(before, after);
  modeler.get("modeling").updateModdleProperties(element, schedule, { dueDate });
}"""
CARRIED = ("id", "key", "element_id", "state", "assignee", "candidate_groups", "due_at", "follow_up_at", "priority")


def rows(connection: Connection, table: Table, *names: str) -> list[dict[str, Any]]:
    columns = [table.c[name] for name in names] if names else list(table.c)
    return [dict(row) for row in connection.execute(select(*columns).order_by(*table.primary_key)).mappings()]


@pytest.fixture
def surroundings() -> Surroundings:
    """A day whose terms lie in the year of the calendar."""
    return Surroundings(now=lambda: TODAY, transport=httpx.MockTransport(lambda _: httpx.Response(503)))


@pytest.fixture
def clerk(services: Services) -> Actor:  # noqa: F811
    account = services.organisation.account("clerk")
    assert account is not None
    return actor_of(account)


@pytest.fixture
def connection(services: Services) -> Iterator[Connection]:  # noqa: F811
    """What the rows are read by, as they stand at each moment."""
    database = connect(str(services.settings.database_url))
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as reading:
        yield reading
    database.dispose()


def open_tasks(connection: Connection, *names: str) -> list[dict[str, Any]]:
    return [one for one in rows(connection, user_task, *names, "definition_id", "version") if one["state"] == "open"]


def prepare(services: Services, clerk: Actor, connection: Connection) -> None:  # noqa: F811
    """Let cases come: some are typed into, some wait for papers under a timer, the others are untouched."""
    for number in range(CASES - HANDED_IN_BEFORE):
        application = plain_dibao(submission_key=f"many-{number:04}")
        services.engine.execute(SubmitApplication(application=application), actor=clerk)
    tasks = [one for one in open_tasks(connection, *CARRIED) if one["element_id"] == TASK]
    assert len(tasks) == CASES
    for number, task in enumerate(tasks[: DRAFTED + CORRECTED + ACCEPTED]):
        services.engine.execute(ClaimUserTask(user_task_id=task["id"]), actor=clerk)
        if number < DRAFTED:
            draft = {"completeness": "incomplete", "missing_note": f"第 {number} 件，请补交"}
            services.engine.execute(SaveDraft(user_task_id=task["id"], values=draft), actor=clerk)
            continue
        values: dict[str, Any] = {"completeness": "complete"}
        if number < DRAFTED + CORRECTED:
            choices = services.queries.user_task(task["id"], clerk).variables["document_choices"]
            values = {"completeness": "incomplete", "missing_documents": [one["value"] for one in choices]}
        services.engine.execute(CompleteUserTask(user_task_id=task["id"], values=values), actor=clerk)
    deliver_letters(services)


def deliver_letters(services: Services) -> None:  # noqa: F811
    """Let the letters be delivered, as a worker does: then the time to hand in papers runs."""
    acquire = AcquireJobs(worker="w", types=("send_notice",), lease=timedelta(minutes=1), limit=CASES)
    for job in services.engine.execute(acquire, actor=SYSTEM):
        services.engine.execute(CompleteJob(lease=job.lease, variables={"delivered": True}), actor=SYSTEM)


def drafts(services: Services, clerk: Actor, task_ids: list[UUID]) -> dict[UUID, Any]:  # noqa: F811
    found = {one: services.queries.draft(one, clerk) for one in task_ids}
    return {one: draft.values for one, draft in found.items() if draft is not None}


def work_off(services: Services, is_over: threading.Event, failed: list[BaseException]) -> None:  # noqa: F811
    try:
        while not is_over.is_set():
            if not services.engine.execute(DoBatchItem(), actor=SYSTEM):
                is_over.wait(0.2)
    except Exception as broken:  # noqa: BLE001  told when the page is looked at no more
        failed.append(broken)


@pytest.mark.timeout(600)
def test_two_hundred_cases_go_on_by_a_changed_term_with_tasks_drafts_and_clocks(
    opens: Callable[..., Page],  # noqa: F811
    services: Services,  # noqa: F811
    clerk: Actor,
    connection: Connection,
) -> None:
    prepare(services, clerk, connection)
    before = open_tasks(connection, *CARRIED)
    clocks = [rows(connection, one) for one in (timer, clock_pause, case_file)]
    typed = drafts(services, clerk, [one["id"] for one in before])
    [old] = {one["definition_id"] for one in before}
    assert (len(before), len(typed)) == (CASES, DRAFTED)
    assert sum(one["element_id"] == "Event_CorrectionOverdue" for one in clocks[0]) == CORRECTED
    assert sum(one["due_on"] is not None for one in clocks[2]) == ACCEPTED  # the statutory clock runs

    page = opens("administrator")
    new = change_the_term(page, services)
    migrate_all(page, services)

    after = open_tasks(connection, *CARRIED)
    carried = [{name: one[name] for name in CARRIED} for one in after]
    assert carried == [{name: one[name] for name in CARRIED} for one in before]
    assert {one["definition_id"] for one in after} == {new}
    assert [one["version"] for one in after] == [one["version"] + 1 for one in before]
    assert drafts(services, clerk, [one["id"] for one in after]) == typed
    assert [rows(connection, one) for one in (timer, clock_pause, case_file)] == clocks
    assert old != new

    drafted = next(iter(typed))
    desk = opens("clerk")
    desk.goto(f"/tasks/{drafted}")
    expect(desk.locator("[data-form]")).to_have_attribute("data-ready", "true", timeout=40_000)
    expect(desk.get_by_label("补正说明")).to_have_value(typed[drafted]["missing_note"])
    desk.goto("/tasks?tab=mine")
    expect(desk.locator("nav[aria-label=工作清单] a").first).to_contain_text(str(DRAFTED))


def change_the_term(page: Page, services: Services) -> UUID:  # noqa: F811
    """Give the check two working days more in the modeler, and deploy that; returns the new version."""
    edit(page, PROCESS)
    page.evaluate(SET_TERM, [TASK, BEFORE, AFTER])
    expect(page.locator("[data-state]")).to_contain_text("已保存", timeout=30_000)
    page.get_by_role("link", name="检查并部署").click()
    changed = page.get_by_role("row").filter(has_text=TASK).last
    expect(changed.locator("ins")).to_contain_text(AFTER)
    expect(page.get_by_text(f"第 1 版：{CASES} 件")).to_be_visible()
    for box in page.locator("[name=confirmed]").all():
        box.check()
    page.get_by_label("部署理由").fill("核对期限由一个工作日改为三个工作日")
    page.get_by_role("button", name="部署为第 2 版").click()
    expect(page.locator("#messages")).to_contain_text("第 2 版已部署")
    return services.operations.versions(PROCESS, SYSTEM)[0].definition.id


def migrate_all(page: Page, services: Services) -> None:  # noqa: F811
    """Go from the library to the plan, try all of it, do it, and see it done without a hand on the page."""
    shelf = page.get_by_role("row").filter(has=page.locator(f"code:text-is('{PROCESS}')"))
    shelf.get_by_role("link", name=str(CASES), exact=True).click()
    page.get_by_role("row").filter(has_text=PROCESS).get_by_role("link", name="迁移", exact=True).click()
    expect(page.locator("[data-mapping][data-ready='true']")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-mapping-summary]")).to_contain_text(f"{CASES} 件")
    standing = page.locator(f"[data-mapping-row={TASK}] td.num")
    open_now = str(CASES - CORRECTED - ACCEPTED)
    expect(standing).to_have_text([open_now, open_now, str(CORRECTED + ACCEPTED)])
    expect(page.locator(f"[data-mapping-row={CORRECTIONS}] td.num")).to_have_text([str(CORRECTED)] * 2 + ["0"])
    page.get_by_label("先试算多少件").select_option("500")
    page.get_by_label("原因").fill("核对期限调整，在办的一并适用")
    page.get_by_role("button", name="试算", exact=True).click(timeout=120_000)  # the trial is in the answer
    told = page.get_by_role("status").filter(
        has_text=f"共 {CASES} 件，试算了其中 {CASES} 件：可行 {CASES} 件，不能 0 件"
    )
    expect(told).to_be_visible(timeout=120_000)
    page.locator("#word").fill("迁移")
    page.get_by_role("button", name=f"迁移 {CASES} 件").click()
    expect(page.locator("#batch-progress")).to_contain_text(f"0 / {CASES}")
    is_over = threading.Event()
    failed: list[BaseException] = []
    worker = threading.Thread(target=work_off, args=(services, is_over, failed))
    worker.start()
    try:
        expect(page.locator("#batch-progress [data-count=done]")).to_have_text(str(CASES), timeout=180_000)
        expect(page.locator("#batch-progress")).to_contain_text("已完成")
    finally:
        is_over.set()
        worker.join()
        for broken in failed:
            raise broken
