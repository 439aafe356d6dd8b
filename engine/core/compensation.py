"""Compensation: what completed and can still be undone, and the event that undoes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.model import Compensable

if TYPE_CHECKING:
    from engine.core.working import Element, Working


def remember(scope: Element, completed: Element) -> None:
    """Keep a completed activity that has a handler, and those completed within it, in the scope around."""
    holder = _holder(scope)
    node = completed.node
    if node.compensation_handler is not None and not completed.is_loop_child:
        holder.compensable.append(Compensable(activity=node.id, handler=node.compensation_handler, variables={}))
    for inner in completed.compensable:
        holder.compensable.append(replace(inner, variables={**completed.variables, **inner.variables}))


def throw(working: Working, thrower: Element, activity: str | None) -> bool:
    """Begin the handlers of what completed in the scope, all at once; say whether there is any.

    The handlers live under the throw event, which completes after the last of them.
    """
    if thrower.scope is None:
        return False
    holder = _holder(thrower.scope)
    undone = [each for each in holder.compensable if activity in (None, each.activity)]
    holder.compensable = [each for each in holder.compensable if activity not in (None, each.activity)]
    for each in undone:
        handler = working.create(thrower.process.nodes[each.handler], thrower)
        for name, value in each.variables.items():
            working.set_variable(handler, name, value)
        working.queue.append(handler)
    return bool(undone)


def is_thrower(scope: Element) -> bool:
    """Say whether a scope is a compensation event with its handlers under it."""
    return scope.node.tag in ("intermediateThrowEvent", "endEvent")


def _holder(scope: Element) -> Element:
    while scope.is_loop_body and scope.scope is not None:
        scope = scope.scope
    return scope
