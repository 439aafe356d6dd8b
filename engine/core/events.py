"""Events that reach whoever waits for them: triggers, errors and escalations on their way outwards, signals to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import ad_hoc, listeners, subscriptions, termination
from engine.core.lifecycle import complete
from engine.core.listener_model import START, Ending, Listening
from engine.core.model import FlowTaken, SignalSent, Stage
from engine.core.texts import Words, discreet, in_both, listed, tell
from engine.core.variables import apply_inputs
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from engine.core.graph import Node
    from engine.core.model import Subscription
    from engine.json_values import JsonObject

BOUNDARY, EVENT_SUB_PROCESS = "boundary", "event-sub-process"
"""Kinds of endings: what an interrupting event goes on with when all it interrupted has ended."""


def trigger(working: Working, subscription: Subscription, variables: JsonObject) -> None:
    """Let a subscription fire."""
    holder = working.holders[subscription.key]
    node = holder.process.nodes[subscription.element]
    if node.tag == "startEvent":
        _start_event_sub_process(working, holder, node, subscription, variables)
    elif node.tag == "boundaryEvent":
        _leave_by_boundary(working, holder, node, subscription, variables)
    elif holder.node.tag == "eventBasedGateway":
        _choose(working, holder, node, variables)
    else:
        working.unsubscribe(holder, [subscription.key])
        complete(working, holder, variables)


def raise_event(working: Working, element: Element, kind: str, code: str | None, variables: JsonObject) -> bool:
    """Look from an element outwards for who catches an error or escalation; say whether anybody did.

    Of one element, a named code comes before a catch-all, and then an event sub-process before a boundary event.
    """
    each: Element | None = element
    while each is not None:
        nodes = each.process.nodes
        catching = [
            waiting
            for waiting in each.subscriptions.values()
            if waiting.kind == kind and (waiting.name is None or waiting.name == code)
        ]
        if catching:
            best = min(catching, key=lambda one: (one.name is None, nodes[one.element].tag != "startEvent"))
            trigger(working, best, variables)
            return True
        each = each.scope
    return False


def not_caught(element: Element, code: str | None, message: str = "") -> str:
    """Return what an incident says of an error that nothing around an element catches, and what would be caught.

    `message` is a worker's own word, quoted as that of a failure.
    """
    caught: dict[str, None] = {}
    each: Element | None = element
    while each is not None:
        caught.update((one.name, None) for one in each.subscriptions.values() if one.kind == "error" and one.name)
        each = each.scope
    shown = discreet(code or "")
    error = Words(*(f"{word}: {message}" for word in in_both(shown))) if message else shown
    known = [discreet(name) for name in caught]
    return tell("error-not-caught", error=error, caught=listed(known) if known else Words("无", "none"))


def broadcast(working: Working, signal: SignalSent, before_key: int) -> None:
    """Let everything in this instance fire that waited for the signal when it was thrown: by an older key."""
    waiting = [
        subscription
        for holder in working.elements.values()
        for subscription in holder.subscriptions.values()
        if subscription.kind == "signal" and subscription.name == signal.name and subscription.key < before_key
    ]
    for subscription in sorted(waiting, key=lambda one: one.key):
        if subscription.key in working.holders:
            trigger(working, subscription, signal.variables)


def _leave_by_boundary(
    working: Working, holder: Element, node: Node, subscription: Subscription, variables: JsonObject
) -> None:
    scope = holder.scope
    if scope is None:
        raise TypeError(f"{holder.node.id} has a boundary event but no scope")
    if not node.is_interrupting:
        subscriptions.rearm(working, holder, subscription)
    elif not termination.terminate(working, holder, then=Ending(kind=BOUNDARY, element=node.id, variables=variables)):
        return
    complete(working, working.create(node, scope), variables)


def _choose(working: Working, gateway: Element, node: Node, variables: JsonObject) -> None:
    scope = gateway.scope
    if scope is None:
        raise TypeError(f"{gateway.node.id} has no scope")
    taken = next(flow for flow in gateway.node.outgoing if flow.target == node.id)
    working.leave(gateway)
    working.facts.append(FlowTaken(key=scope.key, definition=scope.definition, element=taken.id))
    complete(working, working.create(node, scope), variables)


def _start_event_sub_process(
    working: Working, holder: Element, node: Node, subscription: Subscription, variables: JsonObject
) -> None:
    if holder.stage is Stage.LEAVING:  # it got stuck on its way out and lives again by this event
        working.resolve_incident(holder)
        holder.stage, holder.has_handed_over = Stage.ACTIVE, False
    if node.is_interrupting:
        then = Ending(kind=EVENT_SUB_PROCESS, element=node.id, variables=variables)
        working.close_decision(holder, completed=False)
        if holder.node.ad_hoc is not None:
            working.resolve_incident(holder)  # of its worker, who is not asked any more
        has_ended = termination.terminate_children(working, holder, then=then)
        subscriptions.drop_starts(working, holder)
        if not has_ended:
            return
    else:
        subscriptions.rearm(working, holder, subscription)
    enter_event_sub_process(working, holder, node, variables)


def enter_event_sub_process(working: Working, holder: Element, node: Node, variables: JsonObject) -> None:
    """Begin an event sub-process by its start event, which has fired; its start listeners come first."""
    sub_process = working.create(holder.process.nodes[node.scope], holder)
    ad_hoc.keep_apart(working, sub_process)
    try:
        apply_inputs(working, sub_process)
    except Stuck as stuck:
        sub_process.tokens, sub_process.event = {node.id: {"": 1}}, variables  # a retry begins there, with them
        working.raise_incident(sub_process, stuck.kind, stuck.reason)
        return
    listening = Listening(event=START, start_event=node.id, variables=variables)
    if not listeners.must_wait(working, sub_process, listening):
        begin_event_sub_process(working, sub_process, node, variables)


def begin_event_sub_process(working: Working, sub_process: Element, node: Node, variables: JsonObject) -> None:
    """Go on with an event sub-process whose start listeners are done."""
    complete(working, working.create(node, sub_process), variables)
