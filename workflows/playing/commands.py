"""Playing: begin, take a step, go back, look, give up; each by whoever may deploy, each play by who began it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from engine.core.model import Obstacle
from engine.errors import NotFound
from engine.json_values import JsonObject
from engine.supplied_variables import size_of_json
from workflows.playing.deeds import Deed, PlayStep
from workflows.playing.errors import PlayStale, PlayTooLarge, PlayTooLong
from workflows.playing.lending import PLAYED, PlayedFile, Playing, file_to_begin, played_file
from workflows.playing.model import KEPT_FOR, MOST_PLAYS, MOST_STEPS, MOST_WRITTEN, Play, PlaySetting, PlaySource
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
        PlayedDraftOver: the draft was deployed or discarded.
        NotPlayable: it has errors, or holds no such process.
        CannotStart: the process has no start event that fits.
        InvalidVariables: the variables cannot be kept.
        PlayTooLarge: it has more to say than it may.
    """

    source: PlaySource
    setting: PlaySetting
    steps: Sequence[PlayStep] = ()

    def execute(self, context: Playing) -> Play:
        """Begin it; of what this person played before, the oldest is forgotten."""
        require_analyst(context)
        played = file_to_begin(context, self.source)
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
        checked_length(play.setting, play.steps)
        plays = context.unit_of_work.plays
        plays.one_at_a_time(f"plays of {context.actor.id}")
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
        PlayTooLong: it has as many steps as it may, or takes longer than it may.
        PlayTooLarge: it has more to say than it may.
        EngineError: the step cannot be done, for the reason that would refuse it in a case; nothing is kept.
    """

    play_id: UUID
    seen: int
    deeds: Sequence[Deed] = ()
    at: datetime | None = None  # None: the time the play has come to
    by: str | None = None
    expect: JsonObject = field(default_factory=dict)

    def execute(self, context: Playing) -> Play:
        """Take it."""
        play = _locked(context, self.play_id, self.seen)
        if len(play.steps) >= MOST_STEPS:
            raise PlayTooLong(Obstacle("steps", "步数"), MOST_STEPS)
        played = played_file(context, play.source, play.setting.process_id)
        replay = replayed(context, played, play.setting, play.steps)
        if replay.refused is not None:
            raise replay.refused
        moment = self.at or replay.stage.now
        step = PlayStep(at=moment, by=self.by, deeds=tuple(self.deeds), expect=self.expect)
        replay.stage.take(step)
        return _saved(context, play, (*play.steps, step))


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
    """Forget a play and return it; one that is gone already changes nothing.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    play_id: UUID

    def execute(self, context: Playing) -> Play | None:
        """Forget it."""
        require_analyst(context)
        play = context.unit_of_work.plays.lock(self.play_id)
        if play is None or play.created_by != context.actor.id:
            return None
        context.unit_of_work.plays.remove(play.id)
        return play


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetOldPlays:
    """Forget everybody's plays that nobody touched for as long as plays are kept; returns how many.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
    """

    def execute(self, context: Playing) -> int:
        """Forget them."""
        require_analyst(context)
        return context.unit_of_work.plays.forget_old(touched_before=context.now() - KEPT_FOR)


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
        return ShownPlay(
            play=play,
            replay=replay,
            tasks=open_tasks(context, replay),
            jobs=open_jobs(context, replay),
            called=_called(context, replay),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPlay:
    """Return a play as it was kept, whether it can be played now or not.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such play of this person.
    """

    play_id: UUID

    def execute(self, context: Playing) -> Play:
        """Read it."""
        require_analyst(context)
        return own_play(context, context.unit_of_work.plays.get(self.play_id), self.play_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindStartable:
    """Say what can be begun of a draft or version.

    Raises:
        NotPermitted: the actor does not administer the whole installation.
        NotFound: there is no such draft or version.
        PlayedDraftOver: the draft was deployed or discarded.
        NotPlayable: it has errors.
    """

    source: PlaySource

    def execute(self, context: Playing) -> PlayedFile:
        """Read it."""
        require_analyst(context)
        return file_to_begin(context, self.source)


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
    checked_length(play.setting, steps)
    changed = replace(play, steps=tuple(steps), touched_at=context.now())
    context.unit_of_work.plays.save(changed)
    return changed


def checked_length(setting: PlaySetting, steps: Sequence[PlayStep], expected: JsonObject | None = None) -> None:
    """Let what is not too much be kept, all of it together.

    Raises:
        PlayTooLarge: it is.
        InvalidVariables: it is no JSON.
    """
    written = {"setting": setting.to_json(), "steps": [one.to_json() for one in steps], "expected": expected or {}}
    size = size_of_json(written)
    if size > MOST_WRITTEN:
        raise PlayTooLarge(size, MOST_WRITTEN)
