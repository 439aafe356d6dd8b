"""Take the pictures of the README: a county of synthetic cases on servers of its own, seen in a real browser."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bring_chromium import browser_path
from playwright.sync_api import Page, sync_playwright

from api.bootstrap import House, open_house
from api.demo.county import DEMO_PASSWORD, accounts, set_up
from api.demo.seeding import LOCAL, Seeder, Seeding
from api.demo.servers import Servers
from engine.commands.user_tasks import ClaimUserTask
from engine.model import SYSTEM, Actor, UserTask
from engine.queries import TaskTab, UserTaskFilter
from web import assets
from workflows.casework.queries import CaseFilter, CaseView
from workflows.organisation.model import actor_of

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
TODAY = datetime(2026, 11, 20, 15, 20, tzinfo=LOCAL)
CASES = 150
SEED = 11
LARGEST = 250_000  # bytes
CLERK = "education.clerk"
TASK_SHOWN = "Task_MatchSchoolRoll"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the pictures show of the county."""

    clerk: str
    task: str
    case: str


def main() -> int:
    """Write work-list.png, task-page.png and case-page.png."""
    browser = browser_path()
    if browser is None:
        print("No Chromium here: run `make browser` first.", file=sys.stderr)
        return 1
    assets.ensure(ROOT)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _county() as (servers, shown), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])

        def page(login: str) -> Page:
            context = chromium.new_context(
                viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=servers.base_url
            )
            return _signed_in(context.new_page(), login)

        sizes = [picture(page, shown) for picture in (_work_list, _task_page, _case_page)]
        chromium.close()
    return int(max(sizes) > LARGEST)


@contextmanager
def _county() -> Iterator[tuple[Servers, Shown]]:
    with Servers(start=TODAY) as servers:
        servers.start("agencies")
        with open_house(servers.settings) as house:
            for _ in set_up(house.services.engine, house.services.organisation, now=TODAY):
                pass
            plan = Seeding(cases=CASES, seed=SEED, today=TODAY, simulator_url=servers.simulator_url)
            for _ in Seeder(house, servers.clock, plan).run():
                pass
            servers.clock.set(TODAY)
            shown = Shown(task=_task(house), case=_case(house), clerk=_busiest(house))
        servers.start("serve", "work")
        yield servers, shown


def _busiest(house: House) -> str:
    """Return the clerk whose unit has most tasks both in time and late, after claiming some as people do."""

    def waiting(login: str) -> tuple[int, int]:
        tasks = _open_tasks(house, login, TaskTab.UNIT)
        late = sum(task.due_at is not None and task.due_at < TODAY for task in tasks)
        return min(late, len(tasks) - late), len(tasks)

    login = max((one.login for one in accounts() if one.role == "clerk"), key=waiting)
    for task in _open_tasks(house, login, TaskTab.TO_CLAIM)[::4]:
        house.services.engine.execute(ClaimUserTask(user_task_id=task.id), actor=_actor(house, login))
    return login


def _task(house: House) -> str:
    tasks = [one for one in _open_tasks(house, CLERK, TaskTab.TO_CLAIM) if one.element_id == TASK_SHOWN]
    task = max(tasks, key=lambda one: one.created_at)
    house.services.engine.execute(ClaimUserTask(user_task_id=task.id), actor=_actor(house, CLERK))
    return str(task.id)


def _open_tasks(house: House, login: str, tab: TaskTab) -> Sequence[UserTask]:
    return house.services.queries.user_tasks(UserTaskFilter(actor=_actor(house, login), tab=tab, limit=200)).tasks


def _case(house: House) -> str:
    """Return the case that shows most: referrals in several states, one of them late."""
    found = house.services.casework.cases(CaseFilter(actor=SYSTEM, limit=CASES)).cases
    views = [house.services.casework.case(summary.number, SYSTEM) for summary in found]
    return max(views, key=_telling).summary.number


def _telling(case: CaseView) -> tuple[int, int]:
    late = sum(view.overdue for view in case.referrals)
    return (min(late, 1) * (3 - late if late > 1 else 3), len({view.referral.state for view in case.referrals}))


def _actor(house: House, login: str) -> Actor:
    account = house.services.organisation.account(login)
    if account is None:
        raise LookupError(f"no account {login}")
    return actor_of(account)


def _signed_in(page: Page, login: str) -> Page:
    page.goto("/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="退出").wait_for()
    return page


def _work_list(page: Callable[[str], Page], shown: Shown) -> int:
    desk = page(shown.clerk)
    desk.goto("/tasks?tab=unit&order=created&descending=1")
    return _write(desk, "work-list.png")


def _task_page(page: Callable[[str], Page], shown: Shown) -> int:
    desk = page(CLERK)
    desk.goto(f"/tasks/{shown.task}")
    desk.locator("[data-form][data-ready=true]").wait_for()
    return _write(desk, "task-page.png")


def _case_page(page: Callable[[str], Page], shown: Shown) -> int:
    desk = page("supervisor")
    desk.set_viewport_size({"width": 1366, "height": 1150})  # down to the diagram
    desk.goto(f"/cases/{shown.case}")
    for figure in desk.locator("figure[data-diagram]").all():
        figure.and_(desk.locator("[data-ready=true]")).wait_for()
    return _write(desk, "case-page.png")


def _write(page: Page, name: str) -> int:
    picture = page.screenshot(path=IMAGES / name)
    print(f"{name} {len(picture) / 1000:.0f} kB  {page.url}")
    return len(picture)


if __name__ == "__main__":
    sys.exit(main())
