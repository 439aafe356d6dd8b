"""The diagram as specifications: SpiffWorkflow's parser walks the document, each flow node becomes one of its specs.

Only its parser and spec classes are used, never its run time. Its own way to descend along the sequence flows breaks
at about a thousand elements in a row, so the elements are handed to it one by one and connected afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.bpmn.names import BPMN, FLOW_NODES, bpmn, flow_nodes, is_executable, namespace

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree


class FlowNodeSpec(BpmnSpecMixin):
    """One flow node as drawn, whatever its tag; `element` is its XML."""

    element: etree._Element
    bpmn_id: str
    bpmn_name: str | None


class _FlowNodeParser(TaskParser):
    def parse_node(self) -> FlowNodeSpec:
        spec: FlowNodeSpec = self.create_task()  # type: ignore[no-untyped-call]  # the library has no types
        spec.element = self.node
        return spec

    def parse_incoming_data_references(self) -> list[object]:
        return []  # data objects are drawing only

    def parse_outgoing_data_references(self) -> list[object]:
        return []


class _ProcessParser(ProcessParser):
    def create_spec(self) -> BpmnProcessSpec:
        spec = BpmnProcessSpec(name=self.bpmn_id)  # type: ignore[no-untyped-call]  # the library has no types
        spec.task_specs.clear()  # its own start and end would hide elements that are drawn with the ids Start or End
        return spec

    def add_tasks(self) -> None:
        parse: Callable[[etree._Element], FlowNodeSpec] = self.parse_node
        specs: dict[str | None, Any] = {node.get("id"): parse(node) for node in flow_nodes(self.node)}
        for flow in self.node.iter(bpmn("sequenceFlow")):
            specs[flow.get("sourceRef")].connect(specs[flow.get("targetRef")])


_PARSER_CLASSES = {bpmn(name): (_FlowNodeParser, FlowNodeSpec) for name in FLOW_NODES}


class _DiagramParser(BpmnParser):
    PROCESS_PARSER_CLASS = _ProcessParser
    OVERRIDE_PARSER_CLASSES = _PARSER_CLASSES


def process_specs(root: etree._Element) -> dict[str, list[FlowNodeSpec]]:
    """Return the flow nodes of every executable process, by process id. The document must be free of errors."""
    for child in list(root):
        if namespace(child) != BPMN:
            root.remove(child)  # the layout means nothing here, and the library stumbles over coordinates
    parser: Any = _DiagramParser()  # type: ignore[no-untyped-call]  # the library has no types
    parser.add_bpmn_xml(root)
    executable = [each.get("id", "") for each in root.iter(bpmn("process")) if is_executable(each)]
    return {
        process_id: [spec for spec in parser.get_spec(process_id).task_specs.values() if isinstance(spec, FlowNodeSpec)]
        for process_id in executable
    }
