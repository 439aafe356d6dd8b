"""Where waiting tokens go in a migration: those at a join, and the one at the start event of a process to begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.core.model import Obstacle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.graph import Flow, Node, Process
    from engine.core.working import Element

There = Callable[[str], str]
"""The id in the new version of an element of the old one."""
Tokens = dict[str, dict[str, int]]


def moved_tokens(element: Element, target: Process, there: There) -> tuple[Tokens, list[Obstacle]]:
    """Return the tokens of a scope as they wait in the new version, and what stands in the way of that."""
    moved: Tokens = {}
    obstacles: list[Obstacle] = []
    for place_id, waiting in element.tokens.items():
        drawn, place = element.process.nodes[place_id], target.nodes.get(there(place_id))
        if place is None or place.tag != drawn.tag or place.scope != there(drawn.scope):
            obstacles.append(
                Obstacle(f"tokens wait at {place_id}, which is not there", f"令牌在 {place_id} 等候，新版本中没有它")
            )
        elif place.id in moved:
            obstacles.append(
                Obstacle(
                    f"tokens wait at {place_id} and at another join, and both are {place.id} there",
                    f"令牌在 {place_id} 和另一汇合网关等候，两者在新版本中都是 {place.id}",
                )
            )
        elif drawn.tag == "startEvent":
            moved[place.id] = dict(waiting)
        else:
            flows = _same_flows(drawn, place, waiting, there)
            obstacles += [
                Obstacle(
                    f"a token came to {place_id} along {flow}, which is not there",
                    f"令牌沿 {flow} 到达 {place_id}，新版本中没有这条连线",
                )
                for flow in waiting
                if flow not in flows
            ]
            moved[place.id] = {flows[flow]: number for flow, number in waiting.items() if flow in flows}
    return moved, obstacles


def _same_flows(drawn: Node, place: Node, waiting: Mapping[str, int], there: There) -> dict[str, str]:
    """Pair the flows into a join: the same flow from the same source, one from the same source, the same flow alone.

    Each stands for one flow only; where there are fewer than before, those along which tokens came have precedence.
    """

    def from_same_source(old: Flow, new: Flow) -> bool:
        return new.source == there(old.source)

    def is_same(old: Flow, new: Flow) -> bool:
        return new.id == old.id

    fitting: tuple[Callable[[Flow, Flow], bool], ...] = (
        lambda old, new: is_same(old, new) and from_same_source(old, new),
        from_same_source,
        is_same,
    )
    found: dict[str, str] = {}
    left = list(place.incoming)
    ordered = sorted(drawn.incoming, key=lambda flow: flow.id not in waiting)
    for fits in fitting:
        for old in ordered:
            new = next((each for each in left if old.id not in found and fits(old, each)), None)
            if new is not None:
                found[old.id] = new.id
                left.remove(new)
    return found
