"""Ids and references: everything has an id of its own, and everything referred to exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.compensation import undoes
from engine.bpmn.drawing import is_event_sub_process, parent_of
from engine.bpmn.event_definitions import definition_elements
from engine.bpmn.names import ACTIVITIES, BPMN, bpmn, local_name

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_NEED_ID = ("process", "message", "signal", "error", "escalation")
_REFERENCES = {"messageRef": "message", "signalRef": "signal", "errorRef": "error", "escalationRef": "escalation"}
_MUST_REFER = {"message": "messageRef", "signal": "signalRef"}


def check(drawing: Drawing) -> None:
    """Report missing and double ids and references that lead nowhere."""
    _check_ids(drawing)
    for flow in drawing.flows:
        _check_flow(drawing, flow)
    for node in drawing.nodes:
        _check_node(drawing, node)
    for participant in drawing.root.iter(bpmn("participant")):
        reference = participant.get("processRef")
        if reference is not None:
            _expect(drawing, participant, "processRef", ("process",))


def _check_ids(drawing: Drawing) -> None:
    seen: dict[str, etree._Element] = {}
    for element in drawing.root.iter(f"{{{BPMN}}}*"):
        element_id = element.get("id")
        if element_id is None:
            continue
        if element_id in seen:
            drawing.report("duplicate-id", element, id=element_id, other=seen[element_id].sourceline)
        seen.setdefault(element_id, element)
    needing = [each for each in drawing.root if local_name(each) in _NEED_ID]
    for element in [*needing, *drawing.nodes, *drawing.flows]:
        if not element.get("id"):
            drawing.report("missing-id", element, tag=local_name(element))


def _check_flow(drawing: Drawing, flow: etree._Element) -> None:
    ends = []
    for attribute in ("sourceRef", "targetRef"):
        node = drawing.node(flow.get(attribute))
        if node is None:
            _report_dangling(drawing, flow, attribute)
        else:
            ends.append(node)
    if any(parent_of(end) is not parent_of(flow) for end in ends):
        drawing.report("flow-across-scopes", flow, id=flow.get("id"))


def _check_node(drawing: Drawing, node: etree._Element) -> None:
    tag = local_name(node)
    default = node.get("default")
    if default is not None and default not in [flow.get("id") for flow in drawing.out_of(node)]:
        _report_dangling(drawing, node, "default")
    if tag == "boundaryEvent":
        host = drawing.node(node.get("attachedToRef"))
        is_activity = host is not None and local_name(host) in ACTIVITIES and parent_of(host) is parent_of(node)
        if host is None or not is_activity or is_event_sub_process(host) or undoes(host):
            _report_dangling(drawing, node, "attachedToRef")
    if tag in ("sendTask", "receiveTask") and node.get("messageRef") is not None:
        _expect(drawing, node, "messageRef", ("message",))
    for definition in definition_elements(node):
        _check_definition(drawing, definition)


def _check_definition(drawing: Drawing, definition: etree._Element) -> None:
    kind = local_name(definition).removesuffix("EventDefinition")
    for attribute, tag in _REFERENCES.items():
        if definition.get(attribute) is not None or _MUST_REFER.get(kind) == attribute:
            _expect(drawing, definition, attribute, (tag,))


def _expect(drawing: Drawing, element: etree._Element, attribute: str, tags: tuple[str, ...]) -> None:
    found = drawing.by_id.get(element.get(attribute) or "")
    if found is None or local_name(found) not in tags:
        _report_dangling(drawing, element, attribute)


def _report_dangling(drawing: Drawing, element: etree._Element, attribute: str) -> None:
    reference = element.get(attribute)
    if reference:
        drawing.report("dangling-reference", element, attribute=attribute, reference=reference)
    else:
        drawing.report("missing-attribute", element, tag=local_name(element), attribute=attribute)
