"""The short way and the long way give the same, or the short way gives up."""

from __future__ import annotations

from collections import ChainMap
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel import FeelTypeError, Session, Settings, compile_expression
from engine.feel.printer import print_node
from engine.feel.quick import Unusual
from engine.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    ComparisonTest,
    If,
    In,
    Interval,
    Literal,
    Logic,
    Name,
    Node,
    Path,
)
from tests.unit.feel.evaluating import NOW, evaluation

AT = st.just(0)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(-3, 3), st.decimals(-3, 3, places=1),
    st.sampled_from(["", "a", "ab"]),
    st.dates(date(2026, 1, 1), date(2026, 1, 3)), st.timedeltas(timedelta(-1), timedelta(1)),
    st.lists(st.one_of(st.integers(-2, 2), st.none(), st.booleans(), st.text(max_size=1)), max_size=3),
    st.fixed_dictionaries({}, optional={"x": st.integers(-2, 2), "y": st.sampled_from(["a", None])}),
)  # fmt: skip
LITERALS = st.builds(
    Literal,
    AT,
    st.sampled_from([None, True, False, Decimal(1), Decimal("0.5"), "a", date(2026, 1, 2), timedelta(1)]),
)
LEAVES = st.one_of(LITERALS, st.builds(Name, AT, st.sampled_from(["a", "b", "c", "gone", "count"])))
FUNCTIONS = ("count", "sum", "max", "upper case", "string length", "abs", "not", "even", "is empty", "floor", "number")


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    comparisons = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    tests = st.one_of(
        st.builds(ComparisonTest, AT, comparisons, LITERALS),
        st.builds(Interval, AT, LITERALS, LITERALS, st.booleans(), st.booleans()),
        inner,
    )
    called = st.sampled_from(FUNCTIONS).map(lambda name: Name(0, name))
    return st.one_of(
        st.builds(Path, AT, inner, st.sampled_from(["x", "y", "z"])),
        st.builds(Comparison, AT, comparisons, inner, inner),
        st.builds(Logic, AT, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(Arithmetic, AT, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(Between, AT, inner, inner, inner),
        st.builds(If, AT, inner, inner, inner),
        st.builds(In, AT, inner, st.lists(tests, min_size=1, max_size=3).map(tuple)),
        st.builds(Call, AT, called, inner.map(lambda argument: (argument,)), st.none()),
    )


@settings(max_examples=600)
@given(st.recursive(LEAVES, _branches, max_leaves=8), st.tuples(VALUES, VALUES, VALUES))
def test_the_short_way_comes_to_what_the_long_way_comes_to(tree: Node, values: tuple[Any, Any, Any]) -> None:
    names = dict(zip("abc", values, strict=True))
    expression = compile_expression(print_node(tree))
    session = Session(Settings(now=NOW))
    long_way = expression.evaluate_in(names, session)
    try:
        short_way = expression.quick(names) if expression.quick is not None else long_way
    except Unusual:
        return
    assert (type(short_way), short_way) == (type(long_way), long_way)
    assert expression.quick is None or not session.warnings


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("income per capita < standard.monthly and count(members) > 0",
         {"income per capita": 720, "standard": {"monthly": 1080}, "members": [{}]}, True),
        ("status in (\"a\", \"b\")", {"status": "b"}, True),
        ("x in ([1..3), > 7)", {"x": 3}, False),
        ("x in ([1..3), > 7)", {"x": 8}, True),
        ("if x > 1 then x * 2 else 0", {"x": Decimal("1.5")}, 3),
        ("x between 1 and 3", {"x": 3}, True),
    ],
)  # fmt: skip
def test_the_common_conditions_take_the_short_way(text: str, variables: dict[str, Any], expected: Any) -> None:
    quick = compile_expression(text).quick
    assert quick is not None
    assert quick(variables) == expected


def test_a_variable_or_host_function_of_the_name_of_a_built_in_takes_its_place() -> None:
    assert evaluation("count(xs) > 0", {"xs": [1], "count": None}).value is True
    stand_in = Settings(now=NOW, functions={"count": lambda _members: Decimal(7)})
    assert evaluation("count(xs)", {"xs": ["a"]}, stand_in).value == 7


@pytest.mark.parametrize("variables", [{}, {"x": None}, {"x": "a"}, {"x": [1]}, {"x": 2.5}])
def test_what_is_unusual_is_left_to_the_long_way_with_its_reasons(variables: dict[str, Any]) -> None:
    result = evaluation("x < 3 and true", variables)
    assert result.value is (True if variables.get("x") == 2.5 else None)
    assert bool(result.warnings) == (result.value is None)


def test_lazy_mappings_take_the_short_way_too() -> None:
    lazy = ChainMap({"income": 3}, {"limit": 5, "unread": object()})
    assert compile_expression("income < limit").evaluate(lazy, Settings(now=NOW)) == (True, ())
    assert compile_expression("count(xs)").evaluate(ChainMap({"xs": [1], "count": None}), Settings(now=NOW)).value == 1


def test_a_number_that_is_not_finite_is_refused_by_name() -> None:
    with pytest.raises(FeelTypeError, match="not finite"):
        evaluation("x > 1", {"x": Decimal("NaN")})
