"""Messages, signals and conditions from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api.camunda.fields import TENANT
from api.camunda.lists import PROCESS_DEFINITIONS
from api.camunda.operations import answers, camunda
from api.camunda.schemas import ConditionalSchema, CorrelationSchema, PublicationSchema, SignalSchema
from api.camunda.searches import one_of_list
from api.services import current
from engine.commands.conditions import EvaluateConditions
from engine.commands.messages import BroadcastSignal, CorrelateMessage, PublishMessage
from engine.ids import new_id
from engine.json_values import JsonObject
from engine.model import ROOT_SCOPE
from engine.number_names import inner_number, number_of
from web.authentication import current_actor
from workflows.organisation.rights import Right


@camunda.post("/messages/publication")
@answers(Right.DEPLOY, body=PublicationSchema)
def publish_message(body: dict[str, Any]) -> JsonObject:
    """Hand a message to who waits for it, and keep it while it lives."""
    command = PublishMessage(
        name=body["name"],
        correlation_key=body["correlation_key"] or None,
        variables=body["variables"] or {},
        time_to_live=timedelta(milliseconds=body["time_to_live"]),
        message_id=body["message_id"] or None,
    )
    current().engine.execute(command, actor=current_actor())
    return {"messageKey": _passing_key(), "tenantId": TENANT}


@camunda.post("/messages/correlation")
@answers(Right.ADMINISTER, body=CorrelationSchema)
def correlate_message(body: dict[str, Any]) -> JsonObject:
    """Hand a message to who waits for it now, and tell whom it reached."""
    command = CorrelateMessage(
        name=body["name"], correlation_key=body["correlation_key"] or None, variables=body["variables"] or {}
    )
    reached = current().engine.execute(command, actor=current_actor())
    return {
        "messageKey": _passing_key(),
        "processInstanceKey": inner_number(reached.id, ROOT_SCOPE),
        "tenantId": TENANT,
    }


@camunda.post("/signals/broadcast")
@answers(Right.DEPLOY, body=SignalSchema)
def broadcast_signal(body: dict[str, Any]) -> JsonObject:
    """Send a signal to everybody."""
    command = BroadcastSignal(name=body["name"], variables=body["variables"] or {})
    current().engine.execute(command, actor=current_actor())
    return {"signalKey": _passing_key(), "tenantId": TENANT}


@camunda.post("/conditionals/evaluation")
@answers(Right.DEPLOY, body=ConditionalSchema)
def evaluate_conditionals(body: dict[str, Any]) -> JsonObject:
    """Start a process at every conditional start event whose condition is true."""
    key = body["process_definition_key"]
    process_id = None if key is None else one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", key)["key"]
    command = EvaluateConditions(variables=body["variables"], process_id=process_id)
    started = current().engine.execute(command, actor=current_actor())
    return {
        "conditionalEvaluationKey": _passing_key(),
        "tenantId": TENANT,
        "processInstances": [
            {
                "processInstanceKey": inner_number(one.id, ROOT_SCOPE),
                "processDefinitionKey": number_of(one.definition_id),
            }
            for one in started
        ],
    }


def _passing_key() -> str:
    """Return a new key of what is over as soon as it is answered: nothing can be looked up by it."""
    return number_of(new_id(current().now()))
