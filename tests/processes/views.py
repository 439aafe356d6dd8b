"""What is open in a snapshot, to be held against the sum of the facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.core import model
from engine.core.working import is_at_work, job_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.core.graph import Process
    from engine.json_values import JsonObject


@dataclass(slots=True, kw_only=True)
class OpenWork:
    """Everything that waits in a process instance, by key."""

    elements: dict[int, str] = field(default_factory=dict)  # element instance -> element
    work: dict[int, str] = field(default_factory=dict)  # user tasks and jobs -> element
    subscriptions: dict[int, model.Subscription] = field(default_factory=dict)
    incidents: dict[int, str] = field(default_factory=dict)  # element instance -> "kind: reason"
    variables: dict[int, JsonObject] = field(default_factory=dict)  # scope -> its own variables


def open_work(snapshot: model.Snapshot | None, definitions: model.Definitions) -> OpenWork:
    """Read from a snapshot what is open."""
    found = OpenWork()
    for element in snapshot.instances if snapshot is not None else ():
        found.elements[element.key] = element.element
        if _opens_work(element, definitions.get(element.definition)):
            found.work[element.key] = element.element
        if (job := job_of(element.listening, element.incident)) is not None:
            found.work[job] = element.element
        if element.job is not None:
            found.work[element.job] = element.element
        found.subscriptions.update({each.key: each for each in element.subscriptions})
        if element.incident is not None:
            found.incidents[element.key] = element.incident
        if element.variables:
            found.variables[element.key] = dict(element.variables)
    return found


def _opens_work(element: model.ElementInstance, process: Process) -> bool:
    """Say whether a user task or job of this element waits to be completed."""
    node = process.nodes[element.element]
    is_body = node.loop is not None and element.loop_counter is None
    return node.opens_work and not is_body and is_at_work(element.stage, element.incident, element.listening)


def replay(facts: Iterable[model.Fact], before: OpenWork | None = None) -> OpenWork:
    """Add up facts to what is open after them; `before` is changed in place."""
    found = before or OpenWork()
    for fact in facts:
        _add(found, fact)
    return found


def _add(found: OpenWork, fact: model.Fact) -> None:
    match fact:
        case model.Entered():
            found.elements[fact.key] = fact.element
        case model.Left() | model.Terminated():
            del found.elements[fact.key]
            found.variables.pop(fact.key, None)
        case model.Moved():
            found.elements[fact.key] = fact.element
            moved = found.work.keys() & {fact.key, fact.job}
            found.work.update(dict.fromkeys(moved, fact.element))
        case model.UserTaskOpened() | model.JobOpened():
            found.work[fact.key] = fact.element
        case model.WorkClosed():
            del found.work[fact.key]
        case model.Subscribed() | model.SubscriptionMoved():
            found.subscriptions[fact.subscription.key] = fact.subscription
        case model.Unsubscribed():
            del found.subscriptions[fact.subscription]
        case model.IncidentRaised():
            found.incidents[fact.key] = f"{fact.kind}: {fact.reason}"
        case model.IncidentResolved():
            del found.incidents[fact.key]
        case model.VariableSet():
            found.variables.setdefault(fact.key, {})[fact.name] = fact.value
        case _:
            pass  # the other facts open and close nothing
