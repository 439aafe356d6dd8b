"""The way in: from the XML as drawn to compiled processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.bpmn.compiler import compile_process
from engine.bpmn.event_definitions import top_level
from engine.bpmn.names import bpmn
from engine.bpmn.specs import process_specs
from engine.bpmn.xml_source import parse_xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.core.graph import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """The executable processes of one document, by process id."""

    processes: Mapping[str, Process]


def read(xml: bytes) -> Diagram:
    """Compile a document."""
    root = parse_xml(xml)
    elements = {each.get("id", ""): each for each in root.iter(bpmn("process"))}
    roots = top_level(root)
    return Diagram(
        processes={
            process_id: compile_process(elements[process_id], specs, roots)
            for process_id, specs in process_specs(root).items()
        }
    )
