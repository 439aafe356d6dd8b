"""Tokens that wait for one another at parallel and inclusive gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.core.graph import Node
    from engine.core.working import Element, Working


def arrive(working: Working, scope: Element, join: Node, flow: str) -> bool:
    """Let a token wait at a join; say whether a parallel join has one on every flow now and has taken them.

    An inclusive join is decided only when nothing else moves: see `ready_inclusive_join`.
    """
    waiting = scope.tokens.setdefault(join.id, {})
    waiting[flow] = waiting.get(flow, 0) + 1
    working.scopes_with_tokens[scope.key] = scope
    if join.tag == "inclusiveGateway" or not _has_all(scope, join):
        return False
    consume(working, scope, join)
    return True


def fire_satisfied(working: Working, scope: Element) -> None:
    """Begin every parallel join of a scope that has a token on each of its flows, once for each set of them."""
    for join_id in list(scope.tokens):
        join = scope.process.nodes[join_id]
        while join.tag == "parallelGateway" and _has_all(scope, join):
            consume(working, scope, join)
            working.queue.append(working.create(join, scope))


def _has_all(scope: Element, join: Node) -> bool:
    waiting = scope.tokens.get(join.id, {})
    return bool(waiting) and all(each.id in waiting for each in join.incoming)


def consume(working: Working, scope: Element, join: Node) -> None:
    """Take one token off every flow that has one."""
    waiting = scope.tokens[join.id]
    for flow in list(waiting):
        waiting[flow] -= 1
        if not waiting[flow]:
            del waiting[flow]
    if not waiting:
        del scope.tokens[join.id]
    if not scope.tokens:
        working.scopes_with_tokens.pop(scope.key, None)


def ready_inclusive_join(working: Working) -> tuple[Element, Node] | None:
    """Return an inclusive join that goes on, None when all of them wait; asked when nothing else moves.

    As in Camunda a join waits for everything that can still bring a token to a flow that has none. Where all of them
    wait, one that would wait for ever goes on; see the decision on inclusive joins.
    """
    waiting = [
        (scope, join)
        for scope in working.scopes_with_tokens.values()
        for join in map(scope.process.nodes.__getitem__, scope.tokens)
        if join.tag == "inclusiveGateway"
    ]
    ready = (each for each in waiting if not _awaited(*each))
    return next(ready, None) or next((each for each in waiting if _would_wait_for_ever(*each)), None)


def _awaited(scope: Element, join: Node) -> set[str]:
    """Return where something lives or waits that can still bring a token to a flow that has none."""
    taken, upstream = scope.tokens[join.id], scope.process.upstream[join.id]
    missing = [upstream[flow.id] for flow in join.incoming if flow.id not in taken]
    places = {child.node.id for child in scope.children.values()} | (scope.tokens.keys() - {join.id})
    return {place for place in places if any(place in reached for reached in missing)}


def _would_wait_for_ever(scope: Element, join: Node) -> bool:
    """Say whether a join is awaited by all it waits for: they are joins, and begin a round that leads to all its flows.

    BPMN 2.0.2, section 13.4.3, never waits for what could as well come along a flow that has a token.
    """
    upstream = scope.process.upstream[join.id]
    living = {child.node.id for child in scope.children.values()}
    return all(
        place not in living and any(place in upstream[flow] for flow in scope.tokens[join.id])
        for place in _awaited(scope, join)
    )
