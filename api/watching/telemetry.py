"""What becomes of the engine's telemetry: counts, a line in the log, and spans."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from time import perf_counter
from uuid import UUID

from api.watching.logs import about, current_fields
from api.watching.metrics import Metrics
from api.watching.tracing import Beginning, NoTracing, Span, Tracing
from engine.changes import Changes
from engine.errors import EngineError
from engine.model import Job, Origin, ProcessInstance
from engine.telemetry import JobEnd

log = logging.getLogger("reliefdesk.command")
jobs_log = logging.getLogger("reliefdesk.job")

POLLING = frozenset(
    {"AcquireJobs", "ClaimBatchItems", "ClaimDue", "DoBatchItem", "ForgetExpiredMessages", "NextDue"}
)  # asked all the time; told only when they fail
IDS = ("process_instance_id", "user_task_id", "job_id", "incident_id")


class HouseTelemetry:
    """Listens to the engine of this process."""

    def __init__(self, metrics: Metrics, tracing: Tracing | None = None) -> None:
        self._metrics = metrics
        self._tracing = tracing or NoTracing()

    @contextmanager
    def command(self, command: object) -> Iterator[HouseObservation]:
        """Watch one command with its transaction."""
        name = type(command).__name__
        fields = ids_of(command)
        observation = HouseObservation(self._metrics, self._tracing)
        began = perf_counter()
        outcome = "unexpected"
        try:
            with self._span(name, fields) as span:
                yield observation
                outcome = "ok"
                if observation.process_instance_id is not None:
                    fields.setdefault("process_instance_id", str(observation.process_instance_id))
                    span.note({"reliefdesk.process.instance": fields["process_instance_id"]})
            observation.count()
        except EngineError as error:
            outcome = error.code
            raise
        except ConnectionError:
            outcome = "database-away"
            raise
        finally:
            seconds = perf_counter() - began
            self._metrics.command_ran(name, outcome, seconds)
            level = logging.DEBUG if name in POLLING and outcome == "ok" else logging.INFO
            if log.isEnabledFor(level):
                ended = {"command": name, "outcome": outcome, "duration_ms": round(seconds * 1000, 1)}
                log.log(level, "command", extra=ended | fields)

    @contextmanager
    def job(self, job: Job) -> Iterator[None]:
        """Watch the work of one job: a span of its own in the trace that opened it."""
        ids = {"job_id": str(job.id), "process_instance_id": str(job.process_instance_id)}
        beginning = Beginning(
            name=f"job {job.type}",
            kind="consumer",
            parent=job.trace_parent,
            attributes={
                "reliefdesk.job": ids["job_id"],
                "reliefdesk.process.instance": ids["process_instance_id"],
                "reliefdesk.element": job.element_id,
                "reliefdesk.job.retries": job.retries,
            },
        )
        began = perf_counter()
        self._metrics.job_in_hand(job, 1)
        try:
            with about(request_id=job.request_id), self._tracing.span(beginning), self._about_trace():
                yield
                jobs_log.info("job", extra={**ids, "job_type": job.type, "duration_ms": _milliseconds(began)})
        finally:
            self._metrics.job_in_hand(job, -1)
            self._metrics.job_worked(job, perf_counter() - began)

    def handler(self, job: Job) -> AbstractContextManager[Span]:
        """Watch the handler of a job."""
        return self._tracing.span(Beginning(name=f"handler {job.type}", kind="client"))

    def _span(self, name: str, fields: dict[str, str]) -> AbstractContextManager[Span]:
        attributes = {f"reliefdesk.{name.removesuffix('_id').replace('_', '.')}": one for name, one in fields.items()}
        return self._tracing.span(Beginning(name=name, attributes=attributes))

    def _about_trace(self) -> AbstractContextManager[None]:
        return about(trace_id=trace_id(self._tracing))


class HouseObservation:
    """What one command tells; kept until it is committed."""

    def __init__(self, metrics: Metrics, tracing: Tracing) -> None:
        self._metrics = metrics
        self._tracing = tracing
        self._told: list[Callable[[], None]] = []
        self.process_instance_id: UUID | None = None

    @property
    def origin(self) -> Origin:
        """Where the jobs of this command come from: the request it serves, and the command's own span."""
        return Origin(request_id=current_fields().get("request_id"), trace_parent=self._tracing.trace_parent())

    def core_run(self, process_id: str) -> AbstractContextManager[object]:
        """Watch one run of the core."""
        return self._tracing.span(Beginning(name="core run", attributes={"reliefdesk.process": process_id}))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Forget what is told inside when it is undone."""
        told, instance_id = len(self._told), self.process_instance_id
        try:
            yield
        except BaseException:
            del self._told[told:]
            self.process_instance_id = instance_id
            raise

    def changed(self, before: ProcessInstance, after: ProcessInstance, changes: Changes) -> None:
        """Keep what a run changed."""
        if self.process_instance_id is None:
            self.process_instance_id = before.id
        self._told.append(lambda: self._metrics.changed(before, after, changes))

    def job_taken(self, job: Job, waited: timedelta) -> None:
        """Keep that a worker took a job."""
        self._told.append(lambda: self._metrics.job_taken(job, waited))

    def job_ended(self, job: Job, how: JobEnd) -> None:
        """Keep how a job ended."""
        self._told.append(lambda: self._metrics.job_ended(job, how))

    def timer_fired(self, lag: timedelta) -> None:
        """Keep that a timer fired."""
        self._told.append(lambda: self._metrics.timer_fired(lag))

    def count(self) -> None:
        """Count what was told: it is committed."""
        for tell in self._told:
            tell()


def ids_of(command: object) -> dict[str, str]:
    """Return the ids a command names; nothing else of it, for the rest may be personal."""
    found = ((name, getattr(command, name, None)) for name in IDS)
    return {name: str(value) for name, value in found if isinstance(value, UUID)}


def trace_id(tracing: Tracing) -> str | None:
    """Return the id of the trace that is open here."""
    parent = tracing.trace_parent()
    return None if parent is None else parent.split("-")[1]


def _milliseconds(began: float) -> float:
    return round((perf_counter() - began) * 1000, 1)
