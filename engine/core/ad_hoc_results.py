"""What the worker of an ad-hoc sub-process hands back, read and checked; its keys are those of Camunda's clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.core.listener_model import ResultRefused
from engine.core.repairs import AdHocActivity, AdHocResult

if TYPE_CHECKING:
    from engine.core.graph import Node
    from engine.json_values import JsonObject, JsonValue

_ACTIVATE, _FULFILLED, _CANCEL = "activateElements", "isCompletionConditionFulfilled", "isCancelRemainingInstances"
_ELEMENT, _VARIABLES = "elementId", "variables"


def read_answer(answer: Mapping[str, JsonValue]) -> tuple[JsonObject, AdHocResult]:
    """Read what a handler returns: a result, and beside it the `variables` to set in the sub-process.

    Raises:
        ResultRefused: another key, or a value of another kind.
    """
    result = {name: value for name, value in answer.items() if name != _VARIABLES}
    return _variables(answer), read_result(result)


def read_result(answer: Mapping[str, JsonValue]) -> AdHocResult:
    """Read a result as a worker writes it; an empty one begins nothing and ends nothing.

    Raises:
        ResultRefused: another key, or a value of another kind.
    """
    for key in answer:
        if key not in ("type", _ACTIVATE, _FULFILLED, _CANCEL):
            raise ResultRefused("unknown", key)
    chosen = answer.get(_ACTIVATE) or []
    if not isinstance(chosen, list | tuple):
        raise ResultRefused("value", _ACTIVATE)
    return AdHocResult(
        elements=tuple(_activity(each) for each in chosen),
        is_fulfilled=_truth(answer, _FULFILLED),
        cancel_remaining=_truth(answer, _CANCEL),
    )


def check_result(node: Node, result: AdHocResult) -> None:
    """Check a result against the sub-process it is for.

    Raises:
        ResultRefused: an element cannot be begun in it, or some are to begin although all is over.
    """
    if result.is_fulfilled and result.elements:
        raise ResultRefused("begin-and-fulfil", ", ".join(each.element for each in result.elements))
    for each in result.elements:
        if each.element not in node.heads:
            raise ResultRefused("no-such-element", f"{each.element} ({node.id}: {', '.join(node.heads)})")


def _activity(chosen: JsonValue) -> AdHocActivity:
    if not isinstance(chosen, Mapping):
        raise ResultRefused("value", _ACTIVATE)
    for key in chosen:
        if key not in (_ELEMENT, _VARIABLES):
            raise ResultRefused("unknown", key)
    element = chosen.get(_ELEMENT)
    if not isinstance(element, str) or not element:
        raise ResultRefused("value", _ELEMENT)
    return AdHocActivity(element=element, variables=_variables(chosen))


def _variables(holder: Mapping[str, JsonValue]) -> JsonObject:
    value = holder.get(_VARIABLES)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ResultRefused("value", _VARIABLES)
    return dict(value)


def _truth(answer: Mapping[str, JsonValue], name: str) -> bool:
    value = answer.get(name)
    if value is not None and not isinstance(value, bool):
        raise ResultRefused("value", name)
    return bool(value)
