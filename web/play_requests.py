"""Plays and steps as a page or a program asks for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from web.authentication import current_actor
from web.services import services
from workflows.playing.commands import BeginPlay, ShownPlay, ShowPlay, TakeStep
from workflows.playing.deeds import deeds_of
from workflows.playing.model import Play, PlaySetting, PlaySource
from workflows.playing.scenarios import KeepScenario, ReplaceScenario, ShowScenario


def begun_play(asked: dict[str, Any]) -> Play:
    """Begin a play as it was asked for.

    Raises:
        EngineError: as `BeginPlay`, or there is no such scenario.
    """
    engine, actor = services().engine, current_actor()
    source = PlaySource(draft_id=asked["draft_id"], definition_id=asked["definition_id"])
    if asked["scenario_id"] is not None:
        scenario = engine.execute(ShowScenario(scenario_id=asked["scenario_id"]), actor=actor)
        command = BeginPlay(source=source, setting=scenario.setting, steps=scenario.steps)
    else:
        setting = PlaySetting(
            process_id=asked["process_id"] or "",
            starts_at=asked["starts_at"] or services().engine.now(),
            start_event=asked["start_event"],
            variables=asked["variables"],
            case=asked["case"],
        )
        command = BeginPlay(source=source, setting=setting)
    begun: Play = engine.execute(command, actor=actor)
    return begun


def shown_play(play_id: UUID) -> ShownPlay:
    """Return a play as it stands.

    Raises:
        EngineError: as `ShowPlay`.
    """
    shown: ShownPlay = services().engine.execute(ShowPlay(play_id=play_id), actor=current_actor())
    return shown


def taken_step(play_id: UUID, asked: dict[str, Any]) -> None:
    """Take a step; without a moment of its own, at the time the play has come to.

    Raises:
        EngineError: as `TakeStep`.
    """
    command = TakeStep(
        play_id=play_id,
        seen=asked["seen"],
        at=asked.get("at"),
        by=asked.get("by") or None,
        deeds=tuple(deeds_of(asked)),
        expect=asked.get("expect") or {},
    )
    services().engine.execute(command, actor=current_actor())


def keeping(play_id: UUID, asked: dict[str, Any]) -> KeepScenario | ReplaceScenario:
    """Return the command that keeps a play as a scenario."""
    if asked["scenario_id"] is not None:
        return ReplaceScenario(scenario_id=asked["scenario_id"], version=asked["version"], play_id=play_id)
    return KeepScenario(play_id=play_id, name=asked["name"].strip(), name_en=asked["name_en"].strip())
