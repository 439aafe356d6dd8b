"""What loops run over."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

from engine.feel.comparison import compare
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.moments import AnyDate, day_of_number, number_of_day
from engine.feel.numbers import integer
from engine.feel.values import FeelValue, Range, as_list, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_RANGE = 10_000_000


def members_of(value: FeelValue) -> Iterable[FeelValue]:
    """What a loop over a value visits: the members of a list or of a range of numbers or dates.

    Raises:
        NullResult: the value cannot be iterated over.
    """
    if value is None:
        raise NullResult("null-iterated")
    if isinstance(value, Range):
        return _within(value)
    return as_list(value)


def _within(interval: Range) -> Iterable[FeelValue]:
    if interval.low is not None and interval.high is not None and compare(interval.low, interval.high) > 0:
        raise NullResult("range-backwards")
    members = list(steps_between(interval.low, interval.high))
    if not interval.low_included and members:
        members = members[1:]
    if not interval.high_included and members:
        members = members[:-1]
    return members


def steps_between(low: FeelValue, high: FeelValue) -> Iterable[FeelValue]:
    """The numbers or days from one to another, both included, upwards or downwards."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        start, end = integer(low, what="the-range-start"), integer(high, what="the-range-end")
        _check_length(end - start)
        step = 1 if start <= end else -1
        return (Decimal(number) for number in range(start, end + step, step))
    if _is_day(low) and _is_day(high):
        start, end = number_of_day(low), number_of_day(high)
        _check_length(end - start)
        step = 1 if start <= end else -1
        return (day_of_number(number) for number in range(start, end + step, step))
    raise NullResult("range-not-iterable", low=kind_of(low), high=kind_of(high))


def _is_day(value: FeelValue) -> TypeGuard[AnyDate]:
    return kind_of(value) == "date"


def _check_length(length: int) -> None:
    if abs(length) > LONGEST_RANGE:
        raise FeelLimitError("loop-too-long", length=abs(length), limit=LONGEST_RANGE)
