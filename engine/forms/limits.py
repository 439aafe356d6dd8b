"""How much one submission may hold, checked before anything looks into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.forms.errors import FieldError, field_error
from engine.forms.values import is_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most a submission may hold: characters of a text, entries of a list, levels, and values altogether."""

    text: int = 10_000
    entries: int = 500
    depth: int = 24
    values: int = 100_000


DEFAULT_LIMITS = Limits()


def size_error(submission: object, limits: Limits) -> FieldError | None:
    """Return what is wrong with the size of a submission; layer by layer, so that depth costs no stack."""
    layer: list[object] = [submission]
    count = 0
    for _ in range(limits.depth + 1):
        layer = [inner for outer in layer for inner in _members(outer)]
        count += len(layer)
        if count > limits.values:
            return field_error("too-large", path=(), label="", limit=limits.values)
        if not layer:
            return None
    return field_error("too-deep", path=(), label="", limit=limits.depth)


def _members(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if is_list(value) else ()  # type: ignore[return-value]  # is_list has looked
