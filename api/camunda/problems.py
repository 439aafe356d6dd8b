"""Problems as Camunda's clients read them: their statuses and titles, and everything there is to say in `detail`.

Those clients show the detail alone, so it names every field and every element, one a line. Our stable `code`, `errors`
and `findings` stand beside it as in `/api/v1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from flask import Response

from api.schemas.deployment_answers import ResourceFinding
from engine.errors import DeploymentRefused, EngineError
from engine.findings import Finding
from engine.json_values import JsonObject, dump_json

PROBLEM_TYPE = "application/problem+json"
STATUSES = {400: 400, 413: 413, 415: 400, 422: 400, 429: 429}
CODES = {"sign-in-failed": 403, "account-locked": 403}
"""A wrong password is answered 403: their clients send a request answered 401 once more, and drop what the first said.
"""
TITLES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "INVALID_STATE",
    413: "RESOURCE_EXHAUSTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
MOST_LINES = 50


def as_camunda(error: EngineError, document: JsonObject, *, path: str, language: str) -> Response:
    """Return the problem of an error, made from the document `/api/v1` would answer."""
    found = CODES.get(error.code) or int(str(document["status"]))
    status = STATUSES.get(found, found)
    told = {
        **document,
        "title": TITLES.get(status, "INTERNAL"),
        "status": status,
        "detail": "\n".join([str(document["detail"]), *_lines(error, document, language)]),
        "instance": path,
    }
    response = Response(dump_json(told), content_type=PROBLEM_TYPE)
    response.status = f"{status} {HTTPStatus(status).phrase}"  # as Camunda's Modeler looks for it, not in capitals
    return response


def _lines(error: EngineError, document: JsonObject, language: str) -> list[str]:
    lines = list(_of_findings(error, language)) or list(_of_fields(document))
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], f"… +{more}"]


def _of_fields(document: JsonObject) -> Iterator[str]:
    errors = document.get("errors")
    for one in errors if isinstance(errors, list) else []:
        if isinstance(one, dict):
            yield f"{one['path']}: {one['message']}"


def _of_findings(error: EngineError, language: str) -> Iterator[str]:
    if isinstance(error, DeploymentRefused):
        for finding in sorted(error.findings, key=lambda one: one.severity):
            yield _line(finding, language)


def _line(finding: Finding, language: str) -> str:
    told = ResourceFinding.of(finding, language)
    place = " ".join(part for part in (told.resource, told.element_id, told.element_name) if part)
    line = "" if told.line is None else f":{told.line}"
    return f"{place}{line}: {told.message} {told.advice}"
