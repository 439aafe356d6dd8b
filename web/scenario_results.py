"""Scenarios of processes and how they come out, as pages and programs are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.json_values import JsonObject
from web import i18n
from web.labels import in_language
from web.playing import PlayedFact, PlayedStep, drawn_of, played_steps
from workflows.playing.coverage import Coverage
from workflows.playing.model import ProcessScenario
from workflows.playing.scenarios import ScenarioResult, ScenarioResults


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioAnswer:
    """A scenario as it is kept; `document` is the scenario file."""

    id: UUID
    process_id: str
    name: str
    name_en: str
    version: int
    saved_at: datetime
    saved_by: str
    document: JsonObject

    @classmethod
    def of(cls, one: ProcessScenario) -> ScenarioAnswer:
        """Show a scenario."""
        return cls(
            id=one.id,
            process_id=one.process_id,
            name=one.name,
            name_en=one.name_en,
            version=one.version,
            saved_at=one.saved_at,
            saved_by=one.saved_by,
            document=one.to_json(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResultAnswer:
    """A scenario beside what came out."""

    scenario: ScenarioAnswer
    holds: bool
    facts: int
    wrong: int
    steps: Sequence[PlayedStep]
    at_end: Sequence[PlayedFact]
    failure: str | None

    @classmethod
    def of(cls, one: ScenarioResult, results: ScenarioResults) -> ScenarioResultAnswer:
        """Show a result in the reader's language."""
        return cls(
            scenario=ScenarioAnswer.of(one.scenario),
            holds=one.holds,
            facts=len(one.comparisons),
            wrong=sum(1 for each in one.comparisons if not each.holds),
            steps=list(played_steps(one.steps, drawn_of(results.played), one.scenario.process_id, first=1)),
            at_end=[PlayedFact.of(each) for each in one.at_end],
            failure=i18n.refusal_text(one.failure) if one.failure else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredElement:
    """An element or flow, and how often scenarios came along it."""

    process_id: str
    id: str
    name: str
    kind: str  # element, flow
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResultsAnswer:
    """All results on a draft or version, and what of it the scenarios came to."""

    results: Sequence[ScenarioResultAnswer]
    holding: int
    elements: Sequence[CoveredElement]
    covered: int
    coverable: int

    @classmethod
    def of(cls, results: ScenarioResults) -> ScenarioResultsAnswer:
        """Show them in the reader's language."""
        parts = covered_elements(results.coverage)
        return cls(
            results=[ScenarioResultAnswer.of(one, results) for one in results.results],
            holding=sum(one.holds for one in results.results),
            elements=parts,
            covered=sum(1 for one in parts if one.taken),
            coverable=len(parts),
        )

    @property
    def never(self) -> Sequence[CoveredElement]:
        """Return what no scenario came to."""
        return [one for one in self.elements if not one.taken]


def covered_elements(found: Coverage) -> list[CoveredElement]:
    """Return what can be passed, named in the reader's language."""
    return [
        CoveredElement(
            process_id=one.process_id,
            id=one.id,
            name=in_language(one.name, one.name_en),
            kind="flow" if one.is_flow else "element",
            taken=one.taken,
        )
        for one in found.parts
    ]
