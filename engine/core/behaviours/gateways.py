"""Gateways: which way the tokens go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core import subscriptions
from engine.core.lifecycle import chosen_flows, complete
from engine.core.texts import tell
from engine.core.variables import evaluate_condition, visible
from engine.core.working import Element, Stuck, Working

if TYPE_CHECKING:
    from engine.core.graph import Flow


def exclusive_gateway(working: Working, element: Element) -> None:
    """Take the first flow whose condition is true, else the default."""
    outgoing = element.node.outgoing
    taken = _first_true(working, element)
    if taken is None and outgoing:
        taken = next((flow for flow in outgoing if flow.is_default or flow.condition is None), None)
        if taken is None:
            raise Stuck("condition", tell("no-flow"))
    complete(working, element, take=[taken] if taken is not None else [])


def inclusive_gateway(working: Working, element: Element) -> None:
    """Take every flow whose condition is true or that has none, else the default."""
    complete(working, element, take=chosen_flows(working, element))


def parallel_gateway(working: Working, element: Element) -> None:
    """Take all flows."""
    complete(working, element, take=element.node.outgoing)


def event_based_gateway(working: Working, element: Element) -> None:
    """Wait for the first of the events behind it."""
    subscriptions.subscribe(working, element, [flow.target for flow in element.node.outgoing])


def _first_true(working: Working, element: Element) -> Flow | None:
    scope = visible(element)
    for flow in element.node.outgoing:
        if flow.condition is not None and not flow.is_default and evaluate_condition(working, flow.condition, scope):
            return flow
    return None
