"""A play as it stands: all of its steps played from the start, so that it always shows what the draft does now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.core import model
from engine.errors import EngineError
from workflows.playing.budget import Budget
from workflows.playing.comparing import Comparison, JsonComparison, compared_json
from workflows.playing.deeds import PlayStep
from workflows.playing.lending import PLAYED, CountyLent, PlayedFile, Playing
from workflows.playing.model import PlaySetting
from workflows.playing.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """What a step led to: what happened, what waits afterwards, and how that stands to what was expected."""

    step: PlayStep
    facts: Sequence[model.Fact]
    open: Sequence[str]
    ended: bool
    comparisons: Sequence[Comparison] = ()
    refused: EngineError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A setting and steps, played: the stage as it stands after the last step that could be done."""

    played: PlayedFile
    lent: CountyLent
    stage: Stage
    begun: StepTaken  # the start, before the first step
    taken: Sequence[StepTaken]

    @property
    def process_id(self) -> str:
        """Return the process that is played."""
        return self.stage.process_id

    @property
    def refused(self) -> EngineError | None:
        """Return why it could not go on as it was played once, if it could not."""
        return self.taken[-1].refused if self.taken else None

    @property
    def done(self) -> Sequence[StepTaken]:
        """Return the steps that could be done."""
        return [one for one in self.taken if one.refused is None]


def replayed(
    context: Playing,
    played: PlayedFile,
    setting: PlaySetting,
    steps: Sequence[PlayStep],
    budget: Budget | None = None,
) -> Replay:
    """Play steps from the start; the first that cannot be done ends it, told with its reason.

    Raises:
        NotPlayable: the file holds no such process.
        CannotStart: the process has no start event that fits.
        InvalidVariables: the variables it starts with cannot be kept.
        PlayTooLong: it is beyond its budget before the first step.
    """
    played.process(setting.process_id)
    lent = CountyLent(context, played)
    stage = Stage(lent, setting, budget)
    stage.begin(PLAYED + setting.process_id)
    begun = step_taken(stage, PlayStep(at=setting.starts_at), since=0)
    taken: list[StepTaken] = []
    for step in steps:
        since, before = len(stage.facts), stage.standing()
        try:
            stage.take(step)
        except EngineError as error:
            taken.append(StepTaken(step=step, facts=(), open=(), ended=False, refused=error))
            stage.return_to(before)  # half of the step may be done: none of it
            break
        taken.append(step_taken(stage, step, since=since))
    return Replay(played=played, lent=lent, stage=stage, begun=begun, taken=taken)


def step_taken(stage: Stage, step: PlayStep, *, since: int) -> StepTaken:
    """Say what a step led to, beside what was expected."""
    comparisons = tuple(expected(step.expect, stage))
    facts = tuple(stage.facts[since:])
    return StepTaken(step=step, facts=facts, open=tuple(stage.open()), ended=stage.is_over, comparisons=comparisons)


def expected(facts: dict[str, object], stage: Stage) -> Iterator[Comparison]:
    """Yield what is expected beside how a stage stands."""
    found = {"open": stage.open(), "ended": stage.is_over, "variables": stage.variables}
    for name, wanted in facts.items():
        if name == "passed":
            passed = stage.passed()
            wanted_ids = wanted if isinstance(wanted, list) else [wanted]
            for one in wanted_ids:
                yield JsonComparison(what=f"passed {one}", expected=True, found=one in passed)
        elif name == "open":
            yield JsonComparison(what="open", expected=_sorted(wanted), found=found["open"])
        else:
            yield from compared_json(name, wanted, found[name])


def _sorted(wanted: object) -> object:
    return sorted(str(one) for one in wanted) if isinstance(wanted, list | tuple) else wanted
