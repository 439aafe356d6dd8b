"""The work list of a unit with many open tasks, as a slow office PC on a slow line draws it.

Chromium itself slows its processor and its line down; server and database run on what they get.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from api.benchmark.case import GROUP, REGION
from api.benchmark.measuring import Measuring
from api.bootstrap import open_bench
from engine.model import SYSTEM
from tests.benchmarks.filling import fill, parked
from tests.benchmarks.machine import Command, own_server
from web import assets
from workflows.organisation.commands import CreateAccount, CreateUnit
from workflows.organisation.errors import AlreadyExists
from workflows.organisation.model import Unit

TASKS = 100_000
ROUNDS = 7
SLOWER = 6
LINE = 4_000_000 / 8  # bytes a second
LATENCY = 20  # milliseconds
LOGIN, PASSWORD = "unit.clerk", "measured-2026-pages"
LIST = "/tasks?tab=to-claim"
SHOWN = "[data-rows] tbody tr"
Figures = dict[str, Any]

DRAWN = """() => new Promise((found) => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const timing = performance.getEntriesByType('navigation')[0];
  requestAnimationFrame(() => found({ paint: paint.startTime, rows: timing.domContentLoadedEventEnd,
    bytes: [timing, ...performance.getEntriesByType('resource')].reduce((sum, one) => sum + one.encodedBodySize, 0) }));
})"""
FILTERED = """(text) => new Promise((found) => {
  const search = document.querySelector('#q');
  search.value = text;
  const began = performance.now();
  document.addEventListener('htmx:afterSettle', () => requestAnimationFrame(() => setTimeout(
    () => found(performance.now() - began))), { once: true });
  search.form.requestSubmit();
})"""


def measure(*, database_url: str | None, tasks: int | None, browser: str) -> Figures:
    """Fill a unit's work list, and open and filter it in a browser without a cache, again and again."""
    assets.ensure(Path(__file__).resolve().parents[2])
    count = TASKS if tasks is None else tasks
    with own_server(database_url) as settings, open_bench(settings) as bench:
        measuring = Measuring(bench)
        fill(measuring, parked(measuring, 0), count, regions=1)
        bench.yardstick.costs.analyze()
        _open_account(measuring)
        measuring.close()
        server = Command(bench, "serve", "--port", "0", log=Path(bench.settings.data_folder) / "serve.log")
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                found = _in_browser(chromium, server.first_line.split()[-1], count)
                chromium.close()
        finally:
            server.stop()
    return {"open_tasks_of_the_unit": count, **found}


def table(figures: Figures) -> list[str]:
    """Return the lines of docs/performance.md."""
    conditions = f"processor {SLOWER} times slower, 4 Mbit/s, {LATENCY} ms, nothing in the cache"
    return [
        f"{figures['open_tasks_of_the_unit']:,} open tasks of one unit, {conditions}; median and worst of {ROUNDS}.",
        "",
        "| what | measured | target |",
        "|---|---|---|",
        f"| first content of the work list | {_seconds(figures['first_content_ms'])} | ≤ 1.5 s |",
        f"| its rows | {_seconds(figures['rows_ms'])} | |",
        f"| another filter of the open list | {_seconds(figures['filter_ms'])} | ≤ 0.5 s |",
        f"| page, sheets and scripts, as sent | {figures['bytes'] / 1000:.0f} kB | ≤ 70 kB |",
    ]


def _seconds(found: list[float]) -> str:
    return f"{median(found) / 1000:.2f} s (worst {max(found) / 1000:.2f})"


def _in_browser(chromium: Browser, url: str, count: int) -> Figures:
    page, line = _signed_in(chromium, url)
    opened, filtered = [], []
    for number in range(ROUNDS):
        line.send("Network.clearBrowserCache")
        page.goto(url + LIST)
        page.locator(SHOWN).first.wait_for()
        opened.append(page.evaluate(DRAWN))
        filtered.append(page.evaluate(FILTERED, f"CP{number * count // ROUNDS:010d}"))
        if page.locator(SHOWN).count() != 1:
            raise RuntimeError(f"the filter found {page.locator(SHOWN).count()} tasks, not one")
    return {
        "first_content_ms": [one["paint"] for one in opened],
        "rows_ms": [one["rows"] for one in opened],
        "filter_ms": filtered,
        "bytes": max(one["bytes"] for one in opened),
    }


def _signed_in(chromium: Browser, url: str) -> tuple[Page, CDPSession]:
    """Sign in at full speed, then slow everything down."""
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    page.goto(url)
    page.get_by_label("登录名").fill(LOGIN)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/tasks**")
    page.goto("about:blank")
    line = page.context.new_cdp_session(page)
    speed = {"offline": False, "latency": LATENCY, "downloadThroughput": LINE, "uploadThroughput": LINE}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", speed)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, line


def _open_account(measuring: Measuring) -> None:
    engine = measuring.bench.house.services.engine
    kind, _, role = GROUP.partition("/")
    unit = Unit(id="unit", kind=kind, name="测速单位", name_en="Measured unit", region=REGION)
    with suppress(AlreadyExists):
        engine.execute(CreateUnit(unit=unit), actor=SYSTEM)
    account = CreateAccount(
        login=LOGIN, name="看件员", password=PASSWORD, posts=((unit.id, role),), must_change_password=False
    )
    engine.execute(account, actor=SYSTEM)
