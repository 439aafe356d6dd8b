"""Playing a process on pages: where it begins, the diagram with its tokens, what can be done next, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError, NotFound
from engine.json_values import JsonObject, dump_readable_json, load_json
from web import i18n
from web.authentication import accepts_body_up_to, current_account, current_actor, permits
from web.labels import in_language
from web.plain_forms import loaded
from web.play_drawings import play_drawings
from web.play_forms import (
    Startable,
    arguments_of,
    sample_case,
    source_of,
    start_document,
    startable,
    step_document,
    whole_number,
)
from web.play_requests import begun_play, keeping, sandbox_copy, shown_play, taken_step
from web.playing import PlayAnswer, PlayedTask
from web.refusals import Refusal, refusal
from web.requests import json_body
from web.schemas.playing import GoBackSchema, NewPlaySchema, NewScenarioSchema, SandboxCopySchema, TakenStepSchema
from web.services import services
from web.stopped_plays import CANNOT_BE_PLAYED, stopped
from web.uploads import MAX_UPLOAD
from workflows.form_texts import english_texts
from workflows.organisation.rights import Right
from workflows.playing.commands import BeginPlay, FindPlay, GiveUpPlay, GoBack, ShownPlay
from workflows.playing.model import Play, PlaySource, ScenarioLine
from workflows.playing.next_deeds import OpenTask
from workflows.playing.scenarios import NameScenarios
from workflows.workbench.commands import OpenDefinition

blueprint = Blueprint("playing", __name__)

DAYS_OFFERED = (1, 7, 30)


@blueprint.get("/workbench/play")
@permits(Right.DEPLOY)
def start_page() -> str | tuple[str, int]:
    """Show where a play of a draft or version begins, what was played of it before, and its scenarios."""
    try:
        return _start()
    except CANNOT_BE_PLAYED as error:
        return stopped(source_of(request.args), error)


@blueprint.post("/workbench/play")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def begin() -> AnyResponse | tuple[str, int]:
    """Begin a play."""
    try:
        play = begun_play(loaded(NewPlaySchema(), start_document(request.form)))
    except EngineError as error:
        return _not_begun(error)
    return redirect(url_for("playing.play_page", play_id=play.id), 303)


@blueprint.post("/process-instances/<uuid:instance_id>/sandbox")
@permits(Right.DEPLOY)
def copy(instance_id: UUID) -> AnyResponse:
    """Begin a play where an instance stands, without anybody's data; what keeps it from that is told on its page."""
    try:
        incident = loaded(SandboxCopySchema(), {"incident_id": request.form.get("incident") or None})["incident_id"]
        play = sandbox_copy(instance_id, incident)
    except EngineError as error:
        flash(i18n.refusal_text(error), "danger")
        return redirect(url_for("process_instances.instance_page", instance_id=instance_id), 303)
    return redirect(url_for("playing.play_page", play_id=play.id), 303)


@blueprint.post("/workbench/plays/<uuid:play_id>/draft")
@permits(Right.DEPLOY)
def go_on_with_draft(play_id: UUID) -> AnyResponse:
    """Play the same on the draft of its file, which is begun where there is none."""
    engine, actor = services().engine, current_actor()
    play: Play = engine.execute(FindPlay(play_id=play_id), actor=actor)
    draft_id = play.source.draft_id
    if play.source.definition_id is not None:
        draft_id = engine.execute(OpenDefinition(definition_id=play.source.definition_id), actor=actor).id
    command = BeginPlay(source=PlaySource(draft_id=draft_id), setting=play.setting, steps=play.steps)
    begun: Play = engine.execute(command, actor=actor)
    return redirect(url_for("playing.play_page", play_id=begun.id), 303)


@blueprint.get("/workbench/plays/<uuid:play_id>")
@permits(Right.DEPLOY)
def play_page(play_id: UUID) -> str | tuple[str, int]:
    """Show a play as it stands, or why it cannot be played now."""
    return _shown(play_id)


