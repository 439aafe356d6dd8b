"""Fires due timers and does the jobs: any number of these may run, on any number of machines, on one database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Generic

from engine.commands.batches import DoBatchItem
from engine.commands.jobs import AcquireJobs, CompleteJob, FailJob, ThrowJobError
from engine.commands.messages import Deliver, ForgetExpiredMessages
from engine.commands.timers import ClaimDue, Due, FireTimer, FireTimerStart, NextDue, PostponeDue
from engine.core.listener_model import TASK_LISTENER, ResultRefused
from engine.core.listener_results import read_result
from engine.core.model import BpmnError
from engine.errors import ConcurrentChange, JobLost
from engine.executor import Engine
from engine.failures import told
from engine.host import Work
from engine.leases import LONGEST_LEASE
from engine.model import SYSTEM, Delivery, Job, Timer
from engine.operation_errors import InstanceSuspended
from engine.ports import WorkSignal

log = logging.getLogger(__name__)

CLAIM_LEASE = timedelta(minutes=1)
SWEPT_AT_ONCE = 1_000  # expired messages deleted in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """How a job executor works."""

    name: str
    threads: int = 8
    lease: timedelta = timedelta(minutes=2)
    first_pause: timedelta = timedelta(seconds=2)
    longest_pause: timedelta = timedelta(hours=1)
    claimed_at_once: int = 100  # timers, start events and deliveries taken in one go
    claim_lease: timedelta = CLAIM_LEASE  # after which another worker takes them, when this one is dead
    timer_pause: timedelta = timedelta(minutes=1)  # before what failed is tried again; doubles with every failure
    sweep_every: timedelta = timedelta(minutes=1)  # between two looks for expired messages
    batch_items: int = 20  # done between two looks at timers and jobs
    shortest_wait: timedelta = timedelta(milliseconds=50)
    longest_wait: timedelta = timedelta(seconds=5)  # even unwoken it looks again after this
    stuck_threads: int = 100  # how many jobs may hang beyond their lease before this worker takes no more

    def __post_init__(self) -> None:
        """Refuse a lease that others would not respect."""
        if self.lease > LONGEST_LEASE or self.claim_lease > LONGEST_LEASE:
            raise ValueError(f"a lease of {max(self.lease, self.claim_lease)} is longer than {LONGEST_LEASE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """A job at work in a thread of its own; after its lease it is another worker's, and its place here is free."""

    job: Job
    thread: Thread
    until: float  # of the monotonic clock

    @property
    def is_running(self) -> bool:
        """Say whether its thread is still at it."""
        return self.thread.is_alive()

    @property
    def is_stuck(self) -> bool:
        """Say whether it has taken longer than its lease."""
        return self.is_running and monotonic() >= self.until


