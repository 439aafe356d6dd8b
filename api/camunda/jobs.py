"""Jobs for workers outside: taken for a while, done, failed, ended in an error.

Whoever works jobs is handed their variables, so it takes a post that sees them. What the office's own workers do is
handed to nobody else. A job belongs to the account that took it until its time is over; another account, and our own
workers, cannot settle it. Camunda's API names no lease, so of two takings by one account the later one counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.camunda.choices import JOB_KINDS
from api.camunda.fields import TENANT
from api.camunda.lists import JOBS, PROCESS_DEFINITIONS
from api.camunda.operations import answers, camunda, refused
from api.camunda.rows import instance_number, listener_event
from api.camunda.schemas import (
    ActivationSchema,
    JobCompletionSchema,
    JobErrorSchema,
    JobFailureSchema,
    JobUpdateSchema,
)
from api.camunda.searches import SearchSchema, one_of_list, searched
from api.camunda.sight import require_values_shown
from api.camunda.waiting import DEFAULT_WAIT, place_to_wait, until
from api.services import current
from engine.commands.incidents import SetJobRetries
from engine.commands.jobs import AcquireJobs, ChangeHeldJob, CompleteJob, FailJob, ReleaseJob, ThrowJobError, unopened
from engine.core.ad_hoc_results import read_result as read_ad_hoc_result
from engine.core.listener_model import SERVICE, ListenerResult, ResultRefused
from engine.core.listener_results import read_result
from engine.core.model import AdHocResult
from engine.core.texts import Words
from engine.errors import EngineError, JobLost
from engine.host import Command
from engine.json_values import JsonObject, JsonValue
from engine.model import Job, Lease
from engine.number_names import inner_number, number_of
from engine.searching import AllOf, AnyOf, Compare, Search
from web.authentication import current_actor
from workflows.organisation.rights import Right

AFTER_A_FAULT = timedelta(minutes=1)  # a job that does not open is tried again, in case a key was missing
BETWEEN = "/"  # the account that took a job, and what its worker calls itself


class JobTypeOfOffice(EngineError):
    """A worker outside asks for jobs that the office's own workers do."""

    code = "job-type-of-office"
    text_zh = "类型为“{type}”的作业由本系统自己的处理者（relief work）完成，不对外分派。请在流程图中使用别的类型。"
    text_en = "Jobs of the type {type!r} are done by the office's own workers (relief work). Use another type."

    def __init__(self, job_type: str) -> None:
        super().__init__(type=job_type)


@camunda.post("/jobs/activation")
@answers(Right.SUPERVISE, body=ActivationSchema)
def activate_jobs(body: dict[str, Any]) -> JsonObject:
    """Take jobs, and wait a while for some where there are none."""
    actor, engine = current_actor(), current().engine
    require_values_shown(actor, engine.host.region)
    if body["type"] in engine.host.outside:
        raise JobTypeOfOffice(body["type"])
    worker = body["worker"] or "default"
    acquire = AcquireJobs(
        worker=f"{actor.id}{BETWEEN}{worker}",
        types=(body["type"],),
        lease=timedelta(milliseconds=body["timeout"]),
        limit=body["limit"],
    )
    taken: list[Job] = []

    def take() -> bool:
        for job in engine.execute(acquire, actor=actor):
            if job.fault is None:
                taken.append(job)
            else:
                with suppress(JobLost):
                    engine.execute(unopened(job, retry_in=AFTER_A_FAULT), actor=actor)
        return bool(taken)

    if not take() and body["request_timeout"] >= 0:
        with place_to_wait():
            until(take, at_most=timedelta(milliseconds=body["request_timeout"]) or DEFAULT_WAIT)
    try:
        return {"jobs": _activated(taken, worker, body["fetch_variable"] or [])}
    except Exception:
        _hand_back(taken)
        raise


@camunda.post("/jobs/search")
@answers(Right.OPERATE, body=SearchSchema)
def search_jobs(body: JsonObject) -> JsonObject:
    """List open jobs."""
    return searched(JOBS, body)


@camunda.post("/jobs/<key>/completion")
@answers(Right.SUPERVISE, body=JobCompletionSchema)
def complete_job(key: str, body: dict[str, Any]) -> None:
    """Hand in the result of a job."""
    row = _held(key)
    command = CompleteJob(lease=_lease(row), variables=body["variables"] or {}, result=_result(row, body["result"]))
    current().engine.execute(command, actor=current_actor())


@camunda.post("/jobs/<key>/failure")
@answers(Right.SUPERVISE, body=JobFailureSchema)
def fail_job(key: str, body: dict[str, Any]) -> None:
    """Tell that a job failed: it is tried again, or an incident where no retries are left."""
    command = FailJob(
        lease=_lease(_held(key)),
        reason=body["error_message"] or "",
        retry_in=timedelta(milliseconds=body["retry_back_off"]),
        retries=body["retries"] or 0,
    )
    current().engine.execute(command, actor=current_actor())


