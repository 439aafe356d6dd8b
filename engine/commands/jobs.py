"""Jobs: taken by a worker for a while, done, failed, or ended in a BPMN error.

Whoever takes a job gets a lease with an id of its own. Only the holder of the lease that is valid now may say what
became of the job: a late word under an earlier lease, even of the same worker, is refused. The id of a job is its
idempotency key and stays the same from lease to lease.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.core import model as core
from engine.core.limits import LONGEST_REASON, storable
from engine.core.listener_model import AD_HOC_SUB_PROCESS, SERVICE, ListenerResult
from engine.errors import JobLost, JobResultRefused, ListenerCannotThrow
from engine.execution import record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.leases import GIVE_UP_AFTER, LEFT_UNDONE, LONGEST_LEASE, WantedJobs
from engine.model import Attempt, HistoryAction, InstanceState, Job, Lease, ProcessInstance
from engine.operation_errors import InstanceSuspended
from engine.relay import advance
from engine.supplied_variables import checked_variables

_ENDED = (
    "处理者 {worker} 在租期内没有回音（第 {times} 次）：可能已终止 / "
    "the worker {worker} gave no answer within its lease (time {times}): it may have ended"
)
_HANGS = (
    "处理者 {worker} 的处理程序在租期内没有返回（第 {times} 次），仍在占用 / "
    "the handler of the worker {worker} has not come back within its lease (time {times}) and still holds the job"
)

_DOES_NOT_OPEN = (
    "作业的变量无法打开，请核对密钥文件或由备份恢复：{fault} / "
    "the variables of the job do not open; check the key file or restore them from a backup: {fault}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireJobs:
    """Take up to `limit` free jobs that are due for a worker; while the lease lasts nobody else gets them.

    A job left undone twice is a suspect: it may be what ended its workers, and those beside it. A worker takes
    `suspects` of them at most, besides the others. A person's worker takes none of the cases of that person's kin.
    One that does not open is among them, with its fault; whoever took it settles it by `unopened`.
    """

    worker: str
    types: Sequence[str]
    lease: timedelta
    limit: int
    suspects: int = 1

    def execute(self, context: Context[Work]) -> list[Job]:
        """Take them."""
        wanted = WantedJobs(
            worker=self.worker,
            types=self.types,
            lease=self.lease,
            limit=self.limit,
            suspects=self.suspects,
            taker=None if context.actor.system else context.actor.id,
        )
        taken = context.unit_of_work.jobs.acquire(wanted, now=context.now())
        for job in taken:
            context.observed.job_taken(job, context.now() - job.due_at)
        return taken


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteJob:
    """The work of a job is done; run the process on.

    `result` is the answer of a task listener, or what the worker of an ad-hoc sub-process decided.

    Raises:
        JobLost: done already, cancelled, asked anew, or no longer under this lease.
        JobResultRefused: the job takes no result, or its listener or sub-process does not allow this one.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    lease: Lease
    variables: JsonObject
    result: ListenerResult | core.AdHocResult | None = None

    def execute(self, context: Context[Work]) -> None:
        """Complete it."""
        instance, job = _held_job(context, self.lease)
        if self.result is not None and job.kind == SERVICE:
            raise JobResultRefused(job.kind, "result")
        context.observed.job_ended(job, "completed")
        record(context, instance, HistoryAction.JOB_COMPLETED, element_id=job.element_id, details=_told(job))
        variables = checked_variables(context, self.variables)
        advance(context, instance, core.CompleteWork(key=job.key, variables=variables, result=self.result))