@blueprint.post("/workbench/plays/<uuid:play_id>/steps")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def take(play_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take a step that was chosen on the page."""
    try:
        document = step_document(request.form, lambda: shown_play(play_id).replay.stage)
        taken_step(play_id, loaded(TakenStepSchema(), document))
    except EngineError as error:
        return _refused(play_id, refusal(error))
    return redirect(url_for("playing.play_page", play_id=play_id), 303)


@blueprint.post("/workbench/plays/<uuid:play_id>/task")
@permits(Right.DEPLOY)
def complete(play_id: UUID) -> AnyResponse:
    """Complete a task with what was typed into its form; the page's form shows what is wrong with it."""
    body = json_body(request)
    asked = body if isinstance(body, dict) else {}
    document = {
        "seen": asked.get("seen"),
        "by": asked.get("by"),
        "tasks": [{"task": asked.get("task"), "nth": asked.get("nth", 1), "answers": asked.get("variables", {})}],
    }
    taken_step(play_id, loaded(TakenStepSchema(), document))
    return jsonify({"redirect": url_for("playing.play_page", play_id=play_id)})


@blueprint.post("/workbench/plays/<uuid:play_id>/back")
@permits(Right.DEPLOY)
def go_back(play_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take back steps."""
    try:
        asked = loaded(GoBackSchema(), {name: whole_number(request.form, name) for name in ("seen", "to")})
        services().engine.execute(GoBack(play_id=play_id, **asked), actor=current_actor())
    except EngineError as error:
        return _refused(play_id, refusal(error))
    return redirect(url_for("playing.play_page", play_id=play_id), 303)


@blueprint.post("/workbench/plays/<uuid:play_id>/end")
@permits(Right.DEPLOY)
def give_up(play_id: UUID) -> AnyResponse:
    """Forget a play."""
    play: Play | None = services().engine.execute(GiveUpPlay(play_id=play_id), actor=current_actor())
    flash(_("这次试走已删除。"), "success")
    if play is None:
        return redirect(url_for("workbench.library", tab="process"), 303)
    return redirect(url_for("playing.start_page", **arguments_of(play.source)), 303)


@blueprint.post("/workbench/plays/<uuid:play_id>/scenario")
@permits(Right.DEPLOY)
def keep(play_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep a play as a scenario."""
    fields: JsonObject = {
        name: one for name in ("name", "name_en", "scenario_id") if (one := request.form.get(name, "").strip())
    }
    chosen, _sign, version = fields.get("scenario_id", "").partition(" ")
    if chosen:
        fields |= {"scenario_id": chosen, "version": whole_number({"version": version}, "version")}
    try:
        command = keeping(play_id, loaded(NewScenarioSchema(), fields))
        scenario = services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _refused(play_id, refusal(error))
    name = in_language(scenario.name, scenario.name_en or scenario.name)
    flash(_("已保存为场景“%(name)s”，部署前会自动重跑。", name=name), "success")
    shown = shown_play(play_id)
    return redirect(url_for("scenarios.scenario_list", **_source(shown)), 303)


def _not_begun(error: EngineError) -> tuple[str, int]:
    try:
        return _start(refused=refusal(error)), 422
    except CANNOT_BE_PLAYED as reason:
        return stopped(source_of(request.form), reason)


def _start(*, refused: Refusal | None = None) -> str:
    found = startable(request.values)
    account = current_account()
    plays = services().plays.plays_of(account.login) if account else ()
    return render_template(
        "play_start.html",
        found=found,
        plays=[one for one in plays if one.process_id in found.processes],
        scenarios=_scenarios(found),
        given=request.form,
        case=request.form.get("case", "") or dump_readable_json(sample_case()),
        now=services().engine.now(),
        refused=refused,
    )


def _scenarios(found: Startable) -> Sequence[ScenarioLine]:
    return _named_scenarios(sorted(found.processes))


def _named_scenarios(process_ids: Sequence[str]) -> Sequence[ScenarioLine]:
    command = NameScenarios(process_ids=process_ids)
    lines: Sequence[ScenarioLine] = services().engine.execute(command, actor=current_actor())
    return lines


def _shown(play_id: UUID) -> str | tuple[str, int]:
    play: Play = services().engine.execute(FindPlay(play_id=play_id), actor=current_actor())
    try:
        return _page(shown_play(play_id))
    except EngineError as error:
        return stopped(play.source, error, play_id=play_id)


def _refused(play_id: UUID, refused: Refusal) -> tuple[str, int]:
    """Show a play with why nothing was done, or why it cannot be played at all any more."""
    try:
        return _page(shown_play(play_id), refused=refused), 422
    except EngineError as error:
        play: Play = services().engine.execute(FindPlay(play_id=play_id), actor=current_actor())
        return stopped(play.source, error, play_id=play_id)


def _page(shown: ShownPlay, *, refused: Refusal | None = None) -> str:
    answer = PlayAnswer.of(shown)
    chosen = _chosen(shown)
    role = _role(chosen)
    return render_template(
        "play.html",
        play=answer,
        seen=len(shown.play.steps),
        source=_source(shown),
        drawings=play_drawings(shown),
        chosen=_as_shown(answer, chosen),
        role=role,
        form=_form(shown, chosen, role) if chosen else None,
        scenarios=_named_scenarios([answer.process_id]),
        days=DAYS_OFFERED,
        given=request.form,
        written=dump_readable_json,
        refused=refused,
    )


def _source(shown: ShownPlay) -> dict[str, Any]:
    """Return what a play is of, as addresses name it."""
    played = shown.replay.played
    if played.draft_id is not None:
        return {"draft": played.draft_id}
    if played.definition is None:
        raise NotFound("play", shown.play.id)
    return {"definition": played.definition.id}


def _chosen(shown: ShownPlay) -> OpenTask | None:
    """Return the task whose form is shown: the one asked for, else the first."""
    wanted = request.args.get("task", "")
    named = [one for one in shown.tasks if f"{one.place}.{one.nth}" == wanted]
    return next(iter(named or shown.tasks), None)


def _as_shown(answer: PlayAnswer, chosen: OpenTask | None) -> PlayedTask | None:
    """Return the chosen task in the reader's language."""
    if chosen is None:
        return None
    return next(one for one in answer.tasks if (one.place, one.nth) == (chosen.place, chosen.nth))


def _role(chosen: OpenTask | None) -> str:
    """Return the role that acts: the one asked for, if the task is offered to it."""
    if chosen is None:
        return ""
    offered = (*chosen.fact.candidate_groups, *chosen.fact.candidate_users)
    wanted = request.args.get("by", "")
    if wanted.partition(":")[0] in offered:
        return wanted
    return offered[0] if offered else (chosen.fact.assignee or "")


def _form(shown: ShownPlay, task: OpenTask, role: str) -> JsonObject | None:
    if task.form is None:
        return None
    return {
        "schema": load_json(task.form),
        "data": task.values,
        "translations": english_texts(task.fact.form_id or "") if i18n.language() == "en" else {},
        "submitUrl": url_for("playing.complete", play_id=shown.play.id),
        "draftUrl": None,
        "readOnly": False,
        "context": {"seen": len(shown.play.steps), "by": role, "task": task.place, "nth": task.nth},
    }
