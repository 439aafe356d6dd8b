"""Values as PostgreSQL reads them: texts for all but bytes and UUIDs, which are sent as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from psycopg.pq import Format

from engine.json_values import JsonValue, dump_json


class JsonText(str):
    """A JSON value on its way into a column."""

    __slots__ = ()

    @classmethod
    def of(cls, value: JsonValue) -> JsonText:
        """Write a value as JSON."""
        return cls(dump_json(value))


def _none(value: None) -> None:
    return value


def _text(value: object) -> bytes:
    return str(value).encode()


def _iso(value: date) -> bytes:
    return value.isoformat().encode()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _array(values: list[Any] | tuple[Any, ...]) -> bytes:
    return ("{" + ",".join("NULL" if one is None else _quoted(_in_array(one)) for one in values) + "}").encode()


def _in_array(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    sent, form = wire_value(value)
    if sent is None or form != TEXT:
        raise TypeError(f"no array takes a {type(value).__name__}")
    return sent.decode()


TEXT, BINARY = int(Format.TEXT), int(Format.BINARY)
Write = Callable[[Any], bytes | None]

_WRITE: dict[type, tuple[Write, int]] = {
    type(None): (_none, TEXT),
    str: (str.encode, TEXT),
    JsonText: (str.encode, TEXT),
    bytes: (bytes, BINARY),
    int: (_text, TEXT),
    bool: (lambda value: b"t" if value else b"f", TEXT),
    Decimal: (_text, TEXT),
    UUID: (lambda value: value.bytes, BINARY),  # the sixteen bytes of PostgreSQL's own form
    datetime: (_iso, TEXT),
    date: (_iso, TEXT),
    list: (_array, TEXT),
    tuple: (_array, TEXT),
}


def writer(kind: type) -> tuple[Write, int]:
    """Return how values of a kind are written, and whether that is text or bytes that are taken as they are.

    Raises:
        TypeError: no column takes such a value.
    """
    known = _WRITE.get(kind)
    if known is None:
        known = _WRITE[kind] = _writer_of_members(kind)
    return known


def _writer_of_members(kind: type) -> tuple[Write, int]:
    """Return how the members of an enumeration are written: as their values, which are of one kind."""
    ways = {writer(type(member.value)) for member in kind} if issubclass(kind, Enum) else set()
    if len(ways) != 1:
        raise TypeError(f"no column takes a {kind.__name__}")
    write, form = ways.pop()
    return (lambda member: write(member.value)), form


def wire_value(value: Any) -> tuple[bytes | None, int]:
    """Return a value as it goes over the wire, and whether that is text or bytes.

    Raises:
        TypeError: no column takes such a value.
    """
    write, form = writer(type(value))
    return write(value), form


def wire_values(values: Iterable[Any]) -> tuple[list[bytes | None], list[int]]:
    """Return the values of a statement in its order, and of each whether it is text or bytes.

    Raises:
        TypeError: no column takes one of them.
    """
    sent: list[bytes | None] = []
    forms: list[int] = []
    for value in values:
        known = _WRITE.get(type(value))  # by far most kinds are known; a call a value is what a command would feel
        write, form = writer(type(value)) if known is None else known
        sent.append(write(value))
        forms.append(form)
    return sent, forms
