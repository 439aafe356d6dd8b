"""Jobs: taken by a worker for a while, done, failed, or ended in a BPMN error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from engine.commands.process_instances import checked_variables
from engine.core import model as core
from engine.core.listener_model import SERVICE, ListenerResult
from engine.errors import JobLost, ListenerCannotThrow, ListenerResultRefused
from engine.execution import record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.leases import WantedJobs
from engine.model import Attempt, HistoryAction, InstanceState, Job, ProcessInstance
from engine.operation_errors import InstanceSuspended
from engine.relay import advance

GIVE_UP_AFTER = 5  # workers that took a job and did not come back
LEFT_UNDONE = "left-undone"
MAX_REASON = 2_000  # characters of a failure's text that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireJobs:
    """Take up to `limit` due jobs for a worker; until the lease is over nobody else gets them.

    A job whose worker did not come back in time is taken again. From the second time on it is a suspect: it may be
    what ended its workers, and those beside it. A worker takes `suspects` of them at most, besides the others. After
    the fifth time a job comes without retries left: it is not to be tried but to fail (`FailJob`).
    """

    worker: str
    types: Sequence[str]
    lease: timedelta
    limit: int
    suspects: int = 1

    def execute(self, context: Context[Work]) -> list[Job]:
        """Take them."""
        wanted = WantedJobs(
            worker=self.worker, types=self.types, lease=self.lease, limit=self.limit, suspects=self.suspects
        )
        jobs = []
        for taken in context.unit_of_work.jobs.acquire(wanted, now=context.now()):
            job = taken.job if taken.left_by is None else _noted(context, taken.job, taken.left_by)
            context.observed.job_taken(job, context.now() - job.due_at)
            jobs.append(job)
        return jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteJob:
    """The work of a job is done; run the process on. `result` is what a task listener answers.

    Raises:
        JobLost: done already, cancelled, or another worker's by now.
        ListenerResultRefused: the job is of no task listener, or its event does not allow this answer.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    job_id: UUID
    worker: str
    variables: JsonObject
    result: ListenerResult | None = None

    def execute(self, context: Context[Work]) -> None:
        """Complete it."""
        instance, job = _held_job(context, self.job_id, self.worker)
        if self.result is not None and job.kind == SERVICE:
            raise ListenerResultRefused(job.kind, "result")
        context.observed.job_ended(job, "completed")
        record(context, instance, HistoryAction.JOB_COMPLETED, element_id=job.element_id, details=_told(job))
        variables = checked_variables(self.variables)
        advance(context, instance, core.CompleteWork(key=job.key, variables=variables, result=self.result))


@dataclass(frozen=True, slots=True, kw_only=True)
class FailJob:
    """The work of a job failed: try again after `retry_in`, or raise an incident when no retries are left.

    Raises:
        JobLost: done already, cancelled, or another worker's by now.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    job_id: UUID
    worker: str
    reason: str
    retry_in: timedelta

    def execute(self, context: Context[Work]) -> None:
        """Count the failure."""
        instance, job = _held_job(context, self.job_id, self.worker)
        retries = job.retries - 1
        context.observed.job_ended(job, "retried" if retries > 0 else "failed")
        if retries <= 0:
            record(context, instance, HistoryAction.JOB_FAILED, element_id=job.element_id, details=_told(job))
            advance(context, instance, core.FailWork(key=job.key, reason=self.reason[:MAX_REASON]))
            return
        failed = replace(
            job,
            retries=retries,
            due_at=context.now() + self.retry_in,
            locked_by=None,
            locked_until=None,
            last_error=self.reason[:MAX_REASON],
            failures=job.failures + 1,
        )
        context.unit_of_work.jobs.save(failed)
        context.unit_of_work.attempts.add(
            Attempt(
                process_instance_id=instance.id,
                key=job.key,
                element_id=job.element_id,
                kind="job",
                reason=self.reason[:MAX_REASON],
                at=context.now(),
                by=self.worker,
                retries_left=retries,
            )
        )
        context.unit_of_work.wake_workers()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowJobError:
    """The work of a job ended in a BPMN error that the diagram may catch.

    Raises:
        JobLost: done already, cancelled, or another worker's by now.
        ListenerCannotThrow: the job is a listener's.
        InstanceSuspended: its instance rests; after it is resumed the job is handed out again.
    """

    job_id: UUID
    worker: str
    error_code: str
    message: str
    variables: JsonObject = field(default_factory=dict)

    def execute(self, context: Context[Work]) -> None:
        """Throw it."""
        instance, job = _held_job(context, self.job_id, self.worker)
        if job.kind != SERVICE:
            raise ListenerCannotThrow(job.id, self.error_code)
        context.observed.job_ended(job, "error")
        record(context, instance, HistoryAction.JOB_ERROR, element_id=job.element_id, details={"code": self.error_code})
        error = core.ThrowError(
            key=job.key, code=self.error_code, message=self.message, variables=checked_variables(self.variables)
        )
        advance(context, instance, error)


def _noted(context: Context[Work], job: Job, left_by: str) -> Job:
    """Write down that a worker left a job undone; who was left by too many has no retries left."""
    attempts = context.unit_of_work.attempts
    before = attempts.times(job.process_instance_id, job.key, kind=LEFT_UNDONE)
    gives_up = (before + 1) % GIVE_UP_AFTER == 0  # counted anew after each repair
    noted = replace(job, retries=0 if gives_up else job.retries, last_error=_left(before + 1, left_by))
    attempts.add(
        Attempt(
            process_instance_id=job.process_instance_id,
            key=job.key,
            element_id=job.element_id,
            kind=LEFT_UNDONE,
            reason=str(noted.last_error),
            at=context.now(),
            by=left_by,
            retries_left=noted.retries,
        )
    )
    context.unit_of_work.jobs.save(noted)
    return noted


def _left(times: int, left_by: str) -> str:
    return (
        f"执行进程 {left_by} 在租期内未完成该作业（第 {times} 次）。"
        f"The worker {left_by} did not come back with this job within its lease (time {times})."
    )


def _told(job: Job) -> JsonObject:
    """Return what the history says of a job."""
    return {"type": job.type} if job.event is None else {"type": job.type, "event": job.event}


def _held_job(context: Context[Work], job_id: UUID, worker: str) -> tuple[ProcessInstance, Job]:
    found = context.unit_of_work.jobs.lock(job_id)
    if found is None or found[1].locked_by != worker:
        raise JobLost(job_id)
    instance, job = found
    if instance.state is InstanceState.SUSPENDED:
        raise InstanceSuspended(instance.id)
    if instance.state is not InstanceState.ACTIVE:
        raise JobLost(job_id)
    return instance, job
