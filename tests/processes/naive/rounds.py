"""Multi-instance activities: one round for every item, at once or one by one, under a body that collects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.processes.naive import undoing
from tests.processes.naive.drawing import Element, own_output
from tests.processes.naive.state import Life, State

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive


def begin(naive: Naive, state: State, life_id: int, element: Element) -> State:
    loop = element.loop or {}
    items = tuple(naive.evaluate(loop["inputCollection"], state.seen_by(life_id)))
    state = state.changed(life_id, phase="open", is_body=True, items=items)
    if "outputCollection" in loop:
        state = state.assigned(life_id, {loop["outputCollection"]: [None] * len(items)})
    for _ in items[:1] if loop["one_by_one"] else items:
        state = _next_round(naive, state, life_id)
    for each in naive.drawing.boundary[element.id]:
        state = naive.arm(state, life_id, each)
    return state if items else _leave_body(naive, state, life_id)


def _next_round(naive: Naive, state: State, body_id: int) -> State:
    body, element = state.lives[body_id], naive.element(state, body_id)
    state = state.changed(body_id, begun=body.begun + 1)
    local = {"loopCounter": body.begun + 1}
    if "inputElement" in (element.loop or {}):
        local[(element.loop or {})["inputElement"]] = body.items[body.begun]
    own = own_output(element.loop or {})
    if own is not None:
        local.setdefault(own, None)
    state, _ = state.born(element.id, body_id, counter=body.begun + 1, variables=local)
    return state


def leave(naive: Naive, state: State, life: Life, element: Element) -> State:
    loop, seen, body = element.loop or {}, state.seen_by(life.id), state.lives[life.parent]
    value = naive.evaluate(loop["outputElement"], seen) if "outputElement" in loop else None
    figures = {
        "numberOfInstances": len(body.items),
        "numberOfActiveInstances": len(state.children(body.id)) - 1,
        "numberOfCompletedInstances": body.finished + 1,
        "numberOfTerminatedInstances": 0,
    }
    collected = {}
    if "outputCollection" in loop:
        name = loop["outputCollection"]
        if _is_overwritten(body.variables[name], life):
            return state.changed(life.id, phase="stuck", stuck="leaving")
        before = body.variables[name]
        collected = {name: [*before[: (life.counter or 0) - 1], value, *before[life.counter or 0 :]]}
    seen = {**seen, **collected, **life.variables, **figures}
    is_enough = loop["until"] is not None and naive.evaluate(loop["until"], seen)
    state = undoing.remember(naive, state, life.id)
    state = state.died([life.id], "left").changed(body.id, finished=body.finished + 1)
    state = state.assigned(body.id, collected)
    if is_enough:
        return _leave_body(naive, state.emptied(body.id), body.id)
    if loop["one_by_one"] and body.begun < len(body.items):
        return _next_round(naive, state, body.id)
    return _leave_body(naive, state, body.id) if body.finished + 1 == len(body.items) else state


def _leave_body(naive: Naive, state: State, body_id: int) -> State:
    body, element = state.lives[body_id], naive.element(state, body_id)
    name = (element.loop or {}).get("outputCollection")
    if name is not None:
        state = state.merged(body.parent, {name: body.variables[name]})
    if undoing.is_thrower(naive, state, body.parent):
        return undoing.undone(naive, state, body_id)
    flows = naive.flows(state, body_id, element)
    state = undoing.remember(naive, state, body_id)
    return naive.go_on(state.died([body_id], "left"), body.parent, element, flows)


def _is_overwritten(collected: Any, life: Life) -> bool:
    return not isinstance(collected, list) or len(collected) < (life.counter or 0)
