"""How much one submission may hold, checked before anything looks into it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engine.forms.errors import UNNAMED, FieldError, field_error
from engine.forms.values import is_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most a submission may hold: characters of a text, entries of a list, levels, and values altogether."""

    text: int = 10_000
    entries: int = 500
    depth: int = 24
    values: int = 100_000


DEFAULT_LIMITS = Limits()


def whole_error(submission: object, limits: Limits) -> FieldError | None:
    """Return what forbids to look into a submission at all; layer by layer, so that depth costs no stack."""
    layer: list[object] = [submission]
    count = 0
    for _ in range(limits.depth + 1):
        layer = [inner for outer in layer for inner in _members(outer)]
        count += len(layer)
        if count > limits.values:
            return field_error("too-large", path=(), labels=UNNAMED, limit=limits.values)
        if any(map(_is_beyond_json, layer)):
            return field_error("beyond-json", path=(), labels=UNNAMED)
        if not layer:
            return None
    return field_error("too-deep", path=(), labels=UNNAMED, limit=limits.depth)


def _is_beyond_json(value: object) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, Decimal) and not value.is_finite()


def _members(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if is_list(value) else ()  # type: ignore[return-value]  # is_list has looked
