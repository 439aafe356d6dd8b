"""What a modification or a migration would leave at parallel joins: tokens that wait for others which never come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.missing_scopes import scopes_between
from engine.core.model import Obstacle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.core.graph import Node, Process
    from engine.core.model import Modify
    from engine.core.working import Element, Working

_PARALLEL = "parallelGateway"


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
            begun = [_place_in(scope, each.element) for each in command.activate if each.scope == key]
            found += [
                reason
                for join_id in scope.tokens
                if (reason := _left_alone(scope, scope.process.nodes[join_id], begun, gone)) is not None
            ]
    return found


def _place_in(scope: Element, element_id: str) -> str:
    """Return what begins in a scope: the element, or the outermost of the scopes that are begun around it."""
    between = scopes_between(scope.process.nodes, scope.node.id, element_id)
    return between[0].id if between else element_id


def _left_alone(scope: Element, join: Node, begun: list[str], gone: set[int]) -> Obstacle | None:
    if join.tag != _PARALLEL:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A scope by one version of its diagram: where its elements live, in one order, and what waits at its joins."""

    process: Process
    scope: str
    places: list[str]
    tokens: Mapping[str, Mapping[str, int]]

    def joins(self) -> dict[str, Node]:
        """Return the parallel joins drawn in the scope."""
        nodes = self.process.nodes.values()
        return {one.id: one for one in nodes if one.scope == self.scope and one.is_join and one.tag == _PARALLEL}

    def coming(self, join: Node) -> Counter[str]:
        """Count, for each flow into a join, the tokens that wait there and the places from which one can come."""
        found = Counter(self.tokens.get(join.id, {}))
        for place, number in Counter([*self.places, *(self.tokens.keys() - {join.id})]).items():
            found.update(dict.fromkeys(_flows_reached(self.process, [place], join.id), number))
        return found


def tokens_stranded(before: Standing, after: Standing, there: Mapping[str, str]) -> list[Obstacle]:
    """Say where tokens would wait in vain by another version that would not by this one.

    `there` names counterparts that have another id. An inclusive join is no danger: it goes on when none can come.
    """
    drawn = {there.get(id_, id_): join for id_, join in before.joins().items()}
    found = []
    for join in after.joins().values():
        coming, here = after.coming(join), drawn.get(join.id)
        came = Counter[str]() if here is None else before.coming(here)
        missing = _missing(join, coming)
        if missing and not (here is not None and _missing(here, came)):
            found.append(_stranded(join, missing))
        elif here is not None and max(came.values(), default=0) <= 1 and _some_became_one(before, here, there):
            found += [_twice(join, flow) for flow, number in coming.items() if number > 1]
    return found


def _missing(join: Node, coming: Counter[str]) -> list[str]:
    """Return the flows along which no token waits or can come while one does along others."""
    return [flow.id for flow in join.incoming if not coming[flow.id]] if coming else []


def _some_became_one(before: Standing, join: Node, there: Mapping[str, str]) -> bool:
    """Say whether two elements become one: of those that live in a scope, and those from which a token came."""
    waiting = before.tokens.get(join.id, {})
    old = {*before.places, *(flow.source for flow in join.incoming if flow.id in waiting)}
    return len({there.get(each, each) for each in old}) < len(old)


def _stranded(join: Node, missing: list[str]) -> Obstacle:
    return Obstacle(
        f"tokens would wait in vain at {join.id} for one along {', '.join(missing)}: nothing open here leads there "
        "in the new version",
        f"令牌将在 {join.id} 空等沿 {'、'.join(missing)} 的令牌：新版本中进行中的环节都不通向那里",
    )


def _twice(join: Node, flow: str) -> Obstacle:
    return Obstacle(
        f"two tokens would come to {join.id} along {flow}, and one of them would wait in vain: "
        "map the elements that lead there to different ones",
        f"将有两个令牌沿 {flow} 到达 {join.id}，其中一个将空等：请将通向那里的环节对应到不同的环节",
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
