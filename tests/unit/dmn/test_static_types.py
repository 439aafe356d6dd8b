"""Types followed through a model before it runs."""

from __future__ import annotations

import pytest

from engine.dmn import lint
from engine.feel import type_named
from engine.feel.analysis import Surroundings
from tests.unit.dmn.drawing import (
    decision,
    input_data,
    literal,
    model_of,
    requires_decision,
    requires_input,
    requires_knowledge,
    table,
)

HOUSEHOLD = (
    '<itemDefinition name="tMember"><itemComponent name="age"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="kind"><typeRef>string</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tMembers" isCollection="true"><typeRef>tMember</typeRef></itemDefinition>'
)
KNOWLEDGE = (
    '<businessKnowledgeModel id="rate" name="rate"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    "<literalExpression><text>n * 0.8</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
)


def told(*parts: str, surroundings: Surroundings | None = None) -> list[tuple[str, str, str]]:
    found = lint(model_of(*parts), surroundings) if surroundings else lint(model_of(*parts))
    return [(finding.severity, finding.code, finding.message_en) for finding in found]


@pytest.mark.parametrize(
    ("text", "severity", "reason"),
    [
        ("income + 1", "", ""),
        ("income + name", "error", "at character 8: number + string is not defined"),
        ('income < "a"', "error", "number and string cannot be compared (by <)"),
        ("upper case(income)", "error", "upper case: the parameter 'string' takes string, found number"),
        ("uper case(name)", "error", "there is no function 'uper case'"),
        ("sum(income, name, 3)", "", ""),
        ("substring(name)", "error", "substring: the number of arguments cannot be 1"),
        ("members[age > 18].kind", "", ""),
        ("members[aeg > 18]", "warning", "nothing brings a variable 'aeg' here"),
        ("members.agee", "warning", "there is no entry 'agee' here; known are age, kind"),
        ('members[kind = "child"][1].age + name', "error", "number + string is not defined"),
        ("if income then 1 else 2", "error", "'if' takes boolean, found number"),
        ("income and true", "warning", "'and' takes boolean, found number"),
        ("for m in members return m.age + m.kind", "error", "number + string is not defined"),
        ("some m in members satisfies m.age", "error", "'some' takes boolean, found number"),
        ('income in ("a", [1..5])', "error", "number and string cannot be compared (by =)"),
        ("today().yaer", "error", "a value of kind date has no property 'yaer'"),
        ("rate(income) + name", "error", "number + string is not defined"),
        ("rate(1, 2)", "error", "rate: arguments needed: 1, found: 2"),
        ("income instance of tNothing", "error", "there is no type 'tNothing'"),
        ("incom", "warning", "nothing brings a variable 'incom' here"),
        ("null", "", ""),
        ("income = null", "", ""),
        ("if income = null then 0 else income", "", ""),
    ],
)
def test_what_can_only_be_null_is_found_with_its_place(text: str, severity: str, reason: str) -> None:
    requires = requires_input("income", "name", "members") + requires_knowledge("rate")
    parts = [input_data("income", "number"), input_data("name", "string"), input_data("members", "tMembers")]
    found = told(HOUSEHOLD, KNOWLEDGE, *parts, decision("d", literal(text), requires=requires))
    if not severity:
        assert found == []
    else:
        assert [one[0] for one in found] == [severity]
        assert found[0][2].startswith(f"d: {text!r} at character ")
        assert reason in found[0][2]


def test_cells_are_held_against_their_columns() -> None:
    rules = [['"a"', '"full"'], ["< 5", "3"]]
    drawn = table(["income"], ["level"], rules).replace('name="level"', 'name="level" typeRef="string"')
    found = lint(model_of(input_data("income", "number"), decision("d", drawn, requires=requires_input("income"))))
    assert [(one.code, one.element_id, one.message_en) for one in found if one.severity == "error"] == [
        (
            "always-wrong",
            "cell1_1",
            "d, rule 1, condition 1: '\"a\"' at character 1: number and string cannot be compared (by =).",
        ),
        (
            "never-fits",
            "cell2_2",
            "d, rule 2, conclusion 1: the value is number, the declared type string; it will always be null.",
        ),
    ]


def test_types_follow_from_decision_to_decision() -> None:
    found = told(
        decision("limit", table(["1"], ["low", "high"], [["-", "800", '"much"']])),
        decision("d", literal("limit.low + limit.high"), requires=requires_decision("limit")),
    )
    assert [one[2] for one in found if one[0] == "error"] == [
        "d: 'limit.low + limit.high' at character 11: number + string is not defined."
    ]


def test_a_conclusion_outside_the_allowed_outputs_is_found() -> None:
    drawn = table(["x"], ['level:"full", "part"'], [["-", '"ful"']])
    assert [one[1] for one in told(decision("d", drawn))] == ["output-not-allowed"]


def test_a_decision_that_draws_no_inputs_may_read_anything() -> None:
    assert told(decision("d", literal("income < limit"))) == []


def test_objects_and_functions_of_the_host_are_known() -> None:
    surroundings = Surroundings(
        objects={"case": type_named("context<household: context<size: number>>")},
        functions=frozenset(["round up yuan"]),
    )
    drawn = decision("d", literal("round up yuan(case.household.sise * 3)"), requires=requires_input("case"))
    assert [one[2] for one in told(input_data("case"), drawn, surroundings=surroundings)] == [
        "d: 'round up yuan(case.household.sise * 3)' at character 29: there is no entry 'sise' here; known are size."
    ]


def test_logic_absorbed_by_the_other_side_is_still_called_a_clash() -> None:
    assert [one[:2] for one in told(decision("d", literal("false and 1")))] == [("warning", "doubtful")]


def test_what_nobody_can_tell_of_a_cell_or_name_is_not_called_wrong() -> None:
    rules = [["floor(?)", "1"], ['if ? = "x" then "x" else "y"', "1"], ['>= date("2026-01-01")', "1"]]
    drawn = decision("d", table(["date"], ["y=0"], rules), requires=requires_input("date"))
    assert [one for one in told(input_data("date", "date"), drawn) if one[0] == "error" and "call" in one[2]] == []
    untyped = decision("d", table(["x"], ["y=0"], rules[:2]), requires=requires_input("x"))
    assert [one for one in told(input_data("x"), untyped) if one[0] == "error"] == []
