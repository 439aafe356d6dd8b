"""A document under check: its elements by id and scope, and the findings so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.compensation import handlers_of
from engine.bpmn.event_definitions import SUFFIX, definition_elements
from engine.bpmn.lint_catalogue import RULES
from engine.bpmn.names import BPMN, FLOW_NODES, bpmn, flow_nodes, is_executable, local_name, namespace, read_boolean
from engine.bpmn.office import UNKNOWN_OFFICE, Office
from engine.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from engine.feel.analysis import Surroundings


class Drawing:
    """Indexes of one document, made in one pass; checks read it and report into it."""

    def __init__(
        self, root: etree._Element, resource: str, surroundings: Surroundings, office: Office = UNKNOWN_OFFICE
    ) -> None:
        self.root = root
        self.resource = resource
        self.surroundings = surroundings  # what the host lends to expressions
        self.office = office
        self.findings: list[Finding] = []
        self.foreign: dict[str, list[etree._Element]] = {}  # extensions of other products by tag, told once each
        self.by_id: dict[str, etree._Element] = {}
        self.processes = [each for each in root.iter(bpmn("process")) if is_executable(each)]
        self.nodes = [node for process in self.processes for node in flow_nodes(process)]
        self.handlers = {  # compensation activities by the id of the boundary event they belong to
            node.get("id", ""): handlers_of(node) for node in self.nodes if undoes_by_handler(node)
        }
        self.user_tasks = {each.get("id") for each in self.nodes if local_name(each) == "userTask"}
        self.flows = [flow for process in self.processes for flow in process.iter(bpmn("sequenceFlow"))]
        self.outgoing: dict[str, list[etree._Element]] = {}
        self.incoming: dict[str, list[etree._Element]] = {}
        for element in root.iter(f"{{{BPMN}}}*"):
            self.by_id.setdefault(element.get("id", ""), element)
        for flow in self.flows:
            self.outgoing.setdefault(flow.get("sourceRef", ""), []).append(flow)
            self.incoming.setdefault(flow.get("targetRef", ""), []).append(flow)

    def report(self, code: str, element: etree._Element | None, **fields: object) -> None:
        """Add a finding at an element; its owner is named when it has no id of its own."""
        rule = RULES[code]
        owner = owner_of(element) if element is not None else None
        self.findings.append(
            Finding(
                severity=rule.severity,
                code=code,
                resource=self.resource,
                element_id=owner.get("id") if owner is not None else None,
                element_name=_name_of(owner),
                line=_line(element),
                message_zh=rule.zh.format_map(fields),
                message_en=rule.en.format_map(fields),
                advice_zh=rule.advice_zh.format_map(fields),
                advice_en=rule.advice_en.format_map(fields),
            )
        )

    def out_of(self, node: etree._Element) -> list[etree._Element]:
        """Return the sequence flows that leave a node."""
        return self.outgoing.get(node.get("id", ""), [])

    def into(self, node: etree._Element) -> list[etree._Element]:
        """Return the sequence flows that lead to a node."""
        return self.incoming.get(node.get("id", ""), [])

    def node(self, node_id: str | None) -> etree._Element | None:
        """Return the flow node of this id."""
        found = self.by_id.get(node_id or "")
        return found if found is not None and local_name(found) in FLOW_NODES else None

    def scopes(self) -> Iterator[etree._Element]:
        """Go through the executable processes and their sub-processes."""
        for process in self.processes:
            yield from process.iter(bpmn("process"), bpmn("subProcess"), bpmn("adHocSubProcess"))


_PARTS = frozenset(  # they have ids of their own, but no editor lets anybody select them
    {
        "conditionExpression",
        "completionCondition",
        "ioSpecification",
        "inputSet",
        "outputSet",
        "dataInput",
        "dataOutput",
        "property",
        "laneSet",
        "childLaneSet",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "resourceAssignmentExpression",
    }
)


def owner_of(element: etree._Element) -> etree._Element:
    """Return the nearest element, this one or around it, that an editor can select."""
    each: etree._Element | None = element
    while each is not None:
        tag = local_name(each)
        is_part = tag in _PARTS or tag.endswith((SUFFIX, "LoopCharacteristics"))
        if each.get("id") is not None and namespace(each) == BPMN and not is_part:
            return each
        each = each.getparent()
    return element


def event_kind(node: etree._Element) -> str:
    """Return the type of an event: message, timer ... or none."""
    definitions = definition_elements(node)
    return local_name(definitions[0]).removesuffix(SUFFIX) if definitions else "none"


def undoes_by_handler(node: etree._Element) -> bool:
    """Say whether this is a compensation event at the boundary of an activity."""
    return local_name(node) == "boundaryEvent" and event_kind(node) == "compensate"


def is_event_sub_process(element: etree._Element | None) -> bool:
    """Say whether this is an event sub-process."""
    return element is not None and read_boolean(element, "triggeredByEvent", default=False)


def is_interrupting(event: etree._Element) -> bool:
    """Say whether a boundary event, or the start event of an event sub-process, ends what it happens to."""
    name = "cancelActivity" if local_name(event) == "boundaryEvent" else "isInterrupting"
    return read_boolean(event, name, default=True)


def parent_of(element: etree._Element) -> etree._Element:
    """Return the element around; flow nodes always have one."""
    parent = element.getparent()
    return element if parent is None else parent


def _name_of(element: etree._Element | None) -> str | None:
    """Return the name on one line; a modeler keeps the line breaks of a label in it."""
    name = None if element is None else element.get("name")
    return None if name is None else " ".join(name.split())


def _line(element: etree._Element | None) -> int | None:
    line: object = None if element is None else element.sourceline
    return line if isinstance(line, int) else None