@camunda.post("/jobs/<key>/error")
@answers(Right.SUPERVISE, body=JobErrorSchema)
def throw_job_error(key: str, body: dict[str, Any]) -> None:
    """End a job in a BPMN error."""
    command = ThrowJobError(
        lease=_lease(_held(key)),
        error_code=body["error_code"],
        message=body["error_message"] or "",
        variables=body["variables"] or {},
    )
    current().engine.execute(command, actor=current_actor())


@camunda.patch("/jobs/<key>")
@answers(Right.SUPERVISE, body=JobUpdateSchema)
def update_job(key: str, body: dict[str, Any]) -> None:
    """Hold a job longer and set its retries, as who has it in hand; or set its retries, as its operator."""
    timeout, retries = body["changeset"]["timeout"], body["changeset"]["retries"]
    row = one_of_list(JOBS, "jobKey", key)
    command: Command[Any, Job]
    if timeout is not None or _is_in_hand(row):
        duration = None if timeout is None else timedelta(milliseconds=timeout)
        command = ChangeHeldJob(lease=_lease(_held(key)), duration=duration, retries=retries)
    elif retries is not None:
        command = SetJobRetries(job_id=row["id"], retries=retries)
    else:
        return
    current().engine.execute(command, actor=current_actor())


def _held(key: str) -> Mapping[str, Any]:
    """Return a job that the caller's account took and still has in hand."""
    row = one_of_list(JOBS, "jobKey", key)
    require_values_shown(current_actor(), row["region"])
    if not _is_in_hand(row):
        raise JobLost(row["id"])
    return row


def _is_in_hand(row: Mapping[str, Any]) -> bool:
    taker: str = row["worker"]
    return taker.startswith(f"{current_actor().id}{BETWEEN}")


def _lease(row: Mapping[str, Any]) -> Lease:
    return Lease(job_id=row["id"], worker=row["worker"], id=row["lease_id"])


def _result(row: Mapping[str, Any], result: JsonObject | None) -> ListenerResult | AdHocResult | None:
    if result is None:
        return None
    kind = result.get("type")
    try:
        if kind == "adHocSubProcess":
            return read_ad_hoc_result(result)
        return read_result(result) if row["kind"] != SERVICE else None
    except ResultRefused as unfit:
        raise refused(
            ("result",), Words(f"结果中的“{unfit.found}”不能使用", f"The result cannot hold this {unfit.found!r}")
        ) from unfit


def _hand_back(taken: Sequence[Job]) -> None:
    """Free jobs that their worker will not hear of."""
    for job in taken:
        with suppress(JobLost):
            current().engine.execute(ReleaseJob(lease=job.lease), actor=current_actor())


def _activated(taken: Sequence[Job], worker: str, wanted: Sequence[str]) -> list[JsonValue]:
    definitions = _definitions({one.definition_id for one in taken})
    return [_written(one, definitions[one.definition_id], worker, wanted) for one in taken]


def _written(job: Job, definition: Mapping[str, Any], worker: str, wanted: Sequence[str]) -> JsonObject:
    row = {"process_instance_id": job.process_instance_id}
    number = inner_number(job.process_instance_id, job.key)
    return {
        "jobKey": number,
        "type": job.type,
        "kind": JOB_KINDS.shown(job.kind),
        "listenerEventType": listener_event(job.event),
        "worker": worker,
        "retries": job.retries,
        "deadline": _milliseconds(job.locked_until),
        "variables": {name: value for name, value in job.variables.items() if not wanted or name in wanted},
        "customHeaders": dict[str, JsonValue](job.headers),
        "elementId": job.element_id,
        "elementInstanceKey": number,
        "processInstanceKey": instance_number(row),
        "rootProcessInstanceKey": instance_number(row),
        "processDefinitionId": definition["key"],
        "processDefinitionVersion": definition["version"],
        "processDefinitionKey": number_of(job.definition_id),
        "tenantId": TENANT,
        "tags": [],
        "userTask": None,
    }


def _definitions(ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    where = AllOf((AnyOf(tuple(Compare("id", "equals", one) for one in ids)),))
    subject = PROCESS_DEFINITIONS.subject
    wanted = Search(actor=current_actor(), subject=subject, where=where, limit=len(ids), counted=False)
    return {row["id"]: row for row in current().search.search(wanted).rows} if ids else {}


def _milliseconds(at: datetime | None) -> int:
    return 0 if at is None else int(at.timestamp() * 1_000)
