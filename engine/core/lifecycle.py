"""How an element instance is begun, gets stuck, is completed, and how its scope ends behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import (
    ad_hoc,
    compensation,
    conditions,
    joins,
    listeners,
    multi_instance,
    subscriptions,
    termination,
)
from engine.core.listener_model import END, START, Listening
from engine.core.model import InstanceEnded, Stage
from engine.core.texts import tell
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
    """Enter an element: input mappings, its start listeners, subscriptions, then its own behaviour."""
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
        if not listeners.must_wait(working, element, Listening(event=START)):
            _enter(working, element)
    except Stuck as stuck:
        _stay_outside(working, element, stuck)


def enter(working: Working, element: Element) -> None:
    """Go on with an element whose start listeners are done."""
    try:
        _enter(working, element)
    except Stuck as stuck:
        _stay_outside(working, element, stuck)


def activate(working: Working, element: Element) -> None:
    """Run the behaviour of an element that is entered already."""
    element.stage = Stage.ACTIVE
    working.behaviours[element.node.tag](working, element)


def complete(
    working: Working, element: Element, results: JsonObject | None = None, take: Sequence[Flow] | None = None
) -> None:
    """Complete an element with its results and end listeners, then every scope that is over by that.

    `take` names the flows to follow where the element chose them itself.
    """
    over: Element | None = element
    values: JsonObject = results or {}
    while over is not None:
        over, values = _complete_one(working, over, values, take)
        take = None


def depart(working: Working, element: Element) -> None:
    """Go on with an element whose end listeners are done."""
    is_process = element.node.tag == "process"
    over, results = _leave_process(working, element) if is_process else _leave(working, element, None)
    if over is not None:
        complete(working, over, results)


def finish_if_empty(working: Working, scope: Element) -> None:
    """Complete a scope in which nothing lives, moves or waits."""
    over, results = _scope_over(working, scope)
    if over is not None:
        complete(working, over, results)


def chosen_flows(working: Working, element: Element) -> list[Flow]:
    """Return the flows out of an element whose conditions are true or that have none; the default when there is none.

    Raises:
        Stuck: a condition failed or gave no boolean, or there is no flow to take.
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
    chosen = chosen or [flow for flow in outgoing if flow.is_default]
    if not chosen:
        raise Stuck("condition", tell("no-flow"))
    return chosen


def _enter(working: Working, element: Element) -> None:
    if element.event is not None:
        _enter_by_event(working, element, element.event)
        return
    subscriptions.subscribe(working, element, subscriptions.around(element))
    if conditions.is_interrupted_at_once(working, element):
        return  # still entering: nothing of it is open that the boundary event would have to close
    activate(working, element)


def _enter_by_event(working: Working, scope: Element, variables: JsonObject) -> None:
    """Complete the start event that fired; the scope waits for its own events from then on: see `_open_around`."""
    [start] = scope.tokens
    scope.tokens, scope.event = {}, None
    complete(working, working.create(scope.process.nodes[start], scope), variables)


def _open_around(working: Working, element: Element) -> None:
    """Let a scope wait for its events once the start event that began it has handed over what its event brought.

    Raises:
        Stuck: a time, name or correlation key could not be evaluated; the start event tries again.
    """
    scope = element.scope
    if element.node.tag == "startEvent" and scope is not None and scope.stage is Stage.ENTERING:
        subscriptions.subscribe(working, scope, subscriptions.around(scope))
        scope.stage = Stage.ACTIVE


def _stay_outside(working: Working, element: Element, stuck: Stuck) -> None:
    """Take back what entering has begun: a retry enters again."""
    named_start = dict(element.tokens)  # where a process is to begin, also when it is tried again
    termination.terminate_children(working, element)
    element.tokens.update(named_start)
    working.unsubscribe(element, element.subscriptions)
    element.body = None
    element.stage = Stage.ENTERING
    working.raise_incident(element, stuck.kind, stuck.reason)


def _complete_one(
    working: Working, element: Element, results: JsonObject, take: Sequence[Flow] | None
) -> tuple[Element | None, JsonObject]:
    element.stage = Stage.LEAVING
    if not element.is_loop_body:
        try:
            if not element.has_handed_over:  # else a retry would apply its output mappings twice
                ad_hoc.hand_over(working, element)
                apply_outputs(working, element, results)
                element.has_handed_over = True
            _open_around(working, element)
        except Stuck as stuck:
            working.raise_incident(element, stuck.kind, stuck.reason)
            return None, {}
        if _must_wait_for_end_listeners(working, element):
            return None, {}
    return _leave(working, element, take)


def _must_wait_for_end_listeners(working: Working, element: Element) -> bool:
    if not element.node.listeners(END):
        return False
    working.unsubscribe(element, element.subscriptions)
    return listeners.must_wait(working, element, Listening(event=END))


def _leave(working: Working, element: Element, take: Sequence[Flow] | None) -> tuple[Element | None, JsonObject]:
    is_inner, value, is_last = element.is_loop_child or ad_hoc.is_part(element), None, False
    try:
        if is_inner:
            inner = multi_instance.evaluate_round if element.is_loop_child else ad_hoc.evaluate_part
            value, is_last = inner(working, element)
        elif take is None:
            take = chosen_flows(working, element)
    except Stuck as stuck:
        working.raise_incident(element, stuck.kind, stuck.reason)
        return None, {}
    scope = element.scope
    working.leave(element)
    if scope is None:
        raise TypeError(f"the root {element.key} is completed as if it were an element")
    if element.node.event is not None and element.node.event.kind == "terminate":
        subscriptions.drop_starts(working, scope)
        termination.terminate_children(working, scope)
        return _scope_over(working, scope)
    compensation.remember(scope, element)
    if is_inner:
        close = multi_instance.close_round if element.is_loop_child else ad_hoc.close_part
        return (scope if close(working, scope, element, value=value, is_last=is_last) else None), {}
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
    if not ad_hoc.may_end(scope):
        return None, {}
    if scope.listening is not None or scope.ending is not None or scope.stage is Stage.TERMINATING:
        return None, {}
    if scope.node.tag != "process":
        return scope, {}
    scope.stage = Stage.LEAVING if scope.node.listeners(END) else scope.stage
    return (None, {}) if _must_wait_for_end_listeners(working, scope) else _leave_process(working, scope)


def _leave_process(working: Working, scope: Element) -> tuple[Element | None, JsonObject]:
    """End a process; return the call activity it hands its variables back to, if it was called."""
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
