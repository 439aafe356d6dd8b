"""What a diagram says of its elements to whoever watches them: names, norms, where each is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
CONTAINERS = frozenset({"process", "subProcess", "adHocSubProcess", "transaction"})
FLOW_NODES = CONTAINERS | {
    "task",
    "userTask",
    "serviceTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "manualTask",
    "businessRuleTask",
    "callActivity",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
}
NEVER_BEGUN = frozenset({"process", "startEvent", "boundaryEvent"})
_NORM = re.compile(r"P(\d{1,4})D")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnElement:
    """A flow node as drawn; `norm` is the working days it usually may take, `scope` the id of what it is drawn in."""

    id: str
    name: str
    name_en: str
    tag: str
    scope: str
    norm: int | None
    is_begun_by_hand: bool
    is_begun_around: bool  # a sub-process that a modification begins around an element in it
    is_distinct: bool  # a task that whoever did another one may not do


@lru_cache(maxsize=256)
def drawn_elements(xml: bytes) -> Mapping[str, DrawnElement]:
    """Return the flow nodes of a diagram by id, in the order they are drawn."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    found = {}
    for node in etree.fromstring(xml, parser).iter(f"{BPMN}*"):
        tag = etree.QName(node).localname
        if tag in FLOW_NODES:
            properties = _properties(node)
            element_id, parent = str(node.get("id", "")), node.getparent()
            name = str(node.get("name") or element_id)
            by_hand = tag not in NEVER_BEGUN and node.get("triggeredByEvent") != "true"
            by_hand = by_hand and node.get("isForCompensation") != "true"
            drawn = DrawnElement(
                id=element_id,
                name=name,
                name_en=properties.get("name.en") or name,
                tag=tag,
                scope="" if parent is None else str(parent.get("id", "")),
                norm=norm_days(properties.get("norm")),
                is_begun_by_hand=by_hand,
                is_begun_around=by_hand and tag == "subProcess" and not _is_begun_whole(node),
                is_distinct=bool(properties.get("distinctFrom", "").strip()),
            )
            found[drawn.id] = drawn
    return MappingProxyType(found)


@lru_cache(maxsize=256)
def flows_into(xml: bytes) -> Mapping[str, Mapping[str, str]]:
    """Return for each flow node the sequence flows that lead to it, in the order they are drawn, with their sources."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    found: dict[str, dict[str, str]] = {}
    for flow in etree.fromstring(xml, parser).iter(f"{BPMN}sequenceFlow"):
        found.setdefault(str(flow.get("targetRef")), {})[str(flow.get("id"))] = str(flow.get("sourceRef"))
    return MappingProxyType(found)


def norm_days(text: str | None) -> int | None:
    """Return the working days of a norm such as P5D; None where nothing is drawn, or nothing that counts in days."""
    found = _NORM.fullmatch(text or "")
    return int(found[1]) if found else None


def _is_begun_whole(node: etree._Element) -> bool:
    """Say whether a sub-process is repeated, or has start listeners that would be left out."""
    listeners = node.findall(f"{BPMN}extensionElements/{ZEEBE}executionListeners/{ZEEBE}executionListener")
    repeated = (node.find(f"{BPMN}{kind}LoopCharacteristics") for kind in ("multiInstance", "standard"))
    return any(one.get("eventType") == "start" for one in listeners) or any(one is not None for one in repeated)


def _properties(node: etree._Element) -> dict[str, str]:
    of_node = node.findall(f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property")
    return {str(one.get("name")): str(one.get("value")) for one in of_node}
