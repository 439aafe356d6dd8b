"""The user tasks of a diagram, for whoever chooses one: of which process, what it is called, whom it is offered to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A user task as drawn; an empty `group` is computed when the task is opened."""

    process_id: str
    element_id: str
    name: str
    name_en: str
    group: str


@lru_cache(maxsize=256)
def steps_of(xml: bytes) -> tuple[Step, ...]:
    """Return the user tasks of a diagram in the order they are drawn."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(xml, parser)
    return tuple(
        _step(str(process.get("id")), node)
        for process in root.iter(f"{BPMN}process")
        for node in process.iter(f"{BPMN}userTask")
    )


def _step(process_id: str, node: etree._Element) -> Step:
    name = str(node.get("name") or node.get("id"))
    extensions = f"{BPMN}extensionElements"
    english = node.find(f"{extensions}/{ZEEBE}properties/{ZEEBE}property[@name='name.en']")
    offered = node.find(f"{extensions}/{ZEEBE}assignmentDefinition")
    group = "" if offered is None else str(offered.get("candidateGroups") or "")
    return Step(
        process_id=process_id,
        element_id=str(node.get("id")),
        name=name,
        name_en=name if english is None else str(english.get("value") or name),
        group="" if group.startswith("=") else group,
    )
