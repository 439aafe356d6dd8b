"""What a scenario is: where it starts, who does what and when, and the facts that must come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from api.scenario.source import Source
from engine.json_values import JsonObject
from workflows.casework.records import Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDeed:
    """Somebody completes a task, or must be refused."""

    task: str
    answers: JsonObject = field(default_factory=dict)
    where: JsonObject = field(default_factory=dict)  # which of several open ones: values the task shows
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDeed:
    """Somebody does what is no task, or must be refused."""

    name: str
    given: JsonObject = field(default_factory=dict)
    label: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Somebody hands in an application; its case is known by a name afterwards."""

    application: JsonObject
    label: str
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment: what agencies know from then on, what is handed in and done, and what must hold afterwards."""

    index: int
    at: datetime
    by: str | None
    case: str
    facts: tuple[JsonObject, ...]
    submission: Submission | None
    act: ActDeed | None
    tasks: tuple[TaskDeed, ...]
    expect: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One way through the house."""

    id: str
    title: str
    title_en: str
    starts_at: datetime
    window: str  # who takes the application in
    provisional_calendar: bool
    parameters: tuple[Parameter, ...]
    application: JsonObject | None
    agency_facts: tuple[JsonObject, ...]
    steps: tuple[Step, ...]
    expected: JsonObject
    source: Source


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
