"""How an element instance is begun, gets stuck, is completed, and how its scope ends behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import compensation, joins, multi_instance, subscriptions
from engine.core.model import InstanceEnded, Stage
from engine.core.variables import apply_inputs, apply_outputs, evaluate_condition, visible
from engine.core.working import Element, Stuck, Token, Working

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.core.graph import Flow
    from engine.json_values import JsonObject


def arrive(working: Working, token: Token) -> None:
    """Let a token reach its element."""
    scope = token.scope
    node = scope.process.nodes[token.target]
    if node.is_join and token.flow is not None and not joins.arrive(working, scope, node, token.flow):
        return
    begin(working, working.create(node, scope))


def begin(working: Working, element: Element) -> None:
    """Enter an element: input mappings, subscriptions, then its own behaviour."""
    element.stage = Stage.ENTERING
    try:
        if element.is_loop_body:
            has_children = multi_instance.open_body(working, element)
            subscriptions.subscribe(working, element, subscriptions.around(element))
            element.stage = Stage.ACTIVE
            if not has_children:
                multi_instance.hand_over(working, element)
                complete(working, element)
            return
        apply_inputs(working, element)
        subscriptions.subscribe(working, element, subscriptions.around(element))
        activate(working, element)
    except Stuck as stuck:
        named_start = dict(element.tokens)  # where a process is to begin, also when it is tried again
        working.terminate_children(element)
        element.tokens.update(named_start)
        working.unsubscribe(element, element.subscriptions)
        element.body = None
        element.stage = Stage.ENTERING
        working.raise_incident(element, stuck.kind, stuck.reason)


def activate(working: Working, element: Element) -> None:
    """Run the behaviour of an element that is entered already."""
    element.stage = Stage.ACTIVE
    working.behaviours[element.node.tag](working, element)


def complete(
    working: Working, element: Element, results: JsonObject | None = None, take: Sequence[Flow] | None = None
) -> None:
    """Complete an element with its results, then every scope that is over by that.

    `take` names the flows to follow where the element chose them itself.
    """
    over: Element | None = element
    values: JsonObject = results or {}
    while over is not None:
        over, values = _complete_one(working, over, values, take)
        take = None


def finish_if_empty(working: Working, scope: Element) -> None:
    """Complete a scope in which nothing lives, moves or waits."""
    over, results = _scope_over(working, scope)
    if over is not None:
        complete(working, over, results)


def chosen_flows(working: Working, element: Element) -> list[Flow]:
    """Return the flows out of an element whose conditions are true or that have none; the default when there is none.

    Raises:
        Stuck: a condition failed or gave no boolean.
    """
    outgoing = element.node.outgoing
    if not any(flow.condition for flow in outgoing):
        return list(outgoing)
    scope = visible(element)
    chosen = [
        flow
        for flow in outgoing
        if not flow.is_default and (flow.condition is None or evaluate_condition(working, flow.condition, scope))
    ]
    return chosen or [flow for flow in outgoing if flow.is_default]


def _complete_one(
    working: Working, element: Element, results: JsonObject, take: Sequence[Flow] | None
) -> tuple[Element | None, JsonObject]:
    element.stage = Stage.LEAVING
    value, is_last = None, False
    try:
        if not element.is_loop_body:
            apply_outputs(working, element, results)
        if element.is_loop_child:
            value, is_last = multi_instance.evaluate_round(working, element)
        elif take is None:
            take = chosen_flows(working, element)
    except Stuck as stuck:
        working.raise_incident(element, stuck.kind, stuck.reason)
        return None, {}
    scope = element.scope
    working.leave(element)
    if scope is None:
        raise TypeError(f"the root {element.key} is completed as if it were an element")
    compensation.remember(scope, element)
    if element.is_loop_child:
        if not multi_instance.close_round(working, scope, element, value=value, is_last=is_last):
            return None, {}
        multi_instance.hand_over(working, scope)
        return scope, {}
    if compensation.is_thrower(scope):
        return (None if scope.children else scope), {}
    for flow in take or ():
        working.follow(scope, flow)
    if element.node.link_target is not None:
        working.send(scope, element.node.link_target)
    return _scope_over(working, scope)


def _scope_over(working: Working, scope: Element) -> tuple[Element | None, JsonObject]:
    """Return what completes next when nothing lives, moves or waits in this scope, and with which results."""
    if not scope.is_alive or scope.children or scope.tokens or scope.on_their_way or scope.incident is not None:
        return None, {}
    if scope.node.tag != "process":
        return scope, {}
    caller = scope.scope
    working.leave(scope)
    if caller is None:
        ended = InstanceEnded(
            key=scope.key,
            definition=scope.definition,
            element=scope.node.id,
            cancelled=False,
            variables=dict(scope.variables),
        )
        working.facts.append(ended)
        return None, {}
    called = caller.node.called
    hands_back = bool(caller.node.outputs) or (called is not None and called.propagates_child_variables)
    return caller, dict(scope.variables) if hands_back else {}
