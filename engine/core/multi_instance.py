"""Multi-instance: a body that holds the items, and one child for each of them, at once or one after the other.

A standard loop has a body and rounds as well: see `standard_loop`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core import standard_loop, termination
from engine.core.graph import LoopCharacteristics, StandardLoop
from engine.core.listener_model import Ending
from engine.core.model import MultiInstance
from engine.core.texts import Words, tell
from engine.core.variables import describe, evaluate, evaluate_condition, evaluate_list, put, visible
from engine.core.working import Stuck

if TYPE_CHECKING:
    from engine.core.working import Element, Working
    from engine.json_values import JsonValue

LOOP = "loop"
"""The ending of a body whose condition is met: it is over when the rounds that are left have ended."""


def open_body(working: Working, body: Element) -> bool:
    """Evaluate the collection and queue the children; say whether there is anything to wait for.

    Raises:
        Stuck: the collection could not be evaluated to a list.
    """
    if isinstance(body.node.loop, StandardLoop):
        return standard_loop.open_body(working, body, body.node.loop)
    loop = characteristics(body)
    items = evaluate_list(working, loop.input_collection, visible(body))
    body.body = MultiInstance(items=tuple(items), next_index=0, finished=0)
    if loop.output_collection is not None:
        working.set_variable(body, loop.output_collection, [None] * len(items))
    for _ in items[:1] if loop.is_sequential else items:
        _next_child(working, body)
    return bool(items)


def evaluate_round(working: Working, child: Element) -> tuple[JsonValue, bool]:
    """Evaluate the output element of a child that is about to leave, and whether the condition ends the rest.

    The condition sees the list of outputs with the child's own in it, as in Camunda: one refusal can end the others.

    Raises:
        Stuck: an expression failed, or something overwrote the list of outputs.
    """
    if child.scope is None or child.scope.body is None:
        raise TypeError(f"element instance {child.key} is a round without a body")
    if isinstance(child.node.loop, StandardLoop):
        return None, standard_loop.is_last_round(working, child, child.scope, child.node.loop)
    loop, body = characteristics(child), child.scope.body
    scope = visible(child)
    if loop.output_collection is not None:
        _check_collection(loop.output_collection, child.scope.variables.get(loop.output_collection), child)
    value = evaluate(working, loop.output_element, scope) if loop.output_element is not None else None
    if loop.completion_condition is None:
        return value, False
    figures = {
        "numberOfInstances": len(body.items),
        "numberOfActiveInstances": len(child.scope.children) - 1,
        "numberOfCompletedInstances": body.finished + 1,
        "numberOfTerminatedInstances": 0,
    }
    nearest: dict[str, JsonValue] = {**figures}
    if loop.output_collection is not None and loop.output_collection not in child.variables:
        nearest[loop.output_collection] = _with_output(child, loop.output_collection, value)
    return value, evaluate_condition(working, loop.completion_condition, visible(child, nearest))


def close_round(working: Working, body: Element, child: Element, *, value: JsonValue, is_last: bool) -> bool:
    """Take in a child that left; say whether the body is over, its outputs handed over."""
    if isinstance(body.node.loop, StandardLoop):
        return standard_loop.close_round(working, body, is_last=is_last)
    loop = characteristics(body)
    if body.body is None or child.loop_counter is None:
        raise TypeError(f"element instance {body.key} is not a body, or {child.key} not a round")
    body.body = replace(body.body, finished=body.body.finished + 1)
    if loop.output_collection is not None:
        body.variables[loop.output_collection] = _with_output(child, loop.output_collection, value)
        working.collecting[body.key] = body
        working.note_update(body, loop.output_collection)
    if not is_last and loop.is_sequential and body.body.next_index < len(body.body.items):
        _next_child(working, body)
        return False
    if is_last:
        is_over = termination.terminate_children(working, body, then=Ending(kind=LOOP))
    else:
        is_over = body.body.finished >= len(body.body.items)
    if is_over:
        hand_over(working, body)
    return is_over


def hand_over(working: Working, body: Element) -> None:
    """Give the collected outputs to the scope around the body."""
    name = None if isinstance(body.node.loop, StandardLoop) else characteristics(body).output_collection
    if name is not None and name in body.variables and body.scope is not None:
        put(working, body.scope, {name: body.variables[name]})


def tell_collected(working: Working) -> None:
    """Tell, once at the end of a run, the outputs that bodies still running have collected in it."""
    for body in working.collecting.values():
        name = characteristics(body).output_collection
        if body.is_alive and name is not None and name in body.variables:
            working.set_variable(body, name, body.variables[name])


def _with_output(child: Element, name: str, value: JsonValue) -> list[JsonValue]:
    """Return the list under construction with a round's output, as a copy: snapshots and facts hold the one before."""
    if child.scope is None or child.loop_counter is None:
        raise TypeError(f"element instance {child.key} is no round")
    values = list(child.scope.variables[name])
    values[child.loop_counter - 1] = value
    return values


def _check_collection(name: str, collected: JsonValue, child: Element) -> None:
    """Refuse what a task or another activity wrote over the list under construction."""
    if not isinstance(collected, list):
        raise Stuck("expression", tell("outputs-overwritten", name=name, found=describe(collected)))
    if len(collected) < (child.loop_counter or 0):
        found = Words(f"仅有 {len(collected)} 项的列表", f"a list of {len(collected)}")
        raise Stuck("expression", tell("outputs-overwritten", name=name, found=found))


def characteristics(element: Element) -> LoopCharacteristics:
    """Return how the activity is repeated."""
    if not isinstance(element.node.loop, LoopCharacteristics):
        raise TypeError(f"{element.node.id} is no multi-instance activity")
    return element.node.loop


def _next_child(working: Working, body: Element) -> None:
    if body.body is None:
        raise TypeError(f"element instance {body.key} is not a body")
    index = body.body.next_index
    body.body = replace(body.body, next_index=index + 1)
    child = working.create(body.node, body, loop_counter=index + 1)
    working.set_variable(child, "loopCounter", index + 1)
    loop = characteristics(body)
    if loop.input_element is not None:
        working.set_variable(child, loop.input_element, body.body.items[index])
    if loop.output_variable is not None and loop.output_variable not in child.variables:
        working.set_variable(child, loop.output_variable, None)
    working.queue.append(child)
