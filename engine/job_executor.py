"""Fires due timers and does the jobs: any number of these may run, on any number of machines, on one database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Generic

from engine.commands.jobs import AcquireJobs, CompleteJob, FailJob, ThrowJobError
from engine.commands.timers import FireTimer
from engine.core.model import BpmnError
from engine.errors import ConcurrentChange, EngineError, JobLost
from engine.executor import Engine
from engine.host import Context, Work
from engine.model import SYSTEM, Job, Timer
from engine.ports import WorkSignal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How a job executor works."""

    name: str
    threads: int = 8
    lease: timedelta = timedelta(minutes=2)
    first_pause: timedelta = timedelta(seconds=2)
    longest_pause: timedelta = timedelta(hours=1)
    longest_wait: timedelta = timedelta(seconds=5)  # even unwoken it looks again after this


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimers:
    """Which timers are due, oldest first; nothing is locked."""

    limit: int

    def execute(self, context: Context[Work]) -> list[Timer]:
        """Read them."""
        return context.unit_of_work.timers.due(now=context.now(), limit=self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """When the earliest timer or waiting job is due."""

    def execute(self, context: Context[Work]) -> datetime | None:
        """Read it."""
        return context.unit_of_work.timers.next_due()


class JobExecutor(Generic[Work]):
    """A worker. Stateless: killed at any point, another does its work after the lease."""

    def __init__(self, engine: Engine[Work], *, signal: Callable[[], WorkSignal], settings: WorkerSettings) -> None:
        self._engine = engine
        self._signal = signal
        self._settings = settings
        self._types = tuple(engine.host.outside)

    def run(self, stop: Event) -> None:
        """Work until told to stop; what is in hand is finished."""
        with ThreadPoolExecutor(self._settings.threads, thread_name_prefix="job") as pool:
            running: set[Future[None]] = set()
            signal: WorkSignal | None = None
            while not stop.is_set():
                running = {one for one in running if not one.done()}
                try:
                    signal = signal or self._signal()
                    busy = self._turn(pool, running)
                    if not busy:
                        signal.wait(self._pause(running))
                except ConnectionError:
                    log.warning("the database is away; trying again")
                    signal = None
                    stop.wait(1)
            wait(running)
            if signal is not None:
                signal.close()

    def run_until_idle(self) -> int:
        """Do everything that is due now, in this thread, and return how much it was."""
        done = 0
        while True:
            fired = self._fire_timers()
            jobs = self._acquire(1)
            if not fired and not jobs:
                return done
            for job in jobs:
                self._do(job)
            done += fired + len(jobs)

    def _turn(self, pool: ThreadPoolExecutor, running: set[Future[None]]) -> bool:
        fired = self._fire_timers()
        free = self._settings.threads - len(running)
        jobs = self._acquire(free) if free else []
        running.update(pool.submit(self._do, job) for job in jobs)
        return bool(fired or jobs)

    def _pause(self, running: set[Future[None]]) -> timedelta:
        if len(running) >= self._settings.threads:
            return timedelta(milliseconds=50)
        due = self._engine.execute(NextDue(), actor=SYSTEM)
        if due is None:
            return self._settings.longest_wait
        return min(max(due - self._engine.now(), timedelta(0)), self._settings.longest_wait)

    def _fire_timers(self) -> int:
        fired = 0
        for timer in self._engine.execute(DueTimers(limit=100), actor=SYSTEM):
            command = FireTimer(process_instance_id=timer.process_instance_id, subscription_key=timer.subscription_key)
            try:
                fired += self._engine.execute(command, actor=SYSTEM)
            except EngineError as error:
                log.warning("timer not fired", extra={"timer": timer.subscription_key, "error": error.code})
        return fired

    def _acquire(self, limit: int) -> list[Job]:
        acquire = AcquireJobs(worker=self._settings.name, types=self._types, lease=self._settings.lease, limit=limit)
        return self._engine.execute(acquire, actor=SYSTEM)

    def _do(self, job: Job) -> None:
        worker = self._settings.name
        try:
            variables = self._engine.host.outside[job.type](job)
            command = CompleteJob(job_id=job.id, worker=worker, variables=variables)
            self._settle(command)
        except BpmnError as error:
            self._settle(
                ThrowJobError(
                    job_id=job.id,
                    worker=worker,
                    error_code=error.code,
                    message=error.message,
                    variables=error.variables,
                )
            )
        except JobLost:
            log.info("job lost", extra={"job": str(job.id)})
        except Exception as error:  # noqa: BLE001  whatever a handler raises is a failed try, and never ends the worker
            log.warning("job failed", extra={"job": str(job.id), "type": job.type, "retries": job.retries - 1})
            reason = f"{type(error).__name__}: {error}"
            self._settle(FailJob(job_id=job.id, worker=worker, reason=reason, retry_in=self._retry_in(job)))

    def _settle(self, command: CompleteJob | FailJob | ThrowJobError) -> None:
        """Write the outcome; a lost race is tried again, a lost job is another worker's."""
        for _ in range(5):
            try:
                self._engine.execute(command, actor=SYSTEM)
            except ConcurrentChange:
                continue
            except JobLost:
                log.info("job lost", extra={"job": str(command.job_id)})
            except ConnectionError:
                log.warning(
                    "the database is away; the job is done again after its lease", extra={"job": str(command.job_id)}
                )
            return
        log.warning("job outcome not written", extra={"job": str(command.job_id)})

    def _retry_in(self, job: Job) -> timedelta:
        """Double the pause with every failure."""
        doubled: timedelta = self._settings.first_pause * (1 << min(job.failures, 20))
        return min(doubled, self._settings.longest_pause)
