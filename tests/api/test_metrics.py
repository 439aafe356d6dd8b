"""What Prometheus is told: what happened, what is open and late; who may ask; and never a person or an id."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families as families
from sqlalchemy import make_url

from api.services import Services
from api.setting_values import SettingInvalid
from api.settings import Settings
from api.watching.figures import MOST_SERIES, FiguresCollector
from api.watching.metrics import Metrics
from api.watching.telemetry import HouseTelemetry
from api.watching.tower import Tower
from engine.batches import BatchKind, InstanceFilter
from engine.commands.batches import Asked, CreateBatch, DoBatchItem, PreviewBatch
from engine.commands.incidents import ResolveIncident
from engine.commands.jobs import AcquireJobs
from engine.commands.operations import ModifyProcessInstance, PreviewModification
from engine.commands.process_instances import CancelProcessInstance, StartProcessInstance
from engine.core.model import BpmnError
from engine.errors import NotFound
from engine.host import Context, Host, OutsideHandler
from engine.json_values import JsonObject
from engine.model import SYSTEM, Job
from engine.queries import Figures, IncidentFilter, OpenTasks
from storage.figures import SqlFigures
from tests.api.applications import APPLICANT, application_json
from tests.api.conftest import Client
from tests.contracts.test_jobs_and_timers import JOB, TIMER, begin, worker
from tests.engines import REGION, EngineUnderTest, engine_on

SignIn = Callable[[str], Client]


def scraped(client: FlaskClient, **headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families(answer.text)
        for sample in family.samples
    }


def value(found: Mapping[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float | None:
    """The sum of all samples that have at least these labels; None when there is none."""
    values = [one for (sample, own), one in found.items() if sample == name and labels.items() <= set(own)]
    return sum(values) if values else None


def test_an_application_shows_in_commands_requests_instances_and_open_tasks(app: Flask, sign_in: SignIn) -> None:
    assert sign_in("clerk").post("/api/v1/applications", application_json()).status_code == 201
    found = scraped(app.test_client())

    assert value(found, "relief_commands_total", command="SubmitApplication", outcome="ok") == 1
    assert value(found, "relief_command_duration_seconds_count", command="SubmitApplication") == 1
    started = value(found, "relief_process_instances_started_total")
    assert started is not None
    assert started >= 1
    assert value(found, "relief_process_instances", state="active") == started
    assert (value(found, "relief_elements_entered_total") or 0) > started
    assert value(found, "relief_open_tasks", unit="township/clerk", region="320481001") == 1
    assert value(found, "relief_http_requests_total", route="/api/v1/applications", method="POST", status="201") == 1
    assert value(found, "relief_database_connections", state="most") == 40
    assert value(found, "relief_figures_up") == 1
    assert value(found, "process_resident_memory_bytes")


def test_a_refused_command_is_counted_by_its_code_and_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/tasks/00000000-0000-0000-0000-000000000000/claim")
    found = scraped(app.test_client())

    assert value(found, "relief_commands_total", command="ClaimUserTask", outcome="ok") is None
    assert value(found, "relief_commands_total", command="ClaimUserTask") == 1


def test_addresses_never_become_labels(app: Flask, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    clerk.post("/api/v1/applications", application_json())
    task = clerk.get("/api/v1/tasks?tab=to-claim").json["tasks"][0]["id"]
    clerk.get(f"/api/v1/tasks/{task}")
    clerk.get("/no/such/address/secret-name")
    clerk.client.open("/", method="BREW")
    text = app.test_client().get("/metrics").text

    assert 'route="/api/v1/tasks/<uuid:task_id>"' in text
    assert task not in text
    assert "secret-name" not in text
    assert "BREW" not in text
    assert APPLICANT not in text
    assert not re.search(r'"[0-9a-f]{8}-[0-9a-f]{4}-', text)
    assert not re.search(r"\d{15}", re.sub(r"[0-9.e+-]+\n", "\n", text))


class RolledBack:
    """A command whose transaction is rolled back after a run of the core has told of itself."""

    def __init__(self, inner: StartProcessInstance) -> None:
        self._inner = inner

    def execute(self, context: Context[Any]) -> None:
        self._inner.execute(context)
        raise NotFound("thing", "x")


@contextmanager
def watched(database_url: str, xml: bytes, handler: OutsideHandler | None = None) -> Iterator[EngineUnderTest]:
    """An engine with metrics; `metrics_of` reads them."""
    host: Host[Any] = Host(outside={} if handler is None else {"call": handler}, region="320481")
    with engine_on(database_url, host, telemetry=HouseTelemetry(Metrics())) as house:
        house.deploy(case_bpmn=xml)
        yield house


def metrics_of(house: EngineUnderTest) -> Metrics:
    telemetry = house.engine.telemetry
    assert isinstance(telemetry, HouseTelemetry)
    return telemetry._metrics


def count(house: EngineUnderTest, name: str, **labels: str) -> float | None:
    return metrics_of(house).registry.get_sample_value(name, labels)


def test_what_is_rolled_back_is_not_counted(database_url: str) -> None:
    start = StartProcessInstance(process_id="P", variables={}, region=REGION, business_key="2026-1")
    with watched(database_url, JOB) as house:
        with pytest.raises(NotFound):
            house.engine.execute(RolledBack(start), actor=SYSTEM)

        assert count(house, "relief_commands_total", command="RolledBack", outcome="not-found") == 1
        assert count(house, "relief_process_instances_started_total", process="P") is None
        assert count(house, "relief_jobs_opened_total", type="call") is None


def ended(house: EngineUnderTest) -> float:
    states = ("cancelled", "completed")
    return sum(count(house, "relief_process_instances_ended_total", process="P", state=state) or 0 for state in states)


def test_what_is_only_tried_or_undone_alone_is_not_counted(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with watched(database_url, JOB) as house:
        instance = begin(house)
        asked = Asked(kind=BatchKind.CANCEL, filter=InstanceFilter(ids=(instance.id,)), reason="x")
        modification = ModifyProcessInstance(process_instance_id=instance.id, reason="x", cancel_elements=("call",))
        for command in (PreviewBatch(asked=asked), PreviewModification(modification=modification)):
            house.engine.execute(command, actor=SYSTEM)
        assert ended(house) == 0

        whole = CancelProcessInstance.execute

        def breaks(self: CancelProcessInstance, context: Any) -> object:
            whole(self, context)
            raise RuntimeError

        monkeypatch.setattr(CancelProcessInstance, "execute", breaks)
        house.engine.execute(CreateBatch(asked=asked), actor=SYSTEM)
        assert house.engine.execute(DoBatchItem(), actor=SYSTEM)
        assert ended(house) == 0

        monkeypatch.undo()
        house.engine.execute(CreateBatch(asked=asked), actor=SYSTEM)
        assert house.engine.execute(DoBatchItem(), actor=SYSTEM)
        assert ended(house) == 1


def test_tries_of_a_job_are_counted_by_how_they_ended(database_url: str) -> None:
    endings: list[Exception | None] = [TimeoutError(), TimeoutError(), TimeoutError(), BpmnError("NO", ""), None]

    def call(_job: Job) -> JsonObject:
        ending = endings.pop(0)
        if ending is not None:
            raise ending
        return {}

    with watched(database_url, JOB, call) as house:
        for _ in range(3):
            begin(house)
            for _ in range(4):
                house.clock.move(minutes=90)
                worker(house).run_until_idle()

        ended = {
            how: count(house, "relief_jobs_ended_total", type="call", outcome=how)
            for how in ("completed", "retried", "failed", "error")
        }
        assert ended == {"completed": 1, "retried": 2, "failed": 1, "error": 1}
        assert count(house, "relief_jobs_opened_total", type="call") == 3
        assert count(house, "relief_job_wait_seconds_count", type="call") == 5
        assert count(house, "relief_job_wait_seconds_bucket", type="call", le="3600.0") < 5  # type: ignore[operator]
        assert count(house, "relief_jobs_in_hand", type="call") == 0
        assert count(house, "relief_job_duration_seconds_count", type="call") == 5
        assert count(house, "relief_incidents_raised_total", kind="job") == 1
        assert count(house, "relief_process_instances_ended_total", process="P", state="completed") == 1

        figures = SqlFigures(url=house.database.url, now=house.clock).count()
        assert figures.incidents == {"job": 1}
        assert figures.instances == {("P", "active"): 2}
        house.engine.execute(ResolveIncident(incident_id=open_incident(house)), actor=SYSTEM)
        assert count(house, "relief_incidents_resolved_total") == 1


def open_incident(house: EngineUnderTest) -> UUID:
    (line,) = house.queries.incidents(IncidentFilter(actor=SYSTEM))
    return line.incident.id


def test_a_timer_is_counted_with_how_late_it_fired(database_url: str) -> None:
    with watched(database_url, TIMER) as house:
        begin(house)
        house.clock.move(days=3, minutes=10)
        assert SqlFigures(url=house.database.url, now=house.clock).count().timers_overdue == 1
        worker(house).run_until_idle()

        assert count(house, "relief_timers_fired_total") == 1
        assert count(house, "relief_timer_lag_seconds_sum") == 600
        assert SqlFigures(url=house.database.url, now=house.clock).count().timers_overdue == 0


def test_jobs_nobody_takes_show_as_overdue(database_url: str) -> None:
    with watched(database_url, JOB, lambda _job: {}) as house:
        begin(house)
        waiting = SqlFigures(url=house.database.url, now=house.clock).count().jobs
        house.clock.move(minutes=2)
        late = SqlFigures(url=house.database.url, now=house.clock).count().jobs
        house.engine.execute(AcquireJobs(worker="w", types=["call"], lease=timedelta(minutes=5), limit=1), actor=SYSTEM)
        held = SqlFigures(url=house.database.url, now=house.clock).count().jobs

    assert waiting == {("call", "in_hand"): 0, ("call", "due"): 1, ("call", "later"): 0, ("call", "overdue"): 0}
    assert (late["call", "due"], late["call", "overdue"]) == (1, 1)
    assert held == {("call", "in_hand"): 1, ("call", "due"): 0, ("call", "later"): 0, ("call", "overdue"): 0}


def test_metrics_are_local_unless_a_token_is_set(anonymous: FlaskClient) -> None:
    far = {"REMOTE_ADDR": "203.0.113.7"}

    assert anonymous.get("/metrics").status_code == 200
    refused = anonymous.get("/metrics", environ_overrides=far)
    assert refused.status_code == 403
    assert "RELIEF_METRICS_TOKEN" in refused.text


def test_with_a_token_everybody_needs_it(services: Services) -> None:
    token = "nine-bright-lanterns"
    tower = Tower(Metrics(), missing=list, token=token)
    app = Flask("tower")
    app.wsgi_app = tower  # type: ignore[assignment]
    client = app.test_client()
    far = {"REMOTE_ADDR": "203.0.113.7"}

    for header in (None, "Bearer", "Bearer wrong", "Basic " + token, "Bearer 钥匙".encode().decode("latin-1")):
        headers = {} if header is None else {"Authorization": header}
        answer = client.get("/metrics", headers=headers)
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert (
        client.get("/metrics", headers={"Authorization": f"Bearer {token}"}, environ_overrides=far).status_code == 200
    )


@pytest.mark.parametrize(
    ("name", "word"),
    [("RELIEF_METRICS_TOKEN", "short"), ("RELIEF_METRICS_TOKEN", "钥" * 20), ("RELIEF_LOG_FORMAT", "xml")],
)
def test_settings_of_the_watch_say_what_they_may_hold(tmp_path: object, name: str, word: str) -> None:
    with pytest.raises(SettingInvalid, match=name):
        Settings.from_environment({"RELIEF_DATA_FOLDER": str(tmp_path), name: word})


def test_figures_that_cannot_be_counted_do_not_hide_the_rest() -> None:
    counts = [Figures(tasks=[], incidents={}, jobs={}, timers_overdue=3, firings_failed={}, instances={})]

    def count() -> Figures:
        if not counts:
            raise ConnectionError("away")
        return counts.pop()

    collector = FiguresCollector(count)
    registry = CollectorRegistry()
    registry.register(collector)
    assert registry.get_sample_value("relief_timers_overdue") == 3
    assert registry.get_sample_value("relief_figures_up") == 1

    failing = CollectorRegistry()
    failing.register(FiguresCollector(count))
    assert failing.get_sample_value("relief_figures_up") == 0
    assert failing.get_sample_value("relief_timers_overdue") is None


def test_a_figure_has_so_many_series_and_no_more() -> None:
    tasks = [
        OpenTasks(element_id=f"Task_{number}", groups=("township/clerk",), region="320481001", open=2, over_limit=1)
        for number in range(MOST_SERIES + 10)
    ]
    registry = CollectorRegistry()
    registry.register(
        FiguresCollector(
            lambda: Figures(tasks=tasks, incidents={}, jobs={}, timers_overdue=0, firings_failed={}, instances={})
        )
    )
    other = {"element": "(other)", "unit": "(other)", "region": "(other)"}

    assert registry.get_sample_value("relief_open_tasks", other) == 20


def test_late_work_shows_as_late(services: Services, sign_in: SignIn) -> None:
    sign_in("clerk").post("/api/v1/applications", application_json())
    url = make_url(str(services.settings.database_url)).set(drivername="postgresql+psycopg")
    now = SqlFigures(url=url, now=services.now).count()
    later = SqlFigures(url=url, now=lambda: services.now() + timedelta(days=400)).count()

    assert sum(one.over_limit for one in now.tasks) == 0
    assert sum(one.over_limit for one in later.tasks) == sum(one.open for one in now.tasks) == 1
