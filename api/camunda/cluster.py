"""What a client asks before anything else: what this is, whether it lives, and who is signed in."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response

from api.camunda.fields import TENANT
from api.camunda.operations import answers, camunda
from api.services import current
from engine.json_values import JsonObject, JsonValue
from web.authentication import current_account, current_actor, out_of_logs
from workflows.organisation.rights import Right

GATEWAY_VERSION = "8.9.0"
"""What diagrams and clients may rely on; the desktop Modeler warns about diagrams drawn for another version."""


@camunda.get("/topology")
@out_of_logs
@answers(Right.PUBLIC)
def get_topology() -> JsonObject:
    """Tell the version; asked every five seconds by each open Modeler, and before anybody has signed in."""
    return {
        "brokers": [],
        "clusterId": None,
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
        "gatewayVersion": GATEWAY_VERSION,
        "lastCompletedChangeId": "0",
    }


@camunda.get("/status")
@out_of_logs
@answers(Right.PUBLIC)
def get_status() -> Response:
    """Ask the database something small; when it is away the answer is 503."""
    current().organisation.account("")
    return Response(status=HTTPStatus.NO_CONTENT)


@camunda.get("/license")
@answers(Right.PUBLIC)
def get_license() -> JsonObject:
    """Tell that no licence is needed."""
    return {"validLicense": True, "licenseType": "open-source", "isCommercial": False, "expiresAt": None}


@camunda.get("/authentication/me")
@answers(Right.SIGNED_IN)
def get_authentication() -> JsonObject:
    """Tell who is signed in and which groups a diagram may name them by."""
    actor, account = current_actor(), current_account()
    posts = {(one.group, one.role) for one in actor.memberships}
    return {
        "username": actor.id,
        "displayName": account.name if account is not None else actor.name,
        "email": None,
        "authorizedComponents": ["*"],
        "tenants": [{"tenantId": TENANT, "name": "Default", "description": None}],
        "groups": list[JsonValue](sorted({group for group, _ in posts})),
        "roles": list[JsonValue](sorted({role for _, role in posts})),
        "salesPlanType": None,
        "c8Links": {},
        "canLogout": True,
    }
