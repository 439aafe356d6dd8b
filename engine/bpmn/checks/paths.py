"""Starts, ends and what lies between: every element can be reached, every gateway knows where to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.compensation import undoes
from engine.bpmn.drawing import event_kind, is_event_sub_process, parent_of, undoes_by_handler
from engine.bpmn.event_definitions import definition_elements
from engine.bpmn.names import FLOW_NODES, bpmn, local_name, text_of

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing

_BEHIND_EVENT_GATEWAY = ("message", "timer", "signal", "conditional")


def check(drawing: Drawing) -> None:
    """Report how the nodes are connected where that cannot be run as drawn."""
    for scope in drawing.scopes():
        _check_starts(drawing, scope)
    for node in drawing.nodes:
        _check_ends(drawing, node)
        _check_choice(drawing, node)
        if local_name(node) == "eventBasedGateway":
            _check_event_gateway(drawing, node)
    _check_reachable(drawing)


def _check_starts(drawing: Drawing, scope: etree._Element) -> None:
    tag, scope_id = local_name(scope), scope.get("id")
    starts = scope.findall(bpmn("startEvent"))
    plain = [start for start in starts if event_kind(start) == "none"]
    if tag == "adHocSubProcess":
        heads = [child for child in scope if _can_be_chosen(drawing, child)]
        if starts or scope.find(bpmn("endEvent")) is not None or not heads:
            drawing.report("ad-hoc-content", scope, id=scope_id)
    elif is_event_sub_process(scope):
        if len(starts) != 1 or plain:
            drawing.report("event-sub-process-start", scope, id=scope_id)
    elif tag == "subProcess":
        if len(starts) != 1 or not plain:
            drawing.report("sub-process-start", scope, id=scope_id)
    elif not starts:
        drawing.report("no-start-event", scope, id=scope_id)
    elif len(plain) > 1:
        drawing.report("several-none-start-events", plain[1], id=scope_id, count=len(plain))


def _can_be_chosen(drawing: Drawing, child: etree._Element) -> bool:
    stands_apart = is_event_sub_process(child) or undoes(child)
    is_node = local_name(child) in FLOW_NODES and local_name(child) != "boundaryEvent"
    return is_node and not stands_apart and not drawing.into(child)


def _check_ends(drawing: Drawing, node: etree._Element) -> None:
    tag, node_id, kind = local_name(node), node.get("id"), event_kind(node)
    stands_apart = is_event_sub_process(node) or undoes(node)
    is_link = kind == "link"
    if drawing.into(node) and (
        tag in ("startEvent", "boundaryEvent") or stands_apart or (is_link and tag == "intermediateCatchEvent")
    ):
        drawing.report("no-incoming-allowed", node, id=node_id)
    is_last = (
        tag == "endEvent" or stands_apart or undoes_by_handler(node) or (is_link and tag == "intermediateThrowEvent")
    )
    if drawing.out_of(node) and is_last:
        drawing.report("no-outgoing-allowed", node, id=node_id)
    in_ad_hoc = local_name(parent_of(node)) == "adHocSubProcess"
    if not drawing.out_of(node) and not is_last and not in_ad_hoc:
        drawing.report("implicit-end", node, id=node_id)


def _check_choice(drawing: Drawing, node: etree._Element) -> None:
    tag, flows, default = local_name(node), drawing.out_of(node), node.get("default")
    conditions = {flow.get("id", ""): text_of(flow, "conditionExpression") for flow in flows}
    others = [flow for flow in flows if flow.get("id") != default]
    if default in conditions and conditions[default] is not None:
        drawing.report("default-with-condition", node, id=default)
    if tag in ("parallelGateway", "eventBasedGateway"):
        for flow in flows:
            if conditions[flow.get("id", "")] is not None:
                drawing.report("condition-not-allowed", flow, id=flow.get("id"), source=node.get("id"))
    elif tag in ("exclusiveGateway", "inclusiveGateway") and len(flows) > 1:
        for flow in others:
            if conditions[flow.get("id", "")] is None:
                drawing.report("flow-without-condition", flow, id=flow.get("id"), gateway=node.get("id"))
        if default is None:
            drawing.report("no-default-flow", node, id=node.get("id"))
    elif flows and all(conditions.values()):
        drawing.report("no-default-flow", node, id=node.get("id"))
    elif default in conditions and others and not any(conditions[flow.get("id", "")] for flow in others):
        drawing.report("default-without-choice", node, id=node.get("id"))


def _check_event_gateway(drawing: Drawing, gateway: etree._Element) -> None:
    flows = drawing.out_of(gateway)
    if len(flows) < 2:
        drawing.report("event-gateway-single", gateway, id=gateway.get("id"))
    for flow in flows:
        target = drawing.node(flow.get("targetRef"))
        if target is None:
            continue
        waits = local_name(target) == "receiveTask" or (
            local_name(target) == "intermediateCatchEvent" and event_kind(target) in _BEHIND_EVENT_GATEWAY
        )
        hosts = any(each.get("attachedToRef") == target.get("id") for each in drawing.nodes)
        if not waits or hosts or len(drawing.into(target)) > 1:
            drawing.report("event-gateway-target", target, id=target.get("id"), gateway=gateway.get("id"))


def _check_reachable(drawing: Drawing) -> None:
    attached: dict[str, list[etree._Element]] = {}
    for node in drawing.nodes:
        if node.get("attachedToRef"):
            attached.setdefault(node.get("attachedToRef", ""), []).append(node)
    waiting = [node for node in drawing.nodes if _begins_by_itself(drawing, node)]
    reached = {node.get("id", "") for node in waiting}
    while waiting:
        node = waiting.pop()
        targets = [drawing.node(flow.get("targetRef")) for flow in drawing.out_of(node)]
        for found in [*targets, *attached.get(node.get("id", ""), []), *_linked(drawing, node)]:
            if found is not None and found.get("id", "") not in reached:
                reached.add(found.get("id", ""))
                waiting.append(found)
    for node in drawing.nodes:
        if node.get("id", "") not in reached:
            drawing.report("unreachable", node, id=node.get("id"))


def _linked(drawing: Drawing, node: etree._Element) -> list[etree._Element]:
    """Return the catch events that a link throw event leads to."""
    if local_name(node) != "intermediateThrowEvent" or event_kind(node) != "link":
        return []
    name = definition_elements(node)[0].get("name")
    catchers = (each for each in parent_of(node).findall(bpmn("intermediateCatchEvent")) if event_kind(each) == "link")
    return [each for each in catchers if definition_elements(each)[0].get("name") == name]


def _begins_by_itself(drawing: Drawing, node: etree._Element) -> bool:
    tag = local_name(node)
    if undoes(node):
        return any(node in handlers for handlers in drawing.handlers.values())
    if tag == "startEvent" or is_event_sub_process(node):
        return True
    in_ad_hoc = local_name(parent_of(node)) == "adHocSubProcess"
    return in_ad_hoc and tag in FLOW_NODES and tag != "boundaryEvent" and not drawing.into(node)
