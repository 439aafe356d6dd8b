"""Versions of processes and decisions: lists, single ones, and their diagrams."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response

from api.camunda.lists import DECISION_DEFINITIONS, PROCESS_DEFINITIONS
from api.camunda.operations import answers, camunda
from api.camunda.rows import Row, start_form, write_form
from api.camunda.searches import SearchSchema, one_of_list, searched
from api.services import current
from engine.core.graph import FormLink
from engine.json_values import JsonObject
from engine.searching import AllOf, Compare, Order, Search, Subject
from web.authentication import current_actor
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
def get_start_process_form(key: str) -> JsonObject | Response:
    """Return the form a process is begun with, or nothing where it has none."""
    definition = one_of_list(PROCESS_DEFINITIONS, "processDefinitionKey", key)
    link = start_form(definition)
    found = () if link is None else _forms(link, definition)
    return write_form(found[0]) if found else Response(status=HTTPStatus.NO_CONTENT)


def _forms(link: FormLink, definition: Row) -> Sequence[Row]:
    """Return the versions of a form that a diagram may mean, newest first."""
    where = [Compare("key", "equals", link.form_id)]
    if link.binding == "deployment":
        where.append(Compare("deployed_in", "equals", definition["deployment_id"]))
    if link.binding == "versionTag":
        where.append(Compare("version_tag", "equals", link.version_tag or ""))
    newest = (Order("version", descending=True),)
    wanted = Search(actor=current_actor(), subject=Subject.FORMS, where=AllOf(tuple(where)), order=newest, limit=1)
    return current().search.search(wanted).rows


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
