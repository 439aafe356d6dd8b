"""What a page may be given to show a form: the values of its fields and what its expressions and texts mention.

Everything else that is stored stays on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.forms.model import Component, DynamicList, Form, Group
from engine.forms.values import is_list
from engine.json_values import JsonObject, JsonValue


def prefill(form: Form, data: Mapping[str, JsonValue]) -> JsonObject:
    """Return the part of the stored data that the form shows; only plain JSON, nothing read lazily."""
    return _selected(form.components, data, form)


def _selected(components: tuple[Component, ...], stored: Mapping[str, JsonValue], form: Form) -> JsonObject:
    chosen: JsonObject = {
        name: stored[name] for name in stored if _is_mentioned(name, form) and _is_plain(stored[name])
    }
    for component in components:
        _add(component, stored, chosen, form)
    return chosen


def _add(component: Component, stored: Mapping[str, JsonValue], chosen: JsonObject, form: Form) -> None:
    if isinstance(component, Group):
        inner_stored, inner_chosen = _descend(stored, chosen, component.path)
        for inner in component.components:
            _add(inner, inner_stored, inner_chosen, form)
        _drop_empty(chosen, component.path)
        return
    inner_stored, inner_chosen = _descend(stored, chosen, component.path[:-1])
    name = component.path[-1]
    value = inner_stored.get(name)
    if name in inner_stored and name not in inner_chosen and _is_plain(value):
        inner_chosen[name] = _rows(component, value, form) if isinstance(component, DynamicList) else value
    _drop_empty(chosen, component.path[:-1])


def _rows(component: DynamicList, value: JsonValue, form: Form) -> JsonValue:
    if not is_list(value):
        return []
    return [
        _selected(component.components, row, form) if isinstance(row, Mapping) else {}
        for row in value  # type: ignore[union-attr]  # is_list has looked
    ]


def _descend(
    stored: Mapping[str, JsonValue], chosen: JsonObject, path: tuple[str, ...]
) -> tuple[Mapping[str, JsonValue], JsonObject]:
    for name in path:
        inner = stored.get(name)
        stored = inner if isinstance(inner, Mapping) else {}
        chosen = chosen.setdefault(name, {})
    return stored, chosen


def _drop_empty(chosen: JsonObject, path: tuple[str, ...]) -> None:
    for length in range(len(path), 0, -1):
        outer = chosen
        for name in path[: length - 1]:
            outer = outer[name]
        if outer.get(path[length - 1]) == {}:
            del outer[path[length - 1]]


def _is_mentioned(name: str, form: Form) -> bool:
    """Tell whether an expression or text holds the name; one that only looks like it is shown as well."""
    return any(name in text for text in form.texts)


def _is_plain(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | bool | int | float | Decimal)
