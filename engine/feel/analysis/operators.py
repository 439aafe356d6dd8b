"""Which kinds an arithmetic operator takes, and what it gives."""

from __future__ import annotations

from engine.feel.analysis.kinds import kind
from engine.feel.arithmetic import is_defined
from engine.feel.types import (
    ANY,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    FeelType,
)

_MOMENTS = ("date", "time", "date and time")
_DURATIONS = {"days and time duration": DAYS_DURATION, "years and months duration": MONTHS_DURATION}


def result_of_arithmetic(operator: str, left: FeelType, right: FeelType) -> FeelType | None:
    """The type of the result; Any when an operand is not known, None when the operator does not take these kinds."""
    a, b = kind(left), kind(right)
    if a is None or b is None:
        return ANY
    if not is_defined(operator, a, b):
        return None
    if a == b:
        return _of_one_kind(operator, left)
    if a in _MOMENTS and b in _MOMENTS:
        return DAYS_DURATION
    if a in _MOMENTS or b in _MOMENTS:
        return left if a in _MOMENTS else right
    return _DURATIONS[a if a in _DURATIONS else b]


def _of_one_kind(operator: str, of: FeelType) -> FeelType:
    if kind(of) in _DURATIONS and operator == "/":
        return NUMBER
    return DAYS_DURATION if kind(of) in _MOMENTS else of
