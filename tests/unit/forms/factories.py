"""Small forms, and validation at a fixed moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.feel import Settings
from engine.forms import Form, Submission, parse, validate
from engine.json_values import JsonObject, JsonValue, dump_json

NOW = datetime(2026, 9, 14, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
SETTINGS = Settings(now=NOW)


def document(*components: JsonObject, **properties: JsonValue) -> str:
    """Return the text of a form document."""
    return dump_json(
        {"id": "test_form", "type": "default", "schemaVersion": 19, **properties, "components": components}
    )


def form(*components: JsonObject) -> Form:
    """Return a parsed form."""
    return parse(document(*components))


def component(type_: str, key: str, **properties: JsonValue) -> JsonObject:
    """Return an input component with its label like its key."""
    return {"type": type_, "key": key, "id": f"Field_{key}", "label": key, **properties}


def text(key: str = "note", **properties: JsonValue) -> JsonObject:
    """Return a textfield."""
    return component("textfield", key, **properties)


def number(key: str = "income", **properties: JsonValue) -> JsonObject:
    """Return a number field."""
    return component("number", key, **properties)


def hidden_if(expression: str) -> JsonObject:
    """Return a condition under which a component is hidden."""
    return {"hide": f"={expression}"}


def submit(fields: Form, submission: JsonValue, data: Mapping[str, JsonValue] | None = None) -> Submission:
    """Validate a submission over stored data."""
    return validate(fields, submission, data=data or {}, settings=SETTINGS)


def codes(outcome: Submission) -> dict[str, str]:
    """Return the code of each error by its path as text, the last where there are several."""
    return {".".join(map(str, error.path)): error.code for error in outcome.errors}


def group(*components: JsonObject, **properties: JsonValue) -> JsonObject:
    """Return a group."""
    return {"type": "group", "id": "Group_1", "components": components, **properties}


def rows_of(*components: JsonObject, path: str = "members", **properties: JsonValue) -> JsonObject:
    """Return a dynamic list."""
    listed: JsonObject = {"type": "dynamiclist", "id": f"List_{path}", "label": path, "path": path}
    return {**listed, "components": components, **properties}


def computed(key: str, expression: str, **properties: JsonValue) -> JsonObject:
    """Return an expression field."""
    return component("expression", key, expression=f"={expression}", **properties)
