"""Conditional events: looked at when they are subscribed, and whenever a variable they read changes.

The rule is Camunda 8.9's:

- On arrival the condition is looked at once. A true one fires before anything else moves: an interrupting boundary
  event then takes over before its activity has done anything.
- Later it is looked at only when a variable changes that its expression reads (or that `zeebe:conditionalFilter`
  names), is visible where the event waits, and not covered by a nearer variable of the same name. Writing the value
  that is there already is no change. `variableEvents` restricts this to variables that are new or to those that were
  there before.
- It fires at every such change after which it is true, once for all changes of one step, not only when it turns
  from false to true: a non-interrupting event fires again with each new value that keeps it true.
- Outer scopes come first; an interrupting event ends the search in its scope and below.
- A condition that fails or gives no boolean counts as not fulfilled: a variable that does not exist yet is no incident.
- What an activity hands out on its way out does not reach its own boundary events: it has stopped waiting by then.

While an instance rests (ours: in Camunda 8 nothing is suspended) no condition fires. Those that would be looked at are
remembered, and looked at once when it is resumed, before anything else moves: all changes of the rest count as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.variables import evaluate_condition, visible
from engine.core.working import Stuck, scope_chain

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from engine.core.graph import EventDefinition, Node
    from engine.core.model import Subscription
    from engine.core.working import Change, Element, Working

KIND = "conditional"


def look_at_once(working: Working, holder: Element, subscription: Subscription) -> None:
    """Let a condition that is true when it is subscribed fire before anything else moves."""
    if subscription.kind == KIND and working.environment.is_resting:
        holder.unseen.add(subscription.key)
    elif subscription.kind == KIND and _is_fulfilled(working, holder, subscription):
        working.fulfilled.append(subscription.key)


def is_interrupted_at_once(working: Working, element: Element) -> bool:
    """Say whether a boundary event whose condition is true takes over from an element that has done nothing yet."""
    if not working.fulfilled:
        return False
    nodes = element.process.nodes
    return any(
        key in element.subscriptions and _ends_holder(nodes[element.subscriptions[key].element])
        for key in working.fulfilled
    )


def look_again(working: Working) -> None:
    """Look at every condition that the changes of the last step may have made true; the true ones are to fire."""
    changes, working.changes = working.changes, []
    due: dict[int, set[int]] = {}
    for change in changes:
        for key, holder in working.watchers.of(change.scope, change.name):
            if _concerns(holder, holder.subscriptions[key], change):
                due.setdefault(holder.key, set()).add(key)
    if not working.environment.is_resting:
        _look_at_all(working, due)
        return
    for key, concerned in due.items():
        working.elements[key].unseen.update(concerned)


def look_at_unseen(working: Working) -> None:
    """Look at every condition that would have been looked at while the instance rested; the true ones are to fire."""
    due = {holder.key: holder.unseen for holder in working.elements.values() if holder.unseen}
    for key in due:
        working.elements[key].unseen = set()
    _look_at_all(working, due)


def _look_at_all(working: Working, due: Mapping[int, Container[int]]) -> None:
    """Look at the conditions that are due, by who waits for them."""
    ended: set[int] = set()
    holders = [working.elements[key] for key in due]
    for holder in sorted(holders, key=lambda one: (_depth(one), one.key)):
        if not ended or not any(each.key in ended for each in _outwards(holder)):
            ended.update(_look_at(working, holder, due[holder.key]))


def _look_at(working: Working, holder: Element, due: Container[int]) -> Iterable[int]:
    nodes = holder.process.nodes
    for subscription in sorted(
        _conditions_of(holder), key=lambda one: (nodes[one.element].tag != "startEvent", one.key)
    ):
        node = nodes[subscription.element]
        is_new = subscription.key in due and subscription.key not in working.fulfilled
        if not is_new or not _is_fulfilled(working, holder, subscription):
            continue
        working.fulfilled.append(subscription.key)
        if node.is_interrupting:
            return [holder.key]
    return []


def _conditions_of(holder: Element) -> list[Subscription]:
    return [each for each in holder.subscriptions.values() if each.kind == KIND]


def _concerns(holder: Element, subscription: Subscription, change: Change) -> bool:
    """Say whether a condition that watches a variable is to be looked at after this change of it."""
    if change.before_key > subscription.key:  # it was subscribed, and looked at, before the change
        kinds = _event(holder.process.nodes[subscription.element]).watched_changes
        return (not kinds or change.kind in kinds) and _sees(holder, change)
    return False


def _sees(holder: Element, change: Change) -> bool:
    for scope in scope_chain(holder):
        if scope is change.scope:
            return True
        if change.name in scope.variables:
            return False
    return False


def _is_fulfilled(working: Working, holder: Element, subscription: Subscription) -> bool:
    text = _event(holder.process.nodes[subscription.element]).condition
    try:
        return text is not None and evaluate_condition(working, text, visible(holder))
    except Stuck:
        return False


def _event(node: Node) -> EventDefinition:
    if node.event is None:
        raise TypeError(f"{node.id} waits for nothing; the compiled diagram is broken")
    return node.event


def _ends_holder(node: Node) -> bool:
    return node.tag == "boundaryEvent" and node.is_interrupting


def _outwards(element: Element) -> Iterable[Element]:
    each: Element | None = element
    while each is not None:
        yield each
        each = each.scope


def _depth(element: Element) -> int:
    return sum(1 for _ in _outwards(element))
