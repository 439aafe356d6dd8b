"""Undoing a migration: every element stands again by the version it came from, with what it waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.migration import only_moves, tell_moved
from engine.core.model import CannotModify, Obstacle
from engine.core.snapshots import node_of

if TYPE_CHECKING:
    from engine.core.model import ElementInstance, Restore
    from engine.core.working import Element, Working


def restore(working: Working, command: Restore) -> None:
    """Let every living element stand as in the snapshot; keys handed out since are not handed out again.

    Raises:
        CannotModify: something began or ended since; the host keeps that from happening by its version of the instance.
    """
    before = {frozen.key: frozen for frozen in command.snapshot.instances}
    if before.keys() != working.elements.keys():
        raise CannotModify(
            Obstacle("elements began or ended since the snapshot was taken", "留存快照之后已有环节开始或结束")
        )
    for key, frozen in before.items():
        _stand_again(working, working.elements[key], frozen)


def _stand_again(working: Working, element: Element, frozen: ElementInstance) -> None:
    held = {each.key: each for each in frozen.subscriptions}
    moved = [one for key, one in element.subscriptions.items() if key in held and only_moves(one, held[key])]
    standing = {one.key for one in moved}
    working.unsubscribe(element, [key for key in element.subscriptions if key not in standing])
    if (element.definition, element.node.id) != (frozen.definition, frozen.element):
        element.definition = frozen.definition
        element.process = working.process(frozen.definition)
        element.node = node_of(element.process, frozen)
        tell_moved(working, element)
    element.tokens = {join: dict(flows) for join, flows in frozen.tokens.items()}
    element.compensable = list(frozen.compensable)
    element.task, element.listening = frozen.task, frozen.listening
    element.unseen = set(frozen.unseen)
    for one in moved:
        if one != held[one.key]:
            working.move_subscription(element, held[one.key])
    for key, subscription in held.items():
        if key not in standing:
            working.subscribe(element, subscription)
