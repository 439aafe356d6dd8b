"""Random syntax trees of FEEL, as the parser could have built them, and trees without their positions."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from engine.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    ComparisonTest,
    ContextNode,
    Filter,
    For,
    FunctionDefinition,
    If,
    In,
    InputValue,
    InstanceOf,
    Interval,
    IterationRange,
    Iterator,
    ListNode,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Parameter,
    Path,
    Quantified,
    TypeNode,
    UnaryTestList,
)
from engine.feel.values import YearsMonths

NAMES = ("a", "b c", "income per capita", "月收入", "户 主", "a-b", "terms and conditions", "x1")
"""Names without and with spaces, in another script, and two that can only be read when they are known."""

_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(min_value=0, max_value=Decimal("1e30"), allow_nan=False, allow_infinity=False, places=4),
    st.sampled_from([Decimal("1E+6000"), Decimal("5E-6000"), Decimal("0.1"), Decimal(10) ** 33]),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.dates(min_value=date(1, 1, 1)),
    st.timedeltas(min_value=timedelta(days=-9999), max_value=timedelta(days=9999)),
    st.integers(-5000, 5000).map(YearsMonths),
)
_TYPES = st.recursive(
    st.sampled_from(["number", "string", "date and time", "days and time duration", "Any", "tPerson"]).map(
        lambda name: TypeNode(0, name)
    ),
    lambda inner: st.one_of(
        inner.map(lambda of: TypeNode(0, "list", (of,))),
        inner.map(lambda of: TypeNode(0, "range", (of,))),
        st.tuples(inner, inner).map(lambda pair: TypeNode(0, "context", pair, ("a", "b c"))),
        st.tuples(inner, inner).map(lambda pair: TypeNode(0, "function", (pair[0],), (), pair[1])),
    ),
    max_leaves=3,
)
_NAME = st.sampled_from(NAMES)
_LEAVES = st.one_of(
    _VALUES.map(lambda value: Literal(0, value)),
    _NAME.map(lambda name: Name(0, name)),
    st.just(InputValue(0)),
)


def _tests(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    comparison = st.builds(ComparisonTest, st.just(0), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner)
    return st.lists(st.one_of(comparison, inner), min_size=1, max_size=3).map(tuple)


def _iterators(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Iterator, ...]]:
    domain = st.one_of(inner, st.builds(IterationRange, st.just(0), inner, inner))
    return st.lists(st.builds(Iterator, st.just(0), _NAME, domain), min_size=1, max_size=2).map(tuple)


def _branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    at = st.just(0)
    members = st.lists(inner, max_size=3).map(tuple)
    keys = st.lists(st.one_of(_NAME, st.text(st.characters(codec="utf-8"), max_size=4)), unique=True, max_size=3)
    parameter = st.builds(Parameter, at, _NAME, st.one_of(st.none(), _TYPES))
    named = st.lists(st.tuples(st.one_of(_NAME, st.just("start position")), inner), min_size=1, max_size=2)
    return st.one_of(
        st.builds(Path, at, inner, _NAME),
        st.builds(Filter, at, inner, inner),
        st.builds(Call, at, inner, members, st.none()),
        named.map(lambda pairs: Call(0, Name(0, "f"), tuple(p[1] for p in pairs), tuple(p[0] for p in pairs))),
        st.builds(Negation, at, inner),
        st.builds(Arithmetic, at, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(Comparison, at, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(Logic, at, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(Between, at, inner, inner, inner),
        st.builds(In, at, inner, _tests(inner)),
        st.builds(Interval, at, inner, inner, st.booleans(), st.booleans()),
        st.builds(InstanceOf, at, inner, _TYPES),
        st.builds(If, at, inner, inner, inner),
        st.builds(For, at, _iterators(inner), inner),
        st.builds(Quantified, at, st.sampled_from(["some", "every"]), _iterators(inner), inner),
        st.builds(FunctionDefinition, at, st.lists(parameter, max_size=2).map(tuple), inner, st.booleans()),
        members.map(lambda found: ListNode(0, found)),
        keys.flatmap(
            lambda names: st.tuples(*[inner for _ in names]).map(
                lambda values: ContextNode(0, tuple(zip(names, values, strict=True)))
            )
        ),
    )


expressions = st.recursive(_LEAVES, _branches, max_leaves=12)
"""Any expression."""

tests = st.builds(UnaryTestList, st.just(0), _tests(expressions), st.booleans())
"""Any unary tests."""


def shape(node: Any) -> Any:
    """A tree as nested tuples without positions; values keep their class, for 1 and true are not the same."""
    if isinstance(node, Node):
        names = [field.name for field in fields(node) if field.name != "position"]
        return (type(node).__name__, *[shape(getattr(node, name)) for name in names])
    if isinstance(node, tuple):
        return tuple(shape(part) for part in node)
    return node if node is None or is_dataclass(node) else (type(node).__name__, node)
