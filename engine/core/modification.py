"""Repair by hand: begin and end elements of a running instance beside the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import ad_hoc, termination
from engine.core.lifecycle import finish_if_empty
from engine.core.model import Activation, CannotModify, Modify, Stage
from engine.core.variables import put
from engine.core.working import descendants

if TYPE_CHECKING:
    from engine.core.working import Element, Working

_NOT_BY_HAND = ("startEvent", "boundaryEvent")


def modify(working: Working, command: Modify) -> None:
    """Begin what is to begin, then end what is to end; checks everything before it changes anything.

    Raises:
        CannotModify: a scope or element is not there, or cannot be begun or ended alone.
    """
    ending = [working.elements.get(key) for key in command.terminate]
    obstacles = [
        *(reason for each in command.activate if (reason := _why_not_begin(working, each)) is not None),
        *(
            reason
            for key, element in zip(command.terminate, ending, strict=True)
            if (reason := _why_not_end(key, element)) is not None
        ),
    ]
    gone = {inner.key for element in ending if element is not None for inner in descendants(element)}
    obstacles += [
        f"scope {each.scope} would be ended at the same time" for each in command.activate if each.scope in gone
    ]
    if obstacles:
        raise CannotModify(*obstacles)
    for activation in command.activate:
        scope = working.elements[activation.scope]
        put(working, scope, activation.variables)
        node = scope.process.nodes[activation.element]
        working.queue.append(working.create(node, ad_hoc.place_for(working, scope)))
    scopes = [element.scope for element in ending if element is not None]
    for element in ending:
        if element is not None and element.is_alive:
            termination.terminate(working, element)
    for emptied in scopes:
        if emptied is not None:
            finish_if_empty(working, emptied)


def _why_not_begin(working: Working, activation: Activation) -> str | None:
    scope = working.elements.get(activation.scope)
    if scope is None:
        return f"there is no living scope {activation.scope}"
    if scope.listening is not None or scope.ending is not None or scope.stage is Stage.TERMINATING:
        return f"the scope {scope.node.id} waits for listeners and takes nothing on now"
    node = scope.process.nodes.get(activation.element)
    if node is None or node.scope != scope.node.id or scope.is_loop_body or scope.incident is not None:
        return f"{activation.element} is not drawn directly in {scope.node.id}, or that scope cannot take it now"
    compensates = any(each.compensation_handler == node.id for each in scope.process.nodes.values())
    if node.tag in _NOT_BY_HAND or node.is_event_sub_process or compensates:
        return f"{activation.element} ({node.tag}) cannot be begun by hand"
    return None


def _why_not_end(key: int, element: Element | None) -> str | None:
    if element is None:
        return f"there is no living element instance {key}"
    if element.scope is None:
        return "the process instance itself is ended by cancelling it"
    if element.stage is Stage.TERMINATING:
        return f"{key} is being ended already: it waits for canceling listeners"
    if element.is_loop_child:
        return f"{key} is one round of the multi-instance {element.node.id}: end the whole body {element.scope.key}"
    if element.node.tag == "process":
        return f"{key} is a called process: end its call activity {element.scope.key}"
    if element.scope.node.tag in ("intermediateThrowEvent", "endEvent"):
        return f"{key} undoes a completed activity: complete it, or end the compensation {element.scope.key}"
    return None
