"""Built-ins that sum up lists of numbers."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING

from engine.feel.arithmetic import arithmetic
from engine.feel.builtins.registry import Registry
from engine.feel.errors import NullResult
from engine.feel.numbers import EXACT
from engine.feel.values import FeelValue, YearsMonths, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

FUNCTIONS = Registry()


@FUNCTIONS.add_variadic("sum", "list: list")
def _sum(members: Sequence[FeelValue]) -> FeelValue:
    if not members:
        return None
    if all(type(member) is Decimal for member in members):
        return _total(members)  # type: ignore[arg-type]  # all of them are Decimal
    total = members[0]
    if not isinstance(total, (Decimal, timedelta, YearsMonths)):
        raise NullResult("member-kind", function="sum", expected="number", found=kind_of(total))
    for member in members[1:]:
        total = arithmetic("+", total, member)
    return total


@FUNCTIONS.add_variadic("mean", "list: list")
def _mean(members: Sequence[FeelValue]) -> FeelValue:
    numbers = _numbers(members, function="mean")
    if not numbers:
        raise NullResult("list-is-empty", function="mean")
    return EXACT.divide(_total(numbers), Decimal(len(numbers)))


@FUNCTIONS.add_variadic("median", "list: list")
def _median(members: Sequence[FeelValue]) -> FeelValue:
    numbers = sorted(_numbers(members, function="median"))
    if not numbers:
        return None
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return EXACT.divide(EXACT.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@FUNCTIONS.add_variadic("mode", "list: list")
def _mode(members: Sequence[FeelValue]) -> FeelValue:
    counted = Counter(_numbers(members, function="mode"))
    most = max(counted.values(), default=0)
    return sorted(number for number, times in counted.items() if times == most)


@FUNCTIONS.add_variadic("stddev", "list: list")
def _stddev(members: Sequence[FeelValue]) -> FeelValue:
    numbers = _numbers(members, function="stddev")
    if len(numbers) < 2:
        raise NullResult("two-numbers-needed", function="stddev")
    mean = EXACT.divide(_total(numbers), Decimal(len(numbers)))
    squares = [EXACT.multiply(distance, distance) for distance in (EXACT.subtract(n, mean) for n in numbers)]
    return EXACT.sqrt(EXACT.divide(_total(squares), Decimal(len(numbers) - 1)))


@FUNCTIONS.add_variadic("product", "list: list")
def _product(members: Sequence[FeelValue]) -> FeelValue:
    numbers = _numbers(members, function="product")
    if not numbers:
        raise NullResult("list-is-empty", function="product")
    product = Decimal(1)
    try:
        for number in numbers:
            product = EXACT.multiply(product, number)
    except DecimalException as error:
        raise NullResult("result-out-of-range", function="product") from error
    return product


def _numbers(members: Sequence[FeelValue], *, function: str) -> list[Decimal]:
    numbers = [member for member in members if isinstance(member, Decimal)]
    if len(numbers) != len(members):
        other = next(member for member in members if not isinstance(member, Decimal))
        raise NullResult("member-kind", function=function, expected="number", found=kind_of(other))
    return numbers


def _total(numbers: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total
