"""Joins in ad-hoc sub-processes: what is begun there goes its way alone, so that its tokens never meet another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.drawing import is_event_sub_process
from engine.bpmn.names import FLOW_NODES, bpmn, local_name

if TYPE_CHECKING:
    from lxml import etree

    from engine.bpmn.drawing import Drawing


def check(drawing: Drawing) -> None:
    """Report a parallel join that what is begun with one element can reach, but never along all of its flows."""
    for scope in drawing.scopes():
        if local_name(scope) != "adHocSubProcess":
            continue
        joins = [each for each in scope.findall(bpmn("parallelGateway")) if len(drawing.into(each)) > 1]
        heads = [each for each in scope if _is_head(drawing, each)] if joins else []
        for join in joins:
            flows = {each.get("id") for each in drawing.into(join)}
            for head in heads:
                reached = _flows_reached(drawing, scope, head, join)
                if reached and reached != flows:
                    drawing.report("join-in-ad-hoc", join, id=join.get("id"), head=head.get("id"))
                    break


def _is_head(drawing: Drawing, child: etree._Element) -> bool:
    is_node = local_name(child) in FLOW_NODES and local_name(child) != "boundaryEvent"
    return is_node and not is_event_sub_process(child) and not drawing.into(child)


def _flows_reached(drawing: Drawing, scope: etree._Element, head: etree._Element, join: etree._Element) -> set[str]:
    attached: dict[str | None, list[etree._Element]] = {}
    for event in scope.findall(bpmn("boundaryEvent")):
        attached.setdefault(event.get("attachedToRef"), []).append(event)
    waiting, seen, reached = [head], {join.get("id")}, set()
    while waiting:
        node = waiting.pop()
        if node.get("id") in seen:
            continue
        seen.add(node.get("id"))
        waiting += attached.get(node.get("id"), [])
        for flow in drawing.out_of(node):
            target = drawing.node(flow.get("targetRef"))
            if target is join:
                reached.add(flow.get("id", ""))
            elif target is not None:
                waiting.append(target)
    return reached
