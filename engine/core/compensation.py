"""Compensation: what completed and can still be undone, and the event that undoes it.

What can be undone is kept in the scope it completed in, as a tree: an activity with its handler, and what completed
within it. A round, an activation in an ad-hoc sub-process, an event sub-process and a compensation event are no
activities by themselves; what completed in them is handed to the scope around when they complete, and lost when they
are ended before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core.graph import ACTIVATION
from engine.core.model import Compensable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.core.working import Element, Working
    from engine.json_values import JsonValue


def remember(scope: Element, completed: Element) -> None:
    """Keep a completed activity that has a handler, or in which something can be undone, in the scope around."""
    node = completed.node
    inner = tuple(_seen_within(completed.variables, each) for each in completed.compensable)
    is_part = node.tag == ACTIVATION or node.is_event_sub_process
    if completed.is_loop_child or is_part or is_thrower(completed):
        scope.compensable.extend(inner)
    elif inner or node.compensation_handler is not None:
        undo = Compensable(activity=node.id, handler=node.compensation_handler, variables={}, inner=inner)
        scope.compensable.append(undo)


def throw(working: Working, thrower: Element, activity: str | None) -> bool:
    """Begin the handlers of what completed in the scope, all at once; say whether there is any.

    The handlers live under the throw event, which completes after the last of them.
    """
    undone = [undo for holder in _reached(thrower) for undo in _taken_from(holder, thrower, activity)]
    handlers = [each for each in _with_all_within(undone) if each.handler is not None]
    for each in handlers:
        handler = working.create(thrower.process.nodes[each.handler or ""], thrower)
        for name, value in each.variables.items():
            working.set_variable(handler, name, value)
        working.queue.append(handler)
    return bool(handlers)


def is_thrower(scope: Element) -> bool:
    """Say whether a scope is a compensation event with its handlers under it."""
    return scope.node.tag in ("intermediateThrowEvent", "endEvent")


def _reached(thrower: Element) -> Iterator[Element]:
    """Go through the holders of what a throw event undoes: its scope, that around an event sub-process or activation.

    What is begun in an ad-hoc sub-process is one scope as drawn, so that its other activations belong to it.
    """
    scope = thrower.scope
    while scope is not None:
        yield scope
        if scope.node.ad_hoc is not None:
            yield from (each for each in scope.children.values() if each.node.tag == ACTIVATION)
        is_part = scope.node.tag == ACTIVATION or scope.node.is_event_sub_process
        scope = scope.scope if is_part else None


def _taken_from(holder: Element, thrower: Element, activity: str | None) -> list[Compensable]:
    taken = [each for each in holder.compensable if activity in (None, each.activity)]
    holder.compensable = [each for each in holder.compensable if activity not in (None, each.activity)]
    is_apart = holder.node.tag == ACTIVATION and holder is not thrower.scope  # its variables are not seen from there
    return [_seen_within(holder.variables, each) for each in taken] if is_apart else taken


def _with_all_within(undone: Iterable[Compensable]) -> Iterator[Compensable]:
    for each in undone:
        yield each
        yield from _with_all_within(each.inner)


def _seen_within(variables: Mapping[str, JsonValue], undo: Compensable) -> Compensable:
    """Let handlers see the variables of a scope that will be gone."""
    inner = tuple(_seen_within(variables, each) for each in undo.inner)
    return replace(undo, variables={**variables, **undo.variables}, inner=inner)
