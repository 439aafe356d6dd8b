"""`+ - * / **` and unary minus, by the kinds of their operands."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, cast

from engine.feel.errors import NullResult
from engine.feel.numbers import DOWN, EXACT, power
from engine.feel.temporal_text import duration_of, make_date, microseconds_of
from engine.feel.values import FeelValue, YearsMonths, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Operation = Callable[[FeelValue, FeelValue], FeelValue]

_DAY = 86_400_000_000
LONGEST_STRING = 1_000_000


def arithmetic(operator: str, left: FeelValue, right: FeelValue) -> FeelValue:
    """Apply an operator.

    Raises:
        NullResult: it is not defined for these values.
    """
    operation = _OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        raise NullResult(f"{kind_of(left)} {operator} {kind_of(right)} is not defined")
    try:
        return operation(left, right)
    except (DecimalException, OverflowError, ValueError) as error:
        raise NullResult(f"the result of {kind_of(left)} {operator} {kind_of(right)} is out of range") from error


def negate(value: FeelValue) -> FeelValue:
    """Unary minus."""
    if isinstance(value, Decimal):
        return EXACT.minus(value)
    if isinstance(value, timedelta):
        return -value
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    raise NullResult(f"-{kind_of(value)} is not defined")


def add_months(day: date, months: int) -> date:
    """Move a date (or date and time) by months; a day the month lacks becomes its last one."""
    month = day.year * 12 + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise NullResult(f"the year {year} is out of range")
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months from one date to another, counted towards zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and _rest(end) < _rest(start):
        return months - 1
    if months < 0 and _rest(end) > _rest(start):
        return months + 1
    return months


def _rest(moment: date) -> tuple[int, time]:
    return moment.day, moment.time() if isinstance(moment, datetime) else time()


def clock_microseconds(value: time) -> int:
    """Microseconds since midnight, in UTC where the time has an offset."""
    local = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    return local - microseconds_of(time_offset(value) or timedelta(0))


def time_offset(value: time) -> timedelta | None:
    """The offset of a time; one with a named zone takes that zone's standard time."""
    if value.tzinfo is None:
        return None
    offset = value.utcoffset()
    return offset if offset is not None else datetime.combine(date(1970, 1, 1), value).utcoffset()


def _add(left: Decimal, right: Decimal) -> FeelValue:
    return EXACT.add(left, right)


def _subtract(left: Decimal, right: Decimal) -> FeelValue:
    return EXACT.subtract(left, right)


def _multiply(left: Decimal, right: Decimal) -> FeelValue:
    return EXACT.multiply(left, right)


def _divide(left: Decimal, right: Decimal) -> FeelValue:
    if not right:
        raise NullResult("division by zero")
    return EXACT.divide(left, right)


def _join(left: str, right: str) -> FeelValue:
    if len(left) + len(right) > LONGEST_STRING:
        raise NullResult(f"the text is longer than {LONGEST_STRING} characters")
    return left + right


def _add_days(left: timedelta, right: timedelta) -> FeelValue:
    return left + right


def _subtract_days(left: timedelta, right: timedelta) -> FeelValue:
    return left - right


def _scale_days(left: timedelta, right: Decimal) -> FeelValue:
    return duration_of(_truncated(EXACT.multiply(Decimal(microseconds_of(left)), right)))


def _divide_days(left: timedelta, right: Decimal) -> FeelValue:
    if not right:
        raise NullResult("division by zero")
    return duration_of(_truncated(EXACT.divide(Decimal(microseconds_of(left)), right)))


def _ratio_of_days(left: timedelta, right: timedelta) -> FeelValue:
    return _divide(Decimal(microseconds_of(left)), Decimal(microseconds_of(right)))


def _truncated(number: Decimal) -> int:
    return int(number.to_integral_value(rounding=DOWN))


def _add_year_months(left: YearsMonths, right: YearsMonths) -> FeelValue:
    return YearsMonths(left.months + right.months)


def _subtract_year_months(left: YearsMonths, right: YearsMonths) -> FeelValue:
    return YearsMonths(left.months - right.months)


def _scale_months(left: YearsMonths, right: Decimal) -> FeelValue:
    return YearsMonths(_truncated(EXACT.multiply(Decimal(left.months), right)))


def _divide_months(left: YearsMonths, right: Decimal) -> FeelValue:
    if not right:
        raise NullResult("division by zero")
    return YearsMonths(_truncated(EXACT.divide(Decimal(left.months), right)))


def _ratio_of_months(left: YearsMonths, right: YearsMonths) -> FeelValue:
    return _divide(Decimal(left.months), Decimal(right.months))


def _shift_months(left: date, right: YearsMonths) -> FeelValue:
    return add_months(left, right.months)


def _shift_months_back(left: date, right: YearsMonths) -> FeelValue:
    return add_months(left, -right.months)


def _shift_date(left: date, right: timedelta) -> FeelValue:
    moment = datetime.combine(left, time()) + right
    return make_date(moment.year, moment.month, moment.day)


def _shift_moment(left: datetime, right: timedelta) -> FeelValue:
    if left.tzinfo is None or left.utcoffset() is None:
        return left + right
    return (left.astimezone(UTC) + right).astimezone(left.tzinfo)


def _shift_time(left: time, right: timedelta) -> FeelValue:
    clock = ((left.hour * 60 + left.minute) * 60 + left.second) * 1_000_000 + left.microsecond
    seconds, microsecond = divmod((clock + microseconds_of(right)) % _DAY, 1_000_000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, microsecond, left.tzinfo)


def _back(operation: Callable[..., FeelValue]) -> Callable[..., FeelValue]:
    def shifted_back(left: FeelValue, right: timedelta) -> FeelValue:
        return operation(left, -right)

    return shifted_back


def _distance(left: date, right: date) -> FeelValue:
    start, end = as_moment(right), as_moment(left)
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise NullResult("a moment with an offset and one without cannot be subtracted")
    return end - start if end.tzinfo is None else end.astimezone(UTC) - start.astimezone(UTC)


def as_moment(value: date) -> datetime:
    """A date as the midnight it begins with, in UTC; a date and time as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(tzinfo=UTC))


def _distance_of_times(left: time, right: time) -> FeelValue:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise NullResult("a time with an offset and one without cannot be subtracted")
    return duration_of(clock_microseconds(left) - clock_microseconds(right))


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
            for moment, shift in ((_DATE, _shift_date), (_MOMENT, _shift_moment), (_TIME, _shift_time))
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
