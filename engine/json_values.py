"""The one shape in which values cross a boundary: what JSON can hold, with exact decimals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import simplejson

JsonValue = str | bool | int | Decimal | None | Sequence[Any] | Mapping[str, Any]
"""A JSON value whose numbers are int or Decimal. `Any` inside, because mypy has no recursive variance here."""

JsonObject = dict[str, Any]


class DoubledName(ValueError):
    """An object names the same thing twice: which of the two is meant, nobody can know."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"an object holds the name {name!r} twice")


class _NotPlain(Exception):
    """A value holds what the standard library cannot write exactly."""


def _not_plain(value: object) -> None:
    raise _NotPlain


_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_not_plain)
_EXACT = simplejson.JSONEncoder(
    use_decimal=True, namedtuple_as_object=False, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)
_READABLE = simplejson.JSONEncoder(use_decimal=True, namedtuple_as_object=False, ensure_ascii=False, indent=2)
_SORTED = simplejson.JSONEncoder(
    use_decimal=True, namedtuple_as_object=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
)


def _unambiguous(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise DoubledName(next(name for place, name in enumerate(names) if name in names[:place]))
    return found


_DECODER = simplejson.JSONDecoder(parse_float=Decimal, allow_nan=False)
_CAREFUL = simplejson.JSONDecoder(parse_float=Decimal, allow_nan=False, object_pairs_hook=_unambiguous)


def dump_json(value: JsonValue) -> str:
    """Write a value as compact JSON; decimals keep every digit, and keys are texts.

    The standard library writes texts three times as fast; it is asked first, because most of what the engine writes
    holds no decimal.
    """
    try:
        return _PLAIN.encode(value)
    except _NotPlain:
        return _EXACT.encode(value)


def dump_readable_json(value: JsonValue) -> str:
    """Write a value as JSON on several lines, for somebody who reads or changes it."""
    return _READABLE.encode(value)


def dump_sorted_json(value: JsonValue) -> str:
    """Write a value as compact JSON with its names in order: equal objects give equal texts."""
    return _SORTED.encode(value)


def load_json(text: str | bytes) -> Any:  # the caller knows what it asked for
    """Read JSON; a number with a point becomes a Decimal, so that no cent is lost.

    Raises:
        ValueError: the text is not JSON, or holds NaN or Infinity.
    """
    return _DECODER.decode(text if isinstance(text, str) else text.decode())


def load_foreign_json(text: str | bytes) -> Any:  # as above
    """Read JSON that somebody else wrote: as `load_json`, but no object may name a thing twice.

    Raises:
        DoubledName: one does; readers differ in which of the two they take (RFC 8259, section 4).
        ValueError: the text is not JSON, or holds NaN or Infinity.
    """
    return _CAREFUL.decode(text if isinstance(text, str) else text.decode())
