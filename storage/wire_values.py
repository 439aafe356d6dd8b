"""Values as PostgreSQL reads them: texts for all but bytes and UUIDs, which are sent as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from engine.json_values import JsonValue, dump_json


class JsonText(str):
    """A JSON value on its way into a column."""

    __slots__ = ()

    @classmethod
    def of(cls, value: JsonValue) -> JsonText:
        """Write a value as JSON."""
        return cls(dump_json(value))


def _same(value: Any) -> Any:
    return value


def _iso(value: date) -> str:
    return value.isoformat()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _array(values: list[Any] | tuple[Any, ...]) -> str:
    return "{" + ",".join("NULL" if one is None else _quoted(_as_text(one)) for one in values) + "}"


def _as_text(value: Any) -> str:
    return str(value if isinstance(value, UUID) else wire_value(value))


_WRITE: Mapping[type, Callable[[Any], bytes | str | None]] = {
    type(None): _same,
    str: _same,
    bytes: _same,
    JsonText: _same,
    int: str,
    bool: lambda value: "t" if value else "f",
    Decimal: str,
    UUID: lambda value: value.bytes,  # the sixteen bytes of PostgreSQL's own form
    datetime: _iso,
    date: _iso,
    list: _array,
    tuple: _array,
}


def wire_value(value: Any) -> bytes | str | None:
    """Return a value as it goes over the wire.

    Raises:
        TypeError: no column takes such a value.
    """
    write = _WRITE.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, Enum):
        return wire_value(value.value)
    raise TypeError(f"no column takes a {type(value).__name__}")
