"""Changing figures of policy: looked at, asked for, decided by a second person."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.asking import done
from api.resources.blueprint import api
from api.schemas.parameters import (
    ParameterChangeListSchema,
    ParameterChangeRequestSchema,
    ParameterChanges,
    ParameterChangeSchema,
    ParameterChangesSchema,
    ParameterDecisionSchema,
    ParameterPreviewAnswer,
    ParameterPreviewSchema,
    ParameterValueSchema,
)
from api.services import current
from web.authentication import current_actor
from web.submissions import submission_id
from workflows.casework.parameter_changes.commands import (
    AskParameterChange,
    DecideParameterChange,
    PreviewParameterChange,
    WithdrawParameterChange,
)
from workflows.casework.parameter_changes.errors import ParameterChangeNotFound
from workflows.casework.parameter_changes.model import ParameterChange, as_told
from workflows.organisation.rights import Right


@api.get("/parameter-changes")
@operation(
    Operation(
        summary="Changes of a figure of policy, or those of all figures that wait to be decided, the newest first; "
        "what waits, reasons and names are told to the county's civil affairs and administrators",
        right=Right.SIGNED_IN,
        query=ParameterChangeListSchema,
        answer=ParameterChangesSchema,
    )
)
def list_parameter_changes(query: dict[str, Any]) -> ParameterChanges:
    """List changes."""
    changes = current().casework.parameter_changes(query["key"])
    return ParameterChanges(changes=as_told(changes, current_actor(), current().region))


@api.post("/parameter-changes/preview")
@operation(
    Operation(
        summary="What another value of a figure from a day on would replace, for how long, and what reads it",
        right=Right.SIGNED_IN,
        body=ParameterValueSchema,
        answer=ParameterPreviewSchema,
    )
)
def preview_parameter_change(body: dict[str, Any]) -> ParameterPreviewAnswer:
    """Look at a change; nothing is kept."""
    preview = done(PreviewParameterChange(**body))
    return ParameterPreviewAnswer(preview=preview, used_by=current().casework.uses_of_parameter(preview.key))


@api.post("/parameter-changes")
@operation(
    Operation(
        summary="Ask for another value of a figure from a day on; somebody else decides. "
        "The same Idempotency-Key asks once",
        right=Right.ADMINISTER,
        body=ParameterChangeRequestSchema,
        answer=ParameterChangeSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def ask_parameter_change(body: dict[str, Any]) -> Created:
    """Ask for a change."""
    change_id = submission_id("parameter change", given_key())
    change = done(AskParameterChange(change_id=change_id, **body, region=current().region))
    return Created(value=change, location=url_for("api.get_parameter_change", change_id=change.id))


@api.get("/parameter-changes/<uuid:change_id>")
@operation(Operation(summary="A change of a figure", right=Right.SIGNED_IN, answer=ParameterChangeSchema))
def get_parameter_change(change_id: UUID) -> ParameterChange:
    """Show a change."""
    change = current().casework.parameter_change(change_id)
    told = as_told([change], current_actor(), current().region)
    if not told:
        raise ParameterChangeNotFound
    return told[0]


@api.post("/parameter-changes/<uuid:change_id>/decision")
@operation(
    Operation(
        summary="Approve a change, by which the value is entered, or refuse it; never by who asked for it",
        right=Right.OPERATE,
        body=ParameterDecisionSchema,
        answer=ParameterChangeSchema,
    )
)
def decide_parameter_change(change_id: UUID, body: dict[str, Any]) -> ParameterChange:
    """Decide a change."""
    return done(DecideParameterChange(change_id=change_id, **body, region=current().region))


@api.post("/parameter-changes/<uuid:change_id>/withdrawal")
@operation(
    Operation(
        summary="Take back a change nobody has decided, by who asked for it",
        right=Right.ADMINISTER,
        answer=ParameterChangeSchema,
    )
)
def withdraw_parameter_change(change_id: UUID) -> ParameterChange:
    """Take back a change."""
    return done(WithdrawParameterChange(change_id=change_id))
