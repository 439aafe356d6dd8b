"""Closures for comparisons and unary tests; a test is given the tested value and the scope."""

from __future__ import annotations

import operator as operator_module
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.comparison import compared, matches_test
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.messages import Message
from engine.feel.syntax import (
    AnyTest,
    Comparison,
    ComparisonTest,
    Filter,
    In,
    InputValue,
    Interval,
    Literal,
    Name,
    Node,
    Path,
    UnaryTestList,
)
from engine.feel.values import FeelValue, Range, YearsMonths

if TYPE_CHECKING:
    from engine.feel.session import Scope, Session

    Code = Callable[[Scope], FeelValue]
    Compile = Callable[[Node], Code]
    Test = Callable[[FeelValue, Scope], FeelValue]

INPUT_NAME = "?"
_DEEP = frozenset([list, dict, str, Range])
_SHORT_STRING = 100
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator_module.eq,
    "!=": operator_module.ne,
    "<": operator_module.lt,
    "<=": operator_module.le,
    ">": operator_module.gt,
    ">=": operator_module.ge,
}
_PLAIN = frozenset([Decimal, date, timedelta, YearsMonths])
"""Classes whose Python order is FEEL's; of booleans and short strings equality is, too."""


def _comparison(node: Comparison, compile_node: Compile) -> Code:
    left, right = compile_node(node.left), compile_node(node.right)
    compare = comparing(node.operator, node.position)
    order = _ORDERS[node.operator]

    def code(scope: Scope) -> FeelValue:
        a, b = left(scope), right(scope)
        if type(a) is type(b) and type(a) in _PLAIN:
            return order(a, b)
        return compare(scope.session, a, b)

    return code


def comparing(operator: str, position: int) -> Callable[[Session, FeelValue, FeelValue], FeelValue]:
    """A comparison of any two values: true, false, or null with its reason."""
    order = _ORDERS[operator]
    is_equality = operator in ("=", "!=")

    def compare(session: Session, a: FeelValue, b: FeelValue) -> FeelValue:
        kind = type(a)
        if kind is type(b) and (kind in _PLAIN or (kind is str and len(a) < _SHORT_STRING)):  # type: ignore[arg-type]
            return order(a, b)
        if kind is bool and kind is type(b) and is_equality:
            return order(a, b)
        try:
            if kind in _DEEP or type(b) in _DEEP:
                session.charge_deeply(a, b)
            return compared(operator, a, b)
        except NullResult as reason:
            session.warn(position, Message("comparison-undefined", reason=reason.message, operator=operator))
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise

    return compare


def _in(node: In, compile_node: Compile) -> Code:
    value, position = compile_node(node.value), node.position
    test = tests_code(node.tests, compile_node, position=position)
    return lambda scope: test(value(scope), scope)


def _unary_tests(node: UnaryTestList, compile_node: Compile) -> Code:
    test, negated = tests_code(node.tests, compile_node, position=node.position), node.negated

    def code(scope: Scope) -> FeelValue:
        result = test(scope.lookup(INPUT_NAME), scope)  # type: ignore[arg-type]  # the input is always set
        if negated and isinstance(result, bool):
            return not result
        return result

    return code


def tests_code(tests: tuple[Node, ...], compile_node: Compile, *, position: int) -> Test:
    """One of the tests must hold for a value: true, else null if one was null, else false."""
    codes = [_test(test, compile_node) for test in tests]
    if len(codes) == 1:
        return codes[0]
    words = frozenset(test.value for test in tests if isinstance(test, Literal) and isinstance(test.value, str))
    are_words = len(words) == len(tests)

    def code(value: FeelValue, scope: Scope) -> FeelValue:
        if are_words and type(value) is str:
            return value in words
        result: bool | None = False
        for test in codes:
            passed = test(value, scope)
            if passed is True:
                return True
            if passed is not False:
                result = None
        if result is None:
            scope.session.warn(position, Message("tests-undecided"))
        return result

    return code


def _test(node: Node, compile_node: Compile) -> Test:
    if isinstance(node, (AnyTest, UnaryTestList)):
        inner = compile_node(node)
        return lambda value, scope: inner(scope.inner({INPUT_NAME: value}))
    if isinstance(node, ComparisonTest):
        return _comparison_test(node, compile_node)
    if isinstance(node, Interval):
        return _interval_test(node, compile_node)
    return _value_test(node, compile_node)


def _comparison_test(node: ComparisonTest, compile_node: Compile) -> Test:
    compile_end = _reading_input(node.endpoint, compile_node)
    compare = comparing(node.operator, node.position)
    return lambda value, scope: compare(scope.session, value, compile_end(value, scope))


def _reading_input(node: Node, compile_node: Compile) -> Test:
    """The code of an expression inside a test: `?` is the tested value, where it occurs at all."""
    code = compile_node(node)
    if not reads_input(node):
        return lambda _value, scope: code(scope)
    return lambda value, scope: code(scope.inner({INPUT_NAME: value}))


def _interval_test(node: Interval, compile_node: Compile) -> Test:
    """A test by an interval of plain literals needs no range to be made."""
    general = _value_test(node, compile_node)
    if not (isinstance(node.low, Literal) and isinstance(node.high, Literal)):
        return general
    low: Any = node.low.value
    high: Any = node.high.value
    kind = type(low)
    if kind is not type(high) or kind not in _PLAIN:
        return general
    above, below = _ORDERS[">=" if node.low_included else ">"], _ORDERS["<=" if node.high_included else "<"]

    def test(value: FeelValue, scope: Scope) -> FeelValue:
        if type(value) is kind:
            return above(value, low) and below(value, high)
        return general(value, scope)

    return test


def _value_test(node: Node, compile_node: Compile) -> Test:
    """A test given as an expression: compared with the input, unless it is itself a claim about it."""
    test, position = _reading_input(node, compile_node), node.position
    is_claim = reads_input(node)
    may_be_claim = not isinstance(node, (Literal, Name, Path, Filter, Interval))

    def code(value: FeelValue, scope: Scope) -> FeelValue:
        result = test(value, scope)
        if isinstance(result, bool) and (is_claim or (may_be_claim and not isinstance(value, bool))):
            return result
        if result is None and is_claim:
            return None
        kind = type(result)
        if kind is type(value) and kind in _PLAIN:
            return result == value
        try:
            if kind in _DEEP or type(value) in _DEEP:
                scope.session.charge_deeply(result, value)
            return matches_test(value, result)
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise

    return code


def reads_input(node: object) -> bool:
    """Whether `?` occurs in a tree; in the tests of an inner `in` it stands for another value."""
    if isinstance(node, InputValue):
        return True
    if isinstance(node, In):
        return reads_input(node.value)
    if isinstance(node, Node):
        return any(reads_input(getattr(node, field)) for field in type(node).__dataclass_fields__)
    return isinstance(node, tuple) and any(reads_input(part) for part in node)


def _any_test(_node: AnyTest, _compile: Compile) -> Code:
    return lambda _scope: True


COMPILERS: dict[type[Node], Callable[[Any, Compile], Code]] = {
    Comparison: _comparison,
    In: _in,
    UnaryTestList: _unary_tests,
    AnyTest: _any_test,
}
