"""A scenario of the line: an application, who does what and when, and what must come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from engine.json_values import JsonObject, load_json

SHIPPED = ("a10", "a10-edge", "a1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """At this moment somebody completes these tasks, or these needs must show as late."""

    at: datetime
    by: str | None
    tasks: tuple[str, ...]
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One household's way through the house."""

    id: str
    title: str
    title_en: str
    starts_at: datetime
    application: JsonObject
    agency_facts: Sequence[JsonObject]
    steps: tuple[Step, ...]
    expected: JsonObject

    @property
    def window(self) -> str:
        """Return the login of the clerk at whose window the application is handed in."""
        return next(step.by for step in self.steps if step.by is not None)


def shipped(name: str) -> Scenario:
    """Return a scenario of the product by its file's name."""
    return scenario(load_json(files("workflows").joinpath("scenarios", f"{name}.json").read_bytes()))


def scenario(document: JsonObject) -> Scenario:
    """Read a scenario.

    Raises:
        KeyError: something it needs is missing.
        TypeError: it holds something unknown.
    """
    content = dict(document)
    steps = tuple(_step(one) for one in content.pop("steps"))
    return Scenario(starts_at=datetime.fromisoformat(content.pop("starts_at")), steps=steps, **content)


def _step(document: JsonObject) -> Step:
    content = dict(document)
    at = datetime.fromisoformat(content.pop("at"))
    by = content.pop("by", None)
    tasks = tuple(content.pop("tasks", ()))
    late = tuple(content.pop("late", ()))
    if content:
        raise TypeError(f"unknown keys in a step: {', '.join(content)}")
    return Step(at=at, by=by, tasks=tasks, late=late)
