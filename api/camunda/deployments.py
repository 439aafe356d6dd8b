"""Deploying from Camunda's Modeler and its other tools, and reading what was deployed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, request

from api.camunda.fields import TENANT, FileNumber, RowNumber, Searched
from api.camunda.operations import answers, camunda, refused
from api.camunda.rows import requirements_number
from api.camunda.searches import filter_of
from api.services import current
from engine.commands.deployments import DeployResources
from engine.core.texts import Words
from engine.errors import NotFound
from engine.json_values import JsonObject, JsonValue
from engine.model import Definition, Deployment, Resource
from engine.number_names import number_of
from engine.searching import Search, Subject
from web.authentication import accepts_body_up_to, current_actor
from web.uploads import MAX_UPLOAD, uploaded_resources
from workflows.organisation.rights import Right

Row = Mapping[str, Any]
RESOURCES: Sequence[tuple[Subject, Searched, str]] = (
    (Subject.PROCESS_DEFINITIONS, RowNumber("id"), "application/xml"),
    (Subject.FORMS, RowNumber("id"), "application/json"),
    (Subject.DECISION_DEFINITIONS, FileNumber("deployment_id", "checksum"), "application/xml"),
)
"""What a resource key may be of: a process, a form, or the file of decisions; and what its content is."""
KINDS = ("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource")


@camunda.post("/deployments")
@accepts_body_up_to(MAX_UPLOAD)
@answers(Right.DEPLOY)
def create_deployment() -> JsonObject:
    """Deploy files, all or none; what is deployed unchanged is answered with the version it has."""
    require_tenant(request.form.get("tenantId", TENANT))
    resources = uploaded_resources(request)
    deployment = current().engine.execute(DeployResources(resources=resources), actor=current_actor())
    return {
        "deploymentKey": number_of(deployment.id),
        "tenantId": TENANT,
        "deployments": list[JsonValue](_deployed(deployment, resources)),
    }


@camunda.get("/resources/<key>")
@answers(Right.SIGNED_IN)
def get_resource(key: str) -> JsonObject:
    """Tell what was deployed under a key."""
    row, _ = _resource(key)
    return {
        "resourceKey": key,
        "resourceId": row["key"],
        "resourceName": row["resource_name"],
        "version": row["version"],
        "versionTag": row["version_tag"],
        "tenantId": TENANT,
    }


@camunda.get("/resources/<key>/content")
@answers(Right.SIGNED_IN)
def get_resource_content(key: str) -> Response:
    """Return the file as it was deployed."""
    row, media_type = _resource(key)
    return Response(current().search.resource(row["id"]), content_type=media_type)


def require_tenant(tenant: str) -> None:
    """See that nobody means another tenant.

    Raises:
        RequestInvalid: somebody does.
    """
    if tenant != TENANT:
        words = Words(
            f"没有租户“{tenant[:40]}”，本系统只有 {TENANT}", f"There is no tenant {tenant[:40]!r}, only {TENANT}"
        )
        raise refused(("tenantId",), words, code="tenant-unknown")


def _deployed(deployment: Deployment, resources: Sequence[Resource]) -> Iterator[JsonObject]:
    names = {hashlib.sha256(one.content).hexdigest(): one.name for one in resources}
    files: set[str] = set()
    for one in deployment.definitions:
        name = names.get(one.checksum, one.resource_name)  # an unchanged file is called as it was sent now
        if one.kind == "process":
            yield _item(processDefinition=_process(one, name))
        elif one.kind == "form":
            yield _item(form=_form(one, name))
        else:
            if name not in files:
                yield _item(decisionRequirements=_requirements(one, name))
            files.add(name)
            yield _item(decisionDefinition=_decision(one, name))


def _item(**found: JsonObject) -> JsonObject:
    """Return an item of a deployment: of the kinds it can be, all are named and one is given."""
    kinds: JsonObject = dict.fromkeys(KINDS)
    return {**kinds, **found}


def _process(one: Definition, name: str) -> JsonObject:
    return {
        "processDefinitionId": one.key,
        "processDefinitionVersion": one.version,
        "processDefinitionKey": number_of(one.id),
        "resourceName": name,
        "tenantId": TENANT,
    }


def _form(one: Definition, name: str) -> JsonObject:
    return {
        "formId": one.key,
        "version": one.version,
        "formKey": number_of(one.id),
        "resourceName": name,
        "tenantId": TENANT,
    }


def _requirements(one: Definition, name: str) -> JsonObject:
    return {
        "decisionRequirementsId": name,
        "decisionRequirementsName": name,
        "version": one.version,
        "decisionRequirementsKey": requirements_number({"deployment_id": one.deployment_id, "checksum": one.checksum}),
        "resourceName": name,
        "tenantId": TENANT,
    }


def _decision(one: Definition, name: str) -> JsonObject:
    return {
        "decisionDefinitionId": one.key,
        "name": one.name,
        "version": one.version,
        "decisionDefinitionKey": number_of(one.id),
        "decisionRequirementsId": name,
        "decisionRequirementsKey": requirements_number({"deployment_id": one.deployment_id, "checksum": one.checksum}),
        "tenantId": TENANT,
    }


def _resource(key: str) -> tuple[Row, str]:
    for subject, field, media_type in RESOURCES:
        where = filter_of({"resourceKey": field}, {"resourceKey": key}, path=())
        found = current().search.search(Search(actor=current_actor(), subject=subject, where=where, limit=1)).rows
        if found:
            return found[0], media_type
    raise NotFound("resource", key)
