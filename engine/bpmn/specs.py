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

from engine.bpmn.names import FLOW_NODES, bpmn, flow_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree


class FlowNodeSpec(BpmnSpecMixin):  # type: ignore[misc]  # the library has no types
    """One flow node as drawn, whatever its tag; `element` is its XML."""

    element: etree._Element
    bpmn_id: str
    bpmn_name: str | None
    lane: str | None


class _FlowNodeParser(TaskParser):  # type: ignore[misc]  # the library has no types
    def parse_node(self) -> FlowNodeSpec:
        spec: FlowNodeSpec = self.create_task()
        spec.element = self.node
        return spec

    def parse_incoming_data_references(self) -> list[object]:
        return []  # data objects are drawing only

    def parse_outgoing_data_references(self) -> list[object]:
        return []


class _ProcessParser(ProcessParser):  # type: ignore[misc]  # the library has no types
    def create_spec(self) -> BpmnProcessSpec:
        return BpmnProcessSpec(name=self.bpmn_id)

    def add_tasks(self) -> None:
        specs = {node.get("id"): self.parse_node(node) for node in flow_nodes(self.node)}
        for flow in self.node.iter(bpmn("sequenceFlow")):
            specs[flow.get("sourceRef")].connect(specs[flow.get("targetRef")])


class _DiagramParser(BpmnParser):  # type: ignore[misc]  # the library has no types
    PROCESS_PARSER_CLASS = _ProcessParser
    OVERRIDE_PARSER_CLASSES: Mapping[str, tuple[type, type]] = {
        bpmn(name): (_FlowNodeParser, FlowNodeSpec) for name in FLOW_NODES
    }


def process_specs(root: etree._Element) -> dict[str, list[FlowNodeSpec]]:
    """Return the flow nodes of every executable process, by process id. The document must be free of errors."""
    parser: Any = _DiagramParser()
    parser.add_bpmn_xml(root)
    executable = [each.get("id", "") for each in root.iter(bpmn("process")) if each.get("isExecutable") == "true"]
    return {
        process_id: [spec for spec in parser.get_spec(process_id).task_specs.values() if isinstance(spec, FlowNodeSpec)]
        for process_id in executable
    }
