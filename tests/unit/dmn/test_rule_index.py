"""Rules found by the index of a column are the ones whose cells the value passes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import compile_unary_tests
from tests.unit.dmn.drawing import SETTINGS, decision, input_data, model_of, outcome, requires_input, table

CELLS = st.sampled_from(
    [
        "-", "1", "-1", "1, 3", "< 2", ">= 2", "!= 2", "[1..3]", "(1..3)", "[3..1]", "not(2)", "not([1..2))",
        "> 5, < 0",
        '"a"', '"b", "c"', 'not("a")', '< "b"', '["a".."c")', "true", "not(true)", "> false", "[false..true]",
        "-1.234567890123456789012345678901234", "> -1.234567890123456789012345678901234", 'date("2026-01-02")',
        '> @"2026-01-01"', "null", "? > 1", "? in [1..2]", "x", '1, "a"', "[1, 3]",
    ]
)  # fmt: skip
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 6), st.decimals(-2, 6, places=1),
    st.sampled_from(["a", "b", "c", "d", ""]),
    st.dates(date(2026, 1, 1), date(2026, 1, 4)), st.just([1]),
    st.just(Decimal("-1.234567890123456789012345678901234")),
)  # fmt: skip


def passes(cell: str, value: Any, names: dict[str, Any]) -> bool:
    given = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return compile_unary_tests(cell).evaluate(given, names, SETTINGS).value is True


@settings(max_examples=400)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=7), VALUES, VALUES)
def test_the_index_finds_what_testing_every_cell_finds(rows: list[tuple[str, str]], x: Any, y: Any) -> None:
    rules = [[*cells, str(number)] for number, cells in enumerate(rows, start=1)]
    drawn = decision("d", table(["x", "y"], ["n"], rules, hit_policy="RULE ORDER"), requires=requires_input("x", "y"))
    result = outcome(model_of(input_data("x"), input_data("y"), drawn), "d", {"x": x, "y": y})
    names = {"x": x, "y": y}
    expected = [n for n, (a, b) in enumerate(rows, start=1) if passes(a, x, names) and passes(b, y, names)]
    assert result.value == expected
    assert [rule.index for rule in result.trace.decisions[0].tables[0].matched] == expected


def test_a_value_of_another_kind_still_says_why_a_cell_is_null() -> None:
    drawn = decision("d", table(["x"], ["n=0"], [["< 3", "1"], [">= 3", "2"]]), requires=requires_input("x"))
    result = outcome(model_of(input_data("x"), drawn), "d", {"x": "a"})
    assert result.value == 0
    assert [warning.message.code for warning in result.warnings] == ["comparison-undefined", "comparison-undefined"]


def test_a_knowledge_model_may_be_called_like_a_built_in() -> None:
    date_of_the_model = (
        '<businessKnowledgeModel id="date" name="date"><encapsulatedLogic><formalParameter name="text"/>'
        '<literalExpression><text>@"2030-01-01"</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>'
    )
    requires = requires_input("x") + '<knowledgeRequirement><requiredKnowledge href="#date"/></knowledgeRequirement>'
    drawn = decision("d", table(["x"], ["n=0"], [['>= date("2026-01-01")', "1"]]), requires=requires)
    model = model_of(input_data("x"), date_of_the_model, drawn)
    assert outcome(model, "d", {"x": date(2028, 2, 1)}).value == 0
