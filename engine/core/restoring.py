"""Undoing a migration: every element stands again by the version it came from, with what it waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.core import deadlocks
from engine.core.migration import collected_in, only_moves, tell_moved
from engine.core.model import CannotModify, Obstacle
from engine.core.snapshots import freeze_element, node_of

if TYPE_CHECKING:
    from engine.core.listener_model import Listening
    from engine.core.model import ElementInstance, Restore
    from engine.core.working import Element, Working

_KEPT = ("scope", "loop_counter", "body", "event", "stage", "given", "has_handed_over", "is_fulfilled", "job", "ending")
"""What a migration never changes of an element: where it differs, something happened since."""


def restore(working: Working, command: Restore) -> None:
    """Let every living element stand as in the snapshot; keys handed out since are not handed out again.

    Raises:
        CannotModify: something began, ended or went on since. The host sees by its version of the instance what later
            commands did; an event of the new version may have fired in the run of the migration itself.
    """
    before = {frozen.key: frozen for frozen in command.snapshot.instances}
    if before.keys() != working.elements.keys():
        raise CannotModify(
            Obstacle("elements began or ended since the snapshot was taken", "留存快照之后已有环节开始或结束")
        )
    went_on = [frozen for key, frozen in before.items() if _went_on(working.elements[key], frozen)]
    if went_on:
        ids = sorted({each.element for each in went_on})
        raise CannotModify(
            Obstacle(
                f"{', '.join(ids)} went on since the snapshot was taken",
                f"留存快照之后以下环节已有变化：{'、'.join(ids)}",
            )
        )
    for key, frozen in before.items():
        _stand_again(working, working.elements[key], frozen)


def _went_on(element: Element, before: ElementInstance) -> bool:
    """Say whether an element stands otherwise than a migration alone leaves it."""
    now = freeze_element(element)
    if any(getattr(now, name) != getattr(before, name) for name in _KEPT):
        return True
    if element.incident != (None if deadlocks.is_deadlock(before.incident) else before.incident):
        return True
    if _renamed(element.listening) != _renamed(before.listening):
        return True
    if _count_tokens(now) != _count_tokens(before) or len(now.compensable) != len(before.compensable):
        return True
    variables = {name: value for name, value in now.variables.items() if name in before.variables}
    added = now.variables.keys() - before.variables.keys() - {collected_in(element)}
    return variables != before.variables or bool(added)


def _renamed(listening: Listening | None) -> Listening | None:
    return None if listening is None else replace(listening, start_event=None)


def _count_tokens(element: ElementInstance) -> int:
    return sum(sum(flows.values()) for flows in element.tokens.values())


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
    working.watch_again(element)
    for key, subscription in held.items():
        if key not in standing:
            working.subscribe(element, subscription)
