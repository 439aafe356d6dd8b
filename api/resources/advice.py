"""Questions to other units: ask from a task, list, take back; a unit answers by completing its task."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import url_for

from api.operations import Created, Operation, operation
from api.resources.applications import IDEMPOTENCY_KEY, given_key
from api.resources.blueprint import api
from api.resources.clock import seen_case
from api.schemas.advice import (
    AdviceAnswer,
    AdviceAnswerSchema,
    AdviceListAnswer,
    AdviceListAnswerSchema,
    AdviceReasonSchema,
    AskAdviceSchema,
    TaskAdviceAnswer,
    TaskAdviceAnswerSchema,
)
from api.services import current
from engine.submissions import sender_key
from web.authentication import current_actor
from web.task_sight import within_sight
from workflows.casework.advice.commands import AskAdvice, WithdrawAdvice
from workflows.organisation.rights import Right


@api.get("/tasks/<uuid:task_id>/advice")
@operation(
    Operation(
        summary="What other units were asked from a task, what they answered, and what a task put off waits for",
        right=Right.WORK,
        answer=TaskAdviceAnswerSchema,
    )
)
def list_advice_of_task(task_id: UUID) -> TaskAdviceAnswer:
    """List the questions of a task."""
    actor = current_actor()
    current().queries.user_task(task_id, actor)
    found, awaited = current().advice.of_task(task_id, actor), current().advice.awaited(task_id)
    return TaskAdviceAnswer(
        advice=[AdviceAnswer.of(line) for line in found], awaited=awaited.value if awaited else None
    )


@api.post("/tasks/<uuid:task_id>/advice")
@operation(
    Operation(
        summary="Ask units for advice while keeping the task; each answers in a task of its own. "
        "The same Idempotency-Key asks once",
        right=Right.WORK,
        body=AskAdviceSchema,
        answer=AdviceListAnswerSchema,
        status=HTTPStatus.CREATED,
        headers=(IDEMPOTENCY_KEY,),
    )
)
def ask_advice(task_id: UUID, body: dict[str, Any]) -> Created:
    """Ask."""
    actor = current_actor()
    key = sender_key(actor.id, given_key() or uuid4().hex)
    with within_sight(current().queries, task_id, actor):
        asked = current().engine.execute(AskAdvice(task_id=task_id, submission_key=key, **body), actor=actor)
    ids = {one.id for one in asked}
    found = [line for line in current().advice.of_task(task_id, actor) if line.advice.id in ids]
    value = AdviceListAnswer(advice=[AdviceAnswer.of(line) for line in found])
    return Created(value=value, location=url_for("api.list_advice_of_task", task_id=task_id))


@api.get("/cases/<key>/advice")
@operation(
    Operation(
        summary="What units were asked about a case, as far as the caller's unit has to do with it",
        right=Right.WORK,
        answer=AdviceListAnswerSchema,
    )
)
def list_advice_of_case(key: str) -> AdviceListAnswer:
    """List the questions about a case."""
    found = current().advice.of_case(seen_case(key).summary.id, current_actor())
    return AdviceListAnswer(advice=[AdviceAnswer.of(line) for line in found])


@api.post("/advice/<uuid:advice_id>/withdrawal")
@operation(
    Operation(
        summary="Take a question back; the task of the unit asked ends",
        right=Right.WORK,
        body=AdviceReasonSchema,
        answer=AdviceAnswerSchema,
    )
)
def withdraw_advice(advice_id: UUID, body: dict[str, Any]) -> AdviceAnswer:
    """Take it back."""
    actor = current_actor()
    current().advice.one(advice_id, actor)
    current().engine.execute(WithdrawAdvice(advice_id=advice_id, reason=body["reason"]), actor=actor)
    return AdviceAnswer.of(current().advice.one(advice_id, actor))
