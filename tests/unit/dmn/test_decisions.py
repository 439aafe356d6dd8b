from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.dmn import UnknownDecisionError, decide, parse
from engine.feel import FeelLimitError, Settings
from tests.unit.dmn.drawing import (
    SETTINGS,
    decided,
    decision,
    document,
    input_data,
    literal,
    model_of,
    outcome,
    requires_decision,
    requires_input,
    requires_knowledge,
    table,
)

PER_HEAD = (
    '<businessKnowledgeModel id="per head" name="per head"><encapsulatedLogic>'
    '<formalParameter name="income" typeRef="number"/><formalParameter name="members" typeRef="number"/>'
    f"{literal('income / members')}</encapsulatedLogic></businessKnowledgeModel>"
)
ELIGIBLE = [
    input_data("income", "number"),
    input_data("members", "number"),
    PER_HEAD,
    decision(
        "income per capita",
        literal("per head(income, members)"),
        requires=requires_input("income", "members") + requires_knowledge("per head"),
        type_ref="number",
    ),
    decision(
        "低保资格",
        table(["income per capita"], ["result"], [["< 800", '"yes"'], [">= 800", '"no"']]),
        requires=requires_decision("income per capita"),
    ),
]


def test_required_decisions_are_made_first() -> None:
    result = outcome(model_of(*ELIGIBLE), "低保资格", {"income": 2100, "members": 3})
    assert result.value == "yes"
    assert [d.name for d in result.trace.decisions] == ["income per capita", "低保资格"]


def test_the_trace_tells_why_in_json() -> None:
    trace = outcome(model_of(*ELIGIBLE), "低保资格", {"income": 2700, "members": 3}).trace.to_json()
    assert trace["inputs"] == {"income": 2700, "members": 3}
    assert trace["decisions"][0]["value"] == 900
    made = trace["decisions"][1]["tables"][0]
    assert made["outputs"] == [{"id": "out1", "name": "result"}]
    assert made["inputs"] == [
        {"id": "in1", "label": "income per capita", "expression": "income per capita", "value": 900}
    ]
    assert made["matched"] == [
        {"id": "rule2", "index": 2, "annotation": "reason 2", "fired": True, "outputs": {"result": "no"}}
    ]
    assert trace["decisions"][1]["nulls"] == []


def test_the_trace_tells_what_became_null() -> None:
    trace = outcome(model_of(*ELIGIBLE), "低保资格", {"income": 2700, "members": 0}).trace.to_json()
    null = trace["decisions"][0]["nulls"][0]
    assert (null["code"], null["reason"], null["reason_zh"]) == ("division-by-zero", "division by zero", "除数为零")
    assert trace["decisions"][1]["value"] is None


def test_a_decision_is_made_once_however_often_it_is_required() -> None:
    model = model_of(
        decision("a", literal("1")),
        decision("b", literal("a + 1"), requires=requires_decision("a")),
        decision("c", literal("a + b"), requires=requires_decision("a", "b")),
    )
    result = outcome(model, "c")
    assert result.value == 3
    assert [d.name for d in result.trace.decisions] == ["a", "b", "c"]


def test_undeclared_inputs_are_visible_as_modelers_leave_them_out() -> None:
    assert decided(model_of(decision("d", literal("家庭人口 + 1"))), "d", {"家庭人口": 3}) == 4


def test_a_drawn_input_is_hidden_from_decisions_that_do_not_require_it() -> None:
    model = model_of(input_data("a", "number"), decision("d", literal("a")))
    assert decided(model, "d", {"a": 3}) is None


