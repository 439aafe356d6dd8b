"""What an activity wants from the worker that begins it: the calls of `fromAi` in its input mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.feel import FeelError, FeelSyntaxError, Settings, compile_expression, to_json
from engine.feel.printer import print_node
from engine.feel.syntax import Call, Name, Node, Path

if TYPE_CHECKING:
    from engine.core.graph import VariableMapping
    from engine.json_values import JsonObject, JsonValue

_FUNCTION = "fromAi"
_ARGUMENTS = ("value", "description", "type", "schema", "options")
_NO_TIME = Settings(now=datetime(2026, 1, 1, tzinfo=UTC))  # constants do not ask for it


def read_parameters(inputs: Sequence[VariableMapping]) -> tuple[Mapping[str, JsonValue], ...]:
    """Return name, description, type, schema and options of every parameter, as far as they are constants."""
    found: list[Mapping[str, JsonValue]] = []
    for mapping in inputs:
        if mapping.source.startswith("=") and _FUNCTION in mapping.source:
            found += _parameters_of(mapping.source[1:])
    return tuple(found)


def _parameters_of(text: str) -> Iterator[JsonObject]:
    try:
        syntax = compile_expression(text).syntax
    except FeelSyntaxError:  # it calls functions of the host, or is wrong: the check of expressions tells
        return
    for call in _calls(syntax):
        names = call.names or _ARGUMENTS[: len(call.arguments)]
        given = dict(zip(names, call.arguments, strict=True))
        name = _name_of(given.get("value"))
        if name is not None:
            told = {each: _constant(given[each]) for each in _ARGUMENTS[1:] if each in given}
            yield {"name": name, **{each: value for each, value in told.items() if value is not None}}


def _calls(node: object) -> Iterator[Call]:
    """Find the calls in the order in which they are written."""
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Call) and isinstance(each.function, Name) and each.function.name == _FUNCTION:
            yield each
        elif isinstance(each, Node):
            waiting += [getattr(each, name) for name in reversed(type(each).__dataclass_fields__)]
        elif isinstance(each, tuple):
            waiting += reversed(each)


def _name_of(value: Node | None) -> str | None:
    """Return what a value is called: `toolCall.topic` is the topic."""
    return value.name if isinstance(value, Name | Path) else None


def _constant(argument: Node) -> JsonValue:
    """Return the value of an argument that names no variable; null where there is none."""
    try:
        return to_json(compile_expression(print_node(argument)).evaluate({}, _NO_TIME).value)
    except FeelError:
        return None
