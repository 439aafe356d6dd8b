"""What waits at gateways, and whether more may come: searched in the diagram each time it is asked."""

from __future__ import annotations

from tests.processes.naive.drawing import Drawing
from tests.processes.naive.state import State


def oldest_tokens(state: State, scope: int, gateway: str) -> dict[str, int]:
    """For every flow into a gateway that has a token: the oldest of them."""
    found: dict[str, int] = {}
    for each in state.tokens:
        if (each.scope, each.target) == (scope, gateway) and each.flow is not None:
            found[each.flow] = min(each.id, found.get(each.flow, each.id))
    return found


def more_may_come(drawing: Drawing, state: State, scope: int, gateway: str) -> bool:
    """Say whether something that lives or moves can still bring a token to a flow that has none, as in Camunda."""
    there = oldest_tokens(state, scope, gateway).keys()
    return any(flows_reached(drawing, place, gateway) - there for place in places(state, scope, gateway))


def waits_in_a_circle(drawing: Drawing, state: State, scope: int, gateway: str) -> bool:
    """Say whether only gateways that wait themselves can bring more, and could as well to a flow that has a token."""
    there, living = oldest_tokens(state, scope, gateway).keys(), {each.element for each in state.children(scope)}
    for place in places(state, scope, gateway):
        reached = flows_reached(drawing, place, gateway)
        if reached - there and (place in living or not reached & there):
            return False
    return True


def places(state: State, scope: int, gateway: str) -> set[str]:
    """Where something lives, and where tokens wait or go to, but not at the gateway itself."""
    found = {each.element for each in state.children(scope)}
    return found | {each.target for each in state.tokens if each.scope == scope and each.target != gateway}


def flows_reached(drawing: Drawing, place: str, gateway: str) -> set[str]:
    """Search forward from an element, not through the gateway: along which of its flows can a token come?"""
    waiting, seen, reached = [place], {gateway}, set()
    while waiting:
        element_id = waiting.pop()
        if element_id in seen:
            continue
        seen.add(element_id)
        flows = drawing.out_of[element_id]
        reached |= {each.id for each in flows if each.target == gateway}
        waiting += [each.target for each in flows]
        waiting += [each.id for each in drawing.boundary[element_id]]
        element = drawing.elements[element_id]
        if element.event == "link" and element.tag == "intermediateThrowEvent":
            waiting.append(drawing.link_target(element).id)
    return reached


def leaves_alone(drawing: Drawing, state: State, begin: tuple[int, str] | None, end: int | None) -> bool:
    """Say whether tokens at a parallel join would wait in vain after beginning and ending something by hand."""
    gone = set() if end is None else state.within(end)
    touched = {scope for scope in (begin and begin[0], end and state.lives[end].parent) if scope and scope not in gone}
    waiting = {(each.scope, each.target) for each in state.tokens if each.flow is not None and each.scope in touched}
    for scope, gateway in waiting:
        if not drawing.waits_for_all(gateway):
            continue
        begun = [begin[1]] if begin is not None and begin[0] == scope else []
        other = {target for place, target in waiting if place == scope} - {gateway}
        before = other | {each.element for each in state.children(scope)}
        after = other | {each.element for each in state.children(scope) if each.id not in gone} | set(begun)
        missing = {each.id for each in drawing.into[gateway]} - oldest_tokens(state, scope, gateway).keys()
        still = set().union(*(flows_reached(drawing, each, gateway) for each in after))
        once = set().union(*(flows_reached(drawing, each, gateway) for each in before))
        if missing & (still if gateway in begun else once - still):
            return True
    return False
