"""Running the house: deployments, definitions, figures of policy, the calendar, health."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import request, url_for

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.schemas.answers import (
    CalendarAnswer,
    CalendarAnswerSchema,
    DefinitionList,
    DefinitionListSchema,
    HealthSchema,
    ParameterList,
    ParameterListSchema,
    ServiceHealth,
)
from api.schemas.deployment_answers import DeploymentAnswer, DeploymentSchema
from api.schemas.requests import CalendarSchema
from api.services import current
from engine.commands.deployments import DeployResources, ExamineDeployment
from web import i18n
from web.authentication import accepts_body_up_to, current_actor
from web.uploads import MAX_UPLOAD, uploaded_resources
from workflows.organisation.rights import Right


@api.post("/deployments")
@accepts_body_up_to(MAX_UPLOAD)
@operation(
    Operation(
        summary="Deploy diagrams, decisions and forms together: all or nothing; answers what is doubtful too",
        right=Right.DEPLOY,
        answer=DeploymentSchema,
        status=HTTPStatus.CREATED,
        files=True,
    )
)
def create_deployment() -> Created:
    """Deploy files."""
    command = DeployResources(resources=uploaded_resources(request))
    deployment = current().engine.execute(command, actor=current_actor())
    answer = DeploymentAnswer.of(deployment, i18n.language())
    return Created(value=answer, location=url_for("api.get_deployment", deployment_id=deployment.id))


@api.get("/deployments/<uuid:deployment_id>")
@operation(
    Operation(
        summary="What was deployed together, and what is doubtful in it as things stand now",
        right=Right.DEPLOY,
        answer=DeploymentSchema,
    )
)
def get_deployment(deployment_id: UUID) -> DeploymentAnswer:
    """Show a deployment."""
    deployment = current().engine.execute(ExamineDeployment(deployment_id=deployment_id), actor=current_actor())
    return DeploymentAnswer.of(deployment, i18n.language())


@api.get("/definitions")
@operation(
    Operation(
        summary="The newest version of every process, decision and form",
        right=Right.SIGNED_IN,
        answer=DefinitionListSchema,
    )
)
def list_definitions() -> DefinitionList:
    """List definitions."""
    return DefinitionList(definitions=current().queries.definitions())


@api.get("/parameters")
@operation(Operation(summary="Figures of policy with their dates", right=Right.SIGNED_IN, answer=ParameterListSchema))
def list_parameters() -> ParameterList:
    """List parameters."""
    return ParameterList(parameters=current().casework.parameters())


@api.get("/calendar")
@operation(
    Operation(
        summary="A year of the working calendar",
        right=Right.SIGNED_IN,
        query=CalendarSchema,
        answer=CalendarAnswerSchema,
    )
)
def get_calendar(query: dict[str, Any]) -> CalendarAnswer:
    """Show a year."""
    return CalendarAnswer(year=query["year"], days=current().casework.calendar_days(query["year"]))


@api.get("/health")
@operation(Operation(summary="Whether the service and its database answer", right=Right.PUBLIC, answer=HealthSchema))
def get_health() -> ServiceHealth:
    """Ask the database something small."""
    current().organisation.account("")
    return ServiceHealth(status="ok", time=current().now())
