"""Asking other units for advice from a task, and taking a question back."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.submissions import sender_key
from web import i18n
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.labels import unit_kind
from web.schemas.base import MAX_LIST
from web.services import services
from web.task_sight import within_sight
from workflows.casework.advice.commands import AskAdvice, WithdrawAdvice
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.evidence.model import adding_unit
from workflows.organisation.rights import Right

blueprint = Blueprint("advice", __name__)

MOST_DAYS_TYPED = 4  # signs of a number of days that somebody may mean


@blueprint.get("/tasks/<uuid:task_id>/advice")
@permits(Right.WORK)
def ask_page(task_id: UUID) -> str:
    """Ask which units, what and by when."""
    return _page(task_id)


@blueprint.post("/tasks/<uuid:task_id>/advice")
@permits(Right.WORK)
def ask(task_id: UUID) -> AnyResponse | tuple[str, int]:
    """Ask the units; what is wrong is said beside what was typed."""
    actor, form = current_actor(), request.form
    days = form.get("working_days", "").strip()
    key = form.get("submission_key", "")[:64] or uuid4().hex
    command = AskAdvice(
        task_id=task_id,
        unit_kinds=form.getlist("unit"),
        question=form.get("question", ""),
        working_days=int(days) if days.isdecimal() and len(days) <= MOST_DAYS_TYPED else 0,
        submission_key=sender_key(actor.id, key),
        evidence_ids=_ids(form.getlist("evidence")),
    )
    try:
        with within_sight(services().queries, task_id, actor):
            asked = services().engine.execute(command, actor=actor)
    except EngineError as refused:
        return _page(task_id, i18n.refusal_text(refused)), 422
    flash(ngettext("已向 %(num)s 个单位征求意见。", "已向 %(num)s 个单位征求意见。", len(asked)), "success")
    return redirect(url_for("tasks.task_page", task_id=task_id), 303)


@blueprint.post("/advice/<uuid:advice_id>/withdrawal")
@permits(Right.WORK)
def withdraw(advice_id: UUID) -> AnyResponse:
    """Take a question back."""
    actor = current_actor()
    line = services().advice.one(advice_id, actor)
    try:
        command = WithdrawAdvice(advice_id=advice_id, reason=request.form.get("reason", ""))
        services().engine.execute(command, actor=actor)
        flash(_("征求意见已撤回。"), "success")
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
    return redirect(url_for("tasks.task_page", task_id=line.advice.task_id), 303)


def _page(task_id: UUID, error: str = "") -> str:
    actor = current_actor()
    task = services().queries.user_task(task_id, actor)
    case = services().casework.case(task.business_key, actor)
    own = adding_unit(actor, case.summary.region)
    return render_template(
        "advice.html",
        task=task,
        files=services().evidence.of_case(case.summary.id, actor),
        units=[(kind, unit_kind(kind)) for kind in UNIT_KIND_NAMES if kind != own],
        given=request.form,
        error=error,
        submission_key=request.form.get("submission_key") or uuid4().hex,
    )


def _ids(texts: list[str]) -> list[UUID]:
    """Return the ids ticked; what is none was typed by nobody.

    Raises:
        BadRequest: more are ticked than can be shown with a question.
    """
    if len(texts) > MAX_LIST:
        raise BadRequest(Words(f"所选材料超过 {MAX_LIST} 份", f"more than {MAX_LIST} files are chosen"))
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
