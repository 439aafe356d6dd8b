"""The values of FEEL: which Python type stands for which FEEL kind, and how host values are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from engine.feel.errors import FeelTypeError
from engine.feel.moments import WideDate, WideDateTime, WideTime

if TYPE_CHECKING:
    from engine.feel.session import Session


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, kept as a signed number of months."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; a missing end (None) is open to infinity.

    `comparison` is set when it was written as a comparison, `(< 10)`; `(!= 10)` is everything but its one point.
    """

    low: FeelValue
    high: FeelValue
    low_included: bool
    high_included: bool
    comparison: str | None = None


class FeelFunction(Protocol):
    """Anything that can be called from FEEL: a definition, a built-in, a host function, a piece of decision logic."""

    @property
    def name(self) -> str:
        """The name it is known by, for messages."""

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of its parameters, in order."""

    def call(self, arguments: Sequence[FeelValue], session: Session) -> FeelValue:
        """Answer for arguments given by position."""

    def call_named(self, arguments: Mapping[str, FeelValue], session: Session) -> FeelValue:
        """Answer for arguments given by name."""


FeelValue = (
    None | bool | int | Decimal | str | date | time | datetime | WideDate | WideTime | WideDateTime | timedelta
    | YearsMonths | Range | FeelFunction | Sequence[Any] | Mapping[str, Any]
)  # fmt: skip
"""A FEEL value. `Any` inside lists and contexts: their members are read through `normalise`."""

_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    int: "number",
    float: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    WideDate: "date",
    WideTime: "time",
    WideDateTime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    tuple: "list",
    dict: "context",
    Range: "range",
}


def kind_of(value: object) -> str:
    """Name the FEEL kind of a value, as used in messages and comparisons."""
    kind = _KINDS.get(type(value))
    return kind if kind is not None else _kind_by_shape(value)


def _kind_by_shape(value: object) -> str:
    for base in (str, bool, Decimal, int, datetime, date, time, timedelta):
        if isinstance(value, base):
            return _KINDS[base]
    if isinstance(value, Mapping):
        return "context"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return "list"
    if hasattr(value, "call_named"):
        return "function"
    return "unknown"


AS_IS = frozenset(_KINDS) - {int, float, list, tuple}
"""Classes whose values are FEEL values as they come."""


def normalise(value: Any) -> FeelValue:
    """Read a host value: numbers become Decimal, sequences lists; mappings stay lazy, their members are read on use.

    Raises:
        FeelTypeError: it is of a class FEEL knows nothing of.
    """
    kind = type(value)
    if kind in AS_IS:
        return value  # type: ignore[no-any-return]  # the table above says which FEEL value it is
    if kind is int:
        return Decimal(value)
    if kind is list or kind is tuple:
        return _read_list(value, {})
    return _normalise_by_shape(value)


def _read_list(value: Sequence[Any], read: dict[int, FeelValue]) -> FeelValue:
    """A list of the host as a FEEL list; an inner list that stands in it many times is read once."""
    if type(value) is list and AS_IS.issuperset(map(type, value)):
        return value
    if id(value) not in read:
        read[id(value)] = [
            _read_list(member, read) if isinstance(member, (list, tuple)) else normalise(member) for member in value
        ]
    return read[id(value)]


def _normalise_by_shape(value: Any) -> FeelValue:
    if isinstance(value, float):
        number = Decimal(repr(value))
        return number if number.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    kind = _kind_by_shape(value)
    if kind == "list":
        return [normalise(member) for member in value]
    if kind == "unknown":
        raise FeelTypeError("no-feel-value", python_class=type(value).__name__)
    return value  # type: ignore[no-any-return]  # its shape says which FEEL value it is


def as_list(value: FeelValue) -> list[FeelValue]:
    """The members of a list; any other value is a list of itself."""
    return value if isinstance(value, list) else [value]


def is_function(value: object) -> bool:
    """Whether the value can be called."""
    return hasattr(value, "call_named")
