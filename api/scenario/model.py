"""What a scenario is: where it starts, who does what and when, and the facts that must come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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
