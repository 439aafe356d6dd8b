"""The heat map of a process: counted by element, in working days, for what the asker operates; drawn and as a table."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import delete, func, select

from api.bootstrap import Surroundings
from api.services import Services
from engine.commands.user_tasks import ClaimUserTask, CompleteUserTask
from engine.model import ProcessInstance
from storage.tables.casework import calendar_day
from tests.api.conftest import OTHER_TOWN, Client
from tests.api.test_operations import INSTANCES, begin, deploy
from tests.api.test_repairs import STEPS
from tests.engines import person

SignIn = Callable[[str], Client]
CHINA = ZoneInfo("Asia/Shanghai")
SPAN = "since=2026-06-01&until=2026-06-30"
HEAT = f"/api/v1/heat-map?process_id=P&{SPAN}"


@dataclass
class Hand:
    """A clock in the hand of a test."""

    moment: datetime

    def turn_to(self, day: int) -> None:
        self.moment = datetime(2026, 6, day, 9, 0, tzinfo=CHINA)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def hand() -> Hand:
    return Hand(moment=datetime(2026, 6, 5, 9, 0, tzinfo=CHINA))  # a Friday


@pytest.fixture
def surroundings(hand: Hand) -> Surroundings:
    return Surroundings(now=hand.now, transport=httpx.MockTransport(lambda _: httpx.Response(503)))


def do(services: Services, instance: ProcessInstance, key_of: str) -> None:
    clerk = person("lin", "township/clerk", region=instance.region)
    view = services.queries.instance(instance.id)
    [task] = [one for one in view.tasks if one.element_id == key_of]
    services.engine.execute(ClaimUserTask(user_task_id=task.id), actor=clerk)
    services.engine.execute(CompleteUserTask(user_task_id=task.id, values={}), actor=clerk)


def figures(client: Client, place: str = HEAT) -> dict[str, Any]:
    return {one["element_id"]: one for one in client.get(place).json["elements"]}


def drawn(page: str) -> Any:
    found = re.search(r'id="heat-data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(html.unescape(found[1]))


@pytest.fixture
def definition(services: Services, hand: Hand) -> str:
    """Three cases began on a Friday: one was done on Monday, one on Thursday, over the norm; one stands there."""
    definition = deploy(services, STEPS)
    quick, slow, _standing = begin(services), begin(services), begin(services, OTHER_TOWN)
    hand.turn_to(8)
    do(services, quick, "make")
    hand.turn_to(11)
    do(services, slow, "make")
    hand.turn_to(12)
    return definition


def test_passages_are_counted_in_working_days_against_the_norm(definition: str, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    answer = supervisor.get(HEAT).json
    make = figures(supervisor)["make"]

    assert (answer["definition_id"], answer["version"], answer["working_days_known"]) == (definition, 1, True)
    counted = ("passed", "median", "ninetieth", "norm", "limited", "over", "over_share", "waiting", "waiting_over")
    assert [make[name] for name in counted] == [2, Decimal("2.5"), Decimal("3.7"), 2, 2, 1, 50, 1, 1]
    check = figures(supervisor)["check"]
    assert [check[name] for name in ("passed", "median", "limited", "over_share", "waiting")] == [0, None, 0, None, 2]
    assert [one["element_id"] for one in answer["elements"]] == ["s", "make", "check"]


def test_period_region_unit_and_version_narrow_it(services: Services, definition: str, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")

    assert figures(supervisor, HEAT.replace("2026-06-30", "2026-06-08"))["make"]["passed"] == 1
    elsewhere = figures(supervisor, f"{HEAT}&region={OTHER_TOWN}")["make"]
    assert (elsewhere["passed"], elsewhere["waiting"]) == (0, 1)
    assert set(figures(supervisor, f"{HEAT}&unit_kind=township")) == {"make", "check"}
    assert figures(supervisor, f"{HEAT}&unit_kind=education") == {}
    deploy(services, STEPS.replace(b"P2D", b"P3D"))
    assert figures(supervisor) == {}
    assert figures(supervisor, f"{HEAT}&version=1")["make"]["passed"] == 2


def test_only_what_the_asker_operates_is_counted_and_lists_agree(definition: str, sign_in: SignIn) -> None:
    town = sign_in("town-administrator")
    found = figures(town)

    assert (found["make"]["waiting"], found["check"]["waiting"]) == (0, 2)
    for client in (town, sign_in("supervisor")):
        for element, heat in figures(client).items():
            listed = client.get(f"{INSTANCES}?definition_id={definition}&element_id={element}").json["total"]
            assert listed == heat["waiting"], element
    clerk = sign_in("clerk")
    assert clerk.get(HEAT).status_code == 403
    assert clerk.get("/heat-map").status_code == 403


def test_the_page_draws_the_same_and_leads_to_the_cases(definition: str, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    page = supervisor.get(f"/heat-map?definition={definition}&{SPAN}&measure=waiting").text

    heat = drawn(page)["heat"]
    assert (heat["elements"]["check"]["step"], heat["elements"]["check"]["text"]) == (5, "2")
    assert heat["elements"]["make"]["step"] == 3
    assert len(heat["legend"]) == 5
    list_url = heat["elements"]["check"]["url"]
    assert html.escape(list_url) in page
    assert supervisor.get(list_url).text.count('data-row-link href="/process-instances/') == 2
    for measure in ("passed", "median", "ninetieth", "over_share", "odd"):
        for language in ("zh", "en"):
            place = f"/heat-map?definition={definition}&{SPAN}&measure={measure}&lang={language}"
            assert supervisor.get(place).status_code == 200
    assert "50.0% (1/2)" in page


def test_what_makes_no_sense_is_refused(services: Services, definition: str, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    for question in (
        "process_id=P&since=2026-06-30&until=2026-06-01",
        "process_id=P&since=x&until=2026-06-01",
        f"{SPAN}",
        f"process_id=P&{SPAN}&version=x",
        f"process_id=P&{SPAN}&region=abc",
        f"process_id=P&{SPAN}&odd=1",
        "process_id=P&since=1000-01-01&until=2026-06-01",
    ):
        assert supervisor.get(f"/api/v1/heat-map?{question}").status_code == 422, question
    assert supervisor.get(f"/api/v1/heat-map?process_id=nothing&{SPAN}").status_code == 404
    assert supervisor.get(f"{HEAT}&version=9").status_code == 404
    for since, until in (("2026-06-30", "2026-06-01"), ("x", "2026-06-01"), ("", ""), ("0001-01-01", "2026-06-01")):
        answer = supervisor.get(f"/heat-map?since={since}&until={until}")
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert supervisor.get(f"/heat-map?definition={uuid4()}&region=1&unit=x").status_code == 200
    empty = supervisor.get(f"/heat-map?definition={definition}&since=2020-01-01&until=2020-01-31&unit=education").text
    assert "所选期间没有案件经过此流程" in empty


def test_it_says_when_the_calendar_tells_not_every_time(
    services: Services, hand: Hand, definition: str, sign_in: SignIn
) -> None:
    with services.heat.database.begin() as connection:  # type: ignore[attr-defined]  # that of PostgreSQL
        connection.execute(delete(calendar_day).where(calendar_day.c.day == date(2026, 6, 11)))
    answer = sign_in("supervisor").get(HEAT).json

    assert figures(sign_in("supervisor"))["make"]["median"] is not None
    assert answer["working_days_known"] is False


def test_counting_that_takes_too_long_is_given_up_and_says_so(
    definition: str, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.heat_map.STATEMENT_MILLISECONDS", 200)
    supervisor = sign_in("supervisor")
    monkeypatch.setattr("storage.heat_map._counts", lambda *_: select(func.pg_sleep(20)))
    answer = supervisor.get(HEAT)
    assert (answer.status_code, answer.json["code"]) == (503, "heat-takes-too-long")
    page = supervisor.get(f"/heat-map?definition={definition}&{SPAN}")
    assert page.status_code == 503
    assert "请缩短期间" in page.text
