"""What loops run over."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

from engine.feel.comparison import compare
from engine.feel.errors import FeelLimitError, NullResult
from engine.feel.moments import AnyDate, day_of_number, number_of_day
from engine.feel.numbers import integer
from engine.feel.values import FeelValue, Range, as_list, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.feel.session import Session

LONGEST_RANGE = 10_000_000


class PartialNames(dict[str, Any]):
    """The one name `partial`: the results so far, copied when they are asked for."""

    def __init__(self, results: list[FeelValue], session: Session) -> None:
        super().__init__()
        self._results = results
        self._session = session

    def __missing__(self, name: str) -> FeelValue:
        if name != "partial":
            raise KeyError(name)
        self._session.step(len(self._results) // 4)
        return list(self._results)

    def __contains__(self, name: object) -> bool:
        return name == "partial"


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
    members = iter(steps_between(interval.low, interval.high))
    if not interval.low_included:
        next(members, None)
    return members if interval.high_included else _without_last(members)


def _without_last(members: Iterator[FeelValue]) -> Iterator[FeelValue]:
    for before, _ in itertools.pairwise(members):
        yield before


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
