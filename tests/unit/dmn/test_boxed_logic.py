"""Boxed expressions, and what tables take from types, where the standard says more than the common case."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from engine.dmn import parse
from engine.feel import FeelLimitError
from tests.unit.dmn.drawing import (
    decided,
    decision,
    document,
    input_data,
    literal,
    model_of,
    requires_input,
    requires_knowledge,
    table,
)


def item(name: str, of: str, allowed: str) -> str:
    return (
        f'<itemDefinition name="{name}"><typeRef>{of}</typeRef>'
        f"<allowedValues><text>{escape(allowed)}</text></allowedValues></itemDefinition>"
    )


def loop(kind: str, source: str, body: str) -> str:
    part = "return" if kind == "for" else "satisfies"
    return f'<{kind} iteratorVariable="i"><in>{literal(source)}</in><{part}>{literal(body)}</{part}></{kind}>'


def boxed_filter(source: str, match: str) -> str:
    return f"<filter><in>{literal(source)}</in><match>{literal(match)}</match></filter>"


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (loop("for", "1..3", "i"), [1, 2, 3]),
        (loop("for", "3..1", "i"), [3, 2, 1]),
        (loop("for", "1..4", "if i <= 2 then 1 else partial[-1] + partial[-2]"), [1, 1, 2, 3]),
        (loop("some", "1..3", "i > 2"), True),
        (boxed_filter("[]", "1"), None),
        (boxed_filter("[]", "item > 1"), []),
        (boxed_filter("[1, 2]", "-1"), 2),
    ],
)
def test_boxed_loops_and_filters_follow_the_written_ones(logic: str, expected: object) -> None:
    assert decided(model_of(decision("d", logic)), "d") == expected


def test_a_relation_fills_missing_cells_and_minds_the_types_of_its_columns() -> None:
    columns = '<column name="a" typeRef="number"/><column name="b"/>'
    rows = f"<row>{literal('1')}</row><row>{literal(chr(34) + 'x' + chr(34))}{literal('2')}</row>"
    model = model_of(decision("d", f"<relation>{columns}{rows}</relation>"))
    assert decided(model, "d") == [{"a": 1, "b": None}, {"a": None, "b": 2}]


LEVELS = item("level", "string", '"high", "low"')
RULES = [["-", '"low"'], ["-", '"high"']]


@pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", "high"), ("OUTPUT ORDER", ["high", "low"])])
def test_priorities_come_from_the_type_where_the_output_lists_no_values(policy: str, expected: object) -> None:
    logic = table(["x"], ["o"], RULES, hit_policy=policy).replace('name="o"', 'name="o" typeRef="level"')
    model = model_of(LEVELS, input_data("x"), decision("d", logic, requires=requires_input("x")))
    assert decided(model, "d", {"x": 1}) == expected


def test_the_only_output_of_a_table_has_the_type_of_its_decision() -> None:
    logic = table(["x"], ["o"], RULES, hit_policy="PRIORITY")
    model = model_of(LEVELS, input_data("x"), decision("d", logic, requires=requires_input("x"), type_ref="level"))
    assert decided(model, "d", {"x": 1}) == "high"


def test_an_endless_boxed_loop_is_stopped() -> None:
    model = model_of(decision("d", loop("for", "[1..9999999]", "count(partial) + i")))
    with pytest.raises(FeelLimitError):
        decided(model, "d")


@pytest.mark.parametrize("namespace", ["20151101/dmn.xsd", "20180521/MODEL/"])
def test_models_of_the_first_editions_are_read(namespace: str) -> None:
    text = (
        f'<definitions xmlns="http://www.omg.org/spec/DMN/{namespace}" id="m" name="m" namespace="urn:m">'
        f'<decision id="d" name="d"><variable name="d" typeRef="feel:number"/>'
        f'<literalExpression expressionLanguage="http://www.omg.org/spec/FEEL/20140401"><text>[2]</text>'
        f"</literalExpression></decision></definitions>"
    )
    assert decided(parse(text.encode()), "d") == 2


def test_a_service_may_be_given_the_decision_of_an_imported_model() -> None:
    county = document(decision("threshold", literal("800"), type_ref="number"), namespace="urn:county")
    mark = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    body = (
        f'<import name="county" namespace="urn:county" importType="{mark}"/>'
        '<decision id="half" name="half"><informationRequirement><requiredDecision href="urn:county#threshold"/>'
        f"</informationRequirement>{literal('county.threshold / 2')}</decision>"
        '<decisionService id="halving" name="halving"><outputDecision href="#half"/>'
        '<inputDecision href="urn:county#threshold"/></decisionService>'
        + decision("d", literal("halving(600)"), requires=requires_knowledge("halving"))
    )
    assert decided(parse(document(body), imports={"urn:county": county}.__getitem__), "d") == 300
