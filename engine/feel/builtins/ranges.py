"""Built-ins that relate points and ranges to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel.builtins.registry import Registry
from engine.feel.comparison import compare, in_range
from engine.feel.errors import NullResult
from engine.feel.values import FeelValue, Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.feel.values import FeelValue as Point

FUNCTIONS = Registry()


def _start(a: Range, b: Range) -> int:
    """The order of two range starts: an included one lies before an excluded one."""
    return _order_of_ends(a.low, b.low, missing=-1) or int(b.low_included) - int(a.low_included)


def _end(a: Range, b: Range) -> int:
    """The order of two range ends: an excluded one lies before an included one."""
    return _order_of_ends(a.high, b.high, missing=1) or int(a.high_included) - int(b.high_included)


def _order_of_ends(a: FeelValue, b: FeelValue, *, missing: int) -> int:
    if a is None or b is None:
        return 0 if a is b else (missing if a is None else -missing)
    return compare(a, b)


def _gap(a: Range, b: Range) -> int:
    """-1 when a ends before b starts, 0 when they touch in one point both include, 1 when they share more."""
    if a.high is None or b.low is None:
        return 1
    order = compare(a.high, b.low)
    if order == 0 and not (a.high_included and b.low_included):
        return -1
    return order


def _before_points(a: Point, b: Point) -> FeelValue:
    return compare(a, b) < 0


def _point_before_range(a: Point, b: Range) -> FeelValue:
    if b.low is None:
        return False
    order = compare(a, b.low)
    return order < 0 or (order == 0 and not b.low_included)


def _range_before_point(a: Range, b: Point) -> FeelValue:
    if a.high is None:
        return False
    order = compare(a.high, b)
    return order < 0 or (order == 0 and not a.high_included)


def _range_before_range(a: Range, b: Range) -> FeelValue:
    return _gap(a, b) < 0


def _includes_point(a: Range, b: Point) -> FeelValue:
    return in_range(b, a)


def _includes_range(a: Range, b: Range) -> FeelValue:
    return _start(a, b) <= 0 and _end(b, a) <= 0


def _meets(a: Range, b: Range) -> FeelValue:
    return a.high is not None and b.low is not None and _gap(a, b) == 0


def _overlaps(a: Range, b: Range) -> FeelValue:
    return _gap(a, b) >= 0 and _gap(b, a) >= 0


def _overlaps_before(a: Range, b: Range) -> FeelValue:
    return _start(a, b) < 0 and _gap(a, b) >= 0 and _end(a, b) <= 0


def _finishes_point(a: Point, b: Range) -> FeelValue:
    return b.high is not None and b.high_included and compare(a, b.high) == 0


def _finishes_range(a: Range, b: Range) -> FeelValue:
    return _end(a, b) == 0 and _start(b, a) <= 0


def _starts_point(a: Point, b: Range) -> FeelValue:
    return b.low is not None and b.low_included and compare(a, b.low) == 0


def _starts_range(a: Range, b: Range) -> FeelValue:
    return _start(a, b) == 0 and _end(a, b) <= 0


def _coincides_points(a: Point, b: Point) -> FeelValue:
    return compare(a, b) == 0


def _coincides_ranges(a: Range, b: Range) -> FeelValue:
    return _start(a, b) == 0 and _end(a, b) == 0


_POINT = "number|string|date|time|date and time|days and time duration|years and months duration"
_KINDS = {"point": _POINT, "range": "range"}


def _declare(name: str, *forms: tuple[str, str, str, str, Callable[..., FeelValue]]) -> None:
    for first, second, first_kind, second_kind, implementation in forms:
        FUNCTIONS.add(name, f"{first}: {_KINDS[first_kind]}, {second}: {_KINDS[second_kind]}")(
            _with_ends(implementation)
        )


def _with_ends(implementation: Callable[..., FeelValue]) -> Callable[..., FeelValue]:
    def check(a: FeelValue, b: FeelValue) -> FeelValue:
        if any(isinstance(value, Range) and value.comparison == "!=" for value in (a, b)):
            raise NullResult("range-without-ends")
        return implementation(a, b)

    return check


def _flip(implementation: Callable[..., FeelValue]) -> Callable[..., FeelValue]:
    return lambda a, b: implementation(b, a)


_declare(
    "before",
    ("point1", "point2", "point", "point", _before_points),
    ("point", "range", "point", "range", _point_before_range),
    ("range", "point", "range", "point", _range_before_point),
    ("range1", "range2", "range", "range", _range_before_range),
)
_declare(
    "after",
    ("point1", "point2", "point", "point", _flip(_before_points)),
    ("point", "range", "point", "range", _flip(_range_before_point)),
    ("range", "point", "range", "point", _flip(_point_before_range)),
    ("range1", "range2", "range", "range", _flip(_range_before_range)),
)
_declare("meets", ("range1", "range2", "range", "range", _meets))
_declare("met by", ("range1", "range2", "range", "range", _flip(_meets)))
_declare("overlaps", ("range1", "range2", "range", "range", _overlaps))
_declare("overlaps before", ("range1", "range2", "range", "range", _overlaps_before))
_declare("overlaps after", ("range1", "range2", "range", "range", _flip(_overlaps_before)))
_declare(
    "finishes",
    ("point", "range", "point", "range", _finishes_point),
    ("range1", "range2", "range", "range", _finishes_range),
)
_declare(
    "finished by",
    ("range", "point", "range", "point", _flip(_finishes_point)),
    ("range1", "range2", "range", "range", _flip(_finishes_range)),
)
_declare(
    "includes",
    ("range", "point", "range", "point", _includes_point),
    ("range1", "range2", "range", "range", _includes_range),
)
_declare(
    "during",
    ("point", "range", "point", "range", _flip(_includes_point)),
    ("range1", "range2", "range", "range", _flip(_includes_range)),
)
_declare(
    "starts",
    ("point", "range", "point", "range", _starts_point),
    ("range1", "range2", "range", "range", _starts_range),
)
_declare(
    "started by",
    ("range", "point", "range", "point", _flip(_starts_point)),
    ("range1", "range2", "range", "range", _flip(_starts_range)),
)
_declare(
    "coincides",
    ("point1", "point2", "point", "point", _coincides_points),
    ("range1", "range2", "range", "range", _coincides_ranges),
)
