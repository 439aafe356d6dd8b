"""Closures for operators between values, and for ranges."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from engine.feel.arithmetic import arithmetic, negate
from engine.feel.comparison import compared
from engine.feel.costs import POWER, WIDE_MOMENT
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.messages import Message
from engine.feel.moments import WideDateTime
from engine.feel.numbers import EXACT
from engine.feel.syntax import (
    Arithmetic,
    Between,
    ComparisonTest,
    InstanceOf,
    Interval,
    Logic,
    Negation,
    Node,
)
from engine.feel.type_resolution import resolve_type
from engine.feel.types import without_constraints
from engine.feel.values import FeelValue, Range, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.session import Scope, Session

    Code = Callable[[Scope], FeelValue]
    Compile = Callable[[Node], Code]
    Test = Callable[[FeelValue, Scope], FeelValue]


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
        if isinstance(found, (list, dict, str)):
            scope.session.charge_deeply(found)
        return of.name == "null" if found is None else of.conforms(found)

    return code


COMPILERS: dict[type[Node], Callable[[Any, Compile], Code]] = {
    Arithmetic: _arithmetic,
    Negation: _negation,
    Logic: _logic,
    Between: _between,
    Interval: _interval,
    ComparisonTest: _comparison_as_range,
    InstanceOf: _instance_of,
}
