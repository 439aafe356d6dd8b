"""Variables live in scopes: what an element sees, where a result goes, and the texts that are evaluated on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.core import model
from engine.core.graph import LoopCharacteristics
from engine.core.limits import LONGEST_TEXT, MOST_DIGITS, MOST_RETRIES, is_storable
from engine.core.texts import Words, tell, under
from engine.core.working import Element, Stuck, Working, scope_chain

if TYPE_CHECKING:
    from engine.core.graph import VariableMapping
    from engine.json_values import JsonObject, JsonValue

_DEFAULT_RETRIES = 3


class ScopeView(Mapping[str, Any]):
    """The variables an element sees: nearest scope first, up to its process. Nothing is copied."""

    __slots__ = ("_scopes",)

    def __init__(self, scopes: tuple[Mapping[str, Any], ...]) -> None:
        self._scopes = scopes

    def __getitem__(self, name: str) -> Any:
        for scope in self._scopes:
            if name in scope:
                return scope[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        seen: dict[str, None] = {}
        for scope in reversed(self._scopes):
            seen.update(dict.fromkeys(scope))
        return iter(seen)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def visible(element: Element, *nearer: Mapping[str, Any]) -> ScopeView:
    """Return what an element sees, with values that are not stored yet nearest."""
    return ScopeView((*nearer, *(each.variables for each in scope_chain(element))))


def put(working: Working, element: Element, values: Mapping[str, JsonValue]) -> None:
    """Set each variable where its name is first found from the element outwards, else in the process."""
    for name, value in values.items():
        holder = element
        for holder in scope_chain(element):
            if name in holder.variables:
                break
        working.set_variable(holder, name, value)


def apply_inputs(working: Working, element: Element) -> None:
    """Evaluate the input mappings one after the other into local variables.

    An element that is entered again does not see what its mappings made the time before: that would count twice.
    """
    if not element.node.inputs:
        return
    targets = {mapping.target.partition(".")[0] for mapping in element.node.inputs}
    if element.given is None:
        element.given = {name: value for name, value in element.variables.items() if name in targets}
    own = {name: value for name, value in element.variables.items() if name not in targets} | element.given
    outer = [each.variables for each in scope_chain(element)][1:]
    values: JsonObject = {}
    for mapping in element.node.inputs:
        value = evaluate(working, mapping.source, ScopeView((values, own, *outer)))
        nest(mapping, value, values, {**own, **values})
    working.need_room(values)
    for name, value in values.items():
        working.set_variable(element, name, value)


def apply_outputs(working: Working, element: Element, results: JsonObject) -> None:
    """Take over the results of an element: as its output mappings say, or all of them when it has none.

    What an error brings to a boundary event stays there unless a mapping hands it out, as in Camunda: a worker that
    fails overwrites nothing of the case unless the diagram says so.
    """
    event = element.node.event
    is_error = element.node.tag == "boundaryEvent" and event is not None and event.kind == "error"
    if not element.node.outputs and not is_error:
        put(working, element, results)
        return
    for name, value in results.items():
        working.set_variable(element, name, value)
    values: JsonObject = {}
    for mapping in element.node.outputs:
        scope = visible(element, values)
        value = evaluate(working, mapping.source, scope)
        nest(mapping, value, values, scope)
    working.need_room(values)
    is_round = element.is_loop_child and isinstance(element.node.loop, LoopCharacteristics)
    if is_round:  # so that it can set what its output element reads
        put(working, element, values)
    elif element.scope is not None:
        put(working, element.scope, values)


def nest(mapping: VariableMapping, value: JsonValue, into: JsonObject, present: Mapping[str, Any]) -> None:
    """Write a value under a target with dots, keeping what else the object holds."""
    head, *path = mapping.target.split(".")
    if not path:
        into[head] = value
        return
    root = dict(present[head]) if isinstance(present.get(head), Mapping) else {}
    into[head] = place = root
    for name in path[:-1]:
        inner = place.get(name)
        place[name] = dict(inner) if isinstance(inner, Mapping) else {}
        place = place[name]
    place[path[-1]] = value


def local_or_visible(element: Element) -> JsonObject:
    """Return what a worker or handler is told: the input mappings, or all that is visible when there are none."""
    if element.node.inputs:
        return dict(element.variables)
    return dict(visible(element))


def evaluate(working: Working, text: str, scope: Mapping[str, Any]) -> JsonValue:
    """Evaluate a text as drawn; anything that does not begin with '=' stands for itself.

    Raises:
        Stuck: the expression failed, or gave more than the instance has room for.
    """
    if not text.startswith("="):
        return text
    try:
        value = working.environment.evaluator.evaluate(text, scope)
    except model.ExpressionFailed as failure:
        raise Stuck("expression", under(text, str(failure))) from failure
    working.need_room(value)
    return value


def evaluate_condition(working: Working, text: str, scope: Mapping[str, Any]) -> bool:
    """Evaluate a condition; null or any other value that is not a boolean is never taken for false.

    Raises:
        Stuck: the expression failed or gave no boolean.
    """
    value = evaluate(working, text, scope)
    if not isinstance(value, bool):
        raise Stuck("condition", tell("condition-kind", text=text, found=describe(value)))
    return value


def evaluate_list(working: Working, text: str, scope: Mapping[str, Any]) -> list[Any]:
    """Evaluate to a list.

    Raises:
        Stuck: the expression failed or gave no list.
    """
    value = evaluate(working, text, scope)
    if not isinstance(value, list | tuple):
        raise Stuck("expression", tell("list-needed", text=text, found=describe(value)))
    return list(value)


def evaluate_name(working: Working, text: str, scope: Mapping[str, Any], *, longest: int = LONGEST_TEXT) -> str:
    """Evaluate to a text that is not empty and can be kept; a whole number counts as its digits.

    Raises:
        Stuck: the expression failed or gave something else.
    """
    value = evaluate(working, text, scope)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = f"{Decimal(value):f}"
    if not isinstance(value, str) or not value:
        raise Stuck("expression", tell("text-needed", text=text, found=describe(value)))
    return kept(text, value, longest=longest)


def kept(text: str, value: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return what a text as drawn gave, when it can be kept where others look for it.

    Raises:
        Stuck: it is too long, or holds what cannot be stored.
    """
    if len(value) > longest:
        raise Stuck("expression", tell("text-too-long", text=text, limit=longest, found=len(value)))
    if not is_storable(value):
        raise Stuck("expression", tell("text-not-storable", text=text))
    return value


