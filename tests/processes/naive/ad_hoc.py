"""Ad-hoc sub-processes: what is begun in one lives in a part of its own; each part that is over may end the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.processes.naive import events, undoing
from tests.processes.naive.drawing import Element, own_output
from tests.processes.naive.state import State

if TYPE_CHECKING:
    from tests.processes.naive.interpreter import Naive


def begin(naive: Naive, state: State, life_id: int, element: Element) -> State:
    """Tell what can be begun, and begin what is chosen; with nothing chosen it waits."""
    drawn = element.ad_hoc or {}
    told = [{"elementId": each, "elementName": "", "documentation": "", "properties": {}} for each in drawn["heads"]]
    state = state.assigned(life_id, {"adHocSubProcessElements": told})
    if "outputCollection" in drawn:
        state = state.assigned(life_id, {drawn["outputCollection"]: []})
    chosen = naive.evaluate(drawn["activeElementsCollection"], state.seen_by(life_id))
    return begin_parts(naive, state, life_id, chosen)


def begin_parts(naive: Naive, state: State, life_id: int, chosen: list[str]) -> State:
    """Begin elements, each in a part of its own."""
    local = own_variable(naive, state, life_id)
    for each in chosen:
        state, part = state.born(state.lives[life_id].element, life_id, phase="open", is_part=True, variables=local)
        state = state.moved(part, each)
    return state


def own_variable(naive: Naive, state: State, life_id: int) -> dict[str, Any]:
    """What everything begun in an ad-hoc sub-process has of its own, event sub-processes too: what it gives."""
    drawn = None if state.lives[life_id].is_part else naive.element(state, life_id).ad_hoc
    own = None if drawn is None else own_output(drawn)
    return {} if own is None else {own: None}


def is_part(naive: Naive, state: State, life_id: int) -> bool:
    """Say whether this is such a part, or an event sub-process of an ad-hoc sub-process."""
    life = state.lives[life_id]
    if life.is_part or not life.parent:
        return life.is_part
    around = state.lives[life.parent]
    is_ad_hoc = naive.element(state, around.id).ad_hoc is not None and not (around.is_part or around.is_body)
    return is_ad_hoc and naive.element(state, life_id).is_handler


def close(naive: Naive, state: State, part_id: int) -> State:
    """A part is over: collect what it gives, look at the condition, and end the whole where that is fulfilled."""
    part, scope = state.lives[part_id], state.lives[state.lives[part_id].parent]
    drawn = naive.element(state, scope.id).ad_hoc or {}
    collected: dict[str, Any] = {}
    if "outputCollection" in drawn:
        if not isinstance(scope.variables[drawn["outputCollection"]], list):
            return state.changed(part_id, phase="stuck", stuck="leaving")  # something wrote over it
        value = naive.evaluate(drawn["outputElement"], state.seen_by(part_id))
        collected[drawn["outputCollection"]] = [*scope.variables[drawn["outputCollection"]], value]
    is_over = scope.is_fulfilled
    if any(each.interrupts for each in naive.drawing.starts[part.element]) and not part.is_part:
        is_over = True
    elif not is_over and drawn["until"] is not None:
        is_over = naive.evaluate(drawn["until"], {**state.seen_by(scope.id), **collected})
    state = undoing.remember(naive, state, part_id)
    state = state.died([part_id], "left").assigned(scope.id, collected).changed(scope.id, is_fulfilled=is_over)
    if is_over and drawn["cancels"]:
        state = events.closed(naive, state, scope.id)
    return leave_if_over(naive, state, scope.id)


def leave_if_over(naive: Naive, state: State, life_id: int) -> State:
    """Leave an ad-hoc sub-process in which nothing lives, unless it has a condition that is not fulfilled."""
    life = state.lives[life_id]
    waits = (naive.element(state, life_id).ad_hoc or {})["until"] is not None and not life.is_fulfilled
    return state if waits or state.children(life_id) else naive.leave(state, life_id)


def hand_over(state: State, life_id: int, element: Element) -> State:
    """Give what was collected to the scope around."""
    name = (element.ad_hoc or {}).get("outputCollection")
    return (
        state
        if name is None
        else state.merged(state.lives[life_id].parent, {name: state.lives[life_id].variables[name]})
    )
