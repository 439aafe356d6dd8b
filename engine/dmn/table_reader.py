"""Read decision tables from XML, as the standard and as Camunda Modeler write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.dmn.documents import child, children, place_of, refusal_at, text_of
from engine.dmn.logic import Cell, DecisionTable, FeelText, InputClause, OutputClause, Place, Rule
from engine.dmn.messages import DecisionMessage
from engine.dmn.rule_index import ColumnIndex
from engine.dmn.texts import compile_cell, compile_text
from engine.feel.syntax import UnaryTestList

if TYPE_CHECKING:
    from lxml import etree

    from engine.dmn.item_types import TypeBook

HIT_POLICIES = {
    "UNIQUE": "UNIQUE",
    "FIRST": "FIRST",
    "PRIORITY": "PRIORITY",
    "ANY": "ANY",
    "COLLECT": "COLLECT",
    "RULE ORDER": "RULE ORDER",
    "OUTPUT ORDER": "OUTPUT ORDER",
    "RULE_ORDER": "RULE ORDER",
    "OUTPUT_ORDER": "OUTPUT ORDER",
}
AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")


def read_table(element: etree._Element, place: Place, *, types: TypeBook, names: frozenset[str]) -> DecisionTable:
    """Read a decision table.

    Raises:
        DmnError: the hit policy or aggregation is unknown, or a rule has more or fewer cells than the table columns.
    """
    inputs = tuple(_input(clause, place, types=types, names=names) for clause in children(element, "input"))
    outputs = tuple(_output(clause, place, types=types, names=names) for clause in children(element, "output"))
    rules = tuple(
        _rule(rule, index, place, names=names) for index, rule in enumerate(children(element, "rule"), start=1)
    )
    policy = HIT_POLICIES.get(element.get("hitPolicy") or "UNIQUE")
    aggregation = element.get("aggregation")
    if policy is None:
        raise refusal_at(place, "unknown-hit-policy", policy=element.get("hitPolicy"))
    if aggregation is not None and aggregation not in AGGREGATIONS:
        raise refusal_at(place, "unknown-aggregation", aggregation=aggregation)
    if not outputs:
        raise refusal_at(place, "no-output")
    for rule in rules:
        _check_cells(rule, place, inputs=len(inputs), outputs=len(outputs))
    return DecisionTable(
        place=place,
        type=types.of(element),
        hit_policy=policy,
        aggregation=aggregation if policy == "COLLECT" else None,
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        columns=tuple(ColumnIndex.of([rule.conditions[place] for rule in rules]) for place in range(len(inputs))),
    )


def _check_cells(rule: Rule, place: Place, *, inputs: int, outputs: int) -> None:
    if len(rule.conditions) != inputs or len(rule.conclusions) != outputs:
        raise refusal_at(
            place,
            "wrong-number-of-cells",
            rule=rule.index,
            conditions=len(rule.conditions),
            conclusions=len(rule.conclusions),
            inputs=inputs,
            outputs=outputs,
        )


def _input(clause: etree._Element, outer: Place, *, types: TypeBook, names: frozenset[str]) -> InputClause:
    expression = child(clause, "inputExpression")
    text = text_of(expression)
    label = clause.get("label") or text
    place = place_of(clause, fallback=outer, name=label)
    return InputClause(
        place=place,
        label=label,
        feel=compile_text(text or "null", place, names=names),
        type=types.of(expression),
        allowed=_cell(child(clause, "inputValues"), place, names=names),
    )


def _cell(element: etree._Element | None, place: Place, *, names: frozenset[str]) -> Cell | None:
    text = text_of(element)
    return compile_cell(text, place, names=names) if text else None


def _output(clause: etree._Element, outer: Place, *, types: TypeBook, names: frozenset[str]) -> OutputClause:
    place = place_of(clause, fallback=outer, name=clause.get("label") or clause.get("name") or "")
    allowed = _cell(child(clause, "outputValues"), place, names=names)
    default = text_of(child(clause, "defaultOutputEntry"))
    return OutputClause(
        place=place,
        name=clause.get("name") or clause.get("label") or "",
        type=types.of(clause),
        allowed=allowed,
        priorities=_priorities(allowed or _of_type(clause, place, types=types, names=names), place, names=names),
        default=compile_text(default, place, names=names) if default else None,
    )


def _of_type(clause: etree._Element, place: Place, *, types: TypeBook, names: frozenset[str]) -> Cell | None:
    """The allowed values of an output's type; the only output of a table has the type of the table or its decision."""
    reference = clause.get("typeRef")
    table = clause.getparent()
    if reference is None and table is not None and sum(1 for _ in children(table, "output")) == 1:
        holder = table.getparent()
        variable = child(holder, "variable") if holder is not None else None
        reference = table.get("typeRef") or (variable.get("typeRef") if variable is not None else None)
    return _cell(types.allowed_by(reference), place, names=names) if reference else None


def _priorities(allowed: Cell | None, place: Place, *, names: frozenset[str]) -> tuple[FeelText, ...]:
    """The allowed values one by one, in the order they are written: their priorities."""
    syntax = allowed.tests.syntax if allowed is not None and allowed.tests is not None else None
    if allowed is None or not isinstance(syntax, UnaryTestList) or syntax.negated:
        return ()
    return tuple(compile_text(text, place, names=names) for text in split_tests(allowed.text))


def split_tests(text: str) -> list[str]:
    """Cut unary tests at their outer commas."""
    parts: list[str] = [""]
    depth, quoted, escaped = 0, False, False
    for character in text:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        if character == "," and not quoted and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _rule(rule: etree._Element, index: int, outer: Place, *, names: frozenset[str]) -> Rule:
    place = place_of(rule, fallback=outer, name=outer.name, part=DecisionMessage("rule", rule=index))

    def cell_place(entry: etree._Element, part: DecisionMessage) -> Place:
        return place_of(entry, fallback=place, name=outer.name, part=part)

    conditions = tuple(
        compile_cell(
            text_of(entry), cell_place(entry, DecisionMessage("condition", rule=index, number=number)), names=names
        )
        for number, entry in enumerate(children(rule, "inputEntry"), start=1)
    )
    conclusions = tuple(
        compile_text(
            text_of(entry) or "null",
            cell_place(entry, DecisionMessage("conclusion", rule=index, number=number)),
            names=names,
        )
        for number, entry in enumerate(children(rule, "outputEntry"), start=1)
    )
    return Rule(place=place, index=index, conditions=conditions, conclusions=conclusions, annotation=_annotation(rule))


def _annotation(rule: etree._Element) -> str:
    """The annotation cells of a rule, or the description Camunda Modeler writes as its annotation."""
    entries = [text for text in (text_of(entry) for entry in children(rule, "annotationEntry")) if text]
    description = child(rule, "description")
    if description is not None and (description.text or "").strip():
        entries.append((description.text or "").strip())
    return "; ".join(entries)
