"""The parts of a diagram: timers, conditions, assignments and mappings belong to the element that carries them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.names import BPMN, BPMNDI, FLOW_NODES, bpmn, local_name, namespace
from engine.bpmn.xml_source import parse_xml
from engine.comparison.model import Facts, Part

PARTS = frozenset(
    (
        *FLOW_NODES,
        "transaction",
        "complexGateway",
        "process",
        "collaboration",
        "participant",
        "lane",
        "sequenceFlow",
        "messageFlow",
        "association",
        "textAnnotation",
        "dataObject",
        "dataObjectReference",
        "dataStore",
        "dataStoreReference",
        "group",
        "message",
        "signal",
        "error",
        "escalation",
    )
)
DERIVED = frozenset(("incoming", "outgoing"))  # the flows say it themselves
MARKS = frozenset(("id", "{http://www.w3.org/2001/XMLSchema-instance}type"))  # they say nothing that is run
EVENT_DEFINITION = "EventDefinition"
LOOPS = {"multiInstanceLoopCharacteristics": "loop", "standardLoopCharacteristics": "repeat"}
NAMED = {"input": ("input", "target", "source"), "output": ("output", "target", "source")}
LISTED = {"property": ("property", "name", "value"), "header": ("header", "key", "value")}


def diagram_parts(xml: bytes) -> dict[str, Part]:
    """Return the parts of a diagram by id, in the order of the document.

    Raises:
        XmlRefused: the document cannot be read.
    """
    root = parse_xml(xml)
    places = dict(_places(root))
    found = {}
    for element in root.iter(f"{{{BPMN}}}*"):
        identifier = element.get("id")
        if identifier and local_name(element) in PARTS:
            found[identifier] = _part(element, places.get(identifier, ""))
    return found


def _part(element: etree._Element, place: str) -> Part:
    facts = Facts()
    for name, value in element.attrib.items():
        if name != "id":
            facts.add(_plain(str(name)), str(value))
    for child in element:
        _child(child, facts)
    if local_name(element) == "lane":
        members = sorted(one.text or "" for one in element.findall(bpmn("flowNodeRef")))
        facts.add("members", "、".join(members))
    return Part(
        id=str(element.get("id")),
        name=str(element.get("name") or ""),
        type=local_name(element),
        facts=facts.found,
        place=place,
    )


def _child(child: etree._Element, facts: Facts) -> None:
    name = local_name(child)
    if name in DERIVED or name in ("flowNodeRef", "laneSet") or (namespace(child) == BPMN and name in PARTS):
        return
    if name == "extensionElements":
        for extension in child:
            _extension(extension, facts)
    elif name == "conditionExpression":
        facts.add("condition", child.text)
    elif name.endswith(EVENT_DEFINITION):
        kind = name.removesuffix(EVENT_DEFINITION)
        facts.add("event", kind)
        _flat(child, kind, facts)
    elif name in LOOPS:
        facts.add(LOOPS[name], "sequential" if child.get("isSequential") == "true" else "parallel")
        _flat(child, LOOPS[name], facts)
    else:
        _flat(child, name, facts)


def _extension(extension: etree._Element, facts: Facts) -> None:
    name = local_name(extension)
    if name in ("ioMapping", "properties", "taskHeaders"):
        for one in extension:
            prefix, key, value = (NAMED | LISTED).get(local_name(one), (local_name(one), "name", "value"))
            facts.add(f"{prefix}.{one.get(key, '')}", one.get(value))
        return
    if not extension.attrib and not len(extension) and not (extension.text or "").strip():
        facts.add(name, "yes")  # its mere presence says something, as `zeebe:userTask` does
    _flat(extension, name, facts)


def _flat(element: etree._Element, path: str, facts: Facts) -> None:
    """Take down what an element and everything below it says, by the way that leads there."""
    for name, value in element.attrib.items():
        if str(name) not in MARKS:
            facts.add(f"{path}.{_plain(str(name))}", str(value))
    facts.add(path, element.text)
    for child in element:
        name = local_name(child)
        if name == "extensionElements":
            for extension in child:
                _flat(extension, f"{path}.{local_name(extension)}", facts)
        else:
            _flat(child, f"{path}.{name}", facts)


def _places(root: etree._Element) -> Iterator[tuple[str, str]]:
    for drawn in root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"):
        numbers = [
            f"{local_name(one)}:{sorted((str(name), str(value)) for name, value in one.attrib.items())}"
            for one in drawn
            if local_name(one) in ("Bounds", "waypoint")
        ]
        yield str(drawn.get("bpmnElement")), ";".join((*numbers, str(drawn.get("isExpanded", ""))))


def _plain(name: str) -> str:
    return name.rpartition("}")[2]
