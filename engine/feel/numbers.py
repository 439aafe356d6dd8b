"""Decimal arithmetic as FEEL wants it: 34 digits, half even, null instead of infinity."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from engine.feel.errors import NullResult
from engine.feel.messages import Field, Message

EXACT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_WIDE = Context(prec=7000, rounding=ROUND_HALF_EVEN, Emin=-20000, Emax=20000, traps=[InvalidOperation])

HALF_EVEN, CEILING, FLOOR = ROUND_HALF_EVEN, ROUND_CEILING, ROUND_FLOOR
UP, DOWN, HALF_UP, HALF_DOWN = ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN

LARGEST_SCALE = 6176
SMALLEST_SCALE = -6111


def round_to(number: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """Round to a number of places after the point (negative: before it)."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise NullResult("scale-out-of-range", low=SMALLEST_SCALE, high=LARGEST_SCALE, found=brief(scale))
    places = int(scale)
    if places >= -int(number.as_tuple().exponent):
        return number
    rounded = number.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=_WIDE)
    return EXACT.plus(rounded)


def plain(number: Decimal) -> str:
    """Write a number without exponent and without needless zeros."""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def brief(number: Decimal) -> str:
    """A number for a message: plain where that is short."""
    return plain(number) if -20 < number.adjusted() < 40 else f"{number.normalize():E}"


def integer(number: Decimal, *, what: str, **fields: Field) -> int:
    """The whole number in a Decimal, for positions and counts; null when it has a fraction.

    what: the code of the message that names the number, which may have fields.
    """
    if number != number.to_integral_value():
        raise NullResult("not-whole", what=Message(what, **fields), found=brief(number))
    if abs(number) > 10**15:
        raise NullResult("too-large", what=Message(what, **fields), found=brief(number))
    return int(number)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """Raise to a power; null where the result is no real number of 34 digits."""
    try:
        result = EXACT.power(base, exponent)
    except DecimalException as error:
        raise NullResult("power-out-of-range", base=brief(base), exponent=brief(exponent)) from error
    if not result.is_finite():
        raise NullResult("power-undefined", base=brief(base), exponent=brief(exponent))
    return result
