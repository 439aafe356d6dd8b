"""Playing a process of the workbench, and the scenarios that are kept of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import url_for

from api.operations import Created, FileAnswer, Operation, operation
from api.resources.blueprint import api
from api.scenario.process_files import written
from api.schemas.playing import (
    PlaysAnswer,
    PlaySchema,
    PlaysSchema,
    ScenarioResultsSchema,
    ScenariosAnswer,
    ScenarioSchema,
    ScenariosSchema,
)
from api.services import current
from web.authentication import current_actor
from web.play_requests import begun_play, keeping, sandbox_copy, shown_play, taken_step
from web.playing import PlayAnswer
from web.scenario_results import ScenarioAnswer, ScenarioResultsAnswer
from web.schemas.playing import (
    GoBackSchema,
    NewPlaySchema,
    NewScenarioSchema,
    SandboxCopySchema,
    ScenarioChangeSchema,
    ScenarioRunSchema,
    TakenStepSchema,
)
from workflows.organisation.rights import Right
from workflows.playing.commands import GiveUpPlay, GoBack
from workflows.playing.model import PlaySource
from workflows.playing.scenarios import (
    ChangeScenario,
    ListScenarios,
    RemoveScenario,
    RunScenarios,
    ShowScenario,
)

YAML = "application/yaml"


@api.get("/workbench/plays")
@operation(Operation(summary="One's own plays, the last touched first", right=Right.DEPLOY, answer=PlaysSchema))
def list_plays() -> PlaysAnswer:
    """List them."""
    return PlaysAnswer(plays=current().plays.plays_of(current_actor().id))


@api.post("/workbench/plays")
@operation(
    Operation(
        summary="Play a process of a draft or version, or go on from a scenario or play; the county is not touched",
        right=Right.DEPLOY,
        body=NewPlaySchema,
        answer=PlaySchema,
        status=HTTPStatus.CREATED,
    )
)
def begin_play(body: dict[str, Any]) -> Created:
    """Begin it."""
    play = begun_play(body)
    location = url_for("api.get_play", play_id=play.id)
    return Created(value=PlayAnswer.of(shown_play(play.id)), location=location)


@api.post("/process-instances/<uuid:process_instance_id>/sandbox-copy")
@operation(
    Operation(
        summary="Begin a play where an instance stands, at an incident in the process it is in; personal data replaced",
        right=Right.DEPLOY,
        body=SandboxCopySchema,
        answer=PlaySchema,
        status=HTTPStatus.CREATED,
    )
)
def copy_into_sandbox(process_instance_id: UUID, body: dict[str, Any]) -> Created:
    """Copy it; the instance is not touched."""
    play = sandbox_copy(process_instance_id, body["incident_id"])
    location = url_for("api.get_play", play_id=play.id)
    return Created(value=PlayAnswer.of(shown_play(play.id)), location=location)


@api.get("/workbench/plays/<uuid:play_id>")
@operation(
    Operation(
        summary="How a play stands on what is played now: tasks, jobs, events, incidents, variables and each step",
        right=Right.DEPLOY,
        answer=PlaySchema,
    )
)
def get_play(play_id: UUID) -> PlayAnswer:
    """Show it."""
    return PlayAnswer.of(shown_play(play_id))


@api.post("/workbench/plays/<uuid:play_id>/steps")
@operation(
    Operation(
        summary="Take a step: complete tasks, answer jobs, send messages or signals, set variables, or let time pass",
        right=Right.DEPLOY,
        body=TakenStepSchema,
        answer=PlaySchema,
    )
)
def take_play_step(play_id: UUID, body: dict[str, Any]) -> PlayAnswer:
    """Take it."""
    taken_step(play_id, body)
    return PlayAnswer.of(shown_play(play_id))


@api.post("/workbench/plays/<uuid:play_id>/going-back")
@operation(
    Operation(
        summary="Take back the last steps of a play; to 0: from the start",
        right=Right.DEPLOY,
        body=GoBackSchema,
        answer=PlaySchema,
    )
)
def go_back_in_play(play_id: UUID, body: dict[str, Any]) -> PlayAnswer:
    """Go back."""
    current().engine.execute(GoBack(play_id=play_id, **body), actor=current_actor())
    return PlayAnswer.of(shown_play(play_id))


@api.delete("/workbench/plays/<uuid:play_id>")
@operation(Operation(summary="Forget a play", right=Right.DEPLOY))
def give_up_play(play_id: UUID) -> None:
    """Forget it."""
    current().engine.execute(GiveUpPlay(play_id=play_id), actor=current_actor())


@api.post("/workbench/plays/<uuid:play_id>/scenario")
@operation(
    Operation(
        summary="Keep a play as a scenario, or in the place of one; what waits after each step is what it expects",
        right=Right.DEPLOY,
        body=NewScenarioSchema,
        answer=ScenarioSchema,
        status=HTTPStatus.CREATED,
    )
)
def keep_scenario(play_id: UUID, body: dict[str, Any]) -> Created:
    """Keep it."""
    kept = current().engine.execute(keeping(play_id, body), actor=current_actor())
    location = url_for("api.get_scenario", scenario_id=kept.id)
    return Created(value=ScenarioAnswer.of(kept), location=location)


@api.get("/workbench/processes/<process_id>/scenarios")
@operation(Operation(summary="The scenarios of a process, by name", right=Right.DEPLOY, answer=ScenariosSchema))
def list_scenarios(process_id: str) -> ScenariosAnswer:
    """List them."""
    found = current().engine.execute(ListScenarios(process_id=process_id), actor=current_actor())
    return ScenariosAnswer.of(found)


@api.get("/workbench/scenarios/<uuid:scenario_id>")
@operation(Operation(summary="A scenario as it is kept", right=Right.DEPLOY, answer=ScenarioSchema))
def get_scenario(scenario_id: UUID) -> ScenarioAnswer:
    """Show it."""
    found = current().engine.execute(ShowScenario(scenario_id=scenario_id), actor=current_actor())
    return ScenarioAnswer.of(found)


@api.get("/workbench/scenarios/<uuid:scenario_id>/file")
@operation(
    Operation(summary="A scenario as a file that `relief scenario run` takes", right=Right.DEPLOY, media_types=(YAML,))
)
def get_scenario_file(scenario_id: UUID) -> FileAnswer:
    """Hand it out."""
    found = current().engine.execute(ShowScenario(scenario_id=scenario_id), actor=current_actor())
    name = f"{found.process_id}-{found.name}.yaml".replace("/", "-")
    return FileAnswer(content=written(found).encode(), media_type=YAML, name=name)


@api.put("/workbench/scenarios/<uuid:scenario_id>")
@operation(
    Operation(
        summary="Change a scenario's name and what it expects after each step and at the end",
        right=Right.DEPLOY,
        body=ScenarioChangeSchema,
        answer=ScenarioSchema,
    )
)
def change_scenario(scenario_id: UUID, body: dict[str, Any]) -> ScenarioAnswer:
    """Change it."""
    changed = current().engine.execute(ChangeScenario(scenario_id=scenario_id, **body), actor=current_actor())
    return ScenarioAnswer.of(changed)


@api.delete("/workbench/scenarios/<uuid:scenario_id>")
@operation(Operation(summary="Forget a scenario", right=Right.DEPLOY))
def remove_scenario(scenario_id: UUID) -> None:
    """Forget it."""
    current().engine.execute(RemoveScenario(scenario_id=scenario_id), actor=current_actor())


@api.post("/workbench/scenario-results")
@operation(
    Operation(
        summary="Run the scenarios of a draft's or version's processes on it: what came out, and what was never taken",
        right=Right.DEPLOY,
        body=ScenarioRunSchema,
        answer=ScenarioResultsSchema,
    )
)
def run_scenarios(body: dict[str, Any]) -> ScenarioResultsAnswer:
    """Run them."""
    source = PlaySource(draft_id=body["draft_id"], definition_id=body["definition_id"])
    command = RunScenarios(source=source, scenario_id=body["scenario_id"])
    return ScenarioResultsAnswer.of(current().engine.execute(command, actor=current_actor()))
