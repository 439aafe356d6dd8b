"""Scenarios of a process on pages: how they come out on a draft or version, what they never came to and expect."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.json_values import JsonObject, dump_readable_json
from web.authentication import accepts_body_up_to, current_actor, permits
from web.labels import in_language
from web.plain_forms import loaded
from web.play_drawings import coverage_drawing, file_caption, way_drawing
from web.play_forms import expectation, source_arguments, source_of, whole_number
from web.refusals import Refusal, refusal
from web.scenario_results import ScenarioResultAnswer, ScenarioResultsAnswer
from web.schemas.playing import ScenarioChangeSchema
from web.services import services
from web.stopped_plays import CANNOT_BE_PLAYED, stopped
from web.uploads import MAX_UPLOAD
from workflows.organisation.rights import Right
from workflows.playing.errors import ScenarioStale
from workflows.playing.scenarios import ChangeScenario, RemoveScenario, RunScenarios, ScenarioResults

blueprint = Blueprint("scenarios", __name__)


@blueprint.get("/workbench/scenarios")
@permits(Right.DEPLOY)
def scenario_list() -> str | tuple[str, int]:
    """Run the scenarios of a draft or version and show what came out, with what they never came to."""
    try:
        results = _results(None)
    except CANNOT_BE_PLAYED as error:
        return stopped(source_of(request.args), error)
    return render_template(
        "scenario_list.html",
        source=source_arguments(request.args),
        played=results.played,
        caption=file_caption(results.played),
        answer=ScenarioResultsAnswer.of(results),
        drawing=coverage_drawing(results),
    )


@blueprint.get("/workbench/scenarios/<uuid:scenario_id>")
@permits(Right.DEPLOY)
def scenario_page(scenario_id: UUID) -> str | tuple[str, int]:
    """Run one scenario on a draft or version and show it step by step, with what it expects."""
    try:
        return _page(scenario_id)
    except CANNOT_BE_PLAYED as error:
        return stopped(source_of(request.args), error)


@blueprint.post("/workbench/scenarios/<uuid:scenario_id>")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def change(scenario_id: UUID) -> AnyResponse | tuple[str, int]:
    """Change what a scenario is called and expects."""
    try:
        asked = loaded(ScenarioChangeSchema(), _changes(_results(scenario_id).results[0].scenario.steps))
        changed = services().engine.execute(ChangeScenario(scenario_id=scenario_id, **asked), actor=current_actor())
    except EngineError as error:
        return _page(scenario_id, refused=refusal(error)), 422
    name = in_language(changed.name, changed.name_en or changed.name)
    flash(_("场景“%(name)s”已保存。", name=name), "success")
    return redirect(
        url_for("scenarios.scenario_page", scenario_id=scenario_id, **source_arguments(request.values)), 303
    )


@blueprint.post("/workbench/scenarios/<uuid:scenario_id>/removal")
@permits(Right.DEPLOY)
def remove(scenario_id: UUID) -> AnyResponse | tuple[str, int]:
    """Forget a scenario."""
    command = RemoveScenario(scenario_id=scenario_id, version=whole_number(request.form, "version"))
    try:
        services().engine.execute(command, actor=current_actor())
    except ScenarioStale as stale:
        return _page(scenario_id, refused=refusal(stale)), 422
    flash(_("场景已删除。"), "success")
    return redirect(url_for("scenarios.scenario_list", **source_arguments(request.values)), 303)


def _page(scenario_id: UUID, *, refused: Refusal | None = None) -> str:
    results = _results(scenario_id)
    return render_template(
        "scenario.html",
        source=source_arguments(request.values),
        played=results.played,
        caption=file_caption(results.played),
        result=ScenarioResultAnswer.of(results.results[0], results),
        drawing=way_drawing(results),
        given=request.form if request.endpoint == "scenarios.change" else {},
        written=dump_readable_json,
        refused=refused,
    )


def _results(scenario_id: UUID | None) -> ScenarioResults:
    command = RunScenarios(source=source_of(request.values), scenario_id=scenario_id)
    results: ScenarioResults = services().engine.execute(command, actor=current_actor())
    return results


def _changes(steps: Iterable[object]) -> JsonObject:
    """Return what was typed about a scenario: an expectation for each of its steps and for the end."""
    form = request.form
    return {
        "version": whole_number(form, "version") or 0,
        "name": form.get("name", "").strip(),
        "name_en": form.get("name_en", "").strip(),
        "expect": [expectation(form, str(number)) for number, _step in enumerate(steps, start=1)],
        "expected": expectation(form, "end"),
    }
