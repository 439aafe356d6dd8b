"""An expected fact beside what was found.

In scenarios of whole cases people write numbers as they read them on a page: there they are the same whichever way they
are written. In those of played processes everything is JSON and is compared as JSON: a code is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonComparison(Comparison):
    """One expected fact beside what was found, compared as JSON."""

    is_missing: bool = False  # nothing was found, not even null

    @property
    def holds(self) -> bool:
        """Tell whether they are the same."""
        return not self.is_missing and same_json(self.expected, self.found)


def compared_json(what: str, expected: object, found: object) -> Iterator[JsonComparison]:
    """Yield a comparison of everything that is expected: only the keys named of an object, each row of a list."""
    if isinstance(expected, Mapping) and expected and isinstance(found, Mapping):
        for name, value in expected.items():
            if name in found:
                yield from compared_json(f"{what} {name}", value, found[name])
            else:
                yield JsonComparison(what=f"{what} {name}", expected=value, found=None, is_missing=True)
    elif _is_list(expected) and expected and _is_list(found) and len(expected) == len(found):  # type: ignore[arg-type]  # both are
        for index, (wanted, had) in enumerate(zip(expected, found, strict=True), start=1):  # type: ignore[call-overload]
            yield from compared_json(f"{what} {index}", wanted, had)
    else:
        yield JsonComparison(what=what, expected=expected, found=found)


def same_json(one: object, other: object) -> bool:
    """Say whether two values are the same JSON: 1.0 is 1, but neither `"1"` nor `true`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
        return Decimal(str(one)) == Decimal(str(other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_json(value, other[name]) for name, value in one.items())
    if _is_list(one) and _is_list(other):
        values, others = list(one), list(other)  # type: ignore[call-overload]  # both are
        return len(values) == len(others) and all(map(same_json, values, others))
    return one == other


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
        return Decimal(value) if _NUMBER.fullmatch(value) else value
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_plain(one) for one in value]
    return str(value)
