"""Catch events: no two in one place wait for the same thing, so that each of them can fire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.drawing import event_kind, is_event_sub_process
from engine.bpmn.event_definitions import definition_elements
from engine.bpmn.names import attributes_of, bpmn, extension, local_name, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from engine.bpmn.drawing import Drawing

_STARTS_BY_ITSELF = ("message", "signal")


def check(drawing: Drawing) -> None:
    """Report catch events that wait for the same as another one of their place."""
    for events in _places(drawing):
        seen: dict[tuple[str | None, ...], str | None] = {}
        for event in events:
            awaited = _awaited(drawing, event)
            if awaited is None:
                continue
            if awaited in seen:
                drawing.report("duplicate-catch-event", event, id=event.get("id"), other=seen[awaited], kind=awaited[0])
            seen.setdefault(awaited, event.get("id"))


def _places(drawing: Drawing) -> Iterator[list[etree._Element]]:
    """Go through the events that stand together: at an activity, in a scope, behind a gateway, at a process's start."""
    attached: dict[str, list[etree._Element]] = {}
    for node in drawing.nodes:
        if local_name(node) == "boundaryEvent":
            attached.setdefault(node.get("attachedToRef", ""), []).append(node)
        elif local_name(node) == "eventBasedGateway":
            behind = (drawing.node(flow.get("targetRef")) for flow in drawing.out_of(node))
            yield [each for each in behind if each is not None]
    yield from attached.values()
    for scope in drawing.scopes():
        yield [start for each in scope if is_event_sub_process(each) for start in each.findall(bpmn("startEvent"))]
    for process in drawing.processes:
        yield [each for each in process.findall(bpmn("startEvent")) if event_kind(each) in _STARTS_BY_ITSELF]


def _awaited(drawing: Drawing, event: etree._Element) -> tuple[str | None, ...] | None:
    """Return what an event waits for, None where two of a kind do not stand in each other's way."""
    if local_name(event) == "receiveTask":
        return _message(drawing, event)
    kind, definitions = event_kind(event), definition_elements(event)
    if len(definitions) != 1:
        return None
    drawn = definitions[0]
    if kind == "message":
        return _message(drawing, drawn)
    if kind in ("error", "escalation"):
        return kind, _root(drawing, drawn, f"{kind}Ref", f"{kind}Code")
    if kind == "signal":
        name = _root(drawing, drawn, "signalRef", "name")
        return (kind, name) if name else None
    if kind == "conditional":
        narrowed = extension(drawn, "conditionalFilter")
        filters = {} if narrowed is None else attributes_of(narrowed)
        return kind, text_of(drawn, "condition"), filters.get("variableNames"), filters.get("variableEvents")
    return (kind,) if kind == "compensate" else None


def _message(drawing: Drawing, drawn: etree._Element) -> tuple[str | None, ...] | None:
    """Return the message awaited and its key; None while it has no name, which has a finding of its own."""
    name = _root(drawing, drawn, "messageRef", "name")
    if not name:
        return None
    message = drawing.by_id.get(drawn.get("messageRef") or "")
    subscription = None if message is None else extension(message, "subscription")
    key = None if subscription is None else attributes_of(subscription).get("correlationKey")
    return "message", name, key or None


def _root(drawing: Drawing, drawn: etree._Element, reference: str, attribute: str) -> str | None:
    """Return the name or code of what an event refers to; None for an error or escalation of any code."""
    root = drawing.by_id.get(drawn.get(reference) or "")
    return None if root is None else attributes_of(root).get(attribute)
