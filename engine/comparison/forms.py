"""The parts of a form: every field with all its rules."""

from __future__ import annotations

from collections.abc import Iterator

from engine.comparison.model import Facts, Part
from engine.json_values import JsonValue, dump_json, load_json

DRAWN = ("layout", "components", "id")


def form_parts(document: bytes) -> dict[str, Part]:
    """Return the parts of a form by id, in their order; what is no form has none."""
    try:
        form = load_json(document)
    except (ValueError, ArithmeticError, RecursionError):
        return {}
    if not isinstance(form, dict):
        return {}
    facts = Facts()
    for name, value in form.items():
        if name not in ("components", "exporter"):
            facts.add(name, _said(value))
    whole = Part(id=str(form.get("id", "")), name=str(form.get("id", "")), type="form", facts=facts.found)
    return {whole.id: whole} | {one.id: one for one in _fields(form.get("components"), "")}


def _fields(components: JsonValue, path: str) -> Iterator[Part]:
    for component in components if isinstance(components, list) else ():
        if not isinstance(component, dict):
            continue
        key = str(component.get("key") or component.get("path") or "")
        facts = Facts()
        _flat({name: value for name, value in component.items() if name not in DRAWN}, "", facts)
        facts.add("within", path)
        identifier = str(component.get("id") or f"{path}.{key}".strip("."))
        name = str(component.get("label") or component.get("text") or key)
        drawn = component.get("layout")
        kind = str(component.get("type", ""))
        yield Part(id=identifier, name=name, type=kind, facts=facts.found, place=_said(drawn) if drawn else "")
        yield from _fields(component.get("components"), f"{path}.{key}".strip("."))


def _flat(value: JsonValue, path: str, facts: Facts) -> None:
    if isinstance(value, dict):
        for name, one in value.items():
            _flat(one, f"{path}.{name}".strip("."), facts)
    else:
        facts.add(path, _said(value))


def _said(value: JsonValue) -> str:
    return value if isinstance(value, str) else str(dump_json(value))
