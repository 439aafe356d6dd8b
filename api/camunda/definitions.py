"""Versions of processes and decisions: lists, single ones, and their diagrams."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

from api.camunda.lists import DECISION_DEFINITIONS, PROCESS_DEFINITIONS
from api.camunda.operations import answers, camunda
from api.camunda.searches import SearchSchema, one_of_list, searched
from api.services import current
from engine.json_values import JsonObject
from workflows.organisation.rights import Right

XML = "text/xml; charset=utf-8"


@camunda.post("/process-definitions/search")
@answers(Right.SIGNED_IN, body=SearchSchema)
def search_process_definitions(body: JsonObject) -> JsonObject:
    """List versions of processes."""
    return searched(PROCESS_DEFINITIONS, body)


@camunda.get("/process-definitions/<key>")
@answers(Right.SIGNED_IN)
def get_process_definition(key: str) -> JsonObject:
    """Show a version of a process."""
    return PROCESS_DEFINITIONS.write(one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", key))


@camunda.get("/process-definitions/<key>/xml")
@answers(Right.SIGNED_IN)
def get_process_definition_xml(key: str) -> Response:
    """Return the diagram as it was deployed."""
    found = one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", key)
    return Response(current().search.resource(found["id"]), content_type=XML)


@camunda.get("/process-definitions/<key>/form")
@answers(Right.SIGNED_IN)
def get_start_process_form(key: str) -> Response:
    """Tell that a process has no start form: applications are handed in before a process begins."""
    one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", key)
    return Response(status=HTTPStatus.NO_CONTENT)


@camunda.post("/decision-definitions/search")
@answers(Right.SIGNED_IN, body=SearchSchema)
def search_decision_definitions(body: JsonObject) -> JsonObject:
    """List versions of decisions."""
    return searched(DECISION_DEFINITIONS, body)


@camunda.get("/decision-definitions/<key>")
@answers(Right.SIGNED_IN)
def get_decision_definition(key: str) -> JsonObject:
    """Show a version of a decision."""
    return DECISION_DEFINITIONS.write(one_of_list(DECISION_DEFINITIONS, "decisionDefinitionKey", key))


@camunda.get("/decision-definitions/<key>/xml")
@answers(Right.SIGNED_IN)
def get_decision_definition_xml(key: str) -> Response:
    """Return the file of a decision as it was deployed."""
    found = one_of_list(DECISION_DEFINITIONS, "decisionDefinitionKey", key)
    return Response(current().search.resource(found["id"]), content_type=XML)
