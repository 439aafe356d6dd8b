"""What playing needs from whoever keeps its data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.json_values import JsonObject
from workflows.casework.ports import CaseworkUnitOfWork
from workflows.playing.model import DecisionExamples, Play, PlayLine, ProcessScenario, ScenarioLine
from workflows.workbench.ports import WorkbenchUnitOfWork


class Plays(Protocol):
    """Plays that are going on and scenarios that are kept, in one transaction."""

    def add(self, play: Play) -> None:
        """Keep a new play."""
        ...

    def get(self, play_id: UUID) -> Play | None:
        """Read a play."""
        ...

    def lock(self, play_id: UUID) -> Play | None:
        """Read a play for a change: others who change it wait."""
        ...

    def save(self, play: Play) -> None:
        """Write a play that is there."""
        ...

    def remove(self, play_id: UUID) -> None:
        """Forget a play."""
        ...

    def forget(self, *, created_by: str, besides: int, touched_before: datetime) -> None:
        """Forget a person's plays but the newest ones, and everybody's that nobody touched since."""
        ...

    def forget_old(self, *, touched_before: datetime) -> int:
        """Forget everybody's plays that nobody touched since, and say how many they were."""
        ...

    def one_at_a_time(self, whose: str) -> None:
        """Let others who count the plays of a person, or the scenarios of a process, wait for the end of this."""
        ...

    def add_scenario(self, scenario: ProcessScenario) -> bool:
        """Keep a new scenario, unless its process has one of this name."""
        ...

    def scenario(self, scenario_id: UUID) -> ProcessScenario | None:
        """Read a scenario."""
        ...

    def lock_scenario(self, scenario_id: UUID) -> ProcessScenario | None:
        """Read a scenario for a change: others who change it wait."""
        ...

    def save_scenario(self, scenario: ProcessScenario) -> bool:
        """Write a scenario that is there, unless its process has another of this name."""
        ...

    def remove_scenario(self, scenario_id: UUID) -> None:
        """Forget a scenario."""
        ...

    def scenarios(self, process_ids: Sequence[str]) -> Sequence[ProcessScenario]:
        """Return the scenarios of processes, by name."""
        ...

    def scenario_lines(self, process_ids: Sequence[str]) -> Sequence[ScenarioLine]:
        """Return what the scenarios of processes are called, by name."""
        ...

    def last_answers(self, process_id: str, names: Sequence[str]) -> dict[str, JsonObject]:
        """Return the variables that scenarios of a process answered jobs with, of each name those kept last."""
        ...

    def examples(self, decision_id: str) -> DecisionExamples | None:
        """Return the examples that are kept of a decision."""
        ...

    def keep_examples(self, kept: DecisionExamples, *, over: int) -> bool:
        """Write the examples of a decision, unless others than this version are kept; 0: none."""
        ...


class PlayingUnitOfWork(CaseworkUnitOfWork, WorkbenchUnitOfWork, Protocol):
    """One transaction over definitions, drafts, figures of policy, and plays."""

    @property
    def plays(self) -> Plays:
        """Return the plays and scenarios."""
        ...


class PlayQueries(Protocol):
    """Questions about plays and scenarios; who may ask is decided at the edge."""

    def plays_of(self, login: str, /) -> Sequence[PlayLine]:
        """Return the plays of a person, the last touched first."""
        ...

    def scenario_counts(self) -> dict[str, int]:
        """Return how many scenarios each process has."""
        ...
