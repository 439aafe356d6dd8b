"""Jobs for workers outside: taken for a while, done, failed, ended in an error.

Whoever works jobs is handed their variables, so it takes a post that sees them. What the office's own workers do is
handed to nobody else. A job belongs to the account that took it until its time is over; another account, and our own
workers, cannot settle it. Camunda's API names no lease, so of two takings by one account the later one counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.camunda.fields import TENANT
from api.camunda.lists import JOB_KINDS, JOBS, PROCESS_DEFINITIONS, instance_number, listener_event
from api.camunda.operations import answers, camunda, only, refused
from api.camunda.schemas import (
    ActivationSchema,
    JobCompletionSchema,
    JobErrorSchema,
    JobFailureSchema,
    JobUpdateSchema,
)
from api.camunda.searches import SearchSchema, filter_of, one_of_list, searched
from api.camunda.sight import require_values_shown
from api.camunda.waiting import until
from api.services import current
from engine.commands.incidents import SetJobRetries
from engine.commands.jobs import AcquireJobs, CompleteJob, ExtendLease, FailJob, ThrowJobError
from engine.core.ad_hoc_results import read_result as read_ad_hoc_result
from engine.core.listener_model import SERVICE, ListenerResult, ResultRefused
from engine.core.listener_results import read_result
from engine.core.model import AdHocResult
from engine.core.texts import Words
from engine.errors import EngineError, JobLost
from engine.json_values import JsonObject, JsonValue
from engine.model import Job, Lease
from engine.number_names import inner_number, number_of
from web.authentication import current_actor
from workflows.organisation.rights import Right

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
        taken.extend(engine.execute(acquire, actor=actor))
        return bool(taken)

    until(take, at_most=timedelta(milliseconds=max(body["request_timeout"], 0)))
    return {"jobs": [_activated(one, worker, body["fetch_variable"] or []) for one in taken]}


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
    """Set how often a job may yet be tried, as its operator; or hold it longer, as who has it in hand."""
    changes = body["changeset"]
    if changes["timeout"] is not None:
        command = ExtendLease(lease=_lease(_held(key)), duration=timedelta(milliseconds=changes["timeout"]))
        current().engine.execute(command, actor=current_actor())
    if changes["retries"] is not None:
        row = one_of_list(JOBS, "jobKey", key)
        current().engine.execute(SetJobRetries(job_id=row["id"], retries=changes["retries"]), actor=current_actor())


def _held(key: str) -> Mapping[str, Any]:
    """Return a job that the caller's account took and still has in hand."""
    actor = current_actor()
    row = only(JOBS.subject, filter_of(JOBS.fields, {"jobKey": key}, path=()), asked=key)
    require_values_shown(actor, row["region"])
    if not row["worker"].startswith(f"{actor.id}{BETWEEN}"):
        raise JobLost(row["id"])
    return row


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


def _activated(job: Job, worker: str, wanted: list[str]) -> JsonObject:
    definition = _definition(job)
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


def _definition(job: Job) -> Mapping[str, Any]:
    return one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", number_of(job.definition_id))


def _milliseconds(at: datetime | None) -> int:
    return 0 if at is None else int(at.timestamp() * 1_000)
