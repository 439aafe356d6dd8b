"""The parts of a decision model: decisions, columns and rules; the cells of a rule go by the names of its columns."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.names import local_name
from engine.bpmn.xml_source import parse_xml
from engine.comparison.model import Facts, Part

PARTS = frozenset(
    (
        "decision",
        "inputData",
        "businessKnowledgeModel",
        "knowledgeSource",
        "decisionService",
        "itemDefinition",
        "decisionTable",
        "input",
        "output",
        "rule",
    )
)
ORDERED = "order"


def decision_parts(xml: bytes) -> dict[str, Part]:
    """Return the parts of a decision model by id, in the order of the document.

    Raises:
        XmlRefused: the document cannot be read.
    """
    found = {}
    for element in parse_xml(xml).iter("{*}*"):
        identifier = element.get("id")
        if identifier and local_name(element) in PARTS:
            found[identifier] = _part(element)
    return found


def _part(element: etree._Element) -> Part:
    facts = Facts()
    kind = local_name(element)
    if kind == "rule":
        _cells(element, facts)
    else:
        _flat(element, "", facts)
    name = element.get("name") or element.get("label") or ""
    if kind == "rule" and (table := element.getparent()) is not None:
        name = f"{1 + [one for one in table if local_name(one) == 'rule'].index(element)}"
    if kind == "decisionTable" and (decision := element.getparent()) is not None:
        name = decision.get("name") or ""
        facts.add(ORDERED, " ".join(one.get("id", "") for one in element if local_name(one) == "rule"))
    return Part(id=str(element.get("id")), name=name, type=kind, facts=facts.found)


def _cells(rule: etree._Element, facts: Facts) -> None:
    table = rule.getparent()
    columns: dict[str, list[str]] = {"input": [], "output": []}
    for one in table if table is not None else ():
        if local_name(one) in columns:
            expression = one.findtext("{*}inputExpression/{*}text") or ""
            columns[local_name(one)].append(one.get("label") or one.get("name") or expression)
    entries = {"inputEntry": ("when", iter(columns["input"])), "outputEntry": ("then", iter(columns["output"]))}
    for cell in rule:
        prefix, names = entries.get(local_name(cell), (local_name(cell), iter(())))
        text = "".join(str(one) for one in cell.itertext()).strip()
        name = next(names, "")
        facts.add(f"{prefix}.{name}" if name else prefix, text or ("-" if prefix == "when" else None))


def _flat(element: etree._Element, path: str, facts: Facts) -> None:
    for name, value in element.attrib.items():
        if name != "id":
            facts.add(f"{path}.{str(name).rpartition('}')[2]}".strip("."), str(value))
    facts.add(path or "text", element.text)
    for child in element:
        if local_name(child) not in PARTS or not child.get("id"):
            _flat(child, f"{path}.{local_name(child)}".strip("."), facts)
