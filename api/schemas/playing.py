"""What playing and its scenarios are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.decision_examples import ExampleResultsAnswer
from web.decision_replays import DecisionReplayAnswer
from web.playing import PlayAnswer
from web.scenario_results import ScenarioAnswer, ScenarioResultsAnswer
from web.schemas.base import answer_schema
from workflows.playing.model import DecisionExamples, PlayLine, ProcessScenario


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaysAnswer:
    """The plays of a person."""

    plays: Sequence[PlayLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenariosAnswer:
    """The scenarios of a process."""

    scenarios: Sequence[ScenarioAnswer]

    @classmethod
    def of(cls, scenarios: Sequence[ProcessScenario]) -> ScenariosAnswer:
        """Show scenarios in a list."""
        return cls(scenarios=[ScenarioAnswer.of(one) for one in scenarios])


DecisionExamplesSchema = answer_schema(DecisionExamples)
DecisionReplayAnswerSchema = answer_schema(DecisionReplayAnswer)
ExampleResultsSchema = answer_schema(ExampleResultsAnswer)
PlaySchema = answer_schema(PlayAnswer)
PlaysSchema = answer_schema(PlaysAnswer)
ScenarioSchema = answer_schema(ScenarioAnswer)
ScenariosSchema = answer_schema(ScenariosAnswer)
ScenarioResultsSchema = answer_schema(ScenarioResultsAnswer)
