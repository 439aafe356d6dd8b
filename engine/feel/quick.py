"""The short way through an expression: names, paths, comparisons, arithmetic, `if`, `in`, and simple calls.

Most conditions of diagrams need nothing else, and their values are plain. For them the bookkeeping of an evaluation
(scopes, warnings, the budget) takes longer than the work: here it is left out. Whatever is out of the ordinary (a
missing name, a null, a value to convert, a long list, an operation that is not defined) raises `Unusual`, and the
expression is evaluated from the start by the long way, which alone decides what comes out and why. There is no loop on
the short way, so that the length of the text bounds the work.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel.builtins import BUILT_INS
from engine.feel.builtins.registry import BuiltIn
from engine.feel.errors import NullResult
from engine.feel.numbers import EXACT
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
from engine.feel.values import FeelValue

Variables = Mapping[str, FeelValue]
Quick = Callable[[Variables], Any]

_ORDERED = frozenset([Decimal, date, timedelta])
_EQUATED = _ORDERED | {str, bool}
_PLAIN = _EQUATED | {dict}
_COUNTING = frozenset(["count", "is empty"])
"""Built-ins that ask only how many members a list has."""
_MOST_MEMBERS = 32
_MOST_CHARACTERS = 200
_MOST_NODES = 200
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EXACT_OPERATIONS = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}


class Unusual(Exception):
    """Something the short way does not know: take the long one."""


class _Unsupported(Exception):
    """The text holds a construct for the long way only."""


def quick_code(node: Node) -> tuple[Quick | None, frozenset[str]]:
    """The short way through a tree, if there is one, and the built-ins it calls, which nothing may stand in for."""
    maker = _Maker()
    try:
        code = maker.made(node)
    except _Unsupported:
        return None, frozenset()
    return code, frozenset(maker.called)


class _Maker:
    def __init__(self) -> None:
        self.called: set[str] = set()
        self._nodes = 0

    def made(self, node: Node) -> Quick:
        make = _MAKERS.get(type(node))
        self._nodes += 1
        if make is None or self._nodes > _MOST_NODES:
            raise _Unsupported
        return make(self, node)


def _literal(_maker: _Maker, node: Literal) -> Quick:
    value = node.value
    if type(value) not in _PLAIN:
        raise _Unsupported
    return lambda _names: value


def _name(_maker: _Maker, node: Name) -> Quick:
    name = node.name

    def code(names: Variables) -> Any:
        value = names.get(name)
        if type(value) in _PLAIN:
            return value
        return _number(value)

    return code


def _path(maker: _Maker, node: Path) -> Quick:
    if isinstance(node.base, Name):
        return _entry_of_variable(node.base.name, node.name)
    base, name = maker.made(node.base), node.name

    def code(names: Variables) -> Any:
        value = base(names)
        if type(value) is not dict:
            raise Unusual
        entry = value.get(name)
        if type(entry) in _PLAIN:
            return entry
        return _number(entry)

    return code


def _entry_of_variable(variable: str, name: str) -> Quick:
    def code(names: Variables) -> Any:
        value = names.get(variable)
        if type(value) is not dict:
            raise Unusual
        entry = value.get(name)
        if type(entry) in _PLAIN:
            return entry
        return _number(entry)

    return code


def _number(value: Any) -> Decimal:
    """A whole number of the host as FEEL's."""
    if type(value) is not int:
        raise Unusual
    return Decimal(value)


def _comparison(maker: _Maker, node: Comparison) -> Quick:
    left, right = maker.made(node.left), maker.made(node.right)
    order = _ORDERS[node.operator]
    kinds = _EQUATED if node.operator in ("=", "!=") else _ORDERED
    if isinstance(node.right, Literal) and type(node.right.value) in kinds:
        return _comparison_with(left, order, node.right.value)

    def code(names: Variables) -> bool:
        a, b = left(names), right(names)
        kind = type(a)
        if kind is not type(b) or kind not in kinds or (kind is str and len(a) > _MOST_CHARACTERS):
            raise Unusual
        return order(a, b)

    return code


def _comparison_with(left: Quick, order: Callable[[Any, Any], bool], literal: FeelValue) -> Quick:
    kind: Any = type(literal)

    def code(names: Variables) -> bool:
        a: Any = left(names)
        if type(a) is not kind or (kind is str and len(a) > _MOST_CHARACTERS):
            raise Unusual
        return order(a, literal)

    return code


def _between(maker: _Maker, node: Between) -> Quick:
    value, low, high = maker.made(node.value), maker.made(node.low), maker.made(node.high)

    def code(names: Variables) -> bool:
        found, least, most = value(names), low(names), high(names)
        kind = type(found)
        if kind not in _ORDERED or type(least) is not kind or type(most) is not kind:
            raise Unusual
        return bool(least <= found <= most)

    return code


