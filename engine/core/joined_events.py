"""Events of one element that a mapping makes one: what waits at each would then fire the same event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.model import Obstacle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.core.graph import Node, Process


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedEvents:
    """Events that wait together at one element, and would all be one event in another version."""

    holder: str
    events: tuple[str, ...]
    target: str

    def obstacle(self) -> Obstacle:
        """Say why a mapping may not do this."""
        return Obstacle(
            f"{' and '.join(self.events)} wait together at {self.holder} and would all be {self.target} there: "
            "map one of them alone",
            f"{'、'.join(self.events)} 同在 {self.holder} 等待，新版本中都将是 {self.target}：请只对应其中一个",
        )


def joined_events(old: Process, new: Process, mapping: Mapping[str, str]) -> Sequence[JoinedEvents]:
    """Return the events that a mapping makes one though an element waits for each of them by itself.

    Events of different elements may become one: each element waits for it alone.
    """
    found = []
    for holder in old.nodes.values():
        there: dict[str, list[str]] = {}
        for event in _waiting_at(old, holder):
            there.setdefault(mapping.get(event, event), []).append(event)
        found += [
            JoinedEvents(holder=holder.id, events=tuple(events), target=target)
            for target, events in there.items()
            if len(events) > 1 and target in new.nodes
        ]
    return found


def _waiting_at(process: Process, holder: Node) -> list[str]:
    starts = [start for each in holder.event_sub_processes for start in process.nodes[each].start_events]
    behind = [flow.target for flow in holder.outgoing] if holder.tag == "eventBasedGateway" else []
    return list(dict.fromkeys([*holder.boundary_events, *starts, *behind]))
