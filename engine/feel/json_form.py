"""FEEL values from JSON and to JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.errors import FeelLimitError, FeelTypeError
from engine.feel.moments import WideDate, WideDateTime, WideTime
from engine.feel.temporal_text import format_temporal
from engine.feel.values import FeelValue, YearsMonths, kind_of, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_VALUES = 100_000
MOST_CHARACTERS = 4_000_000
DEEPEST_VALUE = 100
LONGEST_NUMBER = 40  # digits that a number may be written with
LARGEST_EXPONENT = 100  # a number is less than ten to this, and nothing but zero is less than its inverse


def from_json(value: Any) -> FeelValue:
    """Read a JSON value: numbers become Decimal, at every depth; strings stay strings."""
    if isinstance(value, Mapping):
        return {str(key): from_json(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [from_json(member) for member in value]
    return normalise(value)


def to_json(value: FeelValue) -> str | bool | int | Decimal | Sequence[Any] | Mapping[str, Any] | None:
    """Write a FEEL value as JSON: whole numbers as int, other numbers as Decimal, temporal values as ISO 8601 strings.

    Raises:
        FeelTypeError: it is, or holds, a function or a range.
        FeelLimitError: it holds more than `MOST_VALUES` values or `MOST_CHARACTERS` characters of texts and names, or
            nests deeper than `DEEPEST_VALUE`.
    """
    return _Writing().written(value, depth=0)  # type: ignore[no-any-return]  # JSON, and nothing else


def can_be_kept(number: int | Decimal) -> bool:
    """Say whether a number is short enough and neither too large nor too small, on its way in as on its way out."""
    if isinstance(number, int):
        return bool(abs(number) < 10**LONGEST_NUMBER)
    if not number.is_finite() or len(number.as_tuple().digits) > LONGEST_NUMBER:
        return False
    return not number or abs(number.adjusted()) < LARGEST_EXPONENT


def _number(number: Decimal) -> int | Decimal:
    if not can_be_kept(number):
        raise FeelLimitError("number-out-of-reach", limit=LARGEST_EXPONENT)
    is_whole = number == number.to_integral_value() and number.adjusted() < LONGEST_NUMBER
    return int(number) if is_whole else number


class _Writing:
    """One value being written. A list may hold the same inner list many times, so what is written is counted."""

    def __init__(self) -> None:
        self._left = MOST_VALUES
        self._characters_left = MOST_CHARACTERS

    def written(self, value: Any, *, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise FeelLimitError("value-too-large", limit=MOST_VALUES)
        if depth > DEEPEST_VALUE:
            raise FeelLimitError("json-too-deep", limit=DEEPEST_VALUE)
        kind = type(value)
        if kind is list or kind is tuple:
            return [self.written(member, depth=depth + 1) for member in value]
        if value is None or kind is bool or kind is str:
            return self._counted(value)
        read = normalise(value)
        if isinstance(read, Decimal):
            return _number(read)
        if isinstance(read, (date, time, WideDate, WideTime, WideDateTime, timedelta, YearsMonths)):
            return format_temporal(read)
        if isinstance(read, Mapping):
            return {self._counted(key): self.written(read[key], depth=depth + 1) for key in read}
        if isinstance(read, list):  # another sequence of the host, read as a list
            return [self.written(member, depth=depth + 1) for member in read]
        if read is None or isinstance(read, (bool, str)):
            return self._counted(read)
        raise FeelTypeError("no-json-form", found=kind_of(read))

    def _counted(self, value: Any) -> Any:
        if isinstance(value, str):
            self._characters_left -= len(value)
            if self._characters_left < 0:
                raise FeelLimitError("value-too-long", limit=MOST_CHARACTERS)
        return value
