from __future__ import annotations

import pytest

from engine.dmn import DmnError, parse
from tests.unit.dmn.drawing import (
    decided,
    decision,
    document,
    literal,
    model_of,
    requires_decision,
    table,
)


@pytest.mark.parametrize(
    ("xml", "line", "message"),
    [
        (b"", 1, "This is not XML"),
        (b"<definitions", 1, "This is not XML"),
        (b"<a/>", 1, "must be the 'definitions'"),
        (b'\n<!DOCTYPE x [<!ENTITY e "v">]>\n' + document(decision("d", literal("1"))), 2, "DOCTYPE"),
        (b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd">' + document(""), 1, "DOCTYPE"),
        (document("<decision/>"), 1, "neither id nor name"),
        (document(decision("d", literal("1")) * 2), 1, "is used twice"),
        (document('<import name="x" namespace="urn:x"/>'), 1, "no models are at hand"),
        (document(decision("d", table(["a"], ["b"], [["-", "1"]], hit_policy="LAST"))), 1, "no hit policy 'LAST'"),
        (
            document(decision("d", table(["a"], ["b"], [["-", "1"]], hit_policy="COLLECT", aggregation="AVG"))),
            1,
            "no aggregation 'AVG'",
        ),
        (document(decision("d", table(["a"], ["b"], [["-"]]))), 1, "Rule 1 has conditions: 1, conclusions: 0"),
        (document(decision("d", table(["a"], [], []))), 1, "has no output"),
    ],
)
def test_a_document_that_cannot_be_decided_is_refused(xml: bytes, line: int, message: str) -> None:
    with pytest.raises(DmnError) as caught:
        parse(xml)
    finding = caught.value.findings[0]
    assert (finding.severity, finding.line) == ("error", line)
    assert message in finding.message_en
    assert finding.message_zh
    assert finding.advice_zh


def test_decisions_in_a_circle_are_refused() -> None:
    with pytest.raises(DmnError, match="requires itself: a → b → a"):
        model_of(
            decision("a", literal("b"), requires=requires_decision("b")),
            decision("b", literal("a"), requires=requires_decision("a")),
        )


def test_models_importing_each_other_are_refused() -> None:
    first = document('<import name="b" namespace="urn:b"/>', namespace="urn:a")
    second = document('<import name="a" namespace="urn:a"/>', namespace="urn:b")
    with pytest.raises(DmnError, match="leads back to itself"):
        parse(first, imports={"urn:a": first, "urn:b": second}.__getitem__)


def test_a_model_knows_its_decisions() -> None:
    model = model_of(decision("d", literal("1")))
    assert (model.id, model.name, model.namespace) == ("model", "低保", "urn:test")
    assert [(key, one.id, one.name) for key, one in model.decisions.items()] == [("d", "d", "d")]


CAMUNDA = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:camunda="http://camunda.org/schema/1.0/dmn" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
  id="Definitions_1" name="DRD" namespace="http://camunda.org/schema/1.0/dmn" modeler:executionPlatform="Camunda Cloud">
  <decision id="Decision_Level" name="Relief level">
    <extensionElements><zeebe:versionTag value="1"/></extensionElements>
    <informationRequirement id="ir"><requiredDecision href="#Decision_PerCapita"/></informationRequirement>
    <decisionTable id="DecisionTable_1" hitPolicy="FIRST">
      <input id="Input_1" label="Per capita"><inputExpression id="ie1" typeRef="number"><text>perCapita</text>
      </inputExpression></input>
      <input id="Input_2" label="Kind" camunda:inputVariable="k"><inputExpression id="ie2" typeRef="string">
      <text>household.kind</text></inputExpression></input>
      <output id="Output_1" label="Level" name="level" typeRef="string"/>
      <rule id="Rule_1"><description>Regulation 12</description>
        <inputEntry id="c1"><text>&lt; 800</text></inputEntry><inputEntry id="c2"><text></text></inputEntry>
        <outputEntry id="o1"><text>"full"</text></outputEntry></rule>
      <rule id="Rule_2"><inputEntry id="c3"><text></text></inputEntry>
        <inputEntry id="c4"><text>not("urban")</text></inputEntry><outputEntry id="o2"><text>"part"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
  <decision id="Decision_PerCapita" name="Per capita income">
    <variable id="v" name="perCapita" typeRef="number"/>
    <literalExpression id="le"><text>income / count(household.members)</text></literalExpression>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram"/></dmndi:DMNDI>
</definitions>"""


@pytest.mark.parametrize(
    ("income", "kind", "expected"), [(1000, "urban", "full"), (2000, "rural", "part"), (2000, "urban", None)]
)
def test_a_table_saved_by_camunda_modeler_is_decided(income: int, kind: str, expected: object) -> None:
    inputs = {"income": income, "household": {"kind": kind, "members": ["a", "b"]}}
    assert decided(parse(CAMUNDA), "Decision_Level", inputs) == expected
