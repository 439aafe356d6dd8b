"""Playing a process on pages: where it begins, the diagram with its tokens, what can be done next, what was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError, NotFound
from engine.json_values import JsonObject, dump_readable_json, load_json
from web import i18n
from web.authentication import accepts_body_up_to, current_account, current_actor, permits
from web.plain_forms import loaded
from web.play_drawings import play_drawings
from web.play_forms import Startable, sample_case, start_document, startable, step_document
from web.play_requests import begun_play, keeping, shown_play, taken_step
from web.playing import PlayAnswer, PlayedTask
from web.refusals import Refusal, refusal
from web.requests import json_body
from web.schemas.playing import GoBackSchema, NewPlaySchema, NewScenarioSchema, TakenStepSchema
from web.services import services
from web.uploads import MAX_UPLOAD
from workflows.form_texts import english_texts
from workflows.organisation.rights import Right
from workflows.playing.commands import GiveUpPlay, GoBack, ShownPlay
from workflows.playing.next_deeds import OpenTask
from workflows.playing.scenarios import ListScenarios

blueprint = Blueprint("playing", __name__)

DAYS_OFFERED = (1, 7, 30)


@blueprint.get("/workbench/play")
@permits(Right.DEPLOY)
def start_page() -> str:
    """Show where a play of a draft or version begins, what was played of it before, and its scenarios."""
    return _start()


@blueprint.post("/workbench/play")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def begin() -> AnyResponse | tuple[str, int]:
    """Begin a play."""
    try:
        play = begun_play(loaded(NewPlaySchema(), start_document(request.form)))
    except EngineError as error:
        return _start(refused=refusal(error)), 422
    return redirect(url_for("playing.play_page", play_id=play.id), 303)


@blueprint.get("/workbench/plays/<uuid:play_id>")
@permits(Right.DEPLOY)
def play_page(play_id: UUID) -> str:
    """Show a play as it stands."""
    return _page(shown_play(play_id))


@blueprint.post("/workbench/plays/<uuid:play_id>/steps")
@accepts_body_up_to(MAX_UPLOAD)
@permits(Right.DEPLOY)
def take(play_id: UUID) -> AnyResponse | tuple[str, int]:
    """Take a step that was chosen on the page."""
    try:
        shown = shown_play(play_id)
        document = step_document(request.form, shown.replay.stage)
        taken_step(play_id, loaded(TakenStepSchema(), document))
    except EngineError as error:
        return _page(shown_play(play_id), refused=refusal(error)), 422
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
    numbers = {name: int(one) for name, one in request.form.items() if name in ("seen", "to") and one.isdecimal()}
    try:
        asked = loaded(GoBackSchema(), numbers)
        services().engine.execute(GoBack(play_id=play_id, **asked), actor=current_actor())
    except EngineError as error:
        return _page(shown_play(play_id), refused=refusal(error)), 422
    return redirect(url_for("playing.play_page", play_id=play_id), 303)


@blueprint.post("/workbench/plays/<uuid:play_id>/end")
@permits(Right.DEPLOY)
def give_up(play_id: UUID) -> AnyResponse:
    """Forget a play."""
    shown = shown_play(play_id)
    services().engine.execute(GiveUpPlay(play_id=play_id), actor=current_actor())
    flash(_("这次试走已删除。"), "success")
    return redirect(url_for("playing.start_page", **_source(shown)), 303)


@blueprint.post("/workbench/plays/<uuid:play_id>/scenario")
@permits(Right.DEPLOY)
def keep(play_id: UUID) -> AnyResponse | tuple[str, int]:
    """Keep a play as a scenario."""
    fields = {name: one for name in ("name", "name_en", "scenario_id") if (one := request.form.get(name, "").strip())}
    try:
        command = keeping(play_id, loaded(NewScenarioSchema(), fields))
        scenario = services().engine.execute(command, actor=current_actor())
    except EngineError as error:
        return _page(shown_play(play_id), refused=refusal(error)), 422
    flash(_("已保存为场景“%(name)s”，部署前会自动重跑。", name=scenario.name), "success")
    shown = shown_play(play_id)
    return redirect(url_for("scenarios.scenario_list", **_source(shown)), 303)


def _start(*, refused: Refusal | None = None) -> str:
    found = startable(request.values)
    account = current_account()
    plays = services().plays.plays_of(account.login) if account else ()
    return render_template(
        "play_start.html",
        found=found,
        plays=[one for one in plays if one.setting.process_id in found.processes],
        scenarios=_scenarios(found),
        given=request.form,
        case=request.form.get("case", "") or dump_readable_json(sample_case()),
        now=services().engine.now(),
        refused=refused,
    )


def _scenarios(found: Startable) -> list[object]:
    engine, actor = services().engine, current_actor()
    return [one for key in found.processes for one in engine.execute(ListScenarios(process_id=key), actor=actor)]


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
        scenarios=services().engine.execute(ListScenarios(process_id=answer.process_id), actor=current_actor()),
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
    named = [one for one in shown.tasks if f"{one.fact.element}.{one.nth}" == wanted]
    return next(iter(named or shown.tasks), None)


def _as_shown(answer: PlayAnswer, chosen: OpenTask | None) -> PlayedTask | None:
    """Return the chosen task in the reader's language."""
    if chosen is None:
        return None
    return next(one for one in answer.tasks if (one.element_id, one.nth) == (chosen.fact.element, chosen.nth))


def _role(chosen: OpenTask | None) -> str:
    """Return the role that acts: the one asked for, if the task is offered to it."""
    if chosen is None:
        return ""
    groups = chosen.fact.candidate_groups
    wanted = request.args.get("by", "")
    if wanted.partition(":")[0] in groups:
        return wanted
    return groups[0] if groups else (chosen.fact.assignee or "")


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
        "context": {"seen": len(shown.play.steps), "by": role, "task": task.fact.element, "nth": task.nth},
    }
