"""Between the frozen snapshot and the working state of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import deadlocks, model
from engine.core.graph import ACTIVATION
from engine.core.working import Behaviour, Element, Working, job_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.graph import Node, Process
    from engine.json_values import JsonObject


def thaw(snapshot: model.Snapshot, environment: model.Environment, behaviours: Mapping[str, Behaviour]) -> Working:
    """Make the working state of a snapshot; the snapshot itself is not touched by the run."""
    working = Working(environment, behaviours, next_key=snapshot.next_key)
    for frozen in snapshot.instances:
        element = _thaw_element(working, frozen)
        working.elements[element.key] = element
        for subscription in element.subscriptions.values():
            working.hold(element, subscription)
        if (job := job_of(element.listening, element.incident)) is not None:
            working.listeners[job] = element
        if element.job is not None:
            working.deciders[element.job] = element
        if element.scope is not None:
            element.scope.children[element.key] = element
        if element.tokens:
            working.scopes_with_tokens[element.key] = element
            deadlocks.lift(working, element)
    return working


def freeze(working: Working) -> model.Snapshot | None:
    """Make the snapshot of a working state; None when nothing lives any more."""
    if not working.elements:
        return None
    instances = tuple(freeze_element(each) for each in working.elements.values())
    return model.Snapshot(next_key=working.next_key, instances=instances)


def node_of(process: Process, frozen: model.ElementInstance) -> Node:
    """Return what an element instance runs by: its node, or what an element begun in an ad-hoc scope lives under."""
    node = process.nodes[frozen.element]
    return node.activation if frozen.is_activation and node.activation is not None else node


def _thaw_element(working: Working, frozen: model.ElementInstance) -> Element:
    process = working.process(frozen.definition)
    return Element(
        key=frozen.key,
        definition=frozen.definition,
        process=process,
        node=node_of(process, frozen),
        scope=working.elements.get(frozen.scope),
        variables=dict(frozen.variables),
        loop_counter=frozen.loop_counter,
        body=frozen.body,
        tokens={join: dict(flows) for join, flows in frozen.tokens.items()},
        event=frozen.event,
        compensable=list(frozen.compensable),
        subscriptions={each.key: each for each in frozen.subscriptions},
        incident=frozen.incident,
        stage=frozen.stage,
        given=frozen.given,
        has_handed_over=frozen.has_handed_over,
        is_fulfilled=frozen.is_fulfilled,
        job=frozen.job,
        listening=frozen.listening,
        ending=frozen.ending,
        task=frozen.task,
        unseen=set(frozen.unseen),
    )


def freeze_element(element: Element) -> model.ElementInstance:
    """Make what the snapshot keeps of an element."""
    return model.ElementInstance(
        key=element.key,
        definition=element.definition,
        element=element.node.id,
        scope=element.scope.key if element.scope else 0,
        variables=dict(element.variables),
        loop_counter=element.loop_counter,
        body=element.body,
        tokens={join: dict(flows) for join, flows in element.tokens.items()},
        event=element.event,
        compensable=tuple(element.compensable),
        subscriptions=tuple(element.subscriptions.values()),
        incident=element.incident,
        stage=element.stage,
        given=_given(element),
        has_handed_over=element.has_handed_over and _would_hand_over_twice(element),
        is_activation=element.node.tag == ACTIVATION,
        is_fulfilled=element.is_fulfilled,
        job=element.job,
        listening=element.listening,
        ending=element.ending,
        task=element.task,
        unseen=tuple(sorted(element.unseen)),
    )


def _given(element: Element) -> JsonObject | None:
    """Return the locals before the input mappings where a retry could not tell them any more from what is there."""
    if element.stage is not model.Stage.ENTERING or element.given is None:
        return None
    own, given = element.variables, element.given
    targets = {mapping.target.partition(".")[0] for mapping in element.node.inputs}
    is_untouched = own.keys() & targets == given.keys() and all(own[name] is given[name] for name in given)
    return None if is_untouched else given


def _would_hand_over_twice(element: Element) -> bool:
    hands_over = bool(element.node.outputs) or element.node.ad_hoc is not None
    return hands_over and element.stage is model.Stage.LEAVING
