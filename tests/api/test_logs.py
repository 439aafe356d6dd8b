"""What the logs hold: one event a line with its fields, the request in all that it led to, and never a person."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from api.bootstrap import open_house
from api.clock import FileClock
from api.demo.check import run_on, shipped
from api.demo.county import set_up
from api.services import Services
from api.serving import listening, served_beside
from api.settings import Settings
from api.watching.logs import JsonLines, TextLines, about
from engine.commands.timers import ClaimDue
from engine.job_executor import WorkerSettings
from engine.model import SYSTEM
from tests.api.applications import application_json
from tests.api.conftest import Client, content
from web.authentication import permits
from workflows.connectors.simulator import Simulator
from workflows.organisation.rights import Right

SignIn = Callable[[str], Client]


@dataclass(frozen=True, slots=True)
class Captured:
    """Everything logged, in both formats."""

    json: io.StringIO
    text: io.StringIO

    def events(self, logger: str, event: str | None = None) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.json.getvalue().splitlines()]
        return [one for one in lines if one["logger"] == logger and event in (None, one["event"])]


@contextmanager
def captured(level: int = logging.DEBUG) -> Iterator[Captured]:
    found = Captured(io.StringIO(), io.StringIO())
    handlers = [logging.StreamHandler(found.json), logging.StreamHandler(found.text)]
    handlers[0].setFormatter(JsonLines())
    handlers[1].setFormatter(TextLines())
    root = logging.getLogger()
    before = root.level
    root.setLevel(level)
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield found
    finally:
        root.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)


class RunningHouse:
    """Pages, API, worker and agencies in this process, so that everything they log is heard."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.clock = FileClock(folder / "clock")
        self._settings = Settings(
            database_url=database_url, data_folder=folder, secret_key="s" * 64, test_clock=folder / "clock"
        )

    @contextmanager
    def open(self) -> Iterator[RunningHouse]:
        with Simulator() as simulator:
            self.simulator_url = simulator.url
            urls = dict.fromkeys(("agencies_url", "gateway_url", "insurer_url"), simulator.url)
            with open_house(replace(self._settings, **urls)) as house:
                services = house.services
                for _ in set_up(services.engine, services.organisation, now=services.now()):
                    pass
                server = listening(create_app(services), host="127.0.0.1", port=0, threads=2, trusted_proxies=0)
                self.base_url = f"http://127.0.0.1:{server.effective_port}"
                stop = Event()
                worker = house.worker(WorkerSettings(name="worker", threads=2))
                working = Thread(target=worker.run, args=(stop,))
                working.start()
                try:
                    with served_beside(server):
                        yield self
                finally:
                    stop.set()
                    working.join()


def test_a_whole_case_leaves_no_person_in_the_logs_of_either_format(database_url: str, tmp_path: Path) -> None:
    marked = ("9031.77", "2003.29")
    shown = shipped("a1")
    application = json.loads(
        json.dumps(shown.application).replace(": 9000", ': "9031.77"').replace(": 2000", ': "2003.29"')
    )
    facts = json.loads(json.dumps(shown.agency_facts).replace("9000", "9031.77").replace("2000", "2003.29"))
    scenario = replace(shown, application=application, agency_facts=facts)
    house = RunningHouse(database_url, tmp_path)
    house.clock.set(scenario.starts_at)
    with house.open(), captured() as logs:
        course = run_on(house, scenario, lambda _line: None)  # type: ignore[arg-type]  # it asks for addresses and clock
    members = application["members"]
    secrets = {
        *marked,
        *(member[name] for member in members for name in ("name", "identity_number", "phone") if name in member),
        application["account"]["number"],
        "燕山路",
    }

    assert course.failure is None  # other sums than the shipped scenario has
    assert len(secrets) >= 9
    assert logs.events("reliefdesk.command", "command")
    assert logs.events("reliefdesk.job", "job")
    assert logs.events("reliefdesk.http", "request")
    assert [one for one in secrets if one in logs.json.getvalue()] == []
    assert [one for one in secrets if one in logs.text.getvalue()] == []


def test_a_request_is_named_in_its_answer_and_in_every_event_it_leads_to(services: Services, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    with captured() as logs:
        answer = clerk.post("/api/v1/applications", application_json())
    name = answer.headers["X-Request-ID"]
    (command,) = [one for one in logs.events("reliefdesk.command") if one["command"] == "SubmitApplication"]
    (request,) = logs.events("reliefdesk.http")

    assert command["request_id"] == request["request_id"] == name
    assert (command["outcome"], command["level"]) == ("ok", "info")
    assert command["process_instance_id"]
    assert command["duration_ms"] > 0
    assert (request["method"], request["route"], request["status"]) == ("POST", "/api/v1/applications", 201)
    assert f"request_id={name}" in logs.text.getvalue()


def test_a_problem_names_its_request(anonymous: FlaskClient) -> None:
    answer = anonymous.get("/api/v1/tasks")

    assert content(answer)["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("trusted_proxies", "given", "kept"),
    [
        (1, "a-proxy.named_it-0001", True),
        (0, "a-proxy.named_it-0001", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, 'name"with signs', False),
    ],
)
def test_a_name_is_taken_from_a_trusted_proxy_alone(
    services: Services, trusted_proxies: int, given: str, kept: bool
) -> None:
    app = create_app(replace(services, settings=replace(services.settings, trusted_proxies=trusted_proxies)))
    named = app.test_client().get("/api/v1/health", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert (named == given) is kept


def test_what_breaks_is_logged_by_kind_and_place_under_the_id_that_is_told(app: Flask) -> None:
    name, number = "张建国", "320481198603021234"

    def broken() -> str:
        try:
            int(name)
        except ValueError as error:
            raise LookupError(number) from error
        return ""

    app.view_functions["api.get_health"] = permits(Right.PUBLIC)(broken)
    with captured() as logs:
        answer = app.test_client().get("/api/v1/health")
    (event,) = logs.events("reliefdesk.http", "request failed")

    assert event["request_id"] in content(answer)["detail"]
    assert "builtins.LookupError" in event["exception"]
    assert "builtins.ValueError" in event["exception"]
    assert "in broken" in event["exception"]
    for written in (logs.json.getvalue(), logs.text.getvalue()):
        assert name not in written
        assert number not in written


def test_one_event_is_one_line_of_json_whatever_it_holds() -> None:
    with captured() as logs, about(request_id="r-1"):
        logging.getLogger("any").warning("two\nlines %s", "end", extra={"job": "j 1", "empty": ""})
    (line,) = logs.json.getvalue().splitlines()

    assert json.loads(line).items() >= {
        "level": "warning", "logger": "any", "event": "two\nlines end", "job": "j 1", "empty": "", "request_id": "r-1"
    }.items()  # fmt: skip
    assert json.loads(line)["time"].endswith("+00:00")
    assert 'two\n  lines end job="j 1" empty="" request_id=r-1\n' in logs.text.getvalue()


def test_asking_for_work_is_no_event(services: Services) -> None:
    with captured(logging.INFO) as logs:
        services.engine.execute(ClaimDue(limit=1, lease=timedelta(minutes=1)), actor=SYSTEM)

    assert logs.events("reliefdesk.command") == []
    assert 'command="ClaimDue"' in services.watch.metrics.text().decode()
