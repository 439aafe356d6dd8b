"""What in another version of a diagram can take over what stands at an element, and what can stand at one at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.refusals import Obstacle

if TYPE_CHECKING:
    from engine.core.graph import Node, Process

CAUGHT_THERE = ("startEvent", "boundaryEvent", "intermediateCatchEvent")
"""Events at which something is waited for: a timer is never taken over by a message."""


def can_take_over(node: Node, there: Node) -> bool:
    """Say whether an element can go on at another as drawn; the trial looks at where both are drawn, and at listeners.

    An event keeps waiting for what it was reached for.
    """
    return difference(node, there) is None and _waited_for(node) == _waited_for(there)


def difference(node: Node, there: Node) -> Obstacle | None:
    """Return why another element cannot take an element over by its own drawing, None when it can."""
    id_ = node.id
    if there.tag != node.tag or (there.loop is None) != (node.loop is None):
        return Obstacle(
            f"{id_} ({node.tag}) is another kind of element there: {there.id} ({there.tag})",
            f"{id_}({node.tag})在新版本中是另一类环节：{there.id}({there.tag})",
        )
    if _repetition(there) != _repetition(node):
        return Obstacle(f"{id_} is repeated in another way there", f"{id_} 在新版本中的重复方式不同")
    if there.opens_work != node.opens_work or (there.job is None) != (node.job is None):
        return Obstacle(f"{id_} is done in another way there", f"{id_} 在新版本中的办理方式不同")
    return None


def is_stood_at(node: Node, process: Process) -> bool:
    """Say whether something can stand or be waited for at an element; the process is where all of it stands."""
    works = bool(node.job or node.event or node.execution_listeners or node.inputs or node.outputs)
    if node.tag == "startEvent":
        return process.nodes[node.scope].is_event_sub_process or bool(node.execution_listeners or node.outputs)
    return works if node.tag == "endEvent" else node.tag != "process"


def _repetition(node: Node) -> tuple[type, bool] | None:
    return None if node.loop is None else (type(node.loop), node.loop.is_sequential)


def _waited_for(node: Node) -> str | None:
    return node.event.kind if node.event is not None and node.tag in CAUGHT_THERE else None
