"""Closures for operators, comparisons and unary tests."""

from __future__ import annotations

import operator as operator_module
from datetime import date, timedelta
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from engine.feel.arithmetic import arithmetic, negate
from engine.feel.comparison import compared, matches_test
from engine.feel.costs import POWER, WIDE_MOMENT
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.messages import Message
from engine.feel.moments import WideDateTime
from engine.feel.numbers import EXACT
from engine.feel.syntax import (
    AnyTest,
    Arithmetic,
    Between,
    Comparison,
    ComparisonTest,
    Filter,
    In,
    InputValue,
    InstanceOf,
    Interval,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    UnaryTestList,
)
from engine.feel.type_resolution import resolve_type
from engine.feel.types import without_constraints
from engine.feel.values import FeelValue, Range, YearsMonths, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.session import Scope, Session

    Code = Callable[[Scope], FeelValue]
    Compile = Callable[[Node], Code]
    Test = Callable[[FeelValue, Scope], FeelValue]

INPUT_NAME = "?"
_DEEP = frozenset([list, dict, str])
_SHORT_STRING = 100


def _arithmetic(node: Arithmetic, compile_node: Compile) -> Code:
    """One operation, or a chain of them from its left end: a long sum nests deep on that side only."""
    chain: list[Arithmetic] = []
    first: Node = node
    while isinstance(first, Arithmetic):
        chain.append(first)
        first = first.left
    start = compile_node(first)
    operations = [(_operation(one), compile_node(one.right)) for one in reversed(chain)]
    if len(operations) == 1:
        operation, right = operations[0]
        return lambda scope: operation(scope.session, start(scope), right(scope))

    def code(scope: Scope) -> FeelValue:
        value = start(scope)
        session = scope.session
        for operation, right in operations:
            value = operation(session, value, right(scope))
        return value

    return code


def _operation(node: Arithmetic) -> Callable[[Session, FeelValue, FeelValue], FeelValue]:
    operator, position = node.operator, node.position
    fast = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}.get(operator)

    def apply(session: Session, a: FeelValue, b: FeelValue) -> FeelValue:
        try:
            if fast is not None and type(a) is Decimal and type(b) is Decimal:
                return fast(a, b)
            result = arithmetic(operator, a, b)
            _charge_result(session, operator, result)
        except NullResult as reason:
            session.warn(position, reason.message)
            return None
        except DecimalException:
            session.warn(position, Message("operation-out-of-range", left="number", operator=operator, right="number"))
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise
        return result

    return apply


def _charge_result(session: Session, operator: str, result: FeelValue) -> None:
    if operator == "**":
        session.step(POWER)
    elif isinstance(result, WideDateTime):
        session.step(WIDE_MOMENT)
    elif isinstance(result, str):
        session.charge((result,))


def _negation(node: Negation, compile_node: Compile) -> Code:
    operand, position = compile_node(node.operand), node.position

    def code(scope: Scope) -> FeelValue:
        try:
            return negate(operand(scope))
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None

    return code


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


def _logic(node: Logic, compile_node: Compile) -> Code:
    """`and` or `or` over two operands, or over a chain of them, which is decided as soon as one decides it."""
    operator = node.operator
    chain: list[Logic] = []
    first: Node = node
    while isinstance(first, Logic) and first.operator == operator:
        chain.append(first)
        first = first.left
    deciding = operator == "or"
    undecided = not deciding
    operands = [(compile_node(first), chain[-1].position)]
    operands += [(compile_node(one.right), one.position) for one in reversed(chain)]

    def code(scope: Scope) -> FeelValue:
        unknown: tuple[int, FeelValue] | None = None
        for operand, position in operands:
            value = operand(scope)
            if value is deciding:
                return deciding
            if value is not undecided and unknown is None:
                unknown = position, value
        if unknown is None:
            return undecided
        position, value = unknown
        scope.session.warn(position, Message("logic-kind", operator=operator, found=kind_of(value)))
        return None

    return code


def _between(node: Between, compile_node: Compile) -> Code:
    value, low, high = compile_node(node.value), compile_node(node.low), compile_node(node.high)
    position = node.position

    def code(scope: Scope) -> FeelValue:
        try:
            found = value(scope)
            above, below = compared(">=", found, low(scope)), compared("<=", found, high(scope))
        except NullResult as reason:
            scope.session.warn(position, Message("comparison-undefined", reason=reason.message, operator="between"))
            return None
        else:
            return above and below

    return code


def _interval(node: Interval, compile_node: Compile) -> Code:
    low, high = compile_node(node.low), compile_node(node.high)
    position, low_included, high_included = node.position, node.low_included, node.high_included

    def code(scope: Scope) -> FeelValue:
        start, end = low(scope), high(scope)
        if start is not None and end is not None and kind_of(start) != kind_of(end):
            scope.session.warn(position, Message("range-undefined", low=kind_of(start), high=kind_of(end)))
            return None
        return Range(start, end, low_included, high_included)

    return code


def _comparison_as_range(node: ComparisonTest, compile_node: Compile) -> Code:
    """`(< 10)` as a value."""
    endpoint, operator = compile_node(node.endpoint), node.operator

    def code(scope: Scope) -> FeelValue:
        return range_of(operator, endpoint(scope))

    return code


def range_of(operator: str, end: FeelValue) -> Range:
    """The range a comparison with an endpoint describes."""
    if operator in ("=", "!="):
        return Range(end, end, True, True, operator)
    if operator in ("<", "<="):
        return Range(None, end, False, operator == "<=", operator)
    return Range(end, None, operator == ">=", False, operator)


def _instance_of(node: InstanceOf, compile_node: Compile) -> Code:
    value, written, position = compile_node(node.value), node.type, node.position

    def code(scope: Scope) -> FeelValue:
        try:
            of = without_constraints(resolve_type(written, scope.session.types))
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None
        found = value(scope)
        if type(found) in _DEEP:
            scope.session.charge_deeply(found)
        return of.name == "null" if found is None else of.conforms(found)

    return code


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
    Arithmetic: _arithmetic,
    Negation: _negation,
    Comparison: _comparison,
    Logic: _logic,
    Between: _between,
    Interval: _interval,
    ComparisonTest: _comparison_as_range,
    InstanceOf: _instance_of,
    In: _in,
    UnaryTestList: _unary_tests,
    AnyTest: _any_test,
}
