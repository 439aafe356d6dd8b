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


class _NotPlain(Exception):
    """A value holds what the standard library cannot write exactly."""


def _not_plain(value: object) -> None:
    raise _NotPlain


_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_not_plain)
_EXACT = simplejson.JSONEncoder(
    use_decimal=True, namedtuple_as_object=False, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)
_SORTED = simplejson.JSONEncoder(
    use_decimal=True, namedtuple_as_object=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True
)
_DECODER = simplejson.JSONDecoder(parse_float=Decimal, allow_nan=False)


def dump_json(value: JsonValue) -> str:
    """Write a value as compact JSON; decimals keep every digit, and keys are texts.

    The standard library writes texts three times as fast; it is asked first, because most of what the engine writes
    holds no decimal.
    """
    try:
        return _PLAIN.encode(value)
    except _NotPlain:
        return _EXACT.encode(value)


def dump_sorted_json(value: JsonValue) -> str:
    """Write a value as compact JSON with its names in order: equal objects give equal texts."""
    return _SORTED.encode(value)


def load_json(text: str | bytes) -> Any:  # the caller knows what it asked for
    """Read JSON; a number with a point becomes a Decimal, so that no cent is lost.

    Raises:
        ValueError: the text is not JSON, or holds NaN or Infinity.
    """
    return _DECODER.decode(text if isinstance(text, str) else text.decode())
