"""A play and what is kept of it: where it starts, its steps, and scenarios that are run again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from engine.json_values import JsonObject, JsonValue
from workflows.playing.deeds import PlayStep

MOST_STEPS = 200  # of one play
MOST_PLAYS = 20  # of one person; whoever begins another loses the one touched longest ago
MOST_SCENARIOS = 200  # of one process: all of them run in one turn
MOST_EXAMPLES = 500  # of one decision: all of them run in one turn
MOST_NAME = 120
MOST_WRITTEN = 500_000  # characters of JSON: setting, steps and expectations of one play or scenario
KEPT_FOR = timedelta(days=14)  # a play nobody touches


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingToken:
    """Where a token stands when a play begins in the middle; the variables are those of the sub-process around it."""

    element: str
    variables: JsonObject = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """Write it as a scenario file has it."""
        return {"element": self.element} | ({"variables": self.variables} if self.variables else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaySetting:
    """Where a play starts: the process, its start event, the time, the variables, and the case expressions see.

    With `standing` it begins in the middle, at these elements, and `waiting` tells how many tokens wait at joins, by
    join and flow.
    """

    process_id: str
    starts_at: datetime
    start_event: str | None = None  # None: the one that waits for nothing
    variables: JsonObject = field(default_factory=dict)
    case: JsonValue = None
    standing: Sequence[StandingToken] = ()
    waiting: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: JsonObject) -> PlaySetting:
        """Read a setting that was kept."""
        return cls(
            process_id=document["process"],
            starts_at=datetime.fromisoformat(document["starts_at"]),
            start_event=document.get("start_event"),
            variables=document.get("variables") or {},
            case=document.get("case"),
            standing=tuple(StandingToken(**one) for one in document.get("standing") or ()),
            waiting=document.get("waiting") or {},
        )

    def to_json(self) -> JsonObject:
        """Write it as a scenario file has it."""
        document: JsonObject = {"process": self.process_id, "starts_at": self.starts_at.isoformat()}
        given: JsonObject = {
            "start_event": self.start_event,
            "variables": self.variables or None,
            "case": self.case,
            "standing": [one.to_json() for one in self.standing] or None,
            "waiting": {join: dict(flows) for join, flows in self.waiting.items()} or None,
        }
        return document | {name: one for name, one in given.items() if one is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaySource:
    """What is played: an open draft as it stands, else a deployed version."""

    draft_id: UUID | None = None
    definition_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One person's way through a process, kept while it is being played."""

    id: UUID
    source: PlaySource
    setting: PlaySetting
    steps: Sequence[PlayStep] = ()
    created_at: datetime
    created_by: str
    touched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayLine:
    """A play in a list."""

    id: UUID
    process_id: str
    draft_id: UUID | None
    definition_id: UUID | None
    steps: int
    created_at: datetime
    touched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioLine:
    """A scenario to choose from."""

    id: UUID
    process_id: str
    name: str
    name_en: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessScenario:
    """What was played and is run again: of a process, whichever draft or version is asked about."""

    id: UUID
    process_id: str
    name: str
    name_en: str
    setting: PlaySetting
    steps: Sequence[PlayStep]
    expected: JsonObject  # of the end
    version: int
    saved_at: datetime
    saved_by: str

    def to_json(self) -> JsonObject:
        """Write it as a scenario file."""
        document: JsonObject = {"id": str(self.id), "title": self.name, "title_en": self.name_en or self.name}
        document |= self.setting.to_json()
        document["steps"] = [one.to_json() for one in self.steps]
        return document | ({"expected": self.expected} if self.expected else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One row: what the decision is given and what it must come to; without an expectation it is only shown."""

    name: str
    inputs: JsonObject
    expected: JsonValue = None

    @classmethod
    def from_json(cls, document: JsonObject) -> Example:
        """Read a row as files beside decisions have it."""
        inputs: JsonObject = dict(document.get("inputs") or {})
        if document.get("standard"):
            inputs["standard"] = document["standard"]
        return cls(name=document.get("name", ""), inputs=inputs, expected=document.get("expected"))

    def to_json(self) -> JsonObject:
        """Write it as files beside decisions have it."""
        return {"name": self.name, "inputs": self.inputs, "expected": self.expected}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionExamples:
    """The examples of a decision, whichever draft or version is asked about; version 0: none were kept yet."""

    decision_id: str
    rows: Sequence[Example]
    version: int
    saved_at: datetime | None
    saved_by: str | None
