"""What playing and its scenarios are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from web.decision_examples import ExampleResultsAnswer
from web.playing import PlayAnswer
from web.scenario_results import ScenarioAnswer, ScenarioResultsAnswer
from web.schemas.base import answer_schema
from workflows.playing.model import DecisionExamples, Play, ProcessScenario


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
class PlaysAnswer:
    """The plays of a person."""

    plays: Sequence[PlayLine]

    @classmethod
    def of(cls, plays: Sequence[Play]) -> PlaysAnswer:
        """Show plays in a list."""
        return cls(
            plays=[
                PlayLine(
                    id=one.id,
                    process_id=one.setting.process_id,
                    draft_id=one.source.draft_id,
                    definition_id=one.source.definition_id,
                    steps=len(one.steps),
                    created_at=one.created_at,
                    touched_at=one.touched_at,
                )
                for one in plays
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenariosAnswer:
    """The scenarios of a process."""

    scenarios: Sequence[ScenarioAnswer]

    @classmethod
    def of(cls, scenarios: Sequence[ProcessScenario]) -> ScenariosAnswer:
        """Show scenarios in a list."""
        return cls(scenarios=[ScenarioAnswer.of(one) for one in scenarios])


DecisionExamplesSchema = answer_schema(DecisionExamples)
ExampleResultsSchema = answer_schema(ExampleResultsAnswer)
PlaySchema = answer_schema(PlayAnswer)
PlaysSchema = answer_schema(PlaysAnswer)
ScenarioSchema = answer_schema(ScenarioAnswer)
ScenariosSchema = answer_schema(ScenariosAnswer)
ScenarioResultsSchema = answer_schema(ScenarioResultsAnswer)
