"""Names of the notation: namespaces and the elements that are flow nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
TASKS = (
    "task",
    "manualTask",
    "userTask",
    "serviceTask",
    "scriptTask",
    "businessRuleTask",
    "sendTask",
    "receiveTask",
)
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway")
SUB_PROCESSES = ("subProcess", "adHocSubProcess")
ACTIVITIES = (*TASKS, *SUB_PROCESSES, "callActivity")
FLOW_NODES = (*EVENTS, *ACTIVITIES, *GATEWAYS)
BOOLEANS = ("false", "true", "0", "1")


def bpmn(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    """Return the full tag of an extension element."""
    return f"{{{ZEEBE}}}{name}"


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    """Return the namespace of an element."""
    return etree.QName(element).namespace or ""


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Return the attributes of an element as texts, as the core takes them."""
    return {str(name): as_drawn(str(value)) for name, value in element.attrib.items()}


def flow_nodes(scope: etree._Element) -> Iterator[etree._Element]:
    """Go through the flow nodes of a process or sub-process with all that is nested in it, in document order."""
    return scope.iter(*(bpmn(name) for name in FLOW_NODES))


def text_of(element: etree._Element, child: str) -> str | None:
    """Return the stripped text of a BPMN child, None when it is missing or empty."""
    return (element.findtext(bpmn(child)) or "").strip() or None


def read_boolean(element: etree._Element, name: str, *, default: bool) -> bool:
    """Read an attribute of the kind xsd:boolean; what is none of `BOOLEANS`, the lint refuses."""
    value = element.get(name)
    return default if value is None else value.strip() in ("true", "1")


def is_executable(process: etree._Element) -> bool:
    """Say whether a process is drawn to be run."""
    return read_boolean(process, "isExecutable", default=False)


def as_drawn(text: str) -> str:
    """Return a text as the core takes it: blanks around an expression mean nothing, in any other text they stay."""
    stripped = text.strip()
    return stripped if stripped.startswith("=") else text


def extension(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first extension element of this name."""
    return element.find(f"{bpmn('extensionElements')}/{zeebe(name)}")
