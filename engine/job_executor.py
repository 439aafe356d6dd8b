"""Fires due timers and does the jobs: any number of these may run, on any number of machines, on one database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Generic
from uuid import UUID

from engine.batch_work import BatchWork
from engine.commands.jobs import (
    AcquireJobs,
    CompleteJob,
    EndLease,
    ExpiredJobs,
    FailJob,
    ReleaseJob,
    RenewLease,
    ThrowJobError,
    unopened,
)
from engine.commands.messages import ForgetExpiredMessages
from engine.commands.retention import PruneHistory
from engine.commands.timers import NextDue
from engine.core.ad_hoc_results import read_answer
from engine.core.listener_model import AD_HOC_SUB_PROCESS, TASK_LISTENER, ResultRefused
from engine.core.listener_results import read_result
from engine.core.model import BpmnError
from engine.duties import DutyRound
from engine.errors import ConcurrentChange, JobLost
from engine.executor import Engine
from engine.failures import told
from engine.firing import Firing
from engine.host import TryLater, Work
from engine.json_values import JsonObject
from engine.leases import InHand
from engine.model import SYSTEM, Job
from engine.operation_errors import InstanceSuspended
from engine.ports import WorkSignal
from engine.worker_settings import WorkerSettings as WorkerSettings
from engine.worker_settings import doubled

log = logging.getLogger(__name__)

_BETWEEN_FAILURES = 1  # seconds
LONGEST_TOLD_PAUSE = timedelta(days=1)  # a handler that asks for a longer one is looked at again before
SWEPT_AT_ONCE = 1_000  # expired messages deleted in one transaction

_STILL_RUNS = (
    "处理者 {worker} 上一次的处理程序仍未返回，请重启该处理者 / "
    "the handler of an earlier try still runs in the worker {worker}; restart that worker"
)


class JobExecutor(Generic[Work]):
    """A worker. Stateless: killed at any point, another does its work after the lease."""

    def __init__(self, engine: Engine[Work], *, signal: Callable[[], WorkSignal], settings: WorkerSettings) -> None:
        self._engine = engine
        self._signal = signal
        self._settings = settings
        self._types = tuple(engine.host.outside)
        self._firing = Firing(engine, settings)
        self._batches = BatchWork(engine, settings)
        self._swept_at: datetime | None = None
        self._duties = DutyRound(engine.host.duties, now=engine.now)
        self._pruned_at: datetime | None = None  # when no history was left whose time is over
        self._in_hand: dict[UUID, InHand] = {}  # jobs whose handlers have not come back; never begun twice

    def run(self, stop: Event) -> None:
        """Work until told to stop; what is in hand is finished, unless it hangs beyond its lease."""
        while not stop.is_set():
            try:
                self._work(stop)
            except ConnectionError:
                log.warning("the database is away; trying again")
            except Exception as error:  # noqa: BLE001  a worker outlives whatever goes wrong in a turn
                told(error, log, worker=self._settings.name)
            stop.wait(_BETWEEN_FAILURES)
        for one in list(self._in_hand.values()):
            if one.thread is not None:
                one.thread.join(max(one.until - monotonic(), 0))
        self._duties.join(self._settings.claim_lease)

    def run_until_idle(self) -> int:
        """Do everything that is due now, in this thread, and return how much it was."""
        done = 0
        self._forget_expired()
        while True:
            turn = self.take_turn() or self._end_leases() + self._work_on_batches() + self._prune_history()
            if not turn:
                share = self._duties.do_all_here()
                if not share.done and not share.has_more:
                    return done
                turn = share.done
            done += turn

    def take_turn(self) -> int:
        """Fire what is due and do some jobs, in this thread, and return how much it was; there may be more."""
        fired = self._firing.fire_due(between=self._renew_leases)
        jobs = self._acquire(self._settings.jobs_in_a_turn)
        for job in jobs:
            if self._take(job) is not None:
                self._do(job)
        return fired + len(jobs)

    def _work(self, stop: Event) -> None:
        """Take turns over one connection that hears of new work."""
        signal = self._signal()
        try:
            while not stop.is_set():
                self._renew_leases()
                free = self._free()
                fired = self._firing.fire_due(between=self._renew_leases) + self._end_leases()
                jobs = self._acquire(free) if free else []
                for job in jobs:
                    self._begin(job)
                self._forget_expired()
                operated = self._work_on_batches() + self._prune_history()
                operated += self._duties.do_now_and_then(signal.leads, stop)
                if not fired and not jobs and not operated:
                    signal.wait(self._pause(all_busy=not free))
        finally:
            signal.close()

    def _free(self) -> int:
        """Return how many jobs may be begun: those that hang take nobody's place, until there are too many."""
        in_hand = list(self._in_hand.values())
        stuck = sum(one.is_overdue for one in in_hand)
        if stuck >= self._settings.stuck_threads:
            log.error("%d jobs hang; this worker takes no more and should be started again", stuck)
            return 0
        return max(self._settings.threads - (len(in_hand) - stuck), 0)

    def _begin(self, job: Job) -> None:
        """Do a job in a thread that holds nobody up when the process is to end."""
        taken = self._take(job)
        if taken is not None:
            taken.thread = Thread(target=self._do, args=(job,), name=f"job {job.type}", daemon=True)
            taken.thread.start()

    def _pause(self, *, all_busy: bool) -> timedelta:
        """Return how long to listen: until the next thing is due, and never so short that it becomes polling."""
        if all_busy:
            return self._settings.shortest_wait
        due = self._engine.execute(NextDue(job_types=self._types), actor=SYSTEM)
        if due is None:
            return self._settings.longest_wait
        return min(max(due - self._engine.now(), self._settings.shortest_wait), self._settings.longest_wait)

    def _forget_expired(self) -> None:
        """Delete messages whose time is over, now and then."""
        now = self._engine.now()
        if not self._is_time(self._swept_at):
            return
        self._swept_at = now
        while self._engine.execute(ForgetExpiredMessages(limit=SWEPT_AT_ONCE), actor=SYSTEM) == SWEPT_AT_ONCE:
            pass

    def _prune_history(self) -> int:
        """Remove some of the history whose time is over, now and then; while there is more, some at every turn."""
        if not self._is_time(self._pruned_at):
            return 0
        removed, most = 0, self._settings.pruned_at_once
        try:
            removed = self._engine.execute(PruneHistory(limit=most), actor=SYSTEM)
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001  history that cannot be removed must not stop timers and jobs
            told(error, log)
        self._pruned_at = None if removed == most else self._engine.now()
        return removed

    def _is_time(self, last: datetime | None) -> bool:
        now = self._engine.now()
        return last is None or not last <= now < last + self._settings.sweep_every  # also when the clock was put back

    def _work_on_batches(self) -> int:
        return self._batches.do_some(between=self._renew_leases)

    def _acquire(self, limit: int) -> list[Job]:
        has_suspect = any(one.is_suspect for one in list(self._in_hand.values()))
        acquire = AcquireJobs(
            worker=self._settings.name,
            types=self._types,
            lease=self._settings.lease,
            limit=limit,
            suspects=0 if has_suspect else 1,
        )
        return self._engine.execute(acquire, actor=SYSTEM)

    def _take(self, job: Job) -> InHand | None:
        """Take a job in hand; one whose earlier try has not come back here fails instead of being begun twice."""
        if job.id in self._in_hand:
            self._give_back(job)
            return None
        until = monotonic() + self._settings.lease.total_seconds()
        self._in_hand[job.id] = taken = InHand(job=job, until=until)
        return taken

    def _give_back(self, job: Job) -> None:
        log.warning("a job is not begun while its earlier try still runs here", extra={"job": str(job.id)})
        reason = _STILL_RUNS.format(worker=self._settings.name)
        try:
            self._settle(job, FailJob(lease=job.lease, reason=reason, retry_in=self._retry_in(job)))
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001  its lease ends some time, and that is counted
            told(error, log, job=str(job.id))

    def _renew_leases(self) -> None:
        """Hold what is in hand for longer; each renewal is counted, so that a handler that hangs is noticed."""
        soon = self._engine.now() + self._settings.lease / 4
        for one in list(self._in_hand.values()):
            if one.is_ours and one.job.locked_until is not None and one.job.locked_until <= soon:
                one.is_overdue = True
                self._renew_lease(one)

    def _renew_lease(self, one: InHand) -> None:
        job = one.job
        try:
            renewed = self._engine.execute(RenewLease(lease=job.lease, duration=self._settings.lease), actor=SYSTEM)
        except ConcurrentChange:
            return  # the next turn does it
        except ConnectionError:
            raise
        except InstanceSuspended:
            one.is_ours = False
            self._release(job)
        except JobLost:
            one.is_ours = False  # settled just now, or another worker's
        except Exception as error:  # noqa: BLE001  one bad job must not stop the others
            one.is_ours = False
            told(error, log, job=str(job.id))
        else:
            one.job, one.is_ours = renewed or job, renewed is not None

    def _end_leases(self) -> int:
        """Count leases that are over, of workers that do not answer any more, as failed tries."""
        ended = 0
        for job in self._engine.execute(ExpiredJobs(limit=self._settings.claimed_at_once), actor=SYSTEM):
            self._renew_leases()
            try:
                end = EndLease(lease=job.lease)
                ended += self._engine.execute(end, actor=SYSTEM)
            except ConnectionError:
                raise
            except ConcurrentChange:
                continue  # waits still; the next turn does it
            except Exception as error:  # noqa: BLE001  one bad job must not stop the others
                reason = told(error, log, job=str(job.id))
                pause = doubled(self._settings.timer_pause, job.failures, self._settings)
                self._release(job, due_in=pause, reason=reason)
        return ended

    def _release(self, job: Job, *, due_in: timedelta = timedelta(), reason: str | None = None) -> None:
        try:
            self._engine.execute(ReleaseJob(lease=job.lease, due_in=due_in, reason=reason), actor=SYSTEM)
        except (JobLost, ConcurrentChange):
            log.info("job not released: another worker has it", extra={"job": str(job.id)})

    def _do(self, job: Job) -> None:
        try:
            with self._engine.telemetry.job(job):
                self._attempt(job)
        except ConnectionError:
            log.warning("the database is away; the job is done again after its lease", extra={"job": str(job.id)})
        except Exception as error:  # noqa: BLE001  nobody looks at what a thread raises
            told(error, log, job=str(job.id))
        finally:
            self._in_hand.pop(job.id, None)

    def _attempt(self, job: Job) -> None:
        """Do a job and write its outcome; an outcome that cannot be kept is a failure of the job."""
        try:
            self._settle(job, self._outcome(job))
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001  the outcome cannot be kept, e.g. too many variables
            self._settle(job, self._failure(job, error))

    def _outcome(self, job: Job) -> CompleteJob | FailJob | ThrowJobError:
        if job.fault is not None:
            log.error("a job does not open: %s", job.fault, extra={"job": str(job.id), "job_type": job.type})
            return unopened(job, retry_in=self._retry_in(job))
        try:
            with self._engine.telemetry.handler(job):
                variables = self._engine.host.outside[job.type](job)
        except BpmnError as error:
            return ThrowJobError(
                lease=job.lease,
                error_code=error.code,
                message=error.message,
                variables=error.variables,
            )
        except Exception as error:  # noqa: BLE001  whatever a handler raises is a failed try
            return self._failure(job, error)
        try:
            return _completed(job, variables)
        except ResultRefused as error:
            return self._failure(job, error)

    def _failure(self, job: Job, error: Exception) -> FailJob:
        if isinstance(error, TryLater):
            return self._postponement(job, error)
        reason = told(error, log, job=str(job.id), job_type=job.type, retries=str(job.retries - 1))
        return FailJob(lease=job.lease, reason=reason, retry_in=self._retry_in(job))

    def _postponement(self, job: Job, later: TryLater) -> FailJob:
        """Return what makes a job wait as its handler learnt; nothing went wrong, and it still counts as a try."""
        log.info("a job waits for the other side", extra={"job": str(job.id), "job_type": job.type})
        pause = self._retry_in(job) if later.after is None else min(later.after, LONGEST_TOLD_PAUSE)
        return FailJob(lease=job.lease, reason=f"{type(later).__name__}: {later}", retry_in=pause)

    def _settle(self, job: Job, command: CompleteJob | FailJob | ThrowJobError) -> None:
        """Write the outcome; a lost race is tried again, a lost job is another worker's."""
        for _ in range(5):
            try:
                self._engine.execute(command, actor=SYSTEM)
            except ConcurrentChange:
                continue
            except InstanceSuspended:
                self._release(job)
            except JobLost:
                log.info("job not settled: it is no longer ours", extra={"job": str(job.id)})
            return
        log.warning("job outcome not written; it is done again after its lease", extra={"job": str(job.id)})

    def _retry_in(self, job: Job) -> timedelta:
        return doubled(self._settings.first_pause, job.failures, self._settings)


def _completed(job: Job, answer: JsonObject) -> CompleteJob:
    """Return what completes a job: what a task listener or the worker of an ad-hoc sub-process returns is a result.

    Raises:
        ResultRefused: it cannot be read as one.
    """
    if job.kind == TASK_LISTENER:
        return CompleteJob(lease=job.lease, variables={}, result=read_result(answer))
    if job.kind == AD_HOC_SUB_PROCESS:
        variables, result = read_answer(answer)
        return CompleteJob(lease=job.lease, variables=variables, result=result)
    return CompleteJob(lease=job.lease, variables=answer)
