"""Events: those that wait, and those that throw something on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import compensation, subscriptions
from engine.core.behaviours.messages import send_message
from engine.core.behaviours.tasks import service_task
from engine.core.events import not_caught, raise_event
from engine.core.lifecycle import complete
from engine.core.model import SignalSent, Stage
from engine.core.texts import tell
from engine.core.variables import evaluate_name, visible
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from engine.core.graph import EventDefinition


def catch_event(working: Working, element: Element) -> None:
    """Wait for a message, signal or time; a link or an event of no type lets the token through."""
    event = element.node.event
    if event is None or event.kind == "link":
        complete(working, element)
    else:
        subscriptions.subscribe(working, element, [element.node.id])


def throw_event(working: Working, element: Element) -> None:
    """Throw what is drawn, then go on; an end event is one that leads nowhere."""
    event = element.node.event
    if event is None or event.kind == "link":
        complete(working, element)
    elif element.node.job is not None:
        service_task(working, element)
    elif event.kind == "message":
        send_message(working, element)
        complete(working, element)
    elif event.kind == "signal":
        _throw_signal(working, element, event)
    elif event.kind == "error":
        _throw_error(working, element, event)
    elif event.kind == "escalation":
        _throw_escalation(working, element, event)
    elif event.kind == "compensate":
        if not compensation.throw(working, element, event.activity):
            complete(working, element)
    elif event.kind == "terminate":
        complete(working, element)  # and everything else in its scope with it
    else:
        raise TypeError(f"{element.node.id} cannot throw {event.kind}; the compiled diagram is broken")


def _throw_signal(working: Working, element: Element, event: EventDefinition) -> None:
    if event.name is None:
        raise Stuck("signal", tell("no-signal", element=element.node.id))
    signal = SignalSent(
        key=element.key,
        definition=element.definition,
        element=element.node.id,
        name=evaluate_name(working, event.name, visible(element)),
        variables=dict(element.variables) if element.node.inputs else {},
    )
    working.facts.append(signal)
    working.signals.append((signal, working.next_key))
    complete(working, element)


def _throw_error(working: Working, element: Element, event: EventDefinition) -> None:
    code = None if event.code is None else evaluate_name(working, event.code, visible(element))
    variables = dict(element.variables) if element.node.inputs else {}
    if not raise_event(working, element, "error", code, variables):
        raise Stuck("error-not-caught", not_caught(element, code))


def _throw_escalation(working: Working, element: Element, event: EventDefinition) -> None:
    code = None if event.code is None else evaluate_name(working, event.code, visible(element))
    variables = dict(element.variables) if element.node.inputs else {}
    raise_event(working, element, "escalation", code, variables)
    if element.is_alive and element.stage is Stage.ACTIVE:
        complete(working, element)
