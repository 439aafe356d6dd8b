"""Closures for operators, comparisons and unary tests."""

from __future__ import annotations

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
from engine.feel.values import FeelValue, Range, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.session import Scope, Session

    Code = Callable[[Scope], FeelValue]
    Compile = Callable[[Node], Code]

INPUT_NAME = "?"
_DEEP = frozenset([list, dict, str])
_FAST = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}


def _arithmetic(node: Arithmetic, compile_node: Compile) -> Code:
    left, right = compile_node(node.left), compile_node(node.right)
    operator, position = node.operator, node.position
    fast = _FAST.get(operator)

    def code(scope: Scope) -> FeelValue:
        a, b = left(scope), right(scope)
        try:
            if fast is not None and type(a) is Decimal and type(b) is Decimal:
                return fast(a, b)
            result = arithmetic(operator, a, b)
        except NullResult as reason:
            scope.session.warn(position, reason.message)
            return None
        except DecimalException:
            scope.session.warn(
                position, Message("operation-out-of-range", left="number", operator=operator, right="number")
            )
            return None
        _charge_result(scope.session, operator, result)
        return result

    return code


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


_DECIMAL_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _comparison(node: Comparison, compile_node: Compile) -> Code:
    left, right = compile_node(node.left), compile_node(node.right)
    operator, position = node.operator, node.position
    order = _DECIMAL_ORDERS[operator]

    def code(scope: Scope) -> FeelValue:
        a, b = left(scope), right(scope)
        if type(a) is Decimal and type(b) is Decimal:
            return order(a, b)
        if type(a) in _DEEP or type(b) in _DEEP:
            scope.session.charge_deeply(a, b)
        try:
            scope.session.charge((a, b))
            return compared(operator, a, b)
        except NullResult as reason:
            scope.session.warn(position, Message("comparison-undefined", reason=reason.message, operator=operator))
            return None
        except FeelLimitError as error:
            error.locate(position)
            raise

    return code


def _logic(node: Logic, compile_node: Compile) -> Code:
    left, right = compile_node(node.left), compile_node(node.right)
    operator, position = node.operator, node.position
    deciding = operator == "or"

    def code(scope: Scope) -> FeelValue:
        first = left(scope)
        if first is deciding:
            return deciding
        second = right(scope)
        if second is deciding:
            return deciding
        for value in (first, second):
            if not isinstance(value, bool):
                scope.session.warn(position, Message("logic-kind", operator=operator, found=kind_of(value)))
                return None
        return not deciding

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

    def code(scope: Scope) -> FeelValue:
        return test(scope.inner({INPUT_NAME: value(scope)}))

    return code


def _unary_tests(node: UnaryTestList, compile_node: Compile) -> Code:
    test, negated = tests_code(node.tests, compile_node, position=node.position), node.negated

    def code(scope: Scope) -> FeelValue:
        result = test(scope)
        if negated and isinstance(result, bool):
            return not result
        return result

    return code


def tests_code(tests: tuple[Node, ...], compile_node: Compile, *, position: int) -> Code:
    """One of the tests must hold for the value named `?`: true, else null if one was null, else false."""
    codes = [_test(test, compile_node) for test in tests]
    if len(codes) == 1:
        return codes[0]

    def code(scope: Scope) -> FeelValue:
        result: bool | None = False
        for test in codes:
            passed = test(scope)
            if passed is True:
                return True
            if passed is not False:
                result = None
        if result is None:
            scope.session.warn(position, Message("tests-undecided"))
        return result

    return code


def _test(node: Node, compile_node: Compile) -> Code:
    if isinstance(node, (AnyTest, UnaryTestList)):
        return compile_node(node)
    if isinstance(node, ComparisonTest):
        return _comparison_test(node, compile_node)
    return _value_test(node, compile_node)


def _comparison_test(node: ComparisonTest, compile_node: Compile) -> Code:
    endpoint, operator, position = compile_node(node.endpoint), node.operator, node.position

    order = _DECIMAL_ORDERS[operator]

    def code(scope: Scope) -> FeelValue:
        value: Any = scope.lookup(INPUT_NAME)
        end = endpoint(scope)
        if type(value) is Decimal and type(end) is Decimal:
            return order(value, end)
        try:
            return compared(operator, value, end)
        except NullResult as reason:
            scope.session.warn(position, Message("comparison-undefined", reason=reason.message, operator=operator))
            return None

    return code


def _value_test(node: Node, compile_node: Compile) -> Code:
    """A test given as an expression: compared with the input, unless it is itself a claim about it."""
    test, position = compile_node(node), node.position
    is_claim = reads_input(node)
    may_be_claim = not isinstance(node, (Literal, Name, Path, Filter, Interval))

    def code(scope: Scope) -> FeelValue:
        result = test(scope)
        if isinstance(result, bool) and is_claim:
            return result
        value: Any = scope.lookup(INPUT_NAME)
        if isinstance(result, bool) and may_be_claim and not isinstance(value, bool):
            return result
        if result is None and is_claim:
            return None
        if type(result) in _DEEP or type(value) in _DEEP:
            scope.session.charge_deeply(result, value)
        try:
            scope.session.charge((result,))
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
