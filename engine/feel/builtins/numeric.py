"""Built-ins on numbers."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal, DecimalException
from typing import TYPE_CHECKING

from engine.feel.arithmetic import negate
from engine.feel.builtins.registry import Registry
from engine.feel.errors import NullResult
from engine.feel.numbers import CEILING, DOWN, EXACT, FLOOR, HALF_DOWN, HALF_EVEN, HALF_UP, UP, round_to
from engine.feel.values import FeelValue, YearsMonths

if TYPE_CHECKING:
    from engine.feel.session import Session

FUNCTIONS = Registry()


@FUNCTIONS.add("decimal", "n: number, scale: number")
def _decimal(number: Decimal, scale: Decimal) -> FeelValue:
    return round_to(number, scale, HALF_EVEN)


@FUNCTIONS.add("floor", "n: number, scale?: number")
def _floor(number: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
    return round_to(number, scale, FLOOR)


@FUNCTIONS.add("ceiling", "n: number, scale?: number")
def _ceiling(number: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
    return round_to(number, scale, CEILING)


@FUNCTIONS.add("round up", "n: number, scale?: number")
def _round_up(number: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
    return round_to(number, scale, UP)


@FUNCTIONS.add("round down", "n: number, scale?: number")
def _round_down(number: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
    return round_to(number, scale, DOWN)


@FUNCTIONS.add("round half up", "n: number, scale?: number")
def _round_half_up(number: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
    return round_to(number, scale, HALF_UP)


@FUNCTIONS.add("round half down", "n: number, scale?: number")
def _round_half_down(number: Decimal, scale: Decimal = Decimal(0)) -> FeelValue:
    return round_to(number, scale, HALF_DOWN)


@FUNCTIONS.add("abs", "n: number|days and time duration|years and months duration")
def _abs(value: Decimal | timedelta | YearsMonths) -> FeelValue:
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    if isinstance(value, timedelta):
        return abs(value)
    return negate(value) if value < 0 else value


@FUNCTIONS.add("modulo", "dividend: number, divisor: number")
def _modulo(dividend: Decimal, divisor: Decimal) -> FeelValue:
    if not divisor:
        raise NullResult("divisor-is-zero", function="modulo")
    try:
        quotient = EXACT.divide(dividend, divisor).to_integral_value(rounding=ROUND_FLOOR)
        return EXACT.subtract(dividend, EXACT.multiply(divisor, quotient))
    except DecimalException as error:
        raise NullResult("result-out-of-range", function="modulo") from error


@FUNCTIONS.add_with_session("random number")
def _random_number(session: Session) -> FeelValue:
    return session.random_number()


@FUNCTIONS.add("sqrt", "number: number")
def _sqrt(number: Decimal) -> FeelValue:
    if number < 0:
        raise NullResult("number-is-negative", function="sqrt")
    return EXACT.sqrt(number)


@FUNCTIONS.add("log", "number: number")
def _log(number: Decimal) -> FeelValue:
    if number <= 0:
        raise NullResult("number-is-not-positive", function="log")
    return EXACT.ln(number)


@FUNCTIONS.add("exp", "number: number")
def _exp(number: Decimal) -> FeelValue:
    try:
        return EXACT.exp(number)
    except DecimalException as error:
        raise NullResult("result-out-of-range", function="exp") from error


@FUNCTIONS.add("odd", "number: number")
def _odd(number: Decimal) -> FeelValue:
    return _remainder_by_two(number) == 1


@FUNCTIONS.add("even", "number: number")
def _even(number: Decimal) -> FeelValue:
    return _remainder_by_two(number) == 0


def _remainder_by_two(number: Decimal) -> Decimal:
    if number != number.to_integral_value():
        raise NullResult("neither-odd-nor-even")
    _, digits, exponent = number.as_tuple()
    if int(exponent) > 0:
        return Decimal(0)
    return abs(number) - 2 * (abs(number) // 2) if len(digits) < 28 else Decimal(int(number) % 2)
