"""What a modification would leave at parallel joins: tokens that wait for others which can come no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.model import Obstacle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.core.graph import Node, Process
    from engine.core.model import Modify
    from engine.core.working import Element, Working


def tokens_left_alone(working: Working, command: Modify, gone: set[int]) -> list[Obstacle]:
    """Say where tokens would wait in vain after a modification, `gone` being all that it ends.

    Beginning a join takes the tokens that wait at it; a scope it touches otherwise keeps its own.
    """
    ended = [working.elements[key] for key in command.terminate if key in working.elements]
    scopes = [each.scope.key for each in ended if each.scope is not None] + [each.scope for each in command.activate]
    found = []
    for key in dict.fromkeys(scopes):
        scope = working.elements.get(key)
        if scope is not None and key not in gone:
            begun = [each.element for each in command.activate if each.scope == key]
            found += [
                reason
                for join_id in scope.tokens
                if (reason := _left_alone(scope, scope.process.nodes[join_id], begun, gone)) is not None
            ]
    return found


def _left_alone(scope: Element, join: Node, begun: list[str], gone: set[int]) -> Obstacle | None:
    if join.tag != "parallelGateway":
        return None
    waiting = scope.tokens[join.id]
    elsewhere = scope.tokens.keys() - {join.id}
    before = {child.node.id for child in scope.children.values()} | elsewhere
    after = {child.node.id for child in scope.children.values() if child.key not in gone} | elsewhere | set(begun)
    missing = {flow.id for flow in join.incoming} - waiting.keys()
    if join.id in begun:
        late = sorted(missing & _flows_reached(scope.process, after - {join.id}, join.id))
        if not late:
            return None
        return Obstacle(
            f"{join.id} would be begun although a token can still come to it along {', '.join(late)}, "
            "which would then wait in vain: end what leads there as well",
            f"{join.id} 将被启动，但仍可能有令牌沿 {'、'.join(late)} 到达，届时将空等：请同时终止通向那里的环节",
        )
    lost = sorted(
        missing & _flows_reached(scope.process, before, join.id) - _flows_reached(scope.process, after, join.id)
    )
    if not lost:
        return None
    return Obstacle(
        f"tokens wait at {join.id} for one along {', '.join(lost)}, which could not come any more: "
        f"begin {join.id} in the same step to go on behind it, or what leads there",
        f"令牌在 {join.id} 等候沿 {'、'.join(lost)} 的令牌，而它不会再来："
        f"请在同一步中启动 {join.id}（从其后继续），或启动通向那里的环节",
    )


def _flows_reached(process: Process, places: Iterable[str], join_id: str) -> set[str]:
    """Search forward from some elements, not through the join: along which of its flows can a token come?"""
    waiting, seen, reached = list(places), set(), set()
    while waiting:
        node = process.nodes[waiting.pop()]
        if node.id in seen:
            continue
        seen.add(node.id)
        reached |= {flow.id for flow in node.outgoing if flow.target == join_id}
        waiting += [flow.target for flow in node.outgoing if flow.target != join_id]
        waiting += node.boundary_events
        if node.link_target is not None:
            waiting.append(node.link_target)
    return reached