def _logic(maker: _Maker, node: Logic) -> Quick:
    left, right = maker.made(node.left), maker.made(node.right)
    deciding = node.operator == "or"

    def code(names: Variables) -> Any:
        first = left(names)
        if first is deciding:
            return deciding
        second = right(names)
        if type(first) is not bool or type(second) is not bool:
            raise Unusual
        return second

    return code


def _arithmetic(maker: _Maker, node: Arithmetic) -> Quick:
    operation = _EXACT_OPERATIONS.get(node.operator)
    left, right = maker.made(node.left), maker.made(node.right)
    if operation is None:
        raise _Unsupported

    def code(names: Variables) -> Decimal:
        a, b = left(names), right(names)
        if type(a) is not Decimal or type(b) is not Decimal:
            raise Unusual
        try:
            return operation(a, b)
        except DecimalException as error:
            raise Unusual from error

    return code


def _if(maker: _Maker, node: If) -> Quick:
    condition = maker.made(node.condition)
    consequence, alternative = maker.made(node.consequence), maker.made(node.alternative)

    def code(names: Variables) -> Any:
        answer = condition(names)
        if answer is True:
            return consequence(names)
        if answer is False:
            return alternative(names)
        raise Unusual

    return code


def _in(maker: _Maker, node: In) -> Quick:
    """Tests by values, comparisons and ranges that are written out, all of one kind."""
    value = maker.made(node.value)
    kinds = {type(_end(test)) for test in node.tests}
    if len(kinds) != 1 or not kinds <= {Decimal, str, date}:
        raise _Unsupported
    kind: Any = kinds.pop()
    points = frozenset(test.value for test in node.tests if isinstance(test, Literal))
    others = [_test(test) for test in node.tests if not isinstance(test, Literal)]

    def code(names: Variables) -> bool:
        found: Any = value(names)
        if type(found) is not kind or (kind is str and len(found) > _MOST_CHARACTERS):
            raise Unusual
        return found in points or any(test(found) for test in others)

    return code


def _end(test: Node) -> FeelValue:
    """A value of the kind a test is about."""
    if isinstance(test, Literal):
        return test.value
    if isinstance(test, Interval):
        low, high = _end(test.low), _end(test.high)
        if type(low) in _ORDERED and type(low) is type(high):
            return low
    if isinstance(test, ComparisonTest) and type(_end(test.endpoint)) in _ORDERED:
        return _end(test.endpoint)
    raise _Unsupported


def _test(test: Node) -> Callable[[Any], bool]:
    if isinstance(test, ComparisonTest):
        order, end = _ORDERS[test.operator], _end(test.endpoint)
        return lambda value: order(value, end)
    if not isinstance(test, Interval):
        raise _Unsupported
    above, low = _ORDERS[">=" if test.low_included else ">"], _end(test.low)
    below, high = _ORDERS["<=" if test.high_included else "<"], _end(test.high)
    return lambda value: above(value, low) and below(value, high)


def _call(maker: _Maker, node: Call) -> Quick:
    """A built-in of one argument that is a list, a text or a number as it comes."""
    function = BUILT_INS.get(node.function.name) if isinstance(node.function, Name) else None
    if not isinstance(function, BuiltIn) or node.names or len(node.arguments) != 1:
        raise _Unsupported
    quick = function.quick_one
    if quick is None:
        raise _Unsupported
    maker.called.add(function.name)
    if quick.classes == (list,):
        return _call_on_list(function.name, quick.implementation, node.arguments[0])
    name, implementation = function.name, quick.implementation
    kind: Any = quick.classes[0]
    argument = maker.made(node.arguments[0])

    def code(names: Variables) -> Any:
        value: Any = argument(names)
        if type(value) is not kind or name in names or (kind is str and len(value) > _MOST_CHARACTERS):
            raise Unusual
        try:
            result = implementation(value)
        except (NullResult, DecimalException, OverflowError) as error:
            raise Unusual from error
        if type(result) in _PLAIN:
            return result
        raise Unusual

    return code


def _call_on_list(function: str, implementation: Callable[..., FeelValue], argument: Node) -> Quick:
    """A call on a variable that holds a short list which needs no conversion."""
    if not isinstance(argument, Name):
        raise _Unsupported
    variable = argument.name
    looks_at_members = function not in _COUNTING

    def code(names: Variables) -> Any:
        value = names.get(variable)
        if type(value) is not list or function in names:
            raise Unusual
        if looks_at_members and (len(value) > _MOST_MEMBERS or not _PLAIN.issuperset(map(type, value))):
            raise Unusual
        try:
            result = implementation(value)
        except (NullResult, DecimalException, OverflowError) as error:
            raise Unusual from error
        if type(result) in _PLAIN:
            return result
        raise Unusual

    return code


_MAKERS: Mapping[type[Node], Callable[[_Maker, Any], Quick]] = {
    Literal: _literal,
    Name: _name,
    Path: _path,
    Comparison: _comparison,
    Between: _between,
    Logic: _logic,
    Arithmetic: _arithmetic,
    If: _if,
    In: _in,
    Call: _call,
}
