"""What happens when an event fires: who catches it, what it ends, what it begins, and whether it goes on waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.processes.naive.drawing import Element
from tests.processes.naive.state import State, Wait

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive


def broadcast(naive: Naive, state: State, name: str, thrown: int) -> State:
    """A signal reaches everybody who waited for it when it was thrown, in that order; who is gone by then misses it."""
    for wait in sorted(state.waits, key=lambda each: each.id):
        if (wait.kind, wait.name) == ("signal", name) and wait.id <= thrown and wait in state.waits:
            state = happen(naive, state, wait, {})
    return state


def throw(naive: Naive, state: State, life_id: int, kind: str, code: str | None) -> State | None:
    """Look outwards for who catches it: a named code before any code, event sub-processes before boundaries."""
    for life in state.outwards(life_id):
        catching = [each for each in state.waits if each.owner == life.id and each.kind == kind]
        catching = [each for each in catching if each.name in (None, code)]
        if catching:
            return happen(naive, state, min(catching, key=lambda wait: _nearness(naive, wait)), {})
    return None


def _nearness(naive: Naive, wait: Wait) -> tuple[bool, bool, int]:
    return wait.name is None, naive.drawing.elements[wait.element].tag == "boundaryEvent", wait.id


def happen(naive: Naive, state: State, wait: Wait, variables: Mapping[str, Any]) -> State:
    element, owner = naive.drawing.elements[wait.element], state.lives[wait.owner]
    if element.tag == "startEvent":
        return _start_handler(naive, state, wait, element, variables)
    if element.tag == "boundaryEvent":
        state = state.ended(owner.id) if element.interrupts else _again(state, wait)
    elif naive.element(state, owner.id).tag == "eventBasedGateway":
        [flow] = [each for each in naive.drawing.out_of[owner.element] if each.target == element.id]
        state = state.died([owner.id], "left").tell("flow", flow.id)
    else:
        return naive.leave(state.without_waits(lambda each: each is wait), owner.id, variables)
    state, event_id = state.born(element.id, owner.parent, phase="open")
    return naive.leave(state, event_id, variables)


def _start_handler(naive: Naive, state: State, wait: Wait, element: Element, variables: Mapping[str, Any]) -> State:
    scope = state.lives[wait.owner]
    state = state.changed(scope.id, phase="open", stuck="", has_given=False)  # it may have been stuck on its way out
    state = closed(naive, state, scope.id) if element.interrupts else _again(state, wait)
    state, handler = state.born(element.inside, scope.id, phase="open", started_by=(element.id, variables))
    state = state.assigned(handler, naive.own_variable(state, scope.id))
    asked = naive.ask_first(state, handler)
    if asked is not None:
        return asked
    return begin_handler(naive, state.changed(handler, started_by=None), handler, element.id, variables)


def closed(naive: Naive, state: State, scope: int) -> State:
    """End everything within a scope; its event sub-processes begin no more."""
    starts = {each.id for each in naive.drawing.handler_starts[state.lives[scope].element]}
    return state.emptied(scope).without_waits(lambda each: each.owner == scope and each.element in starts)


def begin_handler(naive: Naive, state: State, handler: int, start: str, variables: Mapping[str, Any]) -> State:
    """Go on with an event sub-process by its start event."""
    inside = state.lives[handler].element
    state, event_id = state.born(start, handler, phase="open")
    state = naive.leave(state, event_id, variables)
    for each in naive.drawing.handler_starts[inside]:  # they may read what the start event handed over
        state = naive.arm(state, handler, each)
    return state


def _again(state: State, wait: Wait) -> State:
    """A timer that fired is over, or waits for its next time; everything else goes on waiting."""
    if wait.due is None or state.now is None:
        return state
    state = state.without_waits(lambda each: each is wait)
    if wait.every is None or wait.left == 1:
        return state
    due = wait.due + hours(wait.every)
    while due <= state.now:
        due += hours(wait.every)
    return state.armed(replace(wait, due=due, left=None if wait.left is None else wait.left - 1))


def hours(text: str) -> timedelta:
    """These diagrams count in hours: PT3H."""
    return timedelta(hours=int(text.removeprefix("PT").removesuffix("H")))
