"""Fit what a host gives to the declared type of an input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.feel.errors import NullResult
from engine.feel.temporal_text import parse_temporal
from engine.feel.types import ContextType, KindType, ListType, coerce, core_of
from engine.feel.values import FeelValue, kind_of, normalise

if TYPE_CHECKING:
    from engine.feel.types import FeelType

_TEMPORAL = frozenset(["date", "time", "date and time", "days and time duration", "years and months duration"])


def fit_input(value: FeelValue, of: FeelType) -> FeelValue:
    """Fit a value to an input's type: JSON has no dates, so texts become dates where dates are declared.

    A missing entry of a structure counts as null.

    Raises:
        NullResult: the value does not fit.
    """
    return coerce(_converted(value, of), of)


def _converted(value: FeelValue, of: FeelType) -> FeelValue:
    core = core_of(of)
    if isinstance(value, str) and isinstance(core, KindType) and core.name in _TEMPORAL:
        return _temporal(value, core.name)
    if isinstance(value, list) and isinstance(core, ListType):
        return [_converted(member, core.element) for member in value]
    if isinstance(value, Mapping) and isinstance(core, ContextType):
        known = {
            name: _converted(normalise(value[name]), entry) if name in value else None for name, entry in core.entries
        }
        return {**value, **known}
    return value


def _temporal(text: str, kind: str) -> FeelValue:
    value = parse_temporal(text)
    if kind_of(value) not in (kind, "date"):
        raise NullResult("type-mismatch", expected=kind, found=kind_of(value))
    return value
