"""The way in: from the XML as drawn to compiled processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.bpmn.compiler import compile_process
from engine.bpmn.event_definitions import top_level
from engine.bpmn.lint import lint
from engine.bpmn.names import bpmn
from engine.bpmn.specs import process_specs
from engine.bpmn.xml_source import parse_xml
from engine.errors import EngineError
from engine.feel.analysis import NOTHING_AROUND, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.core.graph import Process
    from engine.findings import Finding


class DiagramRefused(EngineError):
    """The diagram has errors; `findings` names them all, warnings too."""

    code = "diagram-refused"
    text_zh = "流程图有 {count} 个错误，未被接受。第一个：{first}"
    text_en = "The diagram is refused (errors: {count}). The first: {first}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__(count=len(errors), first=errors[0].message_en if errors else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """The executable processes of one document, by process id."""

    processes: Mapping[str, Process]


def read(xml: bytes, *, surroundings: Surroundings = NOTHING_AROUND) -> Diagram:
    """Check a document and compile it; `surroundings` are the objects and functions the host lends to expressions.

    Raises:
        DiagramRefused: the document has errors.
    """
    findings = lint(xml, surroundings=surroundings)
    if any(finding.severity == "error" for finding in findings):
        raise DiagramRefused(findings)
    return read_deployed(xml)


def read_deployed(xml: bytes) -> Diagram:
    """Compile a document that passed the lint when it was deployed; a stricter lint must not stop running cases."""
    root = parse_xml(xml)
    elements = {each.get("id", ""): each for each in root.iter(bpmn("process"))}
    roots = top_level(root)
    return Diagram(
        processes={
            process_id: compile_process(elements[process_id], specs, roots)
            for process_id, specs in process_specs(root).items()
        }
    )
