"""The statutory clock of a case: how it stands, pauses, and more time."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.resources.cases import case_key
from api.schemas.procedure import (
    ClockPauseSchema,
    ClockStateSchema,
    ExtensionSchema,
    PauseSchema,
    ResumeSchema,
    StatedReasonSchema,
)
from api.services import current
from web.authentication import current_actor
from workflows.casework.procedure.clock import ClockState
from workflows.casework.procedure.clock_commands import PauseClock, ReadClock, RequestExtension, ResumeClock
from workflows.casework.procedure.model import ClockPause
from workflows.casework.queries import CaseView
from workflows.organisation.rights import Right


@api.get("/cases/<key>/clock")
@operation(
    Operation(
        summary="How the statutory clock of a case stands, with its pauses and extensions",
        right=Right.WORK,
        answer=ClockStateSchema,
    )
)
def get_clock(key: str) -> ClockState:
    """Show the clock."""
    return current().engine.execute(ReadClock(case_id=seen_case(key).summary.id), actor=current_actor())


@api.post("/cases/<key>/clock/pauses")
@operation(
    Operation(
        summary="Stop the clock of a case, or of one referral, and say why",
        right=Right.WORK,
        body=PauseSchema,
        answer=ClockPauseSchema,
        status=HTTPStatus.CREATED,
    )
)
def pause_clock(key: str, body: dict[str, Any]) -> Created:
    """Stop the clock."""
    command = PauseClock(case_id=seen_case(key).summary.id, reason=body["reason"], referral_number=body["referral"])
    pause = current().engine.execute(command, actor=current_actor())
    return Created(value=pause, location=url_for("api.get_clock", key=key))


@api.post("/cases/<key>/clock/resume")
@operation(
    Operation(
        summary="Let the clock run again; due times move by the working days it stood still",
        right=Right.WORK,
        body=ResumeSchema,
        answer=ClockPauseSchema,
    )
)
def resume_clock(key: str, body: dict[str, Any]) -> ClockPause:
    """Let it run."""
    command = ResumeClock(case_id=seen_case(key).summary.id, referral_number=body["referral"])
    return current().engine.execute(command, actor=current_actor())


@api.post("/cases/<key>/extensions")
@operation(
    Operation(
        summary="Ask a leader for more time, before the limit is over",
        right=Right.WORK,
        body=StatedReasonSchema,
        answer=ExtensionSchema,
        status=HTTPStatus.CREATED,
    )
)
def request_extension(key: str, body: dict[str, Any]) -> Created:
    """Ask for more time."""
    command = RequestExtension(case_id=seen_case(key).summary.id, reason=body["reason"])
    extension = current().engine.execute(command, actor=current_actor())
    return Created(value=extension, location=url_for("api.get_clock", key=key))


def seen_case(key: str) -> CaseView:
    """Return a case the caller may see.

    Raises:
        CaseNotFound: unknown, or not for the caller's eyes.
    """
    return current().casework.case(case_key(key), current_actor())
