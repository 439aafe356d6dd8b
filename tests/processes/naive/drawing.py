"""The diagram as this implementation reads it: elements and flows of one process, straight from the XML."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
NODES = (
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
    *("task", "manualTask", "userTask", "serviceTask", "scriptTask", "receiveTask"),
    *("subProcess", "adHocSubProcess", "callActivity"),
    *("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"),
)
SCOPES = ("process", "subProcess")


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None
    is_default: bool


@dataclass(frozen=True)
class Element:
    """One node; `event` is its kind of event, with what it names (`named`) and its time (`time`: kind, text).

    `undone_by` is the handler of a compensation event at its boundary; `calls` the process a call activity calls.
    """

    id: str
    tag: str
    inside: str
    event: str | None = None
    named: str | None = None
    key: str | None = None
    time: tuple[str, str] | None = None
    interrupts: bool = True
    host: str | None = None
    is_handler: bool = False
    loop: dict[str, Any] | None = None
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    script: tuple[str, str] | None = None
    condition: str | None = None
    ad_hoc: dict[str, Any] | None = None
    starters: int = 0  # execution listeners that are asked before it begins
    enders: int = 0  # and before it is left
    undone_by: str | None = None
    calls: str | None = None

    @property
    def is_work(self) -> bool:
        return self.tag in ("userTask", "serviceTask")


class Drawing:
    """All elements and flows of the processes of a document; the first one is run, it may call the others."""

    def __init__(self, xml: bytes) -> None:
        root = etree.fromstring(xml)
        processes = root.findall(f"{BPMN}process")
        self.process = processes[0].get("id")
        named = {each.get("id"): each for each in root if each.get("id")}
        handlers = _handlers(root)
        self.elements = {each.get("id"): Element(each.get("id"), "process", "") for each in processes}
        for tag in NODES:
            for node in root.iter(f"{BPMN}{tag}"):
                element = _element(node, tag, named)
                self.elements[element.id] = replace(element, undone_by=handlers.get(element.id))
        defaults = {node.get("default") for node in root.iter()}
        self.flows = [
            Flow(
                flow.get("id"),
                flow.get("sourceRef"),
                flow.get("targetRef"),
                (flow.findtext(f"{BPMN}conditionExpression") or "").strip() or None,
                flow.get("id") in defaults,
            )
            for flow in root.iter(f"{BPMN}sequenceFlow")
        ]
        self.into: dict[str, list[Flow]] = {each: [] for each in self.elements}
        self.out_of: dict[str, list[Flow]] = {each: [] for each in self.elements}
        for flow in self.flows:
            self.into[flow.target].append(flow)
            self.out_of[flow.source].append(flow)
        everything = [each for each in self.elements.values() if each.event != "compensate"]
        self.boundary = {
            host: [each for each in everything if each.tag == "boundaryEvent" and each.host == host]
            for host in self.elements
        }
        self.starts = {
            scope: [each for each in everything if each.tag == "startEvent" and each.inside == scope]
            for scope in self.elements
        }
        self.handler_starts = {
            scope: [
                start
                for each in everything
                if each.inside == scope and each.is_handler
                for start in self.starts[each.id]
            ]
            for scope in self.elements
        }

    def waits_for_all(self, element_id: str) -> bool:
        return self.elements[element_id].tag == "parallelGateway" and len(self.into[element_id]) > 1

    def waits_for_possible(self, element_id: str) -> bool:
        return self.elements[element_id].tag == "inclusiveGateway" and len(self.into[element_id]) > 1

    def link_target(self, thrower: Element) -> Element:
        [found] = [
            each
            for each in self.elements.values()
            if each.tag == "intermediateCatchEvent"
            and (each.event, each.named, each.inside) == ("link", thrower.named, thrower.inside)
        ]
        return found


def _handlers(root: Any) -> dict[str, str]:
    """From an activity to what undoes it: by its compensation event and the association from there."""
    leads = {each.get("sourceRef"): each.get("targetRef") for each in root.iter(f"{BPMN}association")}
    return {
        each.get("attachedToRef"): leads[each.get("id")]
        for each in root.iter(f"{BPMN}boundaryEvent")
        if each.get("id") in leads
    }


def _element(node: Any, tag: str, named: dict[str, Any]) -> Element:
    event = name = key = time = None
    for child in node:
        if str(child.tag).endswith("EventDefinition"):
            event = etree.QName(child).localname.removesuffix("EventDefinition")
            name, key = _named(child, event, named)
            time = next(
                ((each.tag.removeprefix(f"{BPMN}time"), each.text) for each in child if "time" in each.tag), None
            )
    if tag == "receiveTask":
        event = "message"
        name, key = _named(node, event, named)
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    script = node.find(f"{BPMN}extensionElements/{ZEEBE}script")
    calls = node.find(f"{BPMN}extensionElements/{ZEEBE}calledElement")
    return Element(
        id=node.get("id"),
        tag=tag,
        inside=node.getparent().get("id"),
        event=event,
        named=name,
        key=key,
        time=time,
        interrupts="false" not in (node.get("cancelActivity"), node.get("isInterrupting")),
        host=node.get("attachedToRef"),
        is_handler=node.get("triggeredByEvent") == "true",
        loop=None if loop is None else _loop(loop),
        inputs=_mappings(node, "input"),
        outputs=_mappings(node, "output"),
        script=None if script is None else (script.get("expression"), script.get("resultVariable")),
        condition=next(
            (each.text.strip() for each in node.iterfind(f"{BPMN}conditionalEventDefinition/{BPMN}condition")), None
        ),
        starters=_listeners(node, "start"),
        enders=_listeners(node, "end"),
        ad_hoc=_ad_hoc(node) if tag == "adHocSubProcess" else None,
        calls=None if calls is None else calls.get("processId"),
    )


def _named(child: Any, event: str, named: dict[str, Any]) -> tuple[str | None, str | None]:
    """What an event names: a message, signal or link, the code of an error or escalation, an activity; and its key."""
    if event == "link":
        return child.get("name"), None
    if event == "compensate":
        return child.get("activityRef"), None
    reference = child.get(f"{event}Ref")
    if reference is None:
        return None, None
    root = named[reference]
    subscription = root.find(f"{BPMN}extensionElements/{ZEEBE}subscription")
    key = None if subscription is None else subscription.get("correlationKey")
    return root.get(f"{event}Code") or root.get("name"), key


def _ad_hoc(node: Any) -> dict[str, Any]:
    """What is begun, when it is over, what is collected; `heads`: what no flow leads to, as the engine lists it."""
    drawn = node.find(f"{BPMN}extensionElements/{ZEEBE}adHoc")
    led_to = {each.get("targetRef") for each in node.iterfind(f"{BPMN}sequenceFlow")}
    heads = [
        each.get("id")
        for each in node
        if str(each.tag).removeprefix(BPMN) in NODES
        and each.get("id") not in led_to
        and not each.tag.endswith("boundaryEvent")
        and "true" not in (each.get("triggeredByEvent"), each.get("isForCompensation"))
    ]
    until = (node.findtext(f"{BPMN}completionCondition") or "").strip() or None
    return {**drawn.attrib, "until": until, "cancels": node.get("cancelRemainingInstances") != "false", "heads": heads}


def own_output(drawn: dict[str, Any]) -> str | None:
    """The variable that is all an output element names, or whose property it names: each round has its own."""
    found = re.fullmatch(r"=\s*([A-Za-z_]\w*)(\.\w+)*\s*", drawn.get("outputElement", ""))
    return None if found is None else found[1]


def _listeners(node: Any, event: str) -> int:
    found = node.iterfind(f"{BPMN}extensionElements/{ZEEBE}executionListeners/{ZEEBE}executionListener")
    return sum(each.get("eventType") == event for each in found)


def _loop(loop: Any) -> dict[str, Any]:
    drawn = loop.find(f"{BPMN}extensionElements/{ZEEBE}loopCharacteristics")
    until = (loop.findtext(f"{BPMN}completionCondition") or "").strip() or None
    return {**drawn.attrib, "one_by_one": loop.get("isSequential") == "true", "until": until}


def _mappings(node: Any, kind: str) -> tuple[tuple[str, str], ...]:
    found = node.iterfind(f"{BPMN}extensionElements/{ZEEBE}ioMapping/{ZEEBE}{kind}")
    return tuple((each.get("target"), each.get("source")) for each in found)
