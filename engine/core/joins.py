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
    """Return an inclusive join that no other token can reach any more, by the rule of BPMN 2.0.2, section 13.4.3."""
    for scope in working.scopes_with_tokens.values():
        nodes = scope.process.nodes
        for join_id, waiting in scope.tokens.items():
            join = nodes[join_id]
            if join.tag == "inclusiveGateway" and _is_ready(scope, join, set(waiting)):
                return scope, join
    return None


def _is_ready(scope: Element, join: Node, taken: set[str]) -> bool:
    missing = [flow.id for flow in join.incoming if flow.id not in taken]
    if not missing:
        return True
    upstream = scope.process.upstream[join.id]
    places = {child.node.id for child in scope.children.values()} | (scope.tokens.keys() - {join.id})
    return not any(
        any(place in upstream[flow] for flow in missing) and not any(place in upstream[flow] for flow in taken)
        for place in places
    )
