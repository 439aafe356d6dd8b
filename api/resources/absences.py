"""Absences of staff and their substitutes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.schemas.absences import (
    AbsenceListSchema,
    AbsencePageSchema,
    AbsenceRequestSchema,
    AbsenceSchema,
    ChoicesSchema,
)
from api.services import current
from web.authentication import current_actor
from workflows.casework.absences.commands import EndAbsence, EnterAbsence
from workflows.casework.absences.model import Absence
from workflows.casework.absences.ports import AbsenceFilter, AbsencePage, Choices
from workflows.organisation.rights import Right


@api.get("/absences")
@operation(
    Operation(
        summary="One's own absences, those one is the substitute for, and those of people one supervises",
        right=Right.WORK,
        query=AbsenceListSchema,
        answer=AbsencePageSchema,
    )
)
def list_absences(query: dict[str, Any]) -> AbsencePage:
    """List absences."""
    return current().absences.absences(AbsenceFilter(actor=current_actor(), **query))


@api.get("/absences/choices")
@operation(
    Operation(
        summary="For whom the caller may enter an absence, and who may be the substitute",
        right=Right.WORK,
        answer=ChoicesSchema,
    )
)
def absence_choices() -> Choices:
    """List people."""
    return current().absences.choices(current_actor())


@api.post("/absences")
@operation(
    Operation(
        summary="Enter an absence and who acts meanwhile; the same Idempotency-Key gives the same absence",
        right=Right.WORK,
        body=AbsenceRequestSchema,
        answer=AbsenceSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def enter_absence(body: dict[str, Any]) -> Created:
    """Enter one."""
    actor, key = current_actor(), given_key()
    absence_id = uuid4() if key is None else uuid5(NAMESPACE_URL, f"absence:{actor.id}:{key}")
    command = EnterAbsence(absence_id=absence_id, **{**body, "process_ids": tuple(body["process_ids"])})
    return Created(value=current().engine.execute(command, actor=actor), location="/api/v1/absences")


@api.post("/absences/<uuid:absence_id>/end")
@operation(
    Operation(
        summary="End an absence at once; what was claimed in the absent person's name is theirs again",
        right=Right.WORK,
        answer=AbsenceSchema,
    )
)
def end_absence(absence_id: UUID) -> Absence:
    """End it."""
    return current().engine.execute(EndAbsence(absence_id=absence_id), actor=current_actor())
