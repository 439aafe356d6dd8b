"""Which fields of a form look at which others, through conditions, limits, options and computations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.json_values import JsonObject, JsonValue

Path = tuple[str, ...]


def dependencies(components: list[JsonObject]) -> dict[Path, set[Path]]:
    """Return for every field and list the ones it depends on, directly or through others."""
    texts = dict(_texts(components))
    names = {
        path: re.compile(rf"(?<![\w.])(?:this\.|parent\.)*{re.escape(name)}\b") for path, name in _names(components)
    }
    direct = {path: {other for other, name in names.items() if name.search(text)} for path, text in texts.items()}
    for _ in direct:
        grown = {path: seen.union(*(direct[other] for other in seen)) for path, seen in direct.items()}
        if grown == direct:
            break
        direct = grown
    return direct


def _names(components: list[JsonObject], base: Path = (), scope: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every field and list with the name expressions call it by."""
    for component in components:
        own = _own(component)
        if component["type"] != "group" and own:
            yield (*base, *own), ".".join((*scope, *own))
        inner = () if component["type"] == "dynamiclist" else (*scope, *own)
        yield from _names(component.get("components", []), (*base, *own), inner)


def _texts(components: list[JsonObject], base: Path = (), around: str = "") -> Iterator[tuple[Path, str]]:
    """Yield every field and list with its expressions and the conditions of what it stands in."""
    for component in components:
        own = _own(component)
        hide = component.get("conditional", {}).get("hide", "")
        if component["type"] != "group" and own:
            yield (*base, *own), " ; ".join((around, *_formulas(component)))
        yield from _texts(component.get("components", []), (*base, *own), f"{around} ; {hide}")


def _formulas(component: JsonObject) -> Iterator[str]:
    values: list[JsonValue] = [value for name, value in component.items() if name != "components"]
    values += [*component.get("validate", {}).values(), *component.get("conditional", {}).values()]
    return (value for value in values if isinstance(value, str) and value.startswith("="))


def _own(component: JsonObject) -> Path:
    return tuple(filter(None, str(component.get("key") or component.get("path") or "").split(".")))
