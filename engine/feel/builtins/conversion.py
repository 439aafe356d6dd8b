"""Built-ins that turn values into strings, strings into numbers and ranges, and compare identity."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.arithmetic import LONGEST_STRING
from engine.feel.builtins.registry import Registry
from engine.feel.comparison import equal
from engine.feel.errors import NullResult
from engine.feel.moments import AnyTime, WideDateTime, WideTime, date_of, nanoseconds_of_time, time_of
from engine.feel.numbers import EXACT, plain
from engine.feel.temporal_text import format_temporal, zone_name
from engine.feel.values import FeelValue, Range, kind_of, normalise

if TYPE_CHECKING:
    from datetime import tzinfo

FUNCTIONS = Registry()
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")


@FUNCTIONS.add("number", "from: string")
def _number(text: str) -> FeelValue:
    return parse_number(text)


@FUNCTIONS.add("number", "from: string, grouping separator: string?, decimal separator?: string?")
def _number_with_separators(text: str, grouping: str | None, point: str | None = None) -> FeelValue:
    if grouping not in (None, " ", ",", "."):
        raise NullResult("grouping-separator")
    if point not in (None, ",", "."):
        raise NullResult("decimal-separator")
    if grouping is not None and grouping == point:
        raise NullResult("same-separators")
    text = text.replace(grouping, "") if grouping else text
    return parse_number(text.replace(point, ".") if point else text)


def parse_number(text: str) -> FeelValue:
    """Read a number as FEEL writes it, with a sign or an exponent where it has one."""
    if len(text) > 1_000 or _NUMBER.fullmatch(text) is None:
        raise NullResult("no-number-text", length=len(text))
    number = EXACT.create_decimal(text) if len(text) < 40 else EXACT.plus(Decimal(text))
    if not number.is_finite():
        raise NullResult("result-out-of-range", function="number")
    return number


@FUNCTIONS.add("string", "from: Any")
def _string(value: FeelValue) -> FeelValue:
    if value is None:
        raise NullResult("parameter-null", function="string", parameter="from")
    return value if isinstance(value, str) else to_text(value)


def to_text(value: FeelValue) -> str:
    """A value as FEEL text, as string() gives it; strings inside lists and contexts are quoted."""
    parts: list[str] = []
    _write(value, parts, depth=0)
    text = "".join(parts)
    if len(text) > LONGEST_STRING:
        raise NullResult("result-too-long", function="string", limit=LONGEST_STRING)
    return text


def _write(value: FeelValue, parts: list[str], *, depth: int) -> None:
    if depth > 50:
        raise NullResult("value-too-deep", function="string")
    if len(parts) > LONGEST_STRING:
        raise NullResult("result-too-long", function="string", limit=LONGEST_STRING)
    kind = kind_of(value)
    writer = _SCALARS.get(kind)
    if writer is not None:
        parts.append(writer(value))
    elif isinstance(value, list):
        _write_members([("", member) for member in value], parts, ("[", "]"), depth=depth)
    elif isinstance(value, Mapping):
        entries = [(f"{_key(key)}: ", normalise(value[key])) for key in value]
        _write_members(entries, parts, ("{", "}"), depth=depth)
    elif isinstance(value, Range):
        _write_range(value, parts, depth=depth)
    else:
        parts.append(f"<{kind}>")


def _write_members(
    members: list[tuple[str, FeelValue]], parts: list[str], brackets: tuple[str, str], *, depth: int
) -> None:
    parts.append(brackets[0])
    for place, (label, member) in enumerate(members):
        parts.append(", " if place else "")
        parts.append(label)
        _write(member, parts, depth=depth + 1)
    parts.append(brackets[1])


def _write_range(value: Range, parts: list[str], *, depth: int) -> None:
    if value.comparison is not None:
        parts.append(f"({value.comparison} ")
        _write(value.low if value.low is not None else value.high, parts, depth=depth + 1)
        parts.append(")")
        return
    parts.append("[" if value.low_included else "(")
    _write(value.low, parts, depth=depth + 1)
    parts.append("..")
    _write(value.high, parts, depth=depth + 1)
    parts.append("]" if value.high_included else ")")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[^\W\d][\w ]*", key) else _quote(key)


def _quote(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_SCALARS: Mapping[str, Callable[[Any], str]] = {
    "null": lambda _: "null",
    "boolean": lambda value: "true" if value else "false",
    "number": plain,
    "string": _quote,
    "date": format_temporal,
    "time": format_temporal,
    "date and time": format_temporal,
    "days and time duration": format_temporal,
    "years and months duration": format_temporal,
}


@FUNCTIONS.add("is", "value1: Any, value2?: Any")
@FUNCTIONS.add("is", "value2: Any")
def _is(left: FeelValue, right: FeelValue = None) -> FeelValue:
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, (datetime, WideDateTime)) and isinstance(right, (datetime, WideDateTime)):
        return date_of(left) == date_of(right) and _is_same_time(time_of(left), time_of(right))
    if isinstance(left, (time, WideTime)) and isinstance(right, (time, WideTime)):
        return _is_same_time(left, right)
    return equal(left, right)


def _is_same_time(left: AnyTime, right: AnyTime) -> bool:
    """The same clock and the same zone as written, not merely the same instant."""
    return nanoseconds_of_time(left) == nanoseconds_of_time(right) and _zone(left.tzinfo) == _zone(right.tzinfo)


def _zone(zone: tzinfo | None) -> object:
    return None if zone is None else zone_name(zone) or zone.utcoffset(None)
