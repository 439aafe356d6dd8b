"""Referring a need that was found on the way from the page of a task, which stays with who holds it."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import EngineError
from engine.model import TaskState
from engine.permissions import MAX_REASON, whose_right
from engine.submissions import sender_key
from web import i18n
from web.authentication import current_actor, permits
from web.labels import in_language, unit_kind
from web.services import services
from web.task_sight import within_sight
from workflows.casework.programmes.referring import OfferedProgrammes, ProgrammeOffer, ReferNeed
from workflows.organisation.rights import Right

blueprint = Blueprint("referring", __name__)


@blueprint.get("/tasks/<uuid:task_id>/referral")
@permits(Right.WORK)
def refer_page(task_id: UUID) -> AnyResponse | str:
    """Ask what was found, and why it is referred."""
    return _page(task_id)


@blueprint.post("/tasks/<uuid:task_id>/referral")
@permits(Right.WORK)
def refer(task_id: UUID) -> AnyResponse | tuple[str, int]:
    """Refer it; what is wrong is said beside what was typed."""
    actor, form = current_actor(), request.form
    key = form.get("submission_key", "")[:64] or uuid4().hex
    command = ReferNeed(
        task_id=task_id,
        need=form.get("need", "")[:60],
        reason=form.get("reason", ""),
        submission_key=sender_key(actor.id, key),
    )
    try:
        with within_sight(services().queries, task_id, actor):
            referral = services().engine.execute(command, actor=actor)
    except EngineError as refused:
        page = _page(task_id, i18n.refusal_text(refused))
        return (page, 422) if isinstance(page, str) else page
    unit = unit_kind(referral.unit_kind)
    flash(_("已转办：%(number)s，由%(unit)s办理。", number=referral.number, unit=unit), "success")
    return redirect(url_for("tasks.task_page", task_id=task_id), 303)


def _page(task_id: UUID, error: str = "") -> AnyResponse | str:
    actor = current_actor()
    task = services().queries.user_task(task_id, actor)
    if task.state is not TaskState.OPEN or task.assignee is None or whose_right(task, actor) is None:
        flash(_("任务不在您名下，不能由此转办。"), "warning")
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)
    offers = services().engine.execute(OfferedProgrammes(task_id=task_id), actor=actor)
    return render_template(
        "refer.html",
        task=task,
        offers=[(one.need, _shown(one)) for one in offers],
        given=request.form,
        error=error,
        most=MAX_REASON,
        submission_key=request.form.get("submission_key") or uuid4().hex,
    )


def _shown(offer: ProgrammeOffer) -> str:
    """Return a programme with the unit it goes to, as a choice reads."""
    title, unit = in_language(offer.title, offer.title_en), unit_kind(offer.unit_kind)
    return in_language(f"{title}（{unit}）", f"{title} ({unit})")
