"""A route of `/v2` in one declaration: its right and what it takes; the view between speaks Camunda's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema, fields, validate

from api.camunda.fields import TENANT
from api.operations import loaded
from api.services import current
from engine.core.texts import Words
from engine.errors import EngineError, NotFound
from engine.json_values import JsonValue
from engine.searching import AllOf, Condition, Search, Subject
from web.authentication import current_actor, permits
from web.errors import Objection, RequestInvalid
from web.requests import json_body
from web.schemas.base import RequestSchema
from workflows.organisation.rights import Right

PREFIX = "/v2"
camunda = Blueprint("camunda", __name__, url_prefix=PREFIX)

View = Callable[..., "JsonValue | Response | None"]


class KeyNotUnique(EngineError):
    """A key stands for two rows that were made in one millisecond; neither is chosen."""

    code = "key-not-unique"
    text_zh = "键 {key} 对应不止一个对象，未执行。请改用 /api/v1 及其标识。"
    text_en = "The key {key} stands for more than one row and nothing was done. Use /api/v1 and its ids."

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class TenantSchema(RequestSchema):
    """What every request of a tenant may hold."""

    tenant_id = fields.String(
        data_key="tenantId",
        load_default=TENANT,
        validate=validate.Equal(TENANT, error="Only the tenant <default> exists here."),
    )


class OperatedSchema(TenantSchema):
    """What requests of operators may hold; their own reference is taken and kept nowhere."""

    operation_reference = fields.Integer(data_key="operationReference", load_default=None, allow_none=True)


def answers(right: Right, *, body: type[Schema] | None = None) -> Callable[[View], Callable[..., Response]]:
    """Make a view that takes and returns JSON values into a route; without an answer it is 204."""

    def declare(view: View) -> Callable[..., Response]:
        @wraps(view)
        def route(**arguments: Any) -> Response:
            if body is not None:
                given = json_body(request) if request.get_data() else None
                arguments["body"] = loaded(body, {} if given is None else given)
            return _response(view(**arguments))

        return permits(right)(route)

    return declare


def only(subject: Subject, where: Condition, *, asked: str) -> Mapping[str, Any]:
    """Return the one row that a key stands for and the caller may see.

    Raises:
        NotFound: there is none in sight.
        KeyNotUnique: there are two.
    """
    found = current().search.search(Search(actor=current_actor(), subject=subject, where=AllOf((where,)), limit=2)).rows
    if not found:
        raise NotFound(subject.value, asked)
    if len(found) > 1:
        raise KeyNotUnique(asked)
    return found[0]


def refused(path: tuple[str | int, ...], words: Words, *, code: str = "invalid") -> RequestInvalid:
    """Return the refusal of one value of a request."""
    return RequestInvalid([Objection(path=path, code=code, message_zh=words.zh, message_en=words.en)])


def _response(result: JsonValue | Response | None) -> Response:
    if result is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    if isinstance(result, Response):
        return result
    return Response(current_app.json.dumps(result), content_type="application/json")
