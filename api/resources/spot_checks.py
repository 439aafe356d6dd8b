"""Spot checks: draw a sample, see how its reviews stand, take it back, take its result away."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.schemas.spot_checks import (
    DrawSchema,
    PopulationSchema,
    PopulationSize,
    PopulationSizeSchema,
    SpotCheckExportSchema,
    SpotCheckListSchema,
    SpotCheckPageSchema,
    SpotCheckReasonSchema,
    SpotCheckSchema,
    SpotCheckViewSchema,
)
from api.services import current
from engine.json_values import JsonObject
from engine.submissions import sender_key
from web.authentication import current_actor
from web.figures.files import MEDIA_TYPES
from web.spot_checks import exported
from workflows.casework.spot_checks.commands import DrawSpotCheck, WithdrawSpotCheck
from workflows.casework.spot_checks.model import Population, SpotCheck
from workflows.casework.spot_checks.queries import SpotCheckFilter, SpotCheckPage, SpotCheckView
from workflows.organisation.rights import Right


@api.get("/spot-checks")
@operation(
    Operation(
        summary="The spot checks of the regions one supervises, the newest first",
        right=Right.SUPERVISE,
        query=SpotCheckListSchema,
        answer=SpotCheckPageSchema,
    )
)
def list_spot_checks(query: dict[str, Any]) -> SpotCheckPage:
    """List spot checks."""
    return current().spot_checks.spot_checks(SpotCheckFilter(actor=current_actor(), **query))


@api.get("/spot-checks/population")
@operation(
    Operation(
        summary="How many a sample could be drawn from; nothing is drawn",
        right=Right.SUPERVISE,
        query=PopulationSchema,
        answer=PopulationSizeSchema,
    )
)
def get_population(query: Population) -> PopulationSize:
    """Count what could be drawn."""
    return PopulationSize(size=current().spot_checks.population_size(query, current_actor()))


@api.get("/spot-checks/<uuid:spot_check_id>")
@operation(
    Operation(
        summary="A spot check with its sample, findings and counts; the cases in sight alone",
        right=Right.SUPERVISE,
        answer=SpotCheckViewSchema,
    )
)
def get_spot_check(spot_check_id: UUID) -> SpotCheckView:
    """Show a spot check."""
    return current().spot_checks.spot_check(spot_check_id, current_actor())


@api.post("/spot-checks")
@operation(
    Operation(
        summary="Draw a sample and give each case to a reviewer; the same Idempotency-Key gives the same spot check",
        right=Right.SUPERVISE,
        body=DrawSchema,
        answer=SpotCheckSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def draw_spot_check(body: dict[str, Any]) -> Created:
    """Draw a sample."""
    actor = current_actor()
    command = DrawSpotCheck(**body, submission_key=sender_key(actor.id, given_key() or uuid4().hex))
    drawn = current().engine.execute(command, actor=actor)
    return Created(value=drawn, location=url_for("api.get_spot_check", spot_check_id=drawn.id))


@api.post("/spot-checks/<uuid:spot_check_id>/withdrawal")
@operation(
    Operation(
        summary="End the open reviews of a spot check that was drawn by mistake; what was found stays",
        right=Right.SUPERVISE,
        body=SpotCheckReasonSchema,
        answer=SpotCheckSchema,
    )
)
def withdraw_spot_check(spot_check_id: UUID, body: JsonObject) -> SpotCheck:
    """Withdraw a spot check."""
    actor = current_actor()
    current().spot_checks.spot_check(spot_check_id, actor)
    command = WithdrawSpotCheck(spot_check_id=spot_check_id, reason=body["reason"])
    return current().engine.execute(command, actor=actor)


@api.post("/spot-checks/<uuid:spot_check_id>/exports")
@operation(
    Operation(
        summary="Take the result of a spot check away as a file; who did stands in the record of access",
        right=Right.SUPERVISE,
        body=SpotCheckExportSchema,
        media_types=tuple(MEDIA_TYPES.values()),
    )
)
def export_spot_check(spot_check_id: UUID, body: dict[str, Any]) -> FileAnswer:
    """Write the act down and give the file."""
    file = exported(spot_check_id, current_actor(), body["format"])
    return FileAnswer(content=file.content, media_type=file.media_type, name=file.name)
