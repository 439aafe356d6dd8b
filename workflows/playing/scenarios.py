"""Scenarios of a process: kept from a play, with what must come out; run again on a draft or version, with coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.core.graph import Process
from engine.errors import EngineError, NotFound
from engine.json_values import JsonObject
from engine.model import Resource
from workflows.playing.budget import SECONDS_OF_A_RUN, Budget
from workflows.playing.commands import checked_length, own_play
from workflows.playing.comparing import Comparison
from workflows.playing.coverage import Coverage, Tally
from workflows.playing.deeds import PlayStep
from workflows.playing.errors import OtherProcess, ScenarioNameTaken, ScenarioNotRun, ScenariosFull, ScenarioStale
from workflows.playing.lending import PlayedFile, Playing, file_at_hand, file_to_begin, played_file
from workflows.playing.model import MOST_SCENARIOS, Play, PlaySource, ProcessScenario, ScenarioLine
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
        plays.one_at_a_time(f"scenarios of {play.setting.process_id}")
        present = len(plays.scenario_lines([play.setting.process_id]))
        if present >= MOST_SCENARIOS:
            raise ScenariosFull(present)
        scenario = replace(_of_play(context, play), name=self.name, name_en=self.name_en)
        if not plays.add_scenario(scenario):
            raise ScenarioNameTaken(scenario.name)
        return scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceScenario:
    """Let a scenario be what was played now; its name and what people expect of steps that stay the same remain.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such scenario, or no such play of this person.
        ScenarioStale: somebody changed it since `version`.
        OtherProcess: it is one of another process.
        PlayTooLarge: it has more to say than it may.
        EngineError: the play cannot be done as it stands.
    """

    scenario_id: UUID
    version: int
    play_id: UUID

    def execute(self, context: Playing) -> ProcessScenario:
        """Write it anew."""
        require_analyst(context)
        before = _locked(context, self.scenario_id, self.version)
        play = own_play(context, context.unit_of_work.plays.get(self.play_id), self.play_id)
        if play.setting.process_id != before.process_id:
            raise OtherProcess(before.name, before.process_id, play.setting.process_id)
        played = _of_play(context, play, before=before)
        context.unit_of_work.plays.save_scenario(played)
        return played


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeScenario:
    """Change the name of a scenario and what it expects after each step and at the end.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such scenario.
        ScenarioStale: somebody changed it since `version`, or it has another number of steps.
        ScenarioNameTaken: the process has another of this name.
        PlayTooLarge: it has more to say than it may.
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
        before = _locked(context, self.scenario_id, self.version)
        if len(self.expect) != len(before.steps):
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
        checked_length(changed.setting, changed.steps, changed.expected)
        if not context.unit_of_work.plays.save_scenario(changed):
            raise ScenarioNameTaken(self.name)
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveScenario:
    """Forget a scenario; one that is gone already changes nothing.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        ScenarioStale: somebody changed it since `version`.
    """

    scenario_id: UUID
    version: int | None = None  # None: whatever it is by now

    def execute(self, context: Playing) -> None:
        """Forget it."""
        require_analyst(context)
        plays = context.unit_of_work.plays
        found = plays.lock_scenario(self.scenario_id)
        if found is not None and self.version not in (None, found.version):
            raise ScenarioStale(found.name)
        plays.remove_scenario(self.scenario_id)


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
class NameScenarios:
    """Return what the scenarios of processes are called, to choose from.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    process_ids: Sequence[str]

    def execute(self, context: Playing) -> Sequence[ScenarioLine]:
        """Return them."""
        require_analyst(context)
        return context.unit_of_work.plays.scenario_lines(self.process_ids)


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
        PlayedDraftOver: the draft was deployed or discarded.
        NotPlayable: it has errors.
    """

    source: PlaySource
    scenario_id: UUID | None = None
    seconds: int = SECONDS_OF_A_RUN  # for all of them; the rest is told to be not run

    def execute(self, context: Playing) -> ScenarioResults:
        """Run them."""
        require_analyst(context)
        played = file_to_begin(context, self.source)
        scenarios = context.unit_of_work.plays.scenarios(sorted(played.processes))
        if self.scenario_id is not None:
            scenarios = [one for one in scenarios if one.id == self.scenario_id]
            if not scenarios:
                raise NotFound("scenario", self.scenario_id)
        return _run_all(context, played, scenarios, Budget(seconds=self.seconds))


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
        return _run_all(context, played, [self.scenario], Budget(seconds=SECONDS_OF_A_RUN))


