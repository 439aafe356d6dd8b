"""`+ - * / **` and unary minus, by the kinds of their operands."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, cast

from engine.feel.errors import NullResult
from engine.feel.moments import (
    AnyDate,
    AnyMoment,
    AnyTime,
    WideDateTime,
    clock_instant,
    date_of,
    instant,
    join,
    nanoseconds_of_time,
    shifted,
    shifted_time,
    time_of,
    with_months,
)
from engine.feel.numbers import DOWN, EXACT, power
from engine.feel.temporal_text import duration_of, microseconds_of, months_of
from engine.feel.values import FeelValue, YearsMonths, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Operation = Callable[[FeelValue, FeelValue], FeelValue]

LONGEST_STRING = 1_000_000


def arithmetic(operator: str, left: FeelValue, right: FeelValue) -> FeelValue:
    """Apply an operator.

    Raises:
        NullResult: it is not defined for these values.
    """
    operation = _OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        raise NullResult("operation-undefined", operator=operator, left=kind_of(left), right=kind_of(right))
    try:
        return operation(left, right)
    except (DecimalException, OverflowError, ValueError) as error:
        raise NullResult(
            "operation-out-of-range", operator=operator, left=kind_of(left), right=kind_of(right)
        ) from error


def is_defined(operator: str, left: str, right: str) -> bool:
    """Whether an operator takes values of these two kinds."""
    return (operator, left, right) in _OPERATIONS


def negate(value: FeelValue) -> FeelValue:
    """Unary minus."""
    if isinstance(value, Decimal):
        return EXACT.minus(value)
    if isinstance(value, timedelta):
        return -value
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    raise NullResult("negation-undefined", found=kind_of(value))


def months_between(start: AnyDate | AnyMoment, end: AnyDate | AnyMoment) -> int:
    """Whole months from one date to another, counted towards zero."""
    first, last = date_of(start), date_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and _rest(end) < _rest(start):
        return months - 1
    if months < 0 and _rest(end) > _rest(start):
        return months + 1
    return months


def _rest(moment: AnyDate | AnyMoment) -> tuple[int, int]:
    clock = nanoseconds_of_time(time_of(moment)) if isinstance(moment, (datetime, WideDateTime)) else 0
    return date_of(moment).day, clock


def _add(left: Decimal, right: Decimal) -> FeelValue:
    return EXACT.add(left, right)


def _subtract(left: Decimal, right: Decimal) -> FeelValue:
    return EXACT.subtract(left, right)


def _multiply(left: Decimal, right: Decimal) -> FeelValue:
    return EXACT.multiply(left, right)


def _divide(left: Decimal, right: Decimal) -> FeelValue:
    if not right:
        raise NullResult("division-by-zero")
    return EXACT.divide(left, right)


def _join(left: str, right: str) -> FeelValue:
    if len(left) + len(right) > LONGEST_STRING:
        raise NullResult("text-too-long", limit=LONGEST_STRING)
    return left + right


def _add_days(left: timedelta, right: timedelta) -> FeelValue:
    return left + right


def _subtract_days(left: timedelta, right: timedelta) -> FeelValue:
    return left - right


def _scale_days(left: timedelta, right: Decimal) -> FeelValue:
    return duration_of(_truncated(EXACT.multiply(Decimal(microseconds_of(left)), right)))


def _divide_days(left: timedelta, right: Decimal) -> FeelValue:
    if not right:
        raise NullResult("division-by-zero")
    return duration_of(_truncated(EXACT.divide(Decimal(microseconds_of(left)), right)))


def _ratio_of_days(left: timedelta, right: timedelta) -> FeelValue:
    return _divide(Decimal(microseconds_of(left)), Decimal(microseconds_of(right)))


def _truncated(number: Decimal) -> int:
    return int(number.to_integral_value(rounding=DOWN))


def _add_year_months(left: YearsMonths, right: YearsMonths) -> FeelValue:
    return months_of(left.months + right.months)


def _subtract_year_months(left: YearsMonths, right: YearsMonths) -> FeelValue:
    return months_of(left.months - right.months)


def _scale_months(left: YearsMonths, right: Decimal) -> FeelValue:
    return months_of(_truncated(EXACT.multiply(Decimal(left.months), right)))


def _divide_months(left: YearsMonths, right: Decimal) -> FeelValue:
    if not right:
        raise NullResult("division-by-zero")
    return months_of(_truncated(EXACT.divide(Decimal(left.months), right)))


def _ratio_of_months(left: YearsMonths, right: YearsMonths) -> FeelValue:
    return _divide(Decimal(left.months), Decimal(right.months))


def _shift_months(left: AnyDate | AnyMoment, right: YearsMonths) -> FeelValue:
    day = with_months(date_of(left), right.months)
    return join(day, time_of(left)) if isinstance(left, (datetime, WideDateTime)) else day


def _shift_months_back(left: AnyDate | AnyMoment, right: YearsMonths) -> FeelValue:
    return _shift_months(left, YearsMonths(-right.months))


def _shift_date(left: AnyDate, right: timedelta) -> FeelValue:
    return date_of(shifted(join(left, time()), right))


def _back(operation: Callable[..., FeelValue]) -> Callable[..., FeelValue]:
    def shifted_back(left: FeelValue, right: timedelta) -> FeelValue:
        return operation(left, -right)

    return shifted_back


def _distance(left: AnyDate | AnyMoment, right: AnyDate | AnyMoment) -> FeelValue:
    start, end = as_moment(right), as_moment(left)
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise NullResult("moments-not-subtractable")
    return duration_of((instant(end) - instant(start)) // 1_000)


def as_moment(value: AnyDate | AnyMoment) -> AnyMoment:
    """A date as the midnight it begins with, in UTC; a date and time as it is."""
    return value if isinstance(value, (datetime, WideDateTime)) else join(value, time(tzinfo=UTC))


def _distance_of_times(left: AnyTime, right: AnyTime) -> FeelValue:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise NullResult("times-not-subtractable")
    return duration_of((clock_instant(left) - clock_instant(right)) // 1_000)


def _swap(operation: Callable[..., FeelValue]) -> Callable[..., FeelValue]:
    def swapped(left: FeelValue, right: FeelValue) -> FeelValue:
        return operation(right, left)

    return swapped


def _power(left: Decimal, right: Decimal) -> FeelValue:
    return power(left, right)


_D, _M = "days and time duration", "years and months duration"
_N, _S, _DATE, _TIME, _MOMENT = "number", "string", "date", "time", "date and time"
_OPERATIONS: dict[tuple[str, str, str], Operation] = cast(
    "dict[tuple[str, str, str], Operation]",
    {
        ("+", _N, _N): _add,
        ("-", _N, _N): _subtract,
        ("*", _N, _N): _multiply,
        ("/", _N, _N): _divide,
        ("**", _N, _N): _power,
        ("+", _S, _S): _join,
        ("+", _D, _D): _add_days,
        ("-", _D, _D): _subtract_days,
        ("*", _D, _N): _scale_days,
        ("*", _N, _D): _swap(_scale_days),
        ("/", _D, _N): _divide_days,
        ("/", _D, _D): _ratio_of_days,
        ("+", _M, _M): _add_year_months,
        ("-", _M, _M): _subtract_year_months,
        ("*", _M, _N): _scale_months,
        ("*", _N, _M): _swap(_scale_months),
        ("/", _M, _N): _divide_months,
        ("/", _M, _M): _ratio_of_months,
        **{
            (sign, moment, _M): operation
            for moment in (_DATE, _MOMENT)
            for sign, operation in (("+", _shift_months), ("-", _shift_months_back))
        },
        **{("+", _M, moment): _swap(_shift_months) for moment in (_DATE, _MOMENT)},
        **{
            key: operation
            for moment, shift in ((_DATE, _shift_date), (_MOMENT, shifted), (_TIME, shifted_time))
            for key, operation in (
                (("+", moment, _D), shift),
                (("+", _D, moment), _swap(shift)),
                (("-", moment, _D), _back(shift)),
            )
        },
        **{("-", left, right): _distance for left in (_DATE, _MOMENT) for right in (_DATE, _MOMENT)},
        ("-", _TIME, _TIME): _distance_of_times,
    },
)
