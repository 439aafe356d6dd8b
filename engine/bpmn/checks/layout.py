"""The layout: whoever looks at the diagram sees every element that runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.names import BPMNDI

if TYPE_CHECKING:
    from engine.bpmn.drawing import Drawing


def check(drawing: Drawing) -> None:
    """Report elements without a shape; once only when there is no layout at all."""
    kinds = (f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")
    shapes = {shape.get("bpmnElement") for shape in drawing.root.iter(*kinds)}
    if not shapes:
        drawing.report("no-diagram", drawing.root)
        return
    for element in [*drawing.nodes, *drawing.flows]:
        if element.get("id") not in shapes:
            drawing.report("no-shape", element, id=element.get("id"))
