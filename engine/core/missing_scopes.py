"""Sub-processes that are not running and are begun by hand around an element that is to begin in them.

They are entered as if a token had come: their input mappings are applied and they wait for their events. What their
start event would do is left out, as an element within is begun in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import ad_hoc, subscriptions
from engine.core.listener_model import START
from engine.core.model import CannotModify, Obstacle, Stage
from engine.core.variables import apply_inputs
from engine.core.working import Stuck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.graph import Node
    from engine.core.working import Element, Working

Begun = dict[tuple[int, str], "Element"]
"""The scopes a modification began, by the key of the scope around and their id: what begins beside shares them."""


def scopes_between(nodes: Mapping[str, Node], scope_id: str, element_id: str) -> list[Node] | None:
    """Return what is drawn between a scope and an element in it, outermost first; None: it is not drawn within."""
    between: list[Node] = []
    around = nodes[element_id].scope if element_id in nodes else ""
    while around != scope_id:
        node = nodes.get(around)
        if node is None or node.tag == "process":
            return None
        between.insert(0, node)
        around = node.scope
    return between


def is_compensation_handler(nodes: Mapping[str, Node], node: Node) -> bool:
    """Say whether an element undoes an activity: it begins only when that was completed."""
    return any(each.compensation_handler == node.id for each in nodes.values())


def why_not_around(nodes: Mapping[str, Node], between: list[Node]) -> Obstacle | None:
    """Say what keeps a scope from being begun around an element; None when nothing does."""
    for node in between:
        if is_compensation_handler(nodes, node):
            return Obstacle(
                f"{node.id} undoes a completed activity and cannot be begun by hand",
                f"{node.id} 用于撤销已完成的活动，不能人工启动",
            )
        if node.tag != "subProcess" or node.is_event_sub_process:
            return Obstacle(
                f"{node.id} ({node.tag}) does not run and cannot be begun around an element",
                f"{node.id}({node.tag})没有运行，不能为其中的环节而启动",
            )
        if node.loop is not None:
            return Obstacle(
                f"{node.id} is repeated and does not run: begin it as a whole",
                f"{node.id} 是重复执行的子流程且没有运行：请整体启动它",
            )
        if node.listeners(START):
            return Obstacle(
                f"{node.id} has start listeners, which would be left out: begin it as a whole",
                f"{node.id} 有开始监听器，直接启动其中的环节会略过它们：请整体启动它",
            )
    return None


def begin_around(working: Working, scope: Element, between: list[Node], begun: Begun) -> Element:
    """Begin the scopes between a living scope and an element in it; return the innermost.

    Raises:
        CannotModify: an expression of one of them failed; the run is given up.
    """
    for node in between:
        place = begun.get((scope.key, node.id))
        scope = _enter(working, scope, node, begun) if place is None else place
    return scope


def _enter(working: Working, scope: Element, node: Node, begun: Begun) -> Element:
    element = working.create(node, ad_hoc.place_for(working, scope))
    begun[scope.key, node.id] = element
    try:
        apply_inputs(working, element)
        subscriptions.subscribe(working, element, subscriptions.around(element))
    except Stuck as stuck:
        raise CannotModify(
            Obstacle(f"{node.id} cannot be begun: {stuck.reason}", f"{node.id} 无法开始：{stuck.reason}")
        ) from stuck
    element.stage = Stage.ACTIVE
    return element