@dataclass(frozen=True, slots=True, kw_only=True)
class FailJob:
    """The work of a job failed: try again after `retry_in`, or raise an incident when no retries are left.

    `retries` says how many are left where the worker decides that; else there is one fewer than before.

    Raises:
        JobLost: done already, cancelled, or no longer under this lease.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    lease: Lease
    reason: str
    retry_in: timedelta
    retries: int | None = None

    def execute(self, context: Context[Work]) -> None:
        """Count the failure."""
        instance, job = _held_job(context, self.lease)
        left = job.retries - 1 if self.retries is None else self.retries
        failure = _Failure(by=self.lease.worker, reason=self.reason, retry_in=self.retry_in, retries=left)
        _count_failure(context, instance, job, failure)


def unopened(job: Job, *, retry_in: timedelta) -> FailJob:
    """Return what becomes of a job that was taken and does not open: a failed try, and in the end an incident."""
    return FailJob(lease=job.lease, reason=_DOES_NOT_OPEN.format(fault=job.fault), retry_in=retry_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredJobs:
    """The jobs whose lease is over without a word from their worker; those that wait longest first."""

    limit: int

    def execute(self, context: Context[Work]) -> list[Job]:
        """Read them."""
        return context.unit_of_work.jobs.expired(now=context.now(), limit=self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLease:
    """A lease is over and its worker has not said what became of the job: it is free again, and left undone once more.

    That is counted apart from its retries, for workers die and databases restart without any fault of the job. What
    kills its workers, or never comes back, is an incident after `GIVE_UP_AFTER` times.
    """

    lease: Lease

    def execute(self, context: Context[Work]) -> bool:
        """End it; False when it is not this lease any more, or not over."""
        try:
            instance, job = _held_job(context, self.lease)
        except (JobLost, InstanceSuspended):
            return False
        now = context.now()
        if job.locked_until is None or now < job.locked_until <= now + LONGEST_LEASE:
            return False
        left = _left_undone(context, instance, job, _ENDED)
        if left is not None:
            context.unit_of_work.jobs.save(_free(left, due_at=now))  # behind what waits
            context.unit_of_work.wake_workers()
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLease:
    """Hold a job longer because its handler has not come back; it counts as left undone each time.

    Raises:
        JobLost: done already, cancelled, or no longer under this lease.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    lease: Lease
    duration: timedelta

    def execute(self, context: Context[Work]) -> Job | None:
        """Renew it; None when that was once too often and the job is an incident."""
        instance, job = _held_job(context, self.lease)
        left = _left_undone(context, instance, job, _HANGS)
        if left is None:
            return None
        held = replace(left, locked_until=context.now() + self.duration)
        context.unit_of_work.jobs.save(held)
        return held


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeHeldJob:
    """Hold a job longer because its worker says that it is still at it, or set how often it may yet be tried.

    Raises:
        JobLost: done already, cancelled, or no longer under this lease.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    lease: Lease
    duration: timedelta | None = None
    retries: int | None = None

    def execute(self, context: Context[Work]) -> Job:
        """Extend its lease from now on and set its retries, whichever is given; it stays in hand."""
        instance, held = _held_job(context, self.lease)
        if self.duration is not None:
            held = replace(held, locked_until=context.now() + min(self.duration, LONGEST_LEASE))
        if self.retries is not None:
            held = replace(held, retries=self.retries)
            details: JsonObject = {"type": held.type, "retries": self.retries}
            record(context, instance, HistoryAction.RETRIES_SET, element_id=held.element_id, details=details)
        context.unit_of_work.jobs.save(held)
        return held


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseJob:
    """Hand a job back that was not settled and has not failed, e.g. because its instance rests; costs no try.

    With a reason it counts as left undone: it cannot be settled, because its instance does not open or run on.

    Raises:
        JobLost: done already, cancelled, or no longer under this lease.
    """

    lease: Lease
    due_in: timedelta = timedelta()
    reason: str | None = None

    def execute(self, context: Context[Work]) -> None:
        """Release it."""
        job = context.unit_of_work.jobs.hold(self.lease.job_id)
        if job is None or not _is_under(self.lease, job):
            raise JobLost(self.lease.job_id)
        if self.reason is not None:
            told = storable(self.reason)[:LONGEST_REASON]
            job = replace(job, left_undone=job.left_undone + 1, failures=job.failures + 1, last_error=told)
        context.unit_of_work.jobs.save(_free(job, due_at=context.now() + self.due_in))
        context.unit_of_work.wake_workers()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowJobError:
    """The work of a job ended in a BPMN error that the diagram may catch.

    Raises:
        JobLost: done already, cancelled, or no longer under this lease.
        ListenerCannotThrow: the job is a listener's.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    lease: Lease
    error_code: str
    message: str
    variables: JsonObject = field(default_factory=dict)

    def execute(self, context: Context[Work]) -> None:
        """Throw it."""
        instance, job = _held_job(context, self.lease)
        if job.kind not in (SERVICE, AD_HOC_SUB_PROCESS):
            raise ListenerCannotThrow(job.id, self.error_code)
        context.observed.job_ended(job, "error")
        record(context, instance, HistoryAction.JOB_ERROR, element_id=job.element_id, details={"code": self.error_code})
        error = core.ThrowError(
            key=job.key,
            code=self.error_code,
            message=self.message,
            variables=checked_variables(context, self.variables),
        )
        advance(context, instance, error)


