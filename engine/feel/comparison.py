"""Equality, order and membership, three-valued: true, false, or null where values cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.feel.errors import NullResult
from engine.feel.moments import (
    SECOND,
    WideDate,
    WideDateTime,
    WideTime,
    clock_instant,
    instant,
    number_of_day,
)
from engine.feel.values import FeelValue, Range, YearsMonths, kind_of, normalise

if TYPE_CHECKING:
    from collections.abc import Callable

DEEPEST_VALUE = 100


def equal(left: FeelValue, right: FeelValue, depth: int = 0) -> bool:
    """Whether two values are equal; null equals only null.

    Raises:
        NullResult: they are of kinds that cannot be compared.
    """
    if left is None or right is None:
        return left is None and right is None
    kind = kind_of(left)
    if kind != kind_of(right):
        raise NullResult("not-comparable", left=kind, right=kind_of(right))
    if depth > DEEPEST_VALUE:
        raise NullResult("values-too-deep")
    special = _EQUALITIES.get(kind)
    return special(left, right, depth) if special is not None else left == right


def _equal_lists(left: FeelValue, right: FeelValue, depth: int) -> bool:
    assert isinstance(left, list)  # noqa: S101 - dispatched by kind
    assert isinstance(right, list)  # noqa: S101
    return len(left) == len(right) and all(equal(a, b, depth + 1) for a, b in zip(left, right, strict=True))


def _equal_contexts(left: FeelValue, right: FeelValue, depth: int) -> bool:
    assert isinstance(left, Mapping)  # noqa: S101
    assert isinstance(right, Mapping)  # noqa: S101
    return set(left) == set(right) and all(equal(normalise(left[k]), normalise(right[k]), depth + 1) for k in left)


def _equal_ranges(left: FeelValue, right: FeelValue, depth: int) -> bool:
    assert isinstance(left, Range)  # noqa: S101
    assert isinstance(right, Range)  # noqa: S101
    return (
        (left.low_included, left.high_included, left.comparison)
        == (right.low_included, right.high_included, right.comparison)
        and equal(left.low, right.low, depth + 1)
        and equal(left.high, right.high, depth + 1)
    )


def _equal_times(left: FeelValue, right: FeelValue, _depth: int) -> bool:
    assert isinstance(left, (time, WideTime))  # noqa: S101
    assert isinstance(right, (time, WideTime))  # noqa: S101
    seconds = (clock_instant(left) // SECOND, clock_instant(right) // SECOND)
    return (left.tzinfo is None) == (right.tzinfo is None) and seconds[0] == seconds[1]


def _equal_moments(left: FeelValue, right: FeelValue, _depth: int) -> bool:
    assert isinstance(left, (datetime, WideDateTime))  # noqa: S101
    assert isinstance(right, (datetime, WideDateTime))  # noqa: S101
    seconds = (instant(left) // SECOND, instant(right) // SECOND)
    return (left.tzinfo is None) == (right.tzinfo is None) and seconds[0] == seconds[1]


def _equal_functions(left: FeelValue, right: FeelValue, _depth: int) -> bool:
    return left is right


_EQUALITIES: dict[str, Callable[[FeelValue, FeelValue, int], bool]] = {
    "list": _equal_lists,
    "context": _equal_contexts,
    "range": _equal_ranges,
    "time": _equal_times,
    "date and time": _equal_moments,
    "function": _equal_functions,
}


def compare(left: FeelValue, right: FeelValue) -> int:
    """-1, 0 or 1 by the order of two values of one kind.

    Raises:
        NullResult: one is null, or the kinds differ or have no order.
    """
    kind = kind_of(left)
    if kind != kind_of(right):
        raise NullResult("kinds-without-order", left=kind, right=kind_of(right))
    a, b = _order_key(left), _order_key(right)
    try:
        return int(a > b) - int(a < b)  # type: ignore[operator]  # same kind, so the same type of key
    except TypeError as error:
        raise NullResult("offset-without-order", kind=kind) from error


def _order_key(value: FeelValue) -> object:
    if isinstance(value, (time, WideTime)):
        return _on_line(clock_instant(value), value.tzinfo)
    if isinstance(value, (datetime, WideDateTime)):
        return _on_line(instant(value), value.tzinfo)
    if isinstance(value, (date, WideDate)):
        return number_of_day(value)
    if isinstance(value, (Decimal, str, timedelta, YearsMonths)):
        return value
    raise NullResult("kind-without-order", kind=kind_of(value))


def _on_line(nanoseconds: int, zone: tzinfo | None) -> object:
    # A local time and one with an offset must not compare: wrapping one in a tuple makes Python refuse.
    return nanoseconds if zone is None else (nanoseconds,)


def ordered(operator: str, left: FeelValue, right: FeelValue) -> bool:
    """Apply `<`, `<=`, `>` or `>=`."""
    return _ORDERS[operator](compare(left, right))


_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def compared(operator: str, left: FeelValue, right: FeelValue) -> bool:
    """Apply any of the six comparison operators."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        return not equal(left, right)
    return ordered(operator, left, right)


def in_range(value: FeelValue, interval: Range) -> bool:
    """Whether a value lies in a range."""
    if interval.comparison == "!=":
        return not equal(value, interval.low)
    if value is None or (interval.low is None and interval.high is None):
        raise NullResult("null-in-range")
    if interval.low is not None and not ordered(">=" if interval.low_included else ">", value, interval.low):
        return False
    return interval.high is None or ordered("<=" if interval.high_included else "<", value, interval.high)


def same(left: FeelValue, right: FeelValue) -> bool:
    """Equality for looking things up: values that cannot be compared are simply different."""
    if left is not None and right is not None and kind_of(left) != kind_of(right):
        return False
    try:
        return equal(left, right)
    except NullResult:
        return False


def key_of(value: FeelValue, depth: int = 0) -> object:
    """What stands for a value in a dictionary: two values have equal keys if and only if they are the same."""
    if isinstance(value, (Decimal, str)):
        return value
    if depth > DEEPEST_VALUE:
        raise NullResult("values-too-deep")
    kind = kind_of(value)
    if isinstance(value, list):
        return kind, tuple(key_of(member, depth + 1) for member in value)
    if isinstance(value, Mapping):
        return kind, frozenset((name, key_of(normalise(value[name]), depth + 1)) for name in value)
    if isinstance(value, Range):
        ends = key_of(value.low, depth + 1), key_of(value.high, depth + 1)
        return kind, ends, value.low_included, value.high_included, value.comparison
    if isinstance(value, (time, WideTime)):
        return kind, value.tzinfo is None, clock_instant(value) // SECOND
    if isinstance(value, (datetime, WideDateTime)):
        return kind, value.tzinfo is None, instant(value) // SECOND
    return kind, id(value) if kind == "function" else value


def matches_test(value: FeelValue, test: FeelValue) -> bool:
    """Whether a value passes a test that evaluated to this: equal to it, among it, or within it."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return in_range(value, test)
    if isinstance(test, list):
        if isinstance(value, list) and same(value, test):
            return True
        return any(_passes(value, normalise(member)) for member in test)
    return equal(value, test)


def _passes(value: FeelValue, member: FeelValue) -> bool:
    try:
        return in_range(value, member) if isinstance(member, Range) else equal(value, member)
    except NullResult:
        return False