def test_only_inputs_that_are_read_enter_the_record() -> None:
    model = model_of(decision("d", literal("a + 1")))
    assert outcome(model, "d", {"a": 1, "secret": 2}).trace.inputs == {"a": 1}


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (
            "<context><contextEntry><variable name='a'/>" + literal("1") + "</contextEntry>"
            "<contextEntry>" + literal("a + 1") + "</contextEntry></context>",
            2,
        ),
        ("<context><contextEntry><variable name='a'/>" + literal("1") + "</contextEntry></context>", {"a": 1}),
        ("<list>" + literal("1") + literal("2") + "</list>", [1, 2]),
        (
            "<relation><column name='x'/><column name='y'/><row>" + literal("1") + literal("2") + "</row></relation>",
            [{"x": 1, "y": 2}],
        ),
        (
            "<conditional><if>" + literal("n > 1") + "</if><then>" + literal('"many"') + "</then><else>"
            + literal('"one"') + "</else></conditional>",
            "many",
        ),
        ("<filter><in>" + literal("[1, 2, 3]") + "</in><match>" + literal("item > 1") + "</match></filter>", [2, 3]),
        (
            "<for iteratorVariable='x'><in>" + literal("[1, 2]") + "</in><return>" + literal("x * n")
            + "</return></for>",
            [3, 6],
        ),
        (
            "<some iteratorVariable='x'><in>" + literal("[1, 2]") + "</in><satisfies>" + literal("x > 1")
            + "</satisfies></some>",
            True,
        ),
        (
            "<every iteratorVariable='x'><in>" + literal("[1, 2]") + "</in><satisfies>" + literal("x > 1")
            + "</satisfies></every>",
            False,
        ),
        (
            "<invocation>" + literal("per head") + "<binding><parameter name='members'/>" + literal("n")
            + "</binding><binding><parameter name='income'/>" + literal("6") + "</binding></invocation>",
            2,
        ),
        (
            "<context><contextEntry><variable name='double'/><functionDefinition><formalParameter name='v'/>"
            + literal("v * 2") + "</functionDefinition></contextEntry><contextEntry>" + literal("double(n)")
            + "</contextEntry></context>",
            6,
        ),
    ],
)  # fmt: skip
def test_every_boxed_expression_has_its_value(logic: str, expected: object) -> None:
    model = model_of(PER_HEAD, decision("d", logic, requires=requires_knowledge("per head")))
    assert decided(model, "d", {"n": 3}) == expected


ITEMS = """
<itemDefinition name="kind"><typeRef>string</typeRef>
<allowedValues><text>"低保","特困"</text></allowedValues></itemDefinition>
<itemDefinition name="person"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
<itemComponent name="born"><typeRef>date</typeRef></itemComponent></itemDefinition>
<itemDefinition name="people" isCollection="true"><typeRef>person</typeRef></itemDefinition>
"""


@pytest.mark.parametrize(
    ("type_ref", "text", "given", "expected"),
    [
        ("kind", "x", "低保", "低保"),
        ("kind", "x", "其他", None),
        ("number", "x", "12", None),
        ("number", "x", 12, Decimal(12)),
        ("date", "x", "2026-03-02", date(2026, 3, 2)),
        ("person", "x.born.year", {"name": "王芳", "born": "1985-05-01"}, Decimal(1985)),
        ("person", "x.name", {"name": "王芳"}, "王芳"),
        ("people", "x.born", [{"name": "a", "born": "1985-05-01"}], [date(1985, 5, 1)]),
        ("people", "count(x)", {"name": "a", "born": None}, Decimal(1)),
    ],
)
def test_inputs_are_fitted_to_their_declared_types(type_ref: str, text: str, given: object, expected: object) -> None:
    model = model_of(ITEMS, input_data("x", type_ref), decision("d", literal(text), requires=requires_input("x")))
    assert decided(model, "d", {"x": given}) == expected


@pytest.mark.parametrize(
    ("type_ref", "text", "expected"),
    [("number", '"a"', None), ("number", "[5]", Decimal(5)), ("string", '"a"', "a"), ("kind", '"其他"', None)],
)
def test_a_decision_of_the_wrong_type_is_null(type_ref: str, text: str, expected: object) -> None:
    assert decided(model_of(ITEMS, decision("d", literal(text), type_ref=type_ref)), "d") == expected


