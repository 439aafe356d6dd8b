"""JSON of responses: decimals keep every digit, times are ISO 8601."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import simplejson
from flask.json.provider import JSONProvider

from engine.json_values import load_json


class ExactJson(JSONProvider):
    """What Flask writes and reads JSON with."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:  # the signature is Flask's
        """Write a value."""
        return _ENCODER.encode(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:  # the signature is Flask's
        """Read a value."""
        return load_json(s)


def _plain(value: object) -> object:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "__html__"):
        return str(value.__html__())
    raise TypeError(f"no JSON for {type(value).__name__}")


_ENCODER = simplejson.JSONEncoder(
    use_decimal=True, ensure_ascii=False, allow_nan=False, default=_plain, separators=(",", ":")
)
