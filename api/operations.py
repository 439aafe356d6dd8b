"""An API route in one declaration: its right, what it takes, what it answers; the view between does the work alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from http import HTTPStatus
from typing import Any, ParamSpec
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from web.authentication import permits
from web.errors import RequestInvalid
from web.requests import json_body
from web.schemas.base import ONLY_ONCE
from web.schemas.messages import objections
from workflows.organisation.rights import Right

Arguments = ParamSpec("Arguments")
ATTRIBUTE = "operation"
LANGUAGE = "lang"
UNKNOWN = "Unknown field."


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a route is, for running and for documenting it.

    `body` and `query` are schemas whose loaded values the view gets as keyword arguments of those names; `answer`
    writes what it returns. Without an answer the response is empty (204), unless the view gives a file, of one of
    `media_types`.
    """

    summary: str
    right: Right
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    answer: type[Schema] | None = None
    status: int = HTTPStatus.OK
    body_required: bool = True  # else an empty one stands for an empty object
    headers: tuple[str, ...] = ()
    files: bool = False
    media_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """An answer of 201: what was made and where it is."""

    value: object
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAnswer:
    """An answer that is a file."""

    content: bytes
    media_type: str
    name: str


def operation(declared: Operation) -> Callable[[Callable[..., object]], Callable[..., Response]]:
    """Make a view that takes and returns plain values into a route."""

    def declare(view: Callable[..., object]) -> Callable[..., Response]:
        @wraps(view)
        def route(**arguments: Any) -> Response:
            asked = _asked(request.args)
            if declared.query is not None:
                arguments["query"] = loaded(declared.query, asked)
            elif asked:
                raise RequestInvalid(list(objections({name: [UNKNOWN] for name in asked})))
            if declared.body is not None:
                is_sent = declared.body_required or request.get_data()
                arguments["body"] = loaded(declared.body, json_body(request) if is_sent else {})
            return _response(declared, view(**arguments))

        setattr(route, ATTRIBUTE, declared)
        return permits(declared.right)(route)

    return declare


def operation_of(app: Flask, endpoint: str) -> Operation | None:
    """Return what a route declares."""
    found = getattr(app.view_functions[endpoint], ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None


@cache
def _made(schema: type[Schema]) -> Schema:
    """Return the one instance of a schema: making one copies all of its fields, and it keeps nothing of a request."""
    return schema()


def loaded(schema: type[Schema], value: object) -> object:
    """Return what a schema makes of a value.

    Raises:
        RequestInvalid: it breaks the schema; each value is named.
    """
    try:
        return _made(schema).load(value)  # type: ignore[arg-type]  # marshmallow refuses what is no object itself
    except ValidationError as invalid:
        raise RequestInvalid(list(objections(invalid.messages))) from invalid


def _asked(arguments: MultiDict[str, str]) -> dict[str, str]:
    """Return what the address asks for, without the language every address may name.

    Raises:
        RequestInvalid: something is asked twice, of which one answer would have to be passed over.
    """
    twice = [name for name, values in arguments.lists() if len(values) > 1]
    if twice:
        raise RequestInvalid(list(objections({name: [ONLY_ONCE] for name in twice})))
    return {name: value for name, value in arguments.items() if name != LANGUAGE}


def _response(declared: Operation, result: object) -> Response:
    if isinstance(result, FileAnswer):
        return _file(result)
    if declared.answer is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    location = result.location if isinstance(result, Created) else None
    value = result.value if isinstance(result, Created) else result
    body = current_app.json.dumps(_made(declared.answer).dump(value))
    response = Response(body, status=declared.status, content_type="application/json; charset=utf-8")
    if location:
        response.headers["Location"] = location
    return response


def _file(answer: FileAnswer) -> Response:
    """Return a file under its name; nobody's browser keeps a copy beside."""
    response = Response(answer.content, content_type=answer.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(answer.name)}"
    response.headers["Cache-Control"] = "no-store"
    return response
