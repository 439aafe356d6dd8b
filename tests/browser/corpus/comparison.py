"""Putting a played submission to the server, and every point in which the two do not say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import Settings
from engine.forms import Submission, validate
from engine.json_values import JsonObject, JsonValue
from tests.browser.corpus.documents import inputs_of
from tests.browser.corpus.submissions import Case
from tests.browser.corpus.viewer import Place, Played

SETTINGS = Settings(now=datetime(2026, 9, 14, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai")))
MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One point in which viewer and server differ.

    kind: "refused-here" by the server alone, "refused-there" by the viewer alone, "value" for accepted values that
    are not the same, "failed" where the viewer itself broke down. `code` is the server's error.
    """

    kind: str
    path: Place
    code: str = ""
    messages: tuple[str, ...] = ()
    there: Any = MISSING
    here: Any = MISSING
    is_forged: bool = False


@dataclass(slots=True, kw_only=True)
class Compared:
    """A case with both outcomes; what the classes of differences look at."""

    case: Case
    played: Played
    honest: Submission
    forged: Submission
    sent: JsonObject
    components: dict[tuple[str, ...], JsonObject] = field(default_factory=dict)

    def component(self, path: Place) -> JsonObject | None:
        """Return the field or list at a path, row numbers ignored."""
        return self.components.get(without_rows(path))


def compared(case: Case, played: Played) -> Compared:
    """Put to the server what the viewer hands in, and the same with everything the viewer would not hand in."""
    sent = _overlaid(_overlaid(played.values, case.answers), case.forgery)
    return Compared(
        case=case,
        played=played,
        honest=validate(case.form, played.values, data=case.stored, settings=SETTINGS),
        forged=validate(case.form, sent, data=case.stored, settings=SETTINGS),
        sent=sent,
        components=dict(inputs_of(case.schema["components"])),
    )


def differences(both: Compared) -> Iterator[Difference]:
    """Yield every difference, those of what the viewer hands in first."""
    if both.played.failure is not None:
        yield Difference(kind="failed", path=(), messages=(both.played.failure,))
        return
    yield from _of(both, both.honest, both.played.values, is_forged=False)
    if both.sent != both.played.values:
        yield from _of(both, both.forged, both.sent, is_forged=True)


def _of(both: Compared, outcome: Submission, sent: JsonObject, *, is_forged: bool) -> Iterator[Difference]:
    objections = both.played.objections
    refused = {error.path for error in outcome.errors}
    for error in outcome.errors:
        if error.path not in objections:
            there, here = value_at(both.played.values, error.path), value_at(sent, error.path)
            yield Difference(
                kind="refused-here", path=error.path, code=error.code, there=there, here=here, is_forged=is_forged
            )
    for path, messages in objections.items():
        if path not in refused and value_at(sent, path) == value_at(both.played.values, path):
            yield Difference(
                kind="refused-there",
                path=path,
                messages=tuple(messages),
                there=value_at(sent, path),
                is_forged=is_forged,
            )
    if not refused and not objections:
        yield from _values(both.played.values, outcome.values, is_forged=is_forged)


def _values(there: JsonObject, here: JsonObject, *, is_forged: bool) -> Iterator[Difference]:
    found, made = dict(_leaves(there)), dict(_leaves(here))
    for path in {**found, **made}:
        left, right = found.get(path, MISSING), made.get(path, MISSING)
        if not same(left, right):
            yield Difference(kind="value", path=path, there=left, here=right, is_forged=is_forged)


def _leaves(value: JsonValue, path: Place = ()) -> Iterator[tuple[Place, JsonValue]]:
    members: list[tuple[str | int, JsonValue]] = []
    if isinstance(value, Mapping):
        members = list(value.items())
    elif isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
        members = list(enumerate(value))
    if not members:
        yield path, value
    for name, inner in members:
        yield from _leaves(inner, (*path, name))


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are the same JSON: numbers by their value, true is not 1."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return is_number(left) == is_number(right) and type(left) in (bool, type(right), int, Decimal) and left == right


def is_number(value: Any) -> bool:
    """Tell whether a JSON value is a number."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def value_at(values: Any, path: Place) -> Any:
    """Return the value at a path, or MISSING."""
    for name in path:
        if isinstance(name, int):
            if not isinstance(values, list) or name >= len(values):
                return MISSING
        elif not isinstance(values, Mapping) or name not in values:
            return MISSING
        values = values[name]
    return values


def without_rows(path: Place) -> tuple[str, ...]:
    """Return a path without its row numbers."""
    return tuple(name for name in path if isinstance(name, str))


def _overlaid(lower: Any, upper: Any) -> Any:
    """Return what was answered laid over what was handed in."""
    if isinstance(lower, Mapping) and isinstance(upper, Mapping):
        return {
            name: _overlaid(lower[name], upper[name]) if name in lower and name in upper else {**lower, **upper}[name]
            for name in {**lower, **upper}
        }
    if _are_rows(lower) and _are_rows(upper):
        merged = [_overlaid(below, above) for below, above in zip(lower, upper, strict=False)]
        return [*merged, *(lower[len(upper) :] or upper[len(lower) :])]
    return upper


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
