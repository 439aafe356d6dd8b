"""Handing a task on from its page: to a colleague, whose load and absence are shown, or to a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.core.texts import Words
from engine.errors import EngineError
from engine.model import Actor, UserTask
from engine.permissions import MAX_REASON, whose_right
from web import i18n
from web.authentication import current_actor, permits
from web.errors import BadRequest
from web.labels import in_language, unit_kind
from web.services import services
from web.supervision import moments_now
from web.task_sight import within_sight
from workflows.casework.county import UNIT_KIND_NAMES
from workflows.casework.hand_overs.commands import HandOverTask, HandOverTaskToUnit, same_posts
from workflows.organisation.model import SUPERVISOR, Account, Substitution
from workflows.organisation.rights import Right

blueprint = Blueprint("hand_overs", __name__)

PERSON, UNIT = "person:", "unit:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Who could be given a task: how much this person holds in the reader's sight, and who stands in meanwhile."""

    account: Account
    open: int
    away: Substitution | None

    @property
    def unit(self) -> str:
        """The unit of the first post."""
        first = self.account.posts[0].unit
        return in_language(first.name, first.name_en)


@blueprint.get("/tasks/<uuid:task_id>/hand-over")
@permits(Right.WORK)
def hand_over_page(task_id: UUID) -> AnyResponse | str:
    """Ask to whom and why."""
    return _page(task_id)


@blueprint.post("/tasks/<uuid:task_id>/hand-over")
@permits(Right.WORK)
def hand_over(task_id: UUID) -> AnyResponse | tuple[str, int]:
    """Hand it on; what is wrong is said beside what was typed."""
    actor = current_actor()
    try:
        with within_sight(services().queries, task_id, actor):
            task = services().engine.execute(_command(task_id), actor=actor)
    except EngineError as refused:
        page = _page(task_id, i18n.refusal_text(refused))
        return (page, 422) if isinstance(page, str) else page
    name = in_language(task.name, task.name_en)
    if task.transition is not None:
        flash(_("已提交“%(name)s”的操作，正在自动审核，请稍后刷新。", name=name), "info")
    elif task.assignee is not None:
        flash(_("已将“%(name)s”转交%(person)s。", name=name, person=task.assignee_name or task.assignee), "success")
    else:
        flash(_("已转交“%(name)s”，待对方签收。", name=name), "success")
    return redirect(url_for("tasks.work_list"), 303)


def _command(task_id: UUID) -> HandOverTask | HandOverTaskToUnit:
    to, reason = request.form.get("to", "")[:80], request.form.get("reason", "")
    if to.startswith(PERSON):
        return HandOverTask(task_id=task_id, assignee=to.removeprefix(PERSON), reason=reason)
    if to.startswith(UNIT):
        return HandOverTaskToUnit(task_id=task_id, unit_kind=to.removeprefix(UNIT), reason=reason)
    raise BadRequest(Words("请选择接收的人员或单位", "choose a person or a unit"))


def _page(task_id: UUID, error: str = "") -> AnyResponse | str:
    actor = current_actor()
    task = services().queries.user_task(task_id, actor)
    if not _may_hand_over(task, actor):
        flash(_("任务不在您名下，不能转交。"), "warning")
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)
    return render_template(
        "hand_over.html",
        task=task,
        colleagues=_colleagues(task, actor),
        units=[(kind, unit_kind(kind)) for kind in _units(task, actor)],
        given=request.form,
        error=error,
        most=MAX_REASON,
    )


def _may_hand_over(task: UserTask, actor: Actor) -> bool:
    is_own = task.assignee is not None and whose_right(task, actor) is not None
    is_free = task.completed_at is None and task.transition is None
    return is_free and (is_own or actor.has_role(SUPERVISOR, task.region))


def _colleagues(task: UserTask, actor: Actor) -> Sequence[Colleague]:
    """Return who is a candidate, those who are there and hold least first."""
    held: Counter[str] = Counter()
    for counted in services().queries.counts_of_holders(actor, moments_now()):
        if counted.holder is not None:
            held[counted.holder] += counted.open
    offers = [(group, task.region) for group in task.candidate_groups]
    found = []
    for one in services().organisation.colleagues(offers):
        account = services().organisation.account(one.login) if one.login != task.assignee else None
        if account is not None:
            away = next(iter(account.is_absent), None)
            found.append(Colleague(account=account, open=held[account.login], away=away))
    return sorted(found, key=lambda one: (one.away is not None, one.open, one.account.login))


def _units(task: UserTask, actor: Actor) -> Sequence[str]:
    """Return the kinds of units it may be handed to: of those it is offered to; for a supervisor any with its posts."""
    own = dict.fromkeys(group.partition("/")[0] for group in task.candidate_groups)
    if actor.has_role(SUPERVISOR, task.region):
        return [kind for kind in UNIT_KIND_NAMES if same_posts(task, kind) and list(own) != [kind]]
    return list(own) if len(own) > 1 else []
