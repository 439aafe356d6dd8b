"""What happens in this process, counted for Prometheus: labels are names of the house's own, never ids or persons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from engine.changes import Changes
from engine.model import Job, ProcessInstance

SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
LONG = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 86400)


class Metrics:
    """One registry a process: several processes are scraped each, and added up by Prometheus."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._count_engine(registry)
        self._count_work(registry)
        self._count_requests(registry)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)

    def command_ran(self, name: str, outcome: str, seconds: float) -> None:
        """Count a command with how it ended: 'ok', the code of an error, or 'unexpected'."""
        self._commands.labels(name, outcome).inc()
        self._command_seconds.labels(name).observe(seconds)

    def changed(self, before: ProcessInstance, after: ProcessInstance, changes: Changes) -> None:
        """Count what one committed run of the core changed."""
        process = before.process_id
        if before.snapshot is None:
            self._started.labels(process).inc()
        if after.snapshot is None:
            self._ended.labels(process, after.state.value).inc()
        self._entered.labels(process).inc(len(changes.entered))
        for job in changes.jobs_opened.values():
            self._jobs_opened.labels(job.type).inc()
        for incident in changes.incidents_raised.values():
            self._incidents_raised.labels(incident.kind).inc()
        if changes.incidents_resolved:
            self._incidents_resolved.inc(len(changes.incidents_resolved))

    def job_taken(self, job: Job, waited: timedelta) -> None:
        """Count how long a job was due before a worker took it."""
        self._job_wait.labels(job.type).observe(max(waited.total_seconds(), 0))

    def job_ended(self, job: Job, how: str) -> None:
        """Count how the work of a job ended."""
        self._jobs_ended.labels(job.type, how).inc()

    def job_in_hand(self, job: Job, by: int) -> None:
        """Count a job that this process begins (1) or leaves (-1)."""
        self._jobs_in_hand.labels(job.type).inc(by)

    def job_worked(self, job: Job, seconds: float) -> None:
        """Count how long the work of a job took, whatever came of it."""
        self._job_seconds.labels(job.type).observe(seconds)

    def timer_fired(self, lag: timedelta) -> None:
        """Count a timer with how late it fired."""
        self._timers_fired.inc()
        self._timer_lag.observe(max(lag.total_seconds(), 0))

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an HTTP request by the template of its route."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def watch_pool(self, state: Callable[[], Mapping[str, int]]) -> None:
        """Show the connections of the database pool, read when asked for."""
        pool = Gauge(
            "relief_database_connections", "Connections of this process's pool", ["state"], registry=self.registry
        )
        for name in state():
            pool.labels(name).set_function(lambda name=name: state()[name])  # type: ignore[misc]  # a default binds it

    def _count_engine(self, registry: CollectorRegistry) -> None:
        self._commands = Counter("relief_commands", "Commands", ["command", "outcome"], registry=registry)
        self._command_seconds = Histogram(
            "relief_command_duration_seconds",
            "Commands with their transaction",
            ["command"],
            buckets=SHORT,
            registry=registry,
        )
        self._started = Counter(
            "relief_process_instances_started", "Process instances started", ["process"], registry=registry
        )
        self._ended = Counter(
            "relief_process_instances_ended", "Process instances ended", ["process", "state"], registry=registry
        )
        self._entered = Counter(
            "relief_elements_entered", "Steps: elements entered by a token", ["process"], registry=registry
        )
        self._incidents_raised = Counter("relief_incidents_raised", "Incidents raised", ["kind"], registry=registry)
        self._incidents_resolved = Counter("relief_incidents_resolved", "Incidents that are over", registry=registry)

    def _count_work(self, registry: CollectorRegistry) -> None:
        self._jobs_opened = Counter("relief_jobs_opened", "Jobs opened", ["type"], registry=registry)
        self._jobs_ended = Counter(
            "relief_jobs_ended",
            "Tries of jobs that ended: completed, retried, failed (an incident), error (for the diagram)",
            ["type", "outcome"],
            registry=registry,
        )
        self._job_wait = Histogram(
            "relief_job_wait_seconds",
            "From due to taken by a worker",
            ["type"],
            buckets=LONG,
            registry=registry,
        )
        self._job_seconds = Histogram(
            "relief_job_duration_seconds", "Work of a job", ["type"], buckets=LONG, registry=registry
        )
        self._jobs_in_hand = Gauge("relief_jobs_in_hand", "Jobs this process works on", ["type"], registry=registry)
        self._timers_fired = Counter("relief_timers_fired", "Timers fired", registry=registry)
        self._timer_lag = Histogram("relief_timer_lag_seconds", "From due to fired", buckets=LONG, registry=registry)

    def _count_requests(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "relief_http_requests", "HTTP requests", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "relief_http_request_duration_seconds",
            "HTTP requests until the answer begins",
            ["method", "route"],
            buckets=SHORT,
            registry=registry,
        )
