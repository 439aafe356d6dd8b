"""Plain forms of pages, read by the schemas of the API: names with dots become what stands within each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from engine.json_values import JsonObject
from web.errors import RequestInvalid
from web.schemas.messages import objections

TOKEN = "csrf_token"  # noqa: S105  the name of a field


def typed(form: MultiDict[str, str], *, only: Iterable[str] = ()) -> JsonObject:
    """Return what was typed; what was left empty is left out, as are the names not wanted where some are given."""
    wanted = set(only)
    found: JsonObject = {}
    for name, value in form.items():
        text = value.strip()
        if text and name != TOKEN and (not wanted or name.partition(".")[0] in wanted):
            _put(found, name.split("."), text)
    return found


def loaded(schema: Schema, values: JsonObject) -> dict[str, Any]:
    """Return what a schema makes of values.

    Raises:
        RequestInvalid: with what it objects to, each in its place.
    """
    try:
        result: dict[str, Any] = schema.load(values)
    except ValidationError as invalid:
        raise RequestInvalid(list(objections(invalid.messages))) from invalid
    return result


def _put(found: JsonObject, steps: list[str], text: str) -> None:
    *outer, last = steps
    for step in outer:
        below = found.setdefault(step, {})
        if not isinstance(below, dict):
            return
        found = below
    found[last] = text
