"""Small truths about JSON values that several rules need."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal

from engine.json_values import JsonValue

BLANKS = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What a browser takes for white space, at the ends of a text and in a pattern."""


class Absent:
    """The type of ABSENT: nothing was given, which is not the same as null."""

    __slots__ = ()


ABSENT = Absent()


class Overlay(ChainMap[str, JsonValue]):
    """Values of a form laid over what is stored; only the upper layer is ever written."""


def is_list(value: object) -> bool:
    """Tell whether a value is a JSON list."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def is_empty(value: object) -> bool:
    """Tell whether a value says nothing: absent, null, a blank text or an empty list."""
    if value is None or isinstance(value, Absent):
        return True
    if isinstance(value, str):
        return not value.strip(BLANKS)
    return is_list(value) and not value


def identity_of(value: JsonValue) -> Hashable:
    """Return a key that is equal for equal values only: true is not 1, 1 is 1.0, "1" is neither."""
    if value is None or isinstance(value, bool):
        return (type(value).__name__, value)
    if isinstance(value, str):
        return ("text", value)
    if isinstance(value, int | float | Decimal):
        number = exact_number(value)
        return ("number", number if number.is_finite() else str(number))
    if isinstance(value, Mapping):
        return ("object", frozenset((key, identity_of(member)) for key, member in value.items()))
    return ("list", tuple(identity_of(member) for member in value))


def exact_number(value: float | Decimal) -> Decimal:
    """Return a number as it was written, not as its binary neighbour."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
