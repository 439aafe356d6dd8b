"""Messages, signals and conditions from other systems."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from api.operations import Operation, operation
from api.resources.blueprint import api
from api.schemas.answers import (
    BroadcastAnswer,
    BroadcastAnswerSchema,
    ProcessInstanceSchema,
    PublishedAnswer,
    PublishedAnswerSchema,
)
from api.schemas.requests import ConditionsSchema, CorrelationSchema, MessageSchema, SignalSchema
from api.services import current
from engine.commands.conditions import EvaluateConditions
from engine.commands.messages import BroadcastSignal, CorrelateMessage, PublishMessage
from engine.json_values import JsonObject
from engine.model import ProcessInstance
from web.authentication import current_actor
from workflows.organisation.rights import Right


@api.post("/messages")
@operation(
    Operation(
        summary="Publish a message: to who waits for it, and for who begins to wait while it lives",
        right=Right.ADMINISTER,
        body=MessageSchema,
        answer=PublishedAnswerSchema,
        status=HTTPStatus.ACCEPTED,
    )
)
def publish_message(body: JsonObject) -> PublishedAnswer:
    """Publish a message."""
    command = PublishMessage(**{**body, "time_to_live": timedelta(seconds=body["time_to_live"])})
    reached = current().engine.execute(command, actor=current_actor())
    return PublishedAnswer(process_instance_ids=[one.id for one in reached])


@api.post("/messages/correlation")
@operation(
    Operation(
        summary="Hand a message to who waits for it now, or start what it starts; refused when that is nobody",
        right=Right.ADMINISTER,
        body=CorrelationSchema,
        answer=ProcessInstanceSchema,
    )
)
def correlate_message(body: JsonObject) -> ProcessInstance:
    """Correlate a message."""
    return current().engine.execute(CorrelateMessage(**body), actor=current_actor())


@api.post("/signals")
@operation(
    Operation(
        summary="Broadcast a signal to everybody who waits for it, and start every process that it starts",
        right=Right.ADMINISTER,
        body=SignalSchema,
        answer=BroadcastAnswerSchema,
        status=HTTPStatus.ACCEPTED,
    )
)
def broadcast_signal(body: JsonObject) -> BroadcastAnswer:
    """Send a signal."""
    return BroadcastAnswer(receivers=current().engine.execute(BroadcastSignal(**body), actor=current_actor()))


@api.post("/conditions/evaluation")
@operation(
    Operation(
        summary="Start a process at every conditional start event whose condition is true of the variables",
        right=Right.ADMINISTER,
        body=ConditionsSchema,
        answer=PublishedAnswerSchema,
    )
)
def evaluate_conditions(body: JsonObject) -> PublishedAnswer:
    """Look at conditional start events."""
    started = current().engine.execute(EvaluateConditions(**body), actor=current_actor())
    return PublishedAnswer(process_instance_ids=[one.id for one in started])
