"""Playing: begin, take a step, go back, look, give up; each by whoever may deploy, each play by who began it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from engine.core.model import Obstacle
from engine.errors import NotFound
from workflows.playing.deeds import PlayStep
from workflows.playing.errors import PlayStale, PlayTooLong
from workflows.playing.lending import PLAYED, PlayedFile, Playing, played_file
from workflows.playing.model import KEPT_FOR, MOST_PLAYS, MOST_STEPS, Play, PlaySetting, PlaySource
from workflows.playing.next_deeds import OpenJob, OpenTask, open_jobs, open_tasks
from workflows.playing.replaying import Replay, replayed
from workflows.workbench.commands import require_analyst
from workflows.workbench.model import ActiveVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlay:
    """A play with how it stands: what can be done next, and the deployed processes it called."""

    play: Play
    replay: Replay
    tasks: Sequence[OpenTask]
    jobs: Sequence[OpenJob]
    called: Sequence[ActiveVersion]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginPlay:
    """Begin to play a process of a draft or version, with the steps of a scenario if it is to go on from there.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft or version.
        NotPlayable: it has errors, or holds no such process.
        CannotStart: the process has no start event that fits.
        InvalidVariables: the variables cannot be kept.
    """

    source: PlaySource
    setting: PlaySetting
    steps: Sequence[PlayStep] = ()

    def execute(self, context: Playing) -> Play:
        """Begin it; of what this person played before, the oldest is forgotten."""
        require_analyst(context)
        played = played_file(context, self.source, self.setting.process_id)
        setting = self.setting
        if not setting.process_id:
            setting = replace(setting, process_id=next(iter(played.processes), ""))
        replayed(context, played, setting, ())
        now = context.now()
        play = Play(
            id=uuid4(),
            source=self.source,
            setting=setting,
            steps=tuple(self.steps[:MOST_STEPS]),
            created_at=now,
            created_by=context.actor.id,
            touched_at=now,
        )
        plays = context.unit_of_work.plays
        plays.forget(created_by=context.actor.id, besides=MOST_PLAYS - 1, touched_before=now - KEPT_FOR)
        plays.add(play)
        return play


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """Take a step in a play; `seen` is how many there were when it was chosen.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such play of this person.
        PlayStale: it went on elsewhere.
        PlayTooLong: it has as many steps as it may.
        EngineError: the step cannot be done, for the reason that would refuse it in a case; nothing is kept.
    """

    play_id: UUID
    seen: int
    step: PlayStep

    def execute(self, context: Playing) -> Play:
        """Take it."""
        play = _locked(context, self.play_id, self.seen)
        if len(play.steps) >= MOST_STEPS:
            raise PlayTooLong(Obstacle("steps", "步数"), MOST_STEPS)
        steps = (*play.steps, self.step)
        played = played_file(context, play.source, play.setting.process_id)
        refused = replayed(context, played, play.setting, steps).refused
        if refused is not None:
            raise refused
        return _saved(context, play, steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoBack:
    """Take back the steps of a play after the first ones; to 0: from the start.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such play of this person.
        PlayStale: it went on elsewhere.
    """

    play_id: UUID
    seen: int
    to: int

    def execute(self, context: Playing) -> Play:
        """Go back."""
        play = _locked(context, self.play_id, self.seen)
        return _saved(context, play, play.steps[: self.to])


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpPlay:
    """Forget a play; one that is gone already changes nothing.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    play_id: UUID

    def execute(self, context: Playing) -> None:
        """Forget it."""
        require_analyst(context)
        play = context.unit_of_work.plays.lock(self.play_id)
        if play is not None and play.created_by == context.actor.id:
            context.unit_of_work.plays.remove(play.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPlay:
    """Say how a play stands on the draft or version as it is now.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such play of this person.
        NotPlayable: the draft has errors now.
    """

    play_id: UUID

    def execute(self, context: Playing) -> ShownPlay:
        """Play it anew."""
        require_analyst(context)
        play = own_play(context, context.unit_of_work.plays.get(self.play_id), self.play_id)
        played = played_file(context, play.source, play.setting.process_id)
        replay = replayed(context, played, play.setting, play.steps)
        kept = context.unit_of_work.plays.scenarios([play.setting.process_id])
        return ShownPlay(
            play=play,
            replay=replay,
            tasks=open_tasks(context, replay),
            jobs=open_jobs(replay, kept),
            called=_called(context, replay),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindStartable:
    """Say what can be begun of a draft or version.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft or version.
        NotPlayable: it has errors.
    """

    source: PlaySource

    def execute(self, context: Playing) -> PlayedFile:
        """Read it."""
        require_analyst(context)
        return played_file(context, self.source)


def _called(context: Playing, replay: Replay) -> list[ActiveVersion]:
    """Return the deployed versions that were passed, in the order they were called first."""
    entered = replay.stage.work.passage.entered
    ids = dict.fromkeys(definition for definition, _ in entered if not definition.startswith(PLAYED))
    definitions = context.unit_of_work.definitions
    found = [one for each in ids if (one := definitions.get(UUID(each))) is not None]
    return [ActiveVersion(definition=one, content=definitions.content(one.id)) for one in found]


def own_play(context: Playing, play: Play | None, play_id: UUID) -> Play:
    """Return a play to who began it.

    Raises:
        NotFound: to everybody else there is none.
    """
    if play is None or play.created_by != context.actor.id:
        raise NotFound("play", play_id)
    return play


def _locked(context: Playing, play_id: UUID, seen: int) -> Play:
    require_analyst(context)
    play = own_play(context, context.unit_of_work.plays.lock(play_id), play_id)
    if len(play.steps) != seen:
        raise PlayStale(len(play.steps))
    return play


def _saved(context: Playing, play: Play, steps: Sequence[PlayStep]) -> Play:
    changed = replace(play, steps=tuple(steps), touched_at=context.now())
    context.unit_of_work.plays.save(changed)
    return changed
