"""Putting a played submission to the server, and every point in which the two do not say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import Settings
from engine.forms import DEFAULT_LIMITS, Submission, validate
from engine.forms.instances import ContainerInstance, Expansion, FieldInstance
from engine.forms.settle import Evaluator, settle
from engine.json_values import JsonObject, JsonValue
from tests.browser.corpus.dependencies import dependencies
from tests.browser.corpus.documents import inputs_of
from tests.browser.corpus.forgery import Forgery, forged
from tests.browser.corpus.submissions import Case
from tests.browser.corpus.viewer import Place, Played

SETTINGS = Settings(now=datetime(2026, 9, 14, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai")))


class Missing:
    """The type of MISSING: there is no value."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One point in which viewer and server differ.

    kind: "refused-here" by the server alone, "refused-there" by the viewer alone, "value" for accepted values that
    are not the same, "failed" where the viewer itself broke down, "forged" for what the server refuses and the viewer
    never hands in. `code` is the server's error, `messages` are the viewer's.
    """

    kind: str
    path: Place
    code: str = ""
    messages: tuple[str, ...] = ()
    there: Any = MISSING
    here: Any = MISSING


@dataclass(slots=True, kw_only=True)
class Compared:
    """A case with both outcomes, and how the server sees each field; what the classes of differences look at."""

    case: Case
    played: Played
    outcome: Submission
    forgery: Forgery | None
    evaluator: Evaluator
    components: dict[tuple[str, ...], JsonObject] = field(default_factory=dict)
    fields: dict[Place, FieldInstance] = field(default_factory=dict)
    lists: dict[Place, ContainerInstance] = field(default_factory=dict)
    seen: dict[tuple[str, ...], set[tuple[str, ...]]] = field(default_factory=dict)

    def component(self, path: Place) -> JsonObject:
        """Return the field or list at a path, row numbers ignored; an empty one where there is none."""
        return self.components.get(without_rows(path), {})

    def reach(self, path: Place) -> set[tuple[str, ...]]:
        """Return the fields and lists that the one at a path looks at, directly or through others."""
        return self.seen.get(without_rows(path), set())

    @property
    def is_accepted(self) -> bool:
        """Whether both accept what is handed in."""
        return not self.outcome.errors and not self.played.objections


def compared(case: Case, played: Played) -> Compared:
    """Put to the server what the viewer hands in."""
    instances = Expansion(case.form.components, case.stored, DEFAULT_LIMITS).over(played.values)
    evaluator = Evaluator(SETTINGS)
    settle(instances, evaluator)
    return Compared(
        case=case,
        played=played,
        outcome=validate(case.form, played.values, data=case.stored, settings=SETTINGS),
        forgery=None if played.failure else forged(case, played),
        evaluator=evaluator,
        components=dict(inputs_of(case.schema["components"])),
        seen=dependencies(case.schema["components"]),
        fields={instance.path: instance for instance in instances if isinstance(instance, FieldInstance)},
        lists={instance.path: instance for instance in instances if isinstance(instance, ContainerInstance)},
    )


def differences(both: Compared) -> Iterator[Difference]:
    """Yield every difference, those of what the viewer hands in first."""
    if both.played.failure is not None:
        yield Difference(kind="failed", path=(), messages=(both.played.failure,))
        return
    yield from _refusals(both)
    if both.is_accepted:
        yield from _values(both)
    if both.forgery is not None:
        yield from _forged(both, both.forgery)


def _refusals(both: Compared) -> Iterator[Difference]:
    objections, handed_in = both.played.objections, both.played.values
    refused = {error.path for error in both.outcome.errors}
    for error in both.outcome.errors:
        if error.path not in objections:
            there = value_at(handed_in, error.path)
            yield Difference(kind="refused-here", path=error.path, code=error.code, there=there)
    for path, messages in objections.items():
        if path not in refused:
            there = value_at(handed_in, path)
            yield Difference(kind="refused-there", path=path, messages=tuple(messages), there=there)


def _values(both: Compared) -> Iterator[Difference]:
    fields = both.played.shown | both.fields.keys()
    found, made = dict(_leaves(both.played.values, fields)), dict(_leaves(both.outcome.values, fields))
    for path in {**found, **made}:
        left, right = found.get(path, MISSING), made.get(path, MISSING)
        if not same(left, right):
            yield Difference(kind="value", path=path, there=left, here=right)


def _forged(both: Compared, forgery: Forgery) -> Iterator[Difference]:
    """What the server says of the forged thing itself; what follows from it elsewhere the viewer was not asked."""
    outcome = validate(both.case.form, forgery.values, data=both.case.stored, settings=SETTINGS)
    depth = len(forgery.path)
    codes = [error.code for error in outcome.errors if error.path[:depth] == forgery.path]
    for code in codes:
        here = value_at(forgery.values, forgery.path)
        yield Difference(kind="forged", path=forgery.path, code=code, here=here)
    around = [both.lists[path] for path in both.lists if path == forgery.path[: len(path)]]
    if not codes and forgery.kind == "unknown-key" and not any(container.hidden for container in around):
        yield Difference(kind="forged", path=forgery.path, code="nothing")


def _leaves(value: JsonValue, fields: Set[Place], path: Place = ()) -> Iterator[tuple[Place, JsonValue]]:
    """Yield the value of every field, and for every list how many rows it has."""
    if path in fields:
        yield path, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, fields, (*path, name))
    elif isinstance(value, list):
        yield path, len(value)
        for index, row in enumerate(value):
            yield from _leaves(row, fields, (*path, index))
    else:
        yield path, value


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are the same JSON: numbers by their value, true is not 1."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if is_number(left) or is_number(right):
        return is_number(left) and is_number(right) and left == right
    return type(left) is type(right) and left == right


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