SERVICE = """<decisionService id="service" name="service"><outputDecision href="#total"/>
<encapsulatedDecision href="#double"/><inputDecision href="#base"/><inputData href="#extra"/></decisionService>"""


def test_a_decision_service_takes_its_inputs_and_gives_its_outputs() -> None:
    model = model_of(
        input_data("extra", "number"),
        decision("base", literal("1")),
        decision("double", literal("base * 2"), requires=requires_decision("base")),
        decision("total", literal("double + extra"), requires=requires_decision("double") + requires_input("extra")),
        decision("caller", literal("service(5, 10)"), requires=requires_knowledge("service")),
        SERVICE,
    )
    assert decided(model, "service", {"base": 10, "extra": 5}) == 25
    assert decided(model, "caller") == 25
    assert decided(model, "total", {"extra": 5}) == 7


def test_an_imported_model_is_seen_under_its_name() -> None:
    standards = document(
        ITEMS + PER_HEAD + decision("standard", literal('if "低保" instance of kind then 800 else 0')),
        namespace="urn:standards",
        name="standards",
    )
    body = (
        '<import name="county" namespace="urn:standards" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        + decision(
            "d",
            literal("county.standard + county.per head(10, 2)"),
            requires='<informationRequirement><requiredDecision href="urn:standards#standard"/>'
            "</informationRequirement>"
            '<knowledgeRequirement><requiredKnowledge href="urn:standards#per head"/></knowledgeRequirement>',
        )
    )
    model = parse(document(body), imports={"urn:standards": standards}.__getitem__)
    assert decide(model, "d", {}, SETTINGS).value == 805


def test_the_namespaces_of_dmn_1_3_to_1_5_are_read() -> None:
    for edition in ("20191111", "20211108", "20230324"):
        assert decided(model_of(decision("d", literal("1")), edition=edition), "d") == 1


def test_host_functions_are_at_hand_in_decisions() -> None:
    settings = Settings(now=SETTINGS.now, functions={"standard of": lambda place: 800 if place == "east" else 700})
    model = model_of(decision("d", literal('standard of("east") + 1')))
    assert decide(model, "d", {}, settings).value == 801


def test_an_unknown_decision_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownDecisionError, match="no decision 'x' in the model '低保'; it has d"):
        outcome(model_of(decision("d", literal("1"))), "x")


def test_a_decision_without_end_is_stopped() -> None:
    model = model_of(decision("d", literal("count(for a in 1..9999, b in 1..9999 return a)")))
    with pytest.raises(FeelLimitError):
        decide(model, "d", {}, Settings(now=SETTINGS.now, step_limit=10_000))


def test_a_limit_names_the_cell_it_was_met_in() -> None:
    rules = [["< 5", "1"], ["count(for i in 1..99999 return i)", "2"]]
    with pytest.raises(FeelLimitError) as caught:
        decide(
            model_of(decision("d", table(["x"], ["y"], rules))),
            "d",
            {"x": 7},
            Settings(now=SETTINGS.now, step_limit=90),
        )
    assert str(caught.value).startswith("d, rule 2, condition 1: line 1, column 7: the evaluation took more than 90")
    assert caught.value.text("zh").startswith("在“d，第 2 条规则的第 1 个条件”中：第 1 行第 7 列：计算超过 90 步")


def test_a_missing_or_refused_input_is_told_with_the_decision_that_needs_it() -> None:
    model = model_of(
        input_data("age", "number"),
        decision("d", literal("if age = 3 then 1 else 2"), requires=requires_input("age")),
    )
    for inputs, code in (({}, "input-missing"), ({"age": "5"}, "input-refused")):
        result = outcome(model, "d", inputs)
        assert next(warning.message.code for warning in result.warnings) == code
