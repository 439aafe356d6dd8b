"""Scenarios of a process: kept from a play, with what must come out; run again on a draft or version, with coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.core.graph import Process
from engine.errors import EngineError, NotFound
from engine.json_values import JsonObject
from engine.model import Resource
from workflows.playing.commands import own_play
from workflows.playing.comparing import Comparison
from workflows.playing.coverage import Coverage, coverage
from workflows.playing.errors import ScenarioNameTaken, ScenariosFull, ScenarioStale
from workflows.playing.lending import PlayedFile, Playing, file_at_hand, played_file
from workflows.playing.model import MOST_SCENARIOS, Play, PlaySource, ProcessScenario
from workflows.playing.replaying import Replay, StepTaken, expected, replayed
from workflows.workbench.commands import require_analyst


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepScenario:
    """Keep a play as a scenario; what waits after each step is what is expected from now on.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such play of this person.
        ScenarioNameTaken: the process has one of this name.
        ScenariosFull: the process has as many as it may.
        EngineError: the play cannot be done as it stands; go back to where it can.
    """

    play_id: UUID
    name: str
    name_en: str = ""

    def execute(self, context: Playing) -> ProcessScenario:
        """Keep it."""
        require_analyst(context)
        plays = context.unit_of_work.plays
        play = own_play(context, plays.get(self.play_id), self.play_id)
        present = len(plays.scenarios([play.setting.process_id]))
        if present >= MOST_SCENARIOS:
            raise ScenariosFull(present)
        scenario = _of_play(context, play, name=self.name, name_en=self.name_en)
        if not plays.add_scenario(scenario):
            raise ScenarioNameTaken(scenario.name)
        return scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceScenario:
    """Let a scenario be what was played now; its name stays.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such scenario, or no such play of this person.
        EngineError: the play cannot be done as it stands.
    """

    scenario_id: UUID
    play_id: UUID

    def execute(self, context: Playing) -> ProcessScenario:
        """Write it anew."""
        require_analyst(context)
        before = _found(context, self.scenario_id)
        play = own_play(context, context.unit_of_work.plays.get(self.play_id), self.play_id)
        played = _of_play(context, play, name=before.name, name_en=before.name_en)
        if played.process_id != before.process_id:
            raise NotFound("scenario", self.scenario_id)
        changed = replace(played, id=before.id, version=before.version + 1)
        context.unit_of_work.plays.save_scenario(changed)
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeScenario:
    """Change the name of a scenario and what it expects after each step and at the end.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such scenario.
        ScenarioStale: somebody changed it since `version`, or it has another number of steps.
        ScenarioNameTaken: the process has another of this name.
    """

    scenario_id: UUID
    version: int
    name: str
    name_en: str
    expect: Sequence[JsonObject]  # of each step
    expected: JsonObject

    def execute(self, context: Playing) -> ProcessScenario:
        """Change it."""
        require_analyst(context)
        before = _found(context, self.scenario_id)
        if before.version != self.version or len(self.expect) != len(before.steps):
            raise ScenarioStale(before.name)
        steps = [replace(step, expect=one) for step, one in zip(before.steps, self.expect, strict=True)]
        changed = replace(
            before,
            name=self.name,
            name_en=self.name_en,
            steps=steps,
            expected=self.expected,
            version=before.version + 1,
            saved_at=context.now(),
            saved_by=context.actor.id,
        )
        if not context.unit_of_work.plays.save_scenario(changed):
            raise ScenarioNameTaken(self.name)
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveScenario:
    """Forget a scenario; one that is gone already changes nothing.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    scenario_id: UUID

    def execute(self, context: Playing) -> None:
        """Forget it."""
        require_analyst(context)
        context.unit_of_work.plays.remove_scenario(self.scenario_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowScenario:
    """Read a scenario.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is none.
    """

    scenario_id: UUID

    def execute(self, context: Playing) -> ProcessScenario:
        """Read it."""
        require_analyst(context)
        return _found(context, self.scenario_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScenarios:
    """Return the scenarios of a process, by name.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    process_id: str

    def execute(self, context: Playing) -> Sequence[ProcessScenario]:
        """Return them."""
        require_analyst(context)
        return context.unit_of_work.plays.scenarios([self.process_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """A scenario beside what came out on a draft or version."""

    scenario: ProcessScenario
    steps: Sequence[StepTaken]
    at_end: Sequence[Comparison]
    failure: EngineError | None  # it could not even begin, or a step could not be done

    @property
    def comparisons(self) -> Sequence[Comparison]:
        """Return every expected fact."""
        return [one for step in self.steps for one in step.comparisons] + list(self.at_end)

    @property
    def holds(self) -> bool:
        """Say whether everything came out as expected."""
        return self.failure is None and all(one.holds for one in self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResults:
    """The scenarios of a file's processes, run, and what of the file they came to."""

    played: PlayedFile
    results: Sequence[ScenarioResult]
    coverage: Coverage

    @property
    def failed(self) -> Sequence[ScenarioResult]:
        """Return those that came out otherwise."""
        return [one for one in self.results if not one.holds]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScenarios:
    """Run the scenarios of a draft's or version's processes on it, all of them or one; nothing is kept.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft, version or scenario.
        NotPlayable: it has errors.
    """

    source: PlaySource
    scenario_id: UUID | None = None

    def execute(self, context: Playing) -> ScenarioResults:
        """Run them."""
        require_analyst(context)
        played = played_file(context, self.source)
        scenarios = context.unit_of_work.plays.scenarios(sorted(played.processes))
        if self.scenario_id is not None:
            scenarios = [one for one in scenarios if one.id == self.scenario_id]
            if not scenarios:
                raise NotFound("scenario", self.scenario_id)
        run = [_run(context, played, one) for one in scenarios]
        stages = [replay.stage for replay, _ in run if replay is not None]
        return ScenarioResults(played=played, results=[result for _, result in run], coverage=coverage(played, stages))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunScenarioAtHand:
    """Run a scenario that is not kept, on the newest version of its process or on a diagram that is not kept either.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: the process is not deployed.
        NotPlayable: the diagram has errors, or does not hold the process.
    """

    scenario: ProcessScenario
    diagram: Resource | None = None

    def execute(self, context: Playing) -> ScenarioResults:
        """Run it."""
        require_analyst(context)
        if self.diagram is not None:
            played = file_at_hand(context, self.diagram.content, self.diagram.name)
        else:
            played = played_file(context, PlaySource(), self.scenario.process_id)
        replay, result = _run(context, played, self.scenario)
        stages = [replay.stage] if replay is not None else []
        return ScenarioResults(played=played, results=[result], coverage=coverage(played, stages))


def _run(context: Playing, played: PlayedFile, scenario: ProcessScenario) -> tuple[Replay | None, ScenarioResult]:
    try:
        replay = replayed(context, played, scenario.setting, scenario.steps)
    except EngineError as error:
        return None, ScenarioResult(scenario=scenario, steps=(), at_end=(), failure=error)
    at_end = tuple(expected(scenario.expected, replay.stage)) if replay.refused is None else ()
    result = ScenarioResult(scenario=scenario, steps=replay.taken, at_end=at_end, failure=replay.refused)
    return replay, result


def _of_play(context: Playing, play: Play, *, name: str, name_en: str) -> ProcessScenario:
    played = played_file(context, play.source, play.setting.process_id)
    replay = replayed(context, played, play.setting, play.steps)
    if replay.refused is not None:
        raise replay.refused
    steps = [replace(one.step, expect={"open": list(one.open)}) for one in replay.taken]
    return ProcessScenario(
        id=uuid4(),
        process_id=play.setting.process_id,
        name=name,
        name_en=name_en,
        setting=play.setting,
        steps=steps,
        expected=_end(replay, played.process(play.setting.process_id)),
        version=1,
        saved_at=context.now(),
        saved_by=context.actor.id,
    )


def _end(replay: Replay, process: Process) -> JsonObject:
    """Return what is expected at the end of what was played: whether it ended, and by which end events."""
    passed = {element for _, element in replay.stage.work.passage.left}
    ends = sorted(one.id for one in process.nodes.values() if one.tag == "endEvent" and one.id in passed)
    return {"ended": replay.stage.is_over, **({"passed": ends} if ends else {})}


def _found(context: Playing, scenario_id: UUID) -> ProcessScenario:
    found = context.unit_of_work.plays.scenario(scenario_id)
    if found is None:
        raise NotFound("scenario", scenario_id)
    return found
