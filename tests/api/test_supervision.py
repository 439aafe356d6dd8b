"""The supervisors' board: every number is that of the list it leads to, and only who supervises sees it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import httpx
import pytest

from api.bootstrap import Surroundings
from api.services import Services
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import OTHER_TOWN, PASSWORD, TOWN, Client, content
from tests.applications import identity
from tests.engines import person
from web import supervision
from workflows.casework.county import COUNTY_REGION
from workflows.casework.payments.starting import StartPriceLink
from workflows.organisation.commands import CreateAccount

SignIn = Callable[[str], Client]
BOARD = "/api/v1/supervision"
CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 6, 8, 9, 0, tzinfo=CHINA)
WEDNESDAY = datetime(2026, 6, 10, 10, 0, tzinfo=CHINA)
WINDOW, NEXT_WINDOW, BUREAU = f"township:{TOWN}", f"township:{OTHER_TOWN}", "civil_affairs:320481"
PAYER = person("civil.clerk", "civil_affairs/clerk", region=COUNTY_REGION)
PRICE_LINK = "PRICE-2026-05"
NUMBERS = ("open", "overdue", "due_soon", "paused", "unheld", "incidents")
LISTS = {
    "open": {},
    "overdue": {"overdue_only": "true"},
    "due_soon": {"situation": "soon"},
    "paused": {"situation": "paused"},
    "unheld": {"situation": "unheld"},
}


@dataclass
class Hand:
    """A clock in the hand of a test."""

    moment: datetime = MONDAY

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def surroundings(hand: Hand) -> Surroundings:
    return Surroundings(now=hand.now, transport=httpx.MockTransport(lambda _: httpx.Response(503)))


def hand_in(client: Client, count: int, **changes: Any) -> str:
    member = application_json()["members"][0] | {"identity_number": identity(date(1986, 3, 2), count=100 + count)}
    answer = client.post("/api/v1/applications", application_json(members=[member], **changes))
    return str(content(answer)["number"])


def task_of(client: Client, case: str) -> dict[str, Any]:
    [task] = content(client.get(f"/api/v1/tasks?tab=unit&case={case}"))["tasks"]
    return dict(task)


def change(supervisor: Client, case: str, **changes: Any) -> None:
    task = task_of(supervisor, case)
    assert supervisor._send("PATCH", f"/api/v1/tasks/{task['id']}", changes, {}).status_code == 200


def furnish(sign_in: SignIn, hand: Hand) -> dict[str, str]:
    """Bring cases into the states the board tells apart, and let two working days pass."""
    clerk, far, supervisor = sign_in("clerk"), sign_in("far-clerk"), sign_in("supervisor")
    cases = {name: hand_in(clerk, number) for number, name in enumerate(("late", "soon", "put off"))}
    cases["far"] = hand_in(far, 8, region=OTHER_TOWN)
    cases["stuck"] = hand_in(clerk, 9, received_on="2020-05-06")
    clerk.post(f"/api/v1/tasks/{task_of(clerk, cases['late'])['id']}/claim")
    change(supervisor, cases["late"], due_at=(WEDNESDAY - timedelta(days=1)).isoformat())
    change(supervisor, cases["soon"], due_at="2026-06-15T23:59:59+08:00")
    change(supervisor, cases["put off"], follow_up_at="2026-06-20T00:00:00+08:00", due_at="2026-06-16T00:00:00+08:00")
    change(supervisor, cases["far"], due_at=(WEDNESDAY - timedelta(minutes=1)).isoformat())
    hand.moment = WEDNESDAY
    return cases


def total_of(client: Client, path: str, **query: str) -> int:
    return int(content(client.get(f"{path}?{urlencode(query)}"))["total"])


def rows_of(board: dict[str, Any]) -> dict[str | None, dict[str, Any]]:
    return {row["unit"]: row for row in (*board["rows"], board["total"])}


@pytest.mark.usefixtures("old_applications_pass")
def test_the_board_tells_how_the_work_of_each_unit_stands(sign_in: SignIn, hand: Hand) -> None:
    furnish(sign_in, hand)
    board = content(sign_in("supervisor").get(BOARD))
    found = {unit: tuple(row[name] for name in NUMBERS) for unit, row in rows_of(board).items()}

    assert found[WINDOW] == (3, 1, 1, 1, 2, 1)
    assert found[NEXT_WINDOW] == (1, 1, 0, 0, 1, 0)
    assert found[None] == (4, 2, 1, 1, 3, 1)
    assert [row["overdue"] for row in board["rows"]] == sorted((row["overdue"] for row in board["rows"]), reverse=True)


@pytest.mark.usefixtures("old_applications_pass")
def test_every_number_is_that_of_the_list_behind_it(sign_in: SignIn, hand: Hand) -> None:
    furnish(sign_in, hand)
    supervisor = sign_in("supervisor")
    for unit, row in rows_of(content(supervisor.get(BOARD))).items():
        of_unit = {"unit": unit} if unit else {}
        for name, narrowing in LISTS.items():
            listed = total_of(supervisor, "/api/v1/tasks", tab="unit", **of_unit, **narrowing)
            assert listed == row[name], (unit, name)
        if row["incidents"] is not None:
            assert total_of(supervisor, "/api/v1/incidents", **of_unit) == row["incidents"], unit


@pytest.mark.usefixtures("old_applications_pass")
def test_every_number_on_the_page_leads_to_so_many(sign_in: SignIn, hand: Hand) -> None:
    furnish(sign_in, hand)
    supervisor = sign_in("supervisor")
    page = supervisor.get("/supervision").text
    links = re.findall(r'<td class="num"><a href="([^"]+)"[^>]*>(\d+)</a></td>', page)

    assert len(links) == 3 * len(NUMBERS)
    for address, number in links:
        listed = supervisor.get(html.unescape(address))
        assert listed.status_code == 200
        shown = re.search(r"共 (\d+) 条", listed.text)
        assert int(shown[1] if shown else 0) == int(number), address


@pytest.mark.parametrize("at_once", [1, supervision.READ_AT_ONCE])
@pytest.mark.usefixtures("old_applications_pass")
def test_below_stand_the_cases_most_over_their_limit(
    sign_in: SignIn, hand: Hand, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "READ_AT_ONCE", at_once)
    cases = furnish(sign_in, hand)
    supervisor = sign_in("supervisor")
    latest = content(supervisor.get(BOARD))["latest"]

    assert [(one["case"], one["working_days_over"]) for one in latest] == [(cases["late"], 1), (cases["far"], 1)]
    assert (latest[0]["applicant"], latest[0]["step"]) == ("陈*国", "核对材料是否齐全")
    page = supervisor.get("/supervision").text
    assert f'href="/cases/{quote(cases["late"])}"' in page
    assert "陈建国" not in page


@pytest.mark.usefixtures("old_applications_pass")
def test_every_link_of_the_board_leads_somewhere_also_where_a_process_has_no_case(
    sign_in: SignIn, hand: Hand, services: Services
) -> None:
    services.engine.execute(StartPriceLink(month=date(2026, 5, 1)), actor=PAYER)
    change(sign_in("supervisor"), PRICE_LINK, due_at=(WEDNESDAY - timedelta(hours=2)).isoformat())
    cases = furnish(sign_in, hand)
    supervisor = sign_in("supervisor")
    page = supervisor.get("/supervision").text
    board = page[page.index("<section") : page.rindex("</section>")]
    links = {html.unescape(address) for address in re.findall(r'href="(/[^"]*)"', board)}
    row = next(one for one in re.findall(r"<tr>.*?</tr>", board, re.DOTALL) if PRICE_LINK in one)

    assert f"/tasks/{task_of(supervisor, PRICE_LINK)['id']}" in links
    assert f"/cases/{quote(cases['late'])}" in links
    assert ("流程" in row, "案件" in row) == (True, False)
    assert {address: supervisor.get(address).status_code for address in links} == dict.fromkeys(links, 200)


@pytest.mark.usefixtures("old_applications_pass")
def test_who_is_kin_of_a_case_finds_it_in_no_number(sign_in: SignIn, hand: Hand) -> None:
    cases = furnish(sign_in, hand)
    entry = {"name": "高远", "relation": "叔父", "post": "staff", "unit": "民政局", "login": "supervisor"}
    for name in ("late", "stuck"):
        answer = sign_in("clerk").post(f"/api/v1/cases/{cases[name]}/kin", entry)
        assert answer.status_code == 201, answer.text
    board = content(sign_in("supervisor").get(BOARD))

    assert tuple(rows_of(board)[WINDOW][name] for name in NUMBERS) == (2, 0, 1, 1, 2, 0)
    assert [one["case"] for one in board["latest"]] == [cases["far"]]


def test_the_head_of_a_bureau_sees_the_work_of_the_bureau_alone(
    sign_in: SignIn, hand: Hand, services: Services
) -> None:
    hand_in(sign_in("clerk"), 1)
    account = CreateAccount(
        login="head", name="方正", password=PASSWORD, posts=(("education", "supervisor"),), must_change_password=False
    )
    services.engine.execute(account, actor=SYSTEM)
    head = sign_in("head")

    assert content(head.get(BOARD))["rows"] == []
    assert "目前没有要督办的任务" in head.get("/supervision").text


def test_only_who_supervises_is_led_to_the_board_and_sees_it(sign_in: SignIn) -> None:
    clerk, supervisor = sign_in("clerk"), sign_in("supervisor")

    assert (clerk.get(BOARD).status_code, clerk.get("/supervision").status_code) == (403, 403)
    assert 'href="/supervision"' not in clerk.get("/tasks").text
    assert 'href="/supervision"' in supervisor.get("/tasks").text


def test_without_the_calendar_of_a_year_the_board_says_what_nobody_can_tell(sign_in: SignIn, hand: Hand) -> None:
    hand_in(sign_in("clerk"), 1)
    hand.moment = datetime(2026, 12, 30, 10, 0, tzinfo=CHINA)
    supervisor = sign_in("supervisor")
    total = content(supervisor.get(BOARD))["total"]

    assert (total["open"], total["due_soon"], total["unheld"]) == (1, None, 1)
    assert "工作日历未导入" in supervisor.get("/supervision").text
    refused = supervisor.get("/api/v1/tasks?tab=unit&situation=soon")
    assert content(refused)["code"] == "calendar-year-not-loaded"
    assert "2027" in supervisor.get("/tasks?tab=unit&situation=soon").text


@pytest.mark.parametrize("query", ["unit=everybody", "unit=%27%3A1", "situation=late"])
def test_a_list_is_narrowed_by_what_is_known_alone(sign_in: SignIn, query: str) -> None:
    supervisor = sign_in("supervisor")

    assert supervisor.get(f"/api/v1/tasks?tab=unit&{query}").status_code in (400, 422)
    assert supervisor.get(f"/tasks?tab=unit&{query}").status_code == 200
