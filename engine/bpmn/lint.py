"""Everything wrong or doubtful in a diagram, found in one go: what passes runs as drawn, what does not is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.checks import (
    ad_hoc_joins,
    choices_joined,
    content,
    duplicates,
    events,
    expressions,
    identity,
    layout,
    listeners,
    literals,
    loops,
    mappings,
    paths,
    staffing,
    tasks,
)
from engine.bpmn.drawing import Drawing
from engine.bpmn.lint_catalogue import RULES
from engine.bpmn.names import bpmn, local_name
from engine.bpmn.office import UNKNOWN_OFFICE, Office
from engine.bpmn.xml_source import XmlRefused, parse_xml
from engine.feel.analysis import NOTHING_AROUND, Surroundings
from engine.findings import Finding

if TYPE_CHECKING:
    from lxml import etree

_CHECKS = (
    identity.check,
    content.check,
    paths.check,
    events.check,
    duplicates.check,
    tasks.check,
    listeners.check,
    mappings.check,
    ad_hoc_joins.check,
    choices_joined.check,
    expressions.check,
    literals.check,
    loops.check,
    staffing.check,
    layout.check,
)


def lint(
    xml: bytes,
    *,
    resource: str = "",
    surroundings: Surroundings = NOTHING_AROUND,
    office: Office = UNKNOWN_OFFICE,
) -> tuple[Finding, ...]:
    """Return all findings, by line. With an error among them the diagram must not be deployed.

    `surroundings` are the objects and functions that the host lends to expressions, `office` who works for it.
    """
    try:
        root = parse_xml(xml)
    except XmlRefused as refused:
        return (_refusal(refused, resource),)
    drawing = Drawing(root, resource, surroundings, office)
    if root.tag != bpmn("definitions"):
        drawing.report("not-bpmn", root, found=local_name(root))
        return tuple(drawing.findings)
    _check_processes(drawing, root)
    for check in _CHECKS:
        check(drawing)
    return tuple(sorted(drawing.findings, key=lambda finding: (finding.line or 0, finding.code)))


def _check_processes(drawing: Drawing, root: etree._Element) -> None:
    if not drawing.processes:
        drawing.report("no-executable-process", root)
    for process in root.iter(bpmn("process")):
        if process not in drawing.processes:
            drawing.report("process-not-executable", process, id=process.get("id"))


def _refusal(refused: XmlRefused, resource: str) -> Finding:
    rule = RULES[refused.code]
    return Finding(
        severity=rule.severity,
        code=refused.code,
        resource=resource,
        element_id=None,
        element_name=None,
        line=refused.line,
        message_zh=rule.zh.format_map({"reason": refused.reason}),
        message_en=rule.en.format_map({"reason": refused.reason}),
        advice_zh=rule.advice_zh,
        advice_en=rule.advice_en,
    )
