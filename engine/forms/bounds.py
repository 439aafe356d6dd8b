"""What a limit given by an expression comes to, read as the viewer reads it: a text of digits counts as a number."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel import FeelValue
from engine.forms.values import BLANKS

_NUMERAL = re.compile(r"-?([0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40})(e[+-]?[0-9]{1,3})?", re.IGNORECASE)


class NoBound(ValueError):
    """An expression for a smallest or greatest number gave something else: nothing can be compared with it."""


def number_bound(value: FeelValue) -> Decimal | None:
    """Return a smallest or greatest number; None for null, which is no limit.

    Raises:
        NoBound: the value is neither a number nor a text of one.
    """
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return Decimal(value)
    raise NoBound


def length_bound(value: FeelValue) -> Decimal | None:
    """Return a shortest or longest length: a blank text is 0, true is 1, and what is no number is no limit."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if not isinstance(value, str):
        return None
    text = value.strip(BLANKS)
    if not text:
        return Decimal(0)
    return Decimal(text) if _NUMERAL.fullmatch(text.removeprefix("+")) else None
