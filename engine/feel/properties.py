"""What may stand after the point of a value that is no context: `date.year`, `duration.days`, `range.start`."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.errors import NullResult
from engine.feel.moments import (
    AnyDate,
    AnyMoment,
    AnyTime,
    WideDateTime,
    date_of,
    offset_of,
    offset_of_time,
    ordinary,
    time_of,
)
from engine.feel.numbers import EXACT
from engine.feel.temporal_text import microseconds_of, zone_name
from engine.feel.values import FeelValue, Range, YearsMonths, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reader = Callable[[Any], FeelValue]


def property_of(value: FeelValue, name: str) -> FeelValue:
    """The named property of a value.

    Raises:
        NullResult: its kind has no such property.
    """
    kind = kind_of(value)
    reader = _PROPERTIES.get(kind, {}).get(name)
    if reader is None:
        raise NullResult("no-property", kind=kind, name=name)
    return reader(value)


def property_names(kind: str) -> frozenset[str]:
    """The names of the properties values of a kind have."""
    return frozenset(_PROPERTIES.get(kind, {}))


def _of_date(attribute: str) -> Reader:
    return lambda value: Decimal(getattr(date_of(value), attribute))


def _of_clock(attribute: str) -> Reader:
    def read(value: AnyTime | AnyMoment) -> FeelValue:
        clock = time_of(value) if isinstance(value, (datetime, WideDateTime)) else value
        return Decimal(getattr(clock, attribute))

    return read


def _weekday(value: AnyDate | AnyMoment) -> FeelValue:
    return Decimal(ordinary(date_of(value)).isoweekday())


def _offset(value: AnyTime | AnyMoment) -> FeelValue:
    return offset_of(value) if isinstance(value, (datetime, WideDateTime)) else offset_of_time(value)


def _zone(value: AnyTime | AnyMoment) -> FeelValue:
    return zone_name(value.tzinfo)


def _years(value: YearsMonths) -> FeelValue:
    return Decimal(abs(value.months) // 12 * (-1 if value.months < 0 else 1))


def _months(value: YearsMonths) -> FeelValue:
    return Decimal(abs(value.months) % 12 * (-1 if value.months < 0 else 1))


def _part(unit: int, modulus: int | None) -> Reader:
    def read(value: timedelta) -> FeelValue:
        length = microseconds_of(value)
        part = abs(length) // unit
        part = part if modulus is None else part % modulus
        return Decimal(-part if length < 0 else part)

    return read


def _seconds(value: timedelta) -> FeelValue:
    length = microseconds_of(value)
    part = EXACT.divide(Decimal(abs(length) % 60_000_000), Decimal(1_000_000))
    return EXACT.minus(part) if length < 0 else part


def _attribute(name: str) -> Reader:
    return lambda value: getattr(value, name)


def _range_end(name: str) -> Reader:
    def read(value: Range) -> FeelValue:
        if value.comparison == "!=":
            raise NullResult("range-without-ends")
        return value.low if name == "low" else value.high

    return read


_DATE_PARTS: Mapping[str, Reader] = {
    "year": _of_date("year"),
    "month": _of_date("month"),
    "day": _of_date("day"),
    "weekday": _weekday,
}
_CLOCK_PARTS: Mapping[str, Reader] = {
    "hour": _of_clock("hour"),
    "minute": _of_clock("minute"),
    "second": _of_clock("second"),
    "time offset": _offset,
    "timezone": _zone,
}
_PROPERTIES: Mapping[str, Mapping[str, Reader]] = {
    "date": _DATE_PARTS,
    "time": _CLOCK_PARTS,
    "date and time": {**_DATE_PARTS, **_CLOCK_PARTS},
    "years and months duration": {"years": _years, "months": _months},
    "days and time duration": {
        "days": _part(86_400_000_000, None),
        "hours": _part(3_600_000_000, 24),
        "minutes": _part(60_000_000, 60),
        "seconds": _seconds,
    },
    "range": {
        "start": _range_end("low"),
        "end": _range_end("high"),
        "start included": _attribute("low_included"),
        "end included": _attribute("high_included"),
    },
}
