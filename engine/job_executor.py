"""Fires due timers and does the jobs: any number of these may run, on any number of machines, on one database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Generic

from engine.commands.batches import DoBatchItem
from engine.commands.jobs import AcquireJobs, CompleteJob, FailJob, ThrowJobError
from engine.commands.timers import DueTimers, FireTimer, NextDue, PostponeTimer
from engine.core.model import BpmnError
from engine.errors import ConcurrentChange, JobLost
from engine.executor import Engine
from engine.failures import told
from engine.host import Work
from engine.model import SYSTEM, Job, Timer
from engine.operation_errors import InstanceSuspended
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
    timer_pause: timedelta = timedelta(minutes=1)  # before a timer that failed is tried again
    batch_items: int = 20  # done between two looks at timers and jobs
    shortest_wait: timedelta = timedelta(milliseconds=50)
    longest_wait: timedelta = timedelta(seconds=5)  # even unwoken it looks again after this


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
            while not stop.is_set():
                try:
                    self._work(pool, running, stop)
                except ConnectionError:
                    log.warning("the database is away; trying again")
                    stop.wait(1)
            wait(running)

    def run_until_idle(self) -> int:
        """Do everything that is due now, in this thread, and return how much it was."""
        done = 0
        while True:
            fired = self._fire_timers()
            jobs = self._acquire(1)
            operated = self._work_on_batches()
            if not fired and not jobs and not operated:
                return done
            for job in jobs:
                self._do(job)
            done += fired + len(jobs) + operated

    def _work(self, pool: ThreadPoolExecutor, running: set[Future[None]], stop: Event) -> None:
        """Take turns over one connection that hears of new work."""
        signal = self._signal()
        try:
            while not stop.is_set():
                running -= {one for one in running if one.done()}
                free = self._settings.threads - len(running)
                fired = self._fire_timers()
                jobs = self._acquire(free) if free else []
                running |= {pool.submit(self._do, job) for job in jobs}
                operated = self._work_on_batches()
                if not fired and not jobs and not operated:
                    signal.wait(self._pause(all_busy=not free))
        finally:
            signal.close()

    def _pause(self, *, all_busy: bool) -> timedelta:
        """Return how long to listen: until the next thing is due, and never so short that it becomes polling."""
        if all_busy:
            return self._settings.shortest_wait
        due = self._engine.execute(NextDue(job_types=self._types), actor=SYSTEM)
        if due is None:
            return self._settings.longest_wait
        return min(max(due - self._engine.now(), self._settings.shortest_wait), self._settings.longest_wait)

    def _fire_timers(self) -> int:
        due = self._engine.execute(DueTimers(limit=100), actor=SYSTEM)
        return sum(self._fire(timer) for timer in due)

    def _fire(self, timer: Timer) -> bool:
        ids = {"instance": str(timer.process_instance_id), "element": timer.element_id}
        fire = FireTimer(process_instance_id=timer.process_instance_id, subscription_key=timer.subscription_key)
        try:
            return self._engine.execute(fire, actor=SYSTEM)
        except ConnectionError:
            raise
        except ConcurrentChange:
            return False  # due still; the next turn fires it
        except Exception as error:  # noqa: BLE001  one bad timer must not stop the others
            told(error, log, **ids)
        postpone = PostponeTimer(
            process_instance_id=timer.process_instance_id,
            subscription_key=timer.subscription_key,
            until=self._engine.now() + self._settings.timer_pause,
        )
        self._engine.execute(postpone, actor=SYSTEM)
        return False

    def _work_on_batches(self) -> int:
        """Do some items of the batches at work, few enough that timers and jobs do not wait long for their turn."""
        done = 0
        try:
            while done < self._settings.batch_items and self._engine.execute(DoBatchItem(), actor=SYSTEM):
                done += 1
        except ConcurrentChange:
            return done  # waits still; the next turn does it
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001  an item whose outcome cannot be kept must not stop timers and jobs
            told(error, log)
        return done

    def _acquire(self, limit: int) -> list[Job]:
        acquire = AcquireJobs(worker=self._settings.name, types=self._types, lease=self._settings.lease, limit=limit)
        return self._engine.execute(acquire, actor=SYSTEM)

    def _do(self, job: Job) -> None:
        """Do a job and write its outcome; an outcome that cannot be kept is a failure of the job."""
        try:
            self._settle(job, self._outcome(job))
        except ConnectionError:
            log.warning("the database is away; the job is done again after its lease", extra={"job": str(job.id)})
        except Exception as error:  # noqa: BLE001  the outcome cannot be kept, e.g. too many variables
            self._settle(job, self._failure(job, error))

    def _outcome(self, job: Job) -> CompleteJob | FailJob | ThrowJobError:
        worker = self._settings.name
        try:
            variables = self._engine.host.outside[job.type](job)
        except BpmnError as error:
            return ThrowJobError(
                job_id=job.id,
                worker=worker,
                error_code=error.code,
                message=error.message,
                variables=error.variables,
            )
        except Exception as error:  # noqa: BLE001  whatever a handler raises is a failed try
            return self._failure(job, error)
        return CompleteJob(job_id=job.id, worker=worker, variables=variables)

    def _failure(self, job: Job, error: Exception) -> FailJob:
        reason = told(error, log, job=str(job.id), job_type=job.type, retries=str(job.retries - 1))
        return FailJob(job_id=job.id, worker=self._settings.name, reason=reason, retry_in=self._retry_in(job))

    def _settle(self, job: Job, command: CompleteJob | FailJob | ThrowJobError) -> None:
        """Write the outcome; a lost race is tried again, a lost job is another worker's."""
        for _ in range(5):
            try:
                self._engine.execute(command, actor=SYSTEM)
            except ConcurrentChange:
                continue
            except (JobLost, InstanceSuspended) as gone:
                log.info("job not settled: %s", gone.code, extra={"job": str(job.id)})
            return
        log.warning("job outcome not written; it is done again after its lease", extra={"job": str(job.id)})

    def _retry_in(self, job: Job) -> timedelta:
        """Double the pause with every failure."""
        doubled: timedelta = self._settings.first_pause * (1 << min(job.failures, 20))
        return min(doubled, self._settings.longest_pause)
