"""What elements wait for: evaluated from the diagram when the element is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.core import conditions, timers
from engine.core.limits import MOST_TIMERS_AT_ONCE
from engine.core.model import Subscription
from engine.core.texts import tell
from engine.core.variables import describe, evaluate, evaluate_name, visible
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.core.graph import EventDefinition, Node


def subscribe(working: Working, element: Element, catchers: Iterable[str]) -> None:
    """Let an element wait for the events of these nodes; evaluates all of them before it changes anything.

    Raises:
        Stuck: a time, name or correlation key could not be evaluated.
    """
    nodes = [element.process.nodes[each] for each in catchers]
    for subscription in [prepare(working, node, element) for node in nodes]:
        take_up(working, element, subscription)


def take_up(working: Working, element: Element, subscription: Subscription) -> None:
    """Let an element wait for what was prepared; a condition that is true already is to fire."""
    working.subscribe(element, subscription)
    conditions.look_at_once(working, element, subscription)


def around(element: Element) -> list[str]:
    """Return the events that may happen to an element while it lives: at its boundary, in its event sub-processes."""
    node = element.node
    boundary = [] if element.is_loop_child else list(node.boundary_events)
    return boundary if element.is_loop_body else [*boundary, *event_starts(element)]


def event_starts(element: Element) -> list[str]:
    """Return the start events of the event sub-processes drawn in a scope."""
    nodes = element.process.nodes
    return [start for each in element.node.event_sub_processes for start in nodes[each].start_events]


def drop_starts(working: Working, scope: Element) -> None:
    """Let a scope wait no longer for what starts its event sub-processes: it is interrupted or over."""
    nodes = scope.process.nodes
    starts = [key for key, one in scope.subscriptions.items() if nodes[one.element].tag == "startEvent"]
    working.unsubscribe(scope, starts)


def prepare(working: Working, node: Node, element: Element) -> Subscription:
    """Evaluate what the event of a node makes an element wait for.

    As in Camunda a key of a boundary event does not see what its activity holds alone, all else does.

    Raises:
        Stuck: a time, name or correlation key could not be evaluated.
    """
    event, scope = node.event, visible(element)
    if event is None:
        raise TypeError(f"{node.id} waits for nothing; the compiled diagram is broken")
    if event.kind == "timer":
        return _timer(working, node.id, event, scope)
    name = event.code if event.kind in ("error", "escalation") else event.name
    if name is not None:
        name = evaluate_name(working, name, scope)
    key = event.correlation_key
    if key is not None:
        outside = element.scope if node.tag == "boundaryEvent" else None
        key = evaluate_name(working, key, scope if outside is None else visible(outside))
    return Subscription(key=working.take_key(), kind=event.kind, element=node.id, name=name, correlation_key=key)


def rearm(working: Working, element: Element, fired: Subscription) -> None:
    """After a firing that did not end its element: a timer is over, or waits for the next moment of its cycle."""
    if fired.kind != "timer":
        return
    working.unsubscribe(element, [fired.key])
    if fired.repeat is None or fired.due is None:
        return
    following = timers.next_firing(fired.due, fired.repeat, working.environment.now)
    if following is not None:
        due, repeat = following
        again = Subscription(key=working.take_key(), kind="timer", element=fired.element, due=due, repeat=repeat)
        working.subscribe(element, again)


def _timer(working: Working, element_id: str, event: EventDefinition, scope: Mapping[str, Any]) -> Subscription:
    text = event.date or event.duration or event.cycle or ""
    value = evaluate(working, text, scope)
    if not isinstance(value, str):
        raise Stuck("timer", tell("time-needed", text=text, found=describe(value)))
    now, repeat = working.environment.now, None
    try:
        if event.date is not None:
            due = timers.parse_moment(value, now)
        elif event.duration is not None:
            due = timers.parse_duration(value).after(now)
        else:
            due, repeat = timers.parse_cycle(value, now)
    except timers.TimerUnreadable as failure:
        raise Stuck("timer", failure.reason()) from failure
    at_once = working.at_once + 1 if due - now < timers.SECOND else 0
    if at_once > MOST_TIMERS_AT_ONCE:
        raise Stuck("step-limit", tell("timers-at-once", limit=MOST_TIMERS_AT_ONCE))
    return Subscription(
        key=working.take_key(), kind="timer", element=element_id, due=due, repeat=repeat, at_once=at_once
    )
