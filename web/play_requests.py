"""Plays and steps as a page or a program asks for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from web.authentication import current_actor
from web.services import services
from workflows.playing.commands import BeginPlay, FindPlay, ShownPlay, ShowPlay, TakeStep
from workflows.playing.deeds import deeds_of
from workflows.playing.model import Play, PlaySetting, PlaySource
from workflows.playing.sandbox import CopyIntoSandbox
from workflows.playing.scenarios import KeepScenario, ReplaceScenario, ShowScenario


def begun_play(asked: dict[str, Any]) -> Play:
    """Begin a play as it was asked for.

    Raises:
        EngineError: as `BeginPlay`, or there is no such scenario or play.
    """
    engine, actor = services().engine, current_actor()
    source = PlaySource(draft_id=asked["draft_id"], definition_id=asked["definition_id"])
    if asked["scenario_id"] is not None:
        scenario = engine.execute(ShowScenario(scenario_id=asked["scenario_id"]), actor=actor)
        command = BeginPlay(source=source, setting=scenario.setting, steps=scenario.steps)
    elif asked["play_id"] is not None:
        played: Play = engine.execute(FindPlay(play_id=asked["play_id"]), actor=actor)
        command = BeginPlay(source=source, setting=played.setting, steps=played.steps)
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


def sandbox_copy(process_instance_id: UUID, incident_id: UUID | None) -> Play:
    """Begin a play where an instance stands.

    Raises:
        EngineError: as `CopyIntoSandbox`.
    """
    command = CopyIntoSandbox(
        process_instance_id=process_instance_id,
        definitions=services().queries.definitions(),
        incident_id=incident_id,
    )
    copied: Play = services().engine.execute(command, actor=current_actor())
    return copied
