"""Claims to temporary relief, and procedures about a household after its grant."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.resources.cases import case_key
from api.schemas.relief import (
    ClaimListAnswerSchema,
    ClaimListSchema,
    FollowUpStarted,
    FollowUpStartedSchema,
    ProcedureSchema,
)
from api.services import current
from engine.json_values import JsonObject
from web.authentication import current_actor
from workflows.casework.procedures import StartCaseProcedure
from workflows.casework.relief.queries import ClaimFilter, ClaimPage
from workflows.organisation.rights import Right


@api.get("/relief-claims")
@operation(
    Operation(
        summary="Claims to temporary relief: overdue files, claims that seem to be for the same event",
        right=Right.WORK,
        query=ClaimListSchema,
        answer=ClaimListAnswerSchema,
    )
)
def list_relief_claims(query: dict[str, Any]) -> ClaimPage:
    """List claims."""
    return current().relief.claims(ClaimFilter(actor=current_actor(), **query))


@api.post("/cases/<key>/procedures")
@operation(
    Operation(
        summary="Start a procedure about what a household draws: self-care has changed, or support is to end",
        right=Right.WORK,
        body=ProcedureSchema,
        answer=FollowUpStartedSchema,
        status=HTTPStatus.CREATED,
    )
)
def start_case_procedure(key: str, body: JsonObject) -> Created:
    """Start a procedure of its own about a case."""
    actor = current_actor()
    case = current().casework.case(case_key(key), actor)
    command = StartCaseProcedure(case_id=case.summary.id, **body)
    instance = current().engine.execute(command, actor=actor)
    return Created(
        value=FollowUpStarted(id=instance.id, procedure=command.procedure, case_number=case.summary.number),
        location=url_for("api.get_case", key=case.summary.number),
    )