def _run_all(
    context: Playing, played: PlayedFile, scenarios: Iterable[ProcessScenario], budget: Budget
) -> ScenarioResults:
    """Run scenarios one by one; of each only what came out stays."""
    tally = Tally()
    results = [_run(context, played, one, budget, tally) for one in scenarios]
    return ScenarioResults(played=played, results=results, coverage=tally.of(played))


def _run(
    context: Playing, played: PlayedFile, scenario: ProcessScenario, budget: Budget, tally: Tally
) -> ScenarioResult:
    if budget.is_spent:
        return ScenarioResult(scenario=scenario, steps=(), at_end=(), failure=ScenarioNotRun(scenario.name))
    budget.begin_play()
    try:
        replay = replayed(context, played, scenario.setting, scenario.steps, budget)
    except EngineError as error:
        return ScenarioResult(scenario=scenario, steps=(), at_end=(), failure=error)
    tally.add(replay.stage.work.passage)
    at_end = tuple(expected(scenario.expected, replay.stage)) if replay.refused is None else ()
    return ScenarioResult(scenario=scenario, steps=replay.taken, at_end=at_end, failure=replay.refused)


def _of_play(context: Playing, play: Play, *, before: ProcessScenario | None = None) -> ProcessScenario:
    """Return a play as a scenario: a new one without a name, or in the place of another."""
    played = played_file(context, play.source, play.setting.process_id)
    replay = replayed(context, played, play.setting, play.steps)
    if replay.refused is not None:
        raise replay.refused
    kept = before.steps if before else ()
    steps = [_expecting(one, kept[place] if place < len(kept) else None) for place, one in enumerate(replay.taken)]
    end = _end(replay, played.process(play.setting.process_id), before.expected if before else {})
    checked_length(play.setting, steps, end)
    return ProcessScenario(
        id=before.id if before else uuid4(),
        process_id=play.setting.process_id,
        name=before.name if before else "",
        name_en=before.name_en if before else "",
        setting=play.setting,
        steps=steps,
        expected=end,
        version=before.version + 1 if before else 1,
        saved_at=context.now(),
        saved_by=context.actor.id,
    )


def _expecting(taken: StepTaken, kept: PlayStep | None) -> PlayStep:
    """Return a step with what people expect of it; what waits is expected as it was found, unless they struck it out.

    A step that is the same as in the scenario keeps what is expected there, another what came with it.
    """
    step = taken.step
    is_same = kept is not None and replace(kept, expect={}) == replace(step, expect={})
    wanted = kept.expect if kept is not None and is_same else step.expect
    return replace(step, expect=wanted if wanted and "open" not in wanted else {**wanted, "open": list(taken.open)})


def _end(replay: Replay, process: Process, before: JsonObject) -> JsonObject:
    """Return what is expected at the end: whether it ended, by which end events, and what people expect beside that."""
    passed = replay.stage.passed()
    ends = {one.id for one in process.nodes.values() if one.tag == "endEvent"}
    wanted = sorted({*(ends & passed), *(one for one in before.get("passed", ()) if one not in ends)})
    others = {name: one for name, one in before.items() if name not in ("ended", "passed")}
    return {"ended": replay.stage.is_over, **({"passed": wanted} if wanted else {}), **others}


def _locked(context: Playing, scenario_id: UUID, version: int) -> ProcessScenario:
    found = context.unit_of_work.plays.lock_scenario(scenario_id)
    if found is None:
        raise NotFound("scenario", scenario_id)
    if found.version != version:
        raise ScenarioStale(found.name)
    return found


def _found(context: Playing, scenario_id: UUID) -> ProcessScenario:
    found = context.unit_of_work.plays.scenario(scenario_id)
    if found is None:
        raise NotFound("scenario", scenario_id)
    return found