class JobExecutor(Generic[Work]):
    """A worker. Stateless: killed at any point, another does its work after the lease."""

    def __init__(self, engine: Engine[Work], *, signal: Callable[[], WorkSignal], settings: WorkerSettings) -> None:
        self._engine = engine
        self._signal = signal
        self._settings = settings
        self._types = tuple(engine.host.outside)
        self._swept_at: datetime | None = None

    def run(self, stop: Event) -> None:
        """Work until told to stop; what is in hand is finished, unless it hangs beyond its lease."""
        in_hand: list[InHand] = []
        while not stop.is_set():
            try:
                self._work(in_hand, stop)
            except ConcurrentChange:
                log.info("lost a race while taking work; trying again")
            except ConnectionError:
                log.warning("the database is away; trying again")
                stop.wait(1)
        for one in in_hand:
            one.thread.join(max(one.until - monotonic(), 0))

    def run_until_idle(self) -> int:
        """Do everything that is due now, in this thread, and return how much it was."""
        done = 0
        self._forget_expired()
        while True:
            fired = self._fire_due()
            jobs = self._acquire(1, suspects=1)
            operated = self._work_on_batches()
            if not fired and not jobs and not operated:
                return done
            for job in jobs:
                self._do(job)
            done += fired + len(jobs) + operated

    def _work(self, in_hand: list[InHand], stop: Event) -> None:
        """Take turns over one connection that hears of new work."""
        signal = self._signal()
        try:
            while not stop.is_set():
                in_hand[:] = [one for one in in_hand if one.is_running]
                free = self._free(in_hand)
                fired = self._fire_due()
                jobs = self._acquire(free, suspects=int(not any(_is_suspect(one) for one in in_hand))) if free else []
                in_hand += [self._begin(job) for job in jobs]
                self._forget_expired()
                operated = self._work_on_batches()
                if not fired and not jobs and not operated:
                    signal.wait(self._pause(all_busy=not free))
        finally:
            signal.close()

    def _free(self, in_hand: list[InHand]) -> int:
        """Return how many jobs may be begun: those that hang take nobody's place, until there are too many."""
        stuck = sum(one.is_stuck for one in in_hand)
        if stuck >= self._settings.stuck_threads:
            log.error("%d jobs hang; this worker takes no more and should be started again", stuck)
            return 0
        return max(self._settings.threads - (len(in_hand) - stuck), 0)

    def _begin(self, job: Job) -> InHand:
        """Do a job in a thread that holds nobody up when the process is to end."""
        thread = Thread(target=self._do, args=(job,), name=f"job {job.type}", daemon=True)
        thread.start()
        return InHand(job=job, thread=thread, until=monotonic() + self._settings.lease.total_seconds())

    def _pause(self, *, all_busy: bool) -> timedelta:
        """Return how long to listen: until the next thing is due, and never so short that it becomes polling."""
        if all_busy:
            return self._settings.shortest_wait
        due = self._engine.execute(NextDue(job_types=self._types), actor=SYSTEM)
        if due is None:
            return self._settings.longest_wait
        return min(max(due - self._engine.now(), self._settings.shortest_wait), self._settings.longest_wait)

    def _fire_due(self) -> int:
        """Fire what is due, one after the other, each in a transaction of its own."""
        claim = ClaimDue(limit=self._settings.claimed_at_once, lease=self._settings.claim_lease)
        return sum(self._fire(due) for due in self._engine.execute(claim, actor=SYSTEM))

    def _fire(self, due: Due) -> bool:
        try:
            return self._engine.execute(_firing(due), actor=SYSTEM)
        except ConnectionError:
            raise
        except ConcurrentChange:
            self._postpone(due, self._settings.shortest_wait, is_failure=False)
        except Exception as error:  # noqa: BLE001  one bad timer must not stop the others
            reason = told(error, log, kind=type(due).__name__, **_ids(due))
            self._postpone(due, _doubled(self._settings.timer_pause, due.failures, self._settings), reason=reason)
        return False

    def _postpone(self, due: Due, pause: timedelta, *, is_failure: bool = True, reason: str = "") -> None:
        until = self._engine.now() + pause
        self._engine.execute(PostponeDue(due=due, until=until, is_failure=is_failure, reason=reason), actor=SYSTEM)

    def _forget_expired(self) -> None:
        """Delete messages whose time is over, now and then."""
        now = self._engine.now()
        if self._swept_at is not None and self._swept_at <= now < self._swept_at + self._settings.sweep_every:
            return
        self._swept_at = now
        while self._engine.execute(ForgetExpiredMessages(limit=SWEPT_AT_ONCE), actor=SYSTEM) == SWEPT_AT_ONCE:
            pass

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

    def _acquire(self, limit: int, *, suspects: int) -> list[Job]:
        acquire = AcquireJobs(
            worker=self._settings.name,
            types=self._types,
            lease=self._settings.lease,
            limit=limit,
            suspects=suspects,
        )
        return self._engine.execute(acquire, actor=SYSTEM)

    def _do(self, job: Job) -> None:
        with self._engine.telemetry.job(job):
            self._attempt(job)

    def _attempt(self, job: Job) -> None:
        """Do a job and write its outcome; an outcome that cannot be kept is a failure of the job."""
        try:
            self._settle(job, self._outcome(job))
        except ConnectionError:
            log.warning("the database is away; the job is done again after its lease", extra={"job": str(job.id)})
        except Exception as error:  # noqa: BLE001  the outcome cannot be kept, e.g. too many variables
            self._settle(job, self._failure(job, error))

    def _outcome(self, job: Job) -> CompleteJob | FailJob | ThrowJobError:
        worker = self._settings.name
        if job.retries <= 0:  # too many workers did not come back with it
            return FailJob(job_id=job.id, worker=worker, reason=job.last_error or "", retry_in=timedelta())
        try:
            with self._engine.telemetry.handler(job):
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
        if job.kind != TASK_LISTENER:
            return CompleteJob(job_id=job.id, worker=worker, variables=variables)
        try:  # what a task listener returns is its result
            result = read_result(variables)
        except ResultRefused as error:
            return self._failure(job, error)
        return CompleteJob(job_id=job.id, worker=worker, variables={}, result=result)

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
        return _doubled(self._settings.first_pause, job.failures, self._settings)


def _is_suspect(one: InHand) -> bool:
    """Say whether a job may be one that ends its workers: it was left undone, or failed, before."""
    return one.job.failures > 1 and not one.is_stuck


def _doubled(first: timedelta, failures: int, settings: WorkerSettings) -> timedelta:
    """Double the pause with every failure."""
    doubled: timedelta = first * (1 << min(failures, 20))
    return min(doubled, settings.longest_pause)


def _firing(due: Due) -> FireTimer | FireTimerStart | Deliver:
    if isinstance(due, Timer):
        return FireTimer(process_instance_id=due.process_instance_id, subscription_key=due.subscription_key)
    if isinstance(due, Delivery):
        return Deliver(delivery_id=due.id)
    return FireTimerStart(definition_id=due.definition_id, element_id=due.element_id)


def _ids(due: Due) -> dict[str, str]:
    if isinstance(due, Timer):
        return {"instance": str(due.process_instance_id), "element": due.element_id}
    if isinstance(due, Delivery):
        return {"delivery": str(due.id), "published": str(due.message_id)}
    return {"definition": str(due.definition_id), "element": due.element_id}
