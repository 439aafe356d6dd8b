"""Taking in applications."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from uuid import uuid4

from flask import request, url_for

from api.operations import Created, Operation, operation
from api.resources.blueprint import api
from api.schemas.answers import CaseCreated, CaseCreatedSchema
from api.services import current
from engine.core.texts import Words
from engine.submissions import MOST_KEY, sender_key
from web.authentication import current_actor
from web.errors import BadRequest
from web.schemas.application import ApplicationSchema
from workflows.casework.commands import SubmitApplication
from workflows.casework.model import Application
from workflows.organisation.rights import Right

IDEMPOTENCY_KEY = "Idempotency-Key"


@api.post("/applications")
@operation(
    Operation(
        summary="Take in an application and open its case; the same Idempotency-Key gives the same case",
        right=Right.INTAKE,
        body=ApplicationSchema,
        answer=CaseCreatedSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def create_application(body: Application) -> Created:
    """Register an application."""
    actor = current_actor()
    key = given_key() or body.submission_key or uuid4().hex
    application = replace(body, submission_key=sender_key(actor.id, key))  # nobody gets a case by guessing a key
    case = current().engine.execute(SubmitApplication(application=application), actor=actor)
    return Created(
        value=CaseCreated(id=case.id, number=case.number, status=case.status.value, received_on=case.received_on),
        location=url_for("api.get_case", key=case.number),
    )


def given_key() -> str | None:
    """Return the key a repetition is known by.

    A blank one would make every repetition a matter of its own, which whoever sends one means to prevent.
    """
    given = request.headers.get(IDEMPOTENCY_KEY)
    if given is not None and not given.strip():
        raise BadRequest(
            Words(f"{IDEMPOTENCY_KEY} 为空；请填写或不发送", f"{IDEMPOTENCY_KEY} is blank; fill it or leave it out")
        )
    if given is not None and len(given) > MOST_KEY:
        raise BadRequest(
            Words(
                f"{IDEMPOTENCY_KEY} 最多 {MOST_KEY} 个字符，现为 {len(given)} 个",
                f"{IDEMPOTENCY_KEY} has at most {MOST_KEY} characters, found {len(given)}",
            )
        )
    return given


def submission_key() -> str | None:
    """Return the key with who sent it, so that nobody gets what others made by guessing one; None: none was sent."""
    given = given_key()
    return None if given is None else sender_key(current_actor().id, given)