def _told(job: Job) -> JsonObject:
    """Return what the history says of a job."""
    return {"type": job.type} if job.event is None else {"type": job.type, "event": job.event}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    by: str
    reason: str
    retry_in: timedelta
    retries: int  # that are left


def _left_undone(context: Context[Work], instance: ProcessInstance, job: Job, text: str) -> Job | None:
    """Count that a lease ran out; None when the job is an incident now."""
    times = job.left_undone + 1
    reason = text.format(worker=job.locked_by, times=times)
    if times >= GIVE_UP_AFTER:
        _give_up(context, instance, job, reason)
        return None
    context.observed.job_ended(job, "retried")
    context.unit_of_work.attempts.add(
        Attempt(
            process_instance_id=instance.id,
            key=job.key,
            element_id=job.element_id,
            kind=LEFT_UNDONE,
            reason=reason,
            at=context.now(),
            by=job.locked_by or "",
            retries_left=job.retries,
        )
    )
    return replace(job, left_undone=times, failures=job.failures + 1, last_error=reason)


def _give_up(context: Context[Work], instance: ProcessInstance, job: Job, reason: str) -> None:
    context.observed.job_ended(job, "failed")
    record(context, instance, HistoryAction.JOB_FAILED, element_id=job.element_id, details=_told(job))
    advance(context, instance, core.FailWork(key=job.key, reason=reason))


def _count_failure(context: Context[Work], instance: ProcessInstance, job: Job, failure: _Failure) -> None:
    """Let a job wait for its next try, or make an incident of its last one."""
    retries = failure.retries
    reason = storable(failure.reason)[:LONGEST_REASON]
    if retries <= 0:
        _give_up(context, instance, job, reason)
        return
    context.observed.job_ended(job, "retried")
    free = _free(job, due_at=context.now() + failure.retry_in)
    failed = replace(free, retries=retries, last_error=reason, failures=job.failures + 1)
    context.unit_of_work.jobs.save(failed)
    context.unit_of_work.attempts.add(
        Attempt(
            process_instance_id=instance.id,
            key=job.key,
            element_id=job.element_id,
            kind="job",
            reason=reason,
            at=context.now(),
            by=failure.by,
            retries_left=retries,
        )
    )
    context.unit_of_work.wake_workers()


def _free(job: Job, *, due_at: datetime) -> Job:
    return replace(job, due_at=due_at, locked_by=None, locked_until=None, lease_id=None)


def _is_under(lease: Lease, job: Job) -> bool:
    return job.locked_by is not None and job.lease == lease


def _held_job(context: Context[Work], lease: Lease) -> tuple[ProcessInstance, Job]:
    found = context.unit_of_work.jobs.lock(lease.job_id)
    if found is None or not _is_under(lease, found[1]):
        raise JobLost(lease.job_id)
    instance, job = found
    if instance.state is InstanceState.SUSPENDED:
        raise InstanceSuspended(instance.id)
    if instance.state is not InstanceState.ACTIVE:
        raise JobLost(lease.job_id)
    return instance, job
