"""Repair by hand: begin and end elements of a running instance beside the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import ad_hoc, joins, missing_scopes, termination
from engine.core.lifecycle import finish_if_empty
from engine.core.model import Activation, CannotModify, Modify, Obstacle, Stage
from engine.core.subscriptions import around, prepare, take_up
from engine.core.tokens_left import tokens_left_alone
from engine.core.working import Stuck, descendants

if TYPE_CHECKING:
    from engine.core.model import Subscription
    from engine.core.working import Element, Working

_NOT_BY_HAND = ("startEvent", "boundaryEvent")


def modify(working: Working, command: Modify) -> None:
    """Begin what is to begin, with the scopes around it that do not run, then end what is to end.

    Everything is checked before anything is changed.

    Raises:
        CannotModify: a scope or element is not there, or cannot be begun or ended alone.
    """
    ending = [working.elements.get(key) for key in command.terminate]
    obstacles = [
        *(reason for each in command.activate if (reason := _why_not_begin(working, each)) is not None),
        *(
            reason
            for key, element in zip(command.terminate, ending, strict=True)
            if (reason := _why_not_end(key, element)) is not None
        ),
    ]
    gone = {inner.key for element in ending if element is not None for inner in descendants(element)}
    obstacles += [
        Obstacle(f"scope {each.scope} would be ended at the same time", f"范围 {each.scope} 将同时被终止")
        for each in command.activate
        if each.scope in gone
    ]
    if not obstacles:
        obstacles = tokens_left_alone(working, command, gone)
    opening = _begin_waiting(working, command, obstacles)
    if obstacles:
        raise CannotModify(*obstacles)
    for scope, subscriptions in opening:
        scope.stage = Stage.ACTIVE
        for subscription in subscriptions:
            take_up(working, scope, subscription)
    begun: missing_scopes.Begun = {}
    for activation in command.activate:
        around = working.elements[activation.scope]
        between = missing_scopes.scopes_between(around.process.nodes, around.node.id, activation.element) or []
        scope = missing_scopes.begin_around(working, around, between, begun)
        for name, value in activation.variables.items():
            working.set_variable(scope, name, value)
        node, place = scope.process.nodes[activation.element], ad_hoc.place_for(working, scope)
        if node.id in place.tokens:
            joins.consume(working, place, node)  # what waited at a join goes on with it
        working.queue.append(working.create(node, place))
    scopes = [element.scope for element in ending if element is not None]
    for element in ending:
        if element is not None and element.is_alive:
            termination.terminate(working, element)
    for emptied in scopes:
        if emptied is not None:
            finish_if_empty(working, emptied)


def _begin_waiting(
    working: Working, command: Modify, obstacles: list[Obstacle]
) -> list[tuple[Element, list[Subscription]]]:
    """Return what scopes whose start event is stuck wait for, now that something is begun in them without it."""
    found = []
    for scope in {key: working.elements.get(key) for key in (each.scope for each in command.activate)}.values():
        if scope is None or scope.stage is not Stage.ENTERING or scope.incident is not None:
            continue
        try:
            nodes = [scope.process.nodes[each] for each in around(scope)]
            found.append((scope, [prepare(working, node, scope) for node in nodes]))
        except Stuck as stuck:
            id_ = scope.node.id
            obstacles.append(Obstacle(f"{id_} cannot be begun: {stuck.reason}", f"{id_} 无法开始：{stuck.reason}"))
    return found


def _why_not_begin(working: Working, activation: Activation) -> Obstacle | None:
    scope, id_ = working.elements.get(activation.scope), activation.element
    if scope is None:
        return Obstacle(f"there is no living scope {activation.scope}", f"没有进行中的范围 {activation.scope}")
    if scope.listening is not None or scope.ending is not None or scope.stage is Stage.TERMINATING:
        return Obstacle(
            f"the scope {scope.node.id} waits for listeners and takes nothing on now",
            f"范围 {scope.node.id} 正在等待监听器，此刻不能接收",
        )
    nodes = scope.process.nodes
    node, between = nodes.get(id_), missing_scopes.scopes_between(nodes, scope.node.id, id_)
    if node is None or between is None or scope.is_loop_body or scope.incident is not None:
        return Obstacle(
            f"{id_} is not drawn in {scope.node.id}, or that scope cannot take it now",
            f"{id_} 不画在 {scope.node.id} 中，或该范围此刻不能接收",
        )
    if (obstacle := missing_scopes.why_not_around(nodes, between)) is not None:
        return obstacle
    compensates = missing_scopes.is_compensation_handler(nodes, node)
    if node.tag in _NOT_BY_HAND or node.is_event_sub_process or compensates:
        return Obstacle(f"{id_} ({node.tag}) cannot be begun by hand", f"{id_}({node.tag})不能人工启动")
    return None


def _why_not_end(key: int, element: Element | None) -> Obstacle | None:
    if element is None:
        return Obstacle(f"there is no living element instance {key}", f"没有进行中的环节 {key}")
    if element.scope is None:
        return Obstacle(
            "the process instance itself is ended by cancelling it", "流程本身须用“终止流程”结束，不能在此终止"
        )
    if element.stage is Stage.TERMINATING:
        return Obstacle(
            f"{key} is being ended already: it waits for canceling listeners", f"{key} 已在终止中，正在等待取消监听器"
        )
    body = element.scope.key
    if element.is_loop_child:
        return Obstacle(
            f"{key} is one round of the multi-instance {element.node.id}: end the whole body {body}",
            f"{key} 是多实例 {element.node.id} 的一轮：请终止整个多实例 {body}",
        )
    if element.node.tag == "process":
        return Obstacle(
            f"{key} is a called process: end its call activity {body}", f"{key} 是被调用的流程：请终止调用活动 {body}"
        )
    if element.scope.node.tag in ("intermediateThrowEvent", "endEvent"):
        return Obstacle(
            f"{key} undoes a completed activity: complete it, or end the compensation {body}",
            f"{key} 正在撤销已完成的活动：请办结它，或终止补偿 {body}",
        )
    return None
