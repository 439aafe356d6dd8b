"""The description of `/api/v1` (OpenAPI 3.1), made from the routes and schemas that run."""

from __future__ import annotations

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, current_app
from werkzeug.routing import Rule

from api.camunda.problems import PROBLEM_TYPE
from api.operations import Operation, operation_of
from api.resources.blueprint import api
from web.authentication import SAFE_METHODS, permits
from web.schemas.base import RequestSchema
from workflows.organisation.rights import Right

VERSION = "1"
_ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_FORMATS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; `code` is stable, see the catalogue of errors",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "as in the header X-Request-ID and in the logs"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("path", "field", "message", "code")},
            },
        },
        "findings": {"type": "array", "items": {"type": "object"}},
    },
}


def init_app(app: Flask) -> None:
    """Serve the description beside the routes it describes."""
    app.add_url_rule(f"{api.url_prefix}/openapi.json", "openapi", _show)


def describe(app: Flask) -> dict[str, Any]:
    """Return the description of an application's routes."""
    spec = APISpec(
        title="救助通办 ReliefDesk",
        version=VERSION,
        openapi_version="3.1.0",
        info={"description": "Casework of the county's one window: applications, cases, work lists."},
        plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)],
    )
    spec.components.schema("Problem", _PROBLEM)
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "relief_session"})
    spec.components.security_scheme("basic", {"type": "http", "scheme": "basic"})
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, sorted(one.methods or ()))):
        declared = operation_of(app, rule.endpoint)
        if declared is not None:
            _add(spec, app, rule, declared)
    return spec.to_dict()


@permits(Right.PUBLIC)
def _show() -> Response:
    return Response(current_app.json.dumps(describe(current_app)), content_type="application/json; charset=utf-8")


def _add(spec: APISpec, app: Flask, rule: Rule, declared: Operation) -> None:
    path = _ARGUMENT.sub(lambda found: "{" + found["name"] + "}", rule.rule)
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        described = _operation(rule, declared, changes=method not in SAFE_METHODS)
        spec.path(path=path, operations={method.lower(): described})


def _operation(rule: Rule, declared: Operation, *, changes: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": declared.summary,
        "description": f"Right: `{declared.right.value}`.",
        "parameters": _parameters(rule, declared, changes=changes),
        "responses": _responses(declared),
        "security": [] if declared.right is Right.PUBLIC else [{"session": []}, {"basic": []}],
    }
    if declared.body is not None:
        described["requestBody"] = {
            "required": declared.body_required,
            "content": {"application/json": {"schema": declared.body}},
        }
    if declared.files:
        files = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
        form = {"type": "object", "properties": {"files": files}}
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    return described


def _parameters(rule: Rule, declared: Operation, *, changes: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "in": "path",
            "name": argument["name"],
            "required": True,
            "schema": _FORMATS.get(argument["converter"] or "", {"type": "string"}),
        }
        for argument in _ARGUMENT.finditer(rule.rule)
    ]
    if declared.query is not None:
        found.append({"in": "query", "schema": declared.query})
    found += [{"in": "header", "name": name, "schema": {"type": "string"}} for name in declared.headers]
    if changes and declared.right is not Right.PUBLIC:
        token = "needed with the session cookie, not with Basic"  # noqa: S105  (a sentence)
        found.append({"in": "header", "name": "X-CSRF-Token", "description": token, "schema": {"type": "string"}})
    return found


def _responses(declared: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": declared.summary}
    if declared.answer is not None:
        good["content"] = {"application/json": {"schema": declared.answer}}
    if declared.media_types:
        binary = {"schema": {"type": "string", "format": "binary"}}
        good["content"] = dict.fromkeys(declared.media_types, binary)
    reference = {"$ref": "#/components/schemas/Problem"}
    problem = {"description": "A problem document", "content": {PROBLEM_TYPE: {"schema": reference}}}
    return {str(int(declared.status) if declared.answer or declared.media_types else 204): good, "default": problem}


def _schema_name(schema: Any) -> str:
    found = schema if isinstance(schema, type) else type(schema)
    name = str(found.__name__).removesuffix("Schema")
    return f"{name}Input" if issubclass(found, RequestSchema) else name
