"""An expected fact beside what was found, in scenarios of whole cases and of played processes alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One expected fact beside what was found; numbers are the same whichever way they are written."""

    what: str
    expected: object
    found: object
    at: datetime | None = None
    line: int | None = None

    @property
    def holds(self) -> bool:
        """Tell whether they are the same."""
        return bool(_plain(self.expected) == _plain(self.found))


def compared(what: str, expected: object, found: object) -> Iterator[Comparison]:
    """Yield a comparison of everything that is expected: only the keys named of an object, each row of a list."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for name, value in expected.items():
            yield from compared(f"{what} {name}", value, found.get(name))
    elif _is_list(expected) and _is_list(found) and len(expected) == len(found):  # type: ignore[arg-type]  # both are
        if not expected:
            yield Comparison(what=what, expected=expected, found=found)
        for index, (wanted, had) in enumerate(zip(expected, found, strict=True), start=1):  # type: ignore[call-overload]
            yield from compared(f"{what} {index}", wanted, had)
    else:
        yield Comparison(what=what, expected=expected, found=found)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _plain(value: object) -> Any:
    """Return a value so that what means the same is equal."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, str):
        try:
            return Decimal(value) if value.strip() == value else value
        except InvalidOperation:
            return value
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_plain(one) for one in value]
    return str(value)
