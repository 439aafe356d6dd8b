"""What is stuck: why, what was tried, and trying again, one by one or in bulk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from api.operations import Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY
from api.resources.batches import made
from api.resources.blueprint import api
from api.schemas.answers import IncidentAnswer, IncidentList, IncidentListSchema
from api.schemas.firing_answers import FailedFiringList, FailedFiringListSchema, FiringResolutionSchema
from api.schemas.operation_answers import (
    BatchMade,
    BatchMadeSchema,
    IncidentReportSchema,
    JobSchema,
    ResolutionAnswer,
    ResolutionSchema,
)
from api.schemas.operation_requests import BulkRetrySchema, GivenReasonSchema, RetriesSchema
from api.schemas.requests import IncidentListSchema as IncidentQuerySchema
from api.schemas.requests import PageSchema
from api.services import current
from engine.batches import BatchKind
from engine.commands.failed_firings import FiringResolution, RetryFiring
from engine.commands.incidents import ResolveIncident, SetJobRetries
from engine.model import Job
from engine.operation_queries import IncidentReport
from engine.queries import IncidentFilter, IncidentLine
from web.authentication import current_actor
from web.i18n import in_reader_language
from web.supervision import named_office, narrowed_incidents
from workflows.organisation.rights import Right


@api.get("/incidents")
@operation(
    Operation(
        summary="What is stuck, newest first",
        right=Right.OPERATE,
        query=IncidentQuerySchema,
        answer=IncidentListSchema,
    )
)
def list_incidents(query: dict[str, Any]) -> IncidentList:
    """List incidents."""
    narrowing = narrowed_incidents(named_office(query.pop("unit")))
    wanted = IncidentFilter(actor=current_actor(), **query, **narrowing)
    found = current().queries.incidents(wanted)
    total = sum(current().queries.incident_counts(wanted).values())
    return IncidentList(incidents=[_incident(line) for line in found], total=total)


@api.get("/incidents/firings")
@operation(
    Operation(
        summary="Timer start events and deliveries that failed and are tried again, longest due first",
        right=Right.DEPLOY,
        query=PageSchema,
        answer=FailedFiringListSchema,
    )
)
def list_failed_firings(query: dict[str, Any]) -> FailedFiringList:
    """List what failed when it fired by itself."""
    return FailedFiringList(firings=current().operations.failed_firings(current_actor(), **query))


@api.post("/incidents/firings/<firing_id>/resolve")
@operation(
    Operation(
        summary="Fire now what failed; answers whether it is fixed, or failed again and why",
        right=Right.DEPLOY,
        answer=FiringResolutionSchema,
    )
)
def retry_firing(firing_id: str) -> FiringResolution:
    """Retry a firing."""
    return current().engine.execute(RetryFiring(firing_id=firing_id), actor=current_actor())


@api.get("/incidents/<uuid:incident_id>")
@operation(
    Operation(
        summary="One incident: cause, element, variables in sight, and what was tried",
        right=Right.OPERATE,
        answer=IncidentReportSchema,
    )
)
def get_incident(incident_id: UUID) -> IncidentReport:
    """Show an incident."""
    report = current().operations.incident(incident_id, current_actor())
    return replace(
        report,
        incident=replace(report.incident, reason=in_reader_language(report.incident.reason)),
        attempts=[replace(one, reason=in_reader_language(one.reason)) for one in report.attempts],
    )


@api.post("/incidents/<uuid:incident_id>/resolve")
@operation(
    Operation(
        summary="Do again what failed; answers whether it is fixed, started again, or failed again and why",
        right=Right.OPERATE,
        body=GivenReasonSchema,
        body_required=False,
        answer=ResolutionSchema,
    )
)
def resolve_incident(incident_id: UUID, body: dict[str, Any]) -> ResolutionAnswer:
    """Retry an incident."""
    resolution = current().engine.execute(ResolveIncident(incident_id=incident_id, **body), actor=current_actor())
    return ResolutionAnswer.of(replace(resolution, reason=in_reader_language(resolution.reason or "") or None))


@api.post("/incidents/resolution")
@operation(
    Operation(
        summary="Retry everything stuck that a filter finds, as a batch; a dry run tries it and keeps nothing",
        right=Right.OPERATE,
        body=BulkRetrySchema,
        answer=BatchMadeSchema,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def resolve_incidents(body: dict[str, Any]) -> BatchMade:
    """Retry incidents in bulk."""
    return made({**body, "kind": BatchKind.RETRY_INCIDENTS, "parameters": {}})


@api.post("/jobs/<uuid:job_id>/retries")
@operation(
    Operation(
        summary="Set how often an open job may still be tried, and let it be tried at once",
        right=Right.OPERATE,
        body=RetriesSchema,
        answer=JobSchema,
    )
)
def set_job_retries(job_id: UUID, body: dict[str, Any]) -> Job:
    """Set the retries of a job."""
    return current().engine.execute(SetJobRetries(job_id=job_id, **body), actor=current_actor())


def _incident(line: IncidentLine) -> IncidentAnswer:
    incident = line.incident
    return IncidentAnswer(
        id=incident.id,
        process_instance_id=incident.process_instance_id,
        business_key=line.business_key,
        definition_id=incident.definition_id,
        element_id=incident.element_id,
        element_name=line.element_name,
        kind=incident.kind,
        reason=in_reader_language(incident.reason),
        raised_at=incident.raised_at,
        resolved_at=incident.resolved_at,
        last_failed_at=incident.last_failed_at,
        failures=incident.failures,
    )