def evaluate_retries(working: Working, text: str | None, scope: Mapping[str, Any]) -> int:
    """Evaluate how often a job is tried, three times when nothing is drawn.

    Raises:
        Stuck: the expression failed or gave no whole number from 0 to `MOST_RETRIES`.
    """
    if text is None:
        return _DEFAULT_RETRIES
    value = whole_number(text, evaluate(working, text, scope))
    if not 0 <= value <= MOST_RETRIES:
        raise Stuck("expression", tell("retries-range", text=text, limit=MOST_RETRIES, found=value))
    return value


def whole_number(text: str, value: JsonValue) -> int:
    """Read a whole number, also from digits.

    Raises:
        Stuck: the value is something else, or has more than `MOST_DIGITS` digits.
    """
    if isinstance(value, str) and value.strip().isdecimal():
        digits = value.strip().lstrip("0")
        if len(digits) <= MOST_DIGITS:
            return int(digits or "0")
        raise Stuck("expression", tell("number-too-long", text=text, limit=MOST_DIGITS))
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if abs(value) >= 10**MOST_DIGITS:
            raise Stuck("expression", tell("number-too-long", text=text, limit=MOST_DIGITS))
        if value == int(value):
            return int(value)
    raise Stuck("expression", tell("number-needed", text=text, found=describe(value)))


def describe(value: JsonValue) -> Words:
    """Name a value's kind for a message, without showing what may be personal."""
    if value is None:
        return Words("空值", "null")
    if value == "":
        return Words("空文本", "an empty text")
    if isinstance(value, list | tuple):
        return Words("列表", "a list")
    kinds = {
        bool: Words("布尔值", "a boolean"),
        str: Words("文本", "a text"),
        int: Words("数字", "a number"),
        Decimal: Words("数字", "a number"),
    }
    return kinds.get(type(value), Words("对象", "an object"))
