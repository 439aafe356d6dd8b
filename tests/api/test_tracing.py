"""One trace from the browser's request to the job it led to; without the extra, everything works as before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from api.app import create_app
from api.bootstrap import build_services
from api.services import Services
from api.watching.spans import OpenTelemetryTracing
from api.watching.tracing import NoTracing, is_wanted, tracing
from engine.commands.deployments import DeployResources
from engine.commands.process_instances import StartProcessInstance
from engine.executor import Engine
from engine.host import Host
from engine.job_executor import JobExecutor, WorkerSettings
from engine.json_values import JsonObject
from engine.model import SYSTEM, Job, Resource
from storage.database import Database, connect
from storage.encryption import KeyRing
from storage.unit_of_work import units_of_work
from tests.api.conftest import PASSWORD, TOWN, content
from tests.processes.diagrams import end, flows, job, one_process, start
from workflows.host import Connectors

SECRET = "钱国平"
STEPS = one_process(
    start(),
    """<bpmn:userTask id="Task_Make" name="经办"><bpmn:extensionElements><zeebe:userTask/>
         <zeebe:assignmentDefinition candidateGroups="township/clerk"/></bpmn:extensionElements></bpmn:userTask>""",
    job("call"),
    end(),
    flows("s>Task_Make>call>e"),
)
Outside = Callable[[Job], JsonObject]


class Traced:
    """A house whose spans are kept in memory."""

    def __init__(self, services: Services, database: Database, handler: Outside) -> None:
        self.exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        keys = KeyRing.load(services.settings.data_folder / "keys.json")
        nowhere = Connectors(agencies=None, gateway=None, insurer=None)  # type: ignore[arg-type]  # nobody is asked
        built = build_services(services.settings, database, nowhere, OpenTelemetryTracing(provider))
        self.engine: Engine[object] = Engine(  # type: ignore[type-var]
            units_of_work(database, keys),
            now=built.now,
            host=Host(outside={"call": handler}, region="320481"),
            telemetry=built.watch.telemetry,
        )
        self.database = database
        self.services = replace(built, engine=self.engine)

    def deploy_and_start(self) -> None:
        resource = Resource(name="steps.bpmn", kind="process", content=STEPS)
        self.engine.execute(DeployResources(resources=(resource,)), actor=SYSTEM)
        begin = StartProcessInstance(process_id="P", variables={"name": SECRET}, region=TOWN, business_key="K-1")
        self.engine.execute(begin, actor=SYSTEM)

    def complete(self, *, trace_parent: str | None = None) -> str:
        """A clerk claims and completes the task over the API; returns the request's id."""
        client = create_app(self.services).test_client()
        answer = client.post("/api/v1/session", json={"login": "clerk", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        headers = {"X-CSRF-Token": content(answer)["csrf_token"]}
        (task,) = content(client.get("/api/v1/tasks?tab=to-claim"))["tasks"]
        client.post(f"/api/v1/tasks/{task['id']}/claim", headers=headers)
        self.exporter.clear()
        if trace_parent is not None:
            headers["traceparent"] = trace_parent
        done = client.post(
            f"/api/v1/tasks/{task['id']}/complete", json={"variables": {"note": SECRET}}, headers=headers
        )
        assert done.status_code == 200, done.text
        return str(done.headers["X-Request-ID"])

    def work(self) -> None:
        worker = JobExecutor(self.engine, signal=lambda: None, settings=WorkerSettings(name="w"))  # type: ignore[arg-type,return-value]
        worker.run_until_idle()

    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())


@contextmanager
def traced(services: Services, handler: Outside) -> Iterator[Traced]:
    database = connect(str(services.settings.database_url))
    try:
        house = Traced(services, database, handler)
        house.deploy_and_start()
        yield house
    finally:
        database.dispose()


def named(spans: list[ReadableSpan], name: str) -> ReadableSpan:
    (found,) = [one for one in spans if one.name == name]
    return found


def parent_of(spans: list[ReadableSpan], span: ReadableSpan) -> ReadableSpan | None:
    parent = span.parent
    return None if parent is None else next((one for one in spans if one.context.span_id == parent.span_id), None)


def test_one_trace_goes_from_the_request_through_command_and_statements_to_the_job_and_its_end(
    services: Services,
) -> None:
    with traced(services, lambda _job: {"answer": SECRET}) as house:
        request_id = house.complete()
        with house.database.connect() as connection:
            row = connection.execute(text("SELECT request_id, trace_parent FROM job")).one()
        house.work()
        everything = house.spans()
    request = named(everything, "POST /api/v1/tasks/<uuid:task_id>/complete")
    spans = [one for one in everything if one.context.trace_id == request.context.trace_id]
    complete, job_span, handler, end_of_job = (
        named(spans, name) for name in ("CompleteUserTask", "job call", "handler call", "CompleteJob")
    )

    assert request.parent is None
    assert parent_of(spans, complete) is request
    assert parent_of(spans, job_span) is complete
    assert parent_of(spans, handler) is job_span
    assert parent_of(spans, end_of_job) is job_span
    assert {parent_of(spans, one) for one in spans if one.name == "core run"} == {complete, end_of_job}
    for command in (complete, end_of_job):
        statements = [one for one in spans if parent_of(spans, one) is command and one.name.startswith("SQL ")]
        assert {"SQL SELECT", "SQL INSERT"} <= {one.name for one in statements}  # a turn is named by its first
        assert any("UPDATE process_instance" in one.to_json() for one in statements)
    assert row.request_id == request_id
    assert row.trace_parent.startswith(f"00-{request.context.trace_id:032x}-{complete.context.span_id:016x}-")
    assert SECRET not in "".join(one.to_json(indent=None) for one in everything)
    assert "K-1" not in "".join(one.to_json(indent=None) for one in everything)


def test_a_trace_begun_by_a_trusted_proxy_goes_on_and_by_anybody_else_does_not(services: Services) -> None:
    theirs = f"00-{'ab' * 16}-{'cd' * 8}-01"
    seen = {}
    for trusted in (0, 1):
        with traced(services, lambda _job: {}) as house:
            settings = replace(services.settings, trusted_proxies=trusted)
            house.services = replace(house.services, settings=settings)
            house.complete(trace_parent=theirs)
            request = named(house.spans(), "POST /api/v1/tasks/<uuid:task_id>/complete")
            seen[trusted] = f"{request.context.trace_id:032x}" == "ab" * 16

    assert seen == {0: False, 1: True}


def test_a_failing_handler_marks_its_spans_by_kind_and_not_by_its_words(services: Services) -> None:
    def call(_job: Job) -> JsonObject:
        raise TimeoutError(f"{SECRET} did not answer")

    with traced(services, call) as house:
        house.complete()
        house.work()
        spans = house.spans()
    handler = named(spans, "handler call")

    assert not handler.status.is_ok
    assert handler.status.description == "TimeoutError"
    assert named(spans, "FailJob").status.is_unset
    assert SECRET not in "".join(one.to_json(indent=None) for one in spans)


def test_a_failing_statement_ends_its_span(services: Services) -> None:
    with traced(services, lambda _job: {}) as house:
        house.exporter.clear()
        with house.database.connect() as connection, pytest.raises(Exception, match="nowhere"):
            connection.execute(text("SELECT * FROM nowhere"))
        with house.database.connect() as connection:
            connection.execute(text("SELECT 1"))
        failed, good = [one for one in house.spans() if one.name == "SQL SELECT"][-2:]

    assert failed.status.description == "UndefinedTable"
    assert good.status.is_unset
    assert good.parent is None


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "relief"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_the_standard_variables_switch_traces_on(environment: dict[str, str], wanted: bool) -> None:
    assert is_wanted(environment) is wanted


def test_traces_are_sent_where_the_variables_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    traces = tracing(os.environ)

    assert isinstance(traces, OpenTelemetryTracing)
    traces.close()


WITHOUT = """
import sys, logging
logging.basicConfig(stream=sys.stdout)
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import api.bootstrap, api.app, api.cli.serve
from api.watching.tracing import NoTracing, tracing
traces = tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"})
print(isinstance(traces, NoTracing), "opentelemetry" in sys.modules)
"""

UNWANTED = """
import sys
import api.cli.serve
from api.watching.tracing import tracing
tracing({})
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


def test_without_the_extra_the_house_opens_and_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)

    assert "install reliefdesk[tracing]" in done.stdout
    assert done.stdout.splitlines()[-1] == "True False"


def test_with_the_extra_but_unwanted_nothing_of_it_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", UNWANTED], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    assert isinstance(tracing({}), NoTracing)
