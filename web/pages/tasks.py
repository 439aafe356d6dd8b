"""The work list and the page of a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from engine.commands.user_tasks import (
    AssignUserTask,
    ClaimUserTask,
    CompleteUserTask,
    ReleaseUserTask,
    SaveDraft,
)
from engine.core.texts import Words
from engine.errors import EngineError, NotFound, TaskNotOpen
from engine.json_values import JsonObject
from engine.model import Actor, TaskState, UserTask
from engine.permissions import whose_right
from engine.queries import TaskOrder, TaskTab
from web import i18n
from web.authentication import asked_by_itself, current_actor, may, permits
from web.beside_case import beside_case
from web.case_record import evidence
from web.comments import IN_A_PANEL, CommentPanel, comment_panel
from web.conference import record_of
from web.errors import BadRequest, RequestInvalid
from web.evidence import EvidencePanel, evidence_panel
from web.frame import task_counts
from web.labels import in_language
from web.lists import searched
from web.requests import json_body
from web.schemas.messages import objections
from web.schemas.submission import DraftSubmissionSchema, SubmissionSchema
from web.schemas.task_batch import TaskBatchSchema
from web.search_words import is_readable
from web.services import services
from web.supervision import named_office
from web.task_batch import TaskBatch, TaskOutcome, carry_out
from web.task_detail import TaskDetail, task_detail
from web.task_sight import within_sight
from web.terms import Terms
from web.unread_filters import YES, is_search, tell_unread
from web.winter import season_of
from web.work_list import ListState, list_mark, list_page, number_put_off, page_versions, people_at, shown_counts
from workflows.casework.comments.queries import CommentFilter
from workflows.casework.days import COUNTY_TIME
from workflows.casework.errors import CaseNotFound
from workflows.casework.holds.commands import HoldTask
from workflows.casework.holds.model import HoldEvent
from workflows.casework.presence import NoteTaskOpened
from workflows.casework.queries import CaseView
from workflows.casework.supervision import Situation
from workflows.form_texts import english_texts
from workflows.organisation.model import SUPERVISOR, Account, actor_of
from workflows.organisation.rights import Right

blueprint = Blueprint("tasks", __name__)

_ASKED_ELSEWHERE = {"supervise": "orders.act_page", "complete": "bulk_completion.completion_page"}
"""What is done to ticked tasks on a page of its own."""


@blueprint.get("/")
@permits(Right.SIGNED_IN)
def home() -> AnyResponse:
    """Go where the person's work is."""
    return redirect(url_for("tasks.work_list" if may(Right.WORK) else "profile.profile_page"), 303)


@blueprint.get("/tasks")
@permits(Right.WORK)
def work_list() -> str:
    """Show a tab of the work list."""
    tell_unread(
        tab=TaskTab,
        q=is_readable,
        order=TaskOrder,
        descending=YES,
        overdue=YES,
        situation=Situation,
        unit=named_office,
        holder=is_search,
    )
    return render_template("work_list.html", **list_page(current_actor(), ListState.from_arguments(request.args)))


@blueprint.post("/tasks/search")
@permits(Right.WORK)
def search() -> AnyResponse:
    """Show a tab of the work list searched and filtered as a form says, whose words stand in no address."""
    state = ListState.from_arguments(request.form)
    return searched(state.url(), lambda: render_template("work_list.html", **list_page(current_actor(), state)))


@blueprint.get("/tasks/changes")
@asked_by_itself
@permits(Right.WORK)
def changes() -> AnyResponse:
    """Say of which tasks a page of the list consists now, who has them open, and the numbers of its tabs.

    304 while the mark of all that holds.
    """
    actor = current_actor()
    versions = page_versions(actor, ListState.from_arguments(request.args))
    here = people_at([UUID(one.partition(":")[0]) for one in versions], actor)
    counts = shown_counts(task_counts(actor), number_put_off(actor))
    response = jsonify(rows=versions, here=here, counts=counts)
    response.set_etag(list_mark(versions, here, counts))
    return response.make_conditional(request)


@blueprint.post("/tasks")
@permits(Right.WORK)
def change_tasks() -> AnyResponse | str:
    """Do the same to the ticked tasks of a list, and show the list again with what became of each."""
    actor, state = current_actor(), ListState.from_arguments(request.args)
    asked_there = _ASKED_ELSEWHERE.get(request.form.get("action", ""))
    if asked_there is not None:
        ticked, back = request.form.getlist("task"), state.url(page=state.page)
        return redirect(url_for(asked_there, task=ticked, back=back), 303)
    outcomes, refused = _carried_out(actor)
    page = list_page(actor, state)
    return render_template("work_list.html", **page, outcomes=outcomes, refused=refused, asked=request.form)


@blueprint.get("/tasks/<uuid:task_id>")
@permits(Right.WORK)
def task_page(task_id: UUID) -> str:
    """Show a task beside its case."""
    actor = current_actor()
    detail = task_detail(services().queries, task_id, actor)
    if detail.task.state is TaskState.OPEN:
        services().engine.execute(NoteTaskOpened(task=detail.task), actor=actor)
    right = whose_right(detail.task, actor) if _is_free(detail.task) else None
    is_mine = right is not None and detail.task.assignee is not None
    case = case_of(detail.task, actor)
    proof = _proof(case, task_id, actor)
    return render_template(
        "task.html",
        task=detail.task,
        detail=detail,
        form=_form_data(detail, is_mine=is_mine, has_case=case is not None),
        case=case,
        record=None if case else record_of(detail.task.business_key, actor),
        season=None if case else season_of(detail.task.business_key, actor),
        papers=evidence(case) if case else [],
        proof=proof,
        beside=beside_case(case, actor, proof) if case and proof else None,
        advice=services().advice.of_task(task_id, actor) if case else [],
        awaited=services().advice.awaited(task_id) if detail.task.follow_up_at else None,
        terms=Terms(),
        is_mine=is_mine,
        now=services().now(),
        can_claim=right is not None and not is_mine,
        for_whom=right.name if right is not None and right is not actor else None,
        colleagues=_colleagues(detail.task, actor),
        can_supervise=_is_free(detail.task) and may(Right.SUPERVISE),
        can_hand_over=is_mine or (_is_free(detail.task) and actor.has_role(SUPERVISOR, detail.task.region)),
        actor=actor,
        comments=_comments(detail.task, case, actor),
        others=services().presence.at_task(detail.task, actor),
    )


@blueprint.post("/tasks/<uuid:task_id>/claim")
@permits(Right.WORK)
def claim(task_id: UUID) -> AnyResponse:
    """Make a task mine and open it."""
    return _changed(task_id, ClaimUserTask(user_task_id=task_id), _("已签收“%(name)s”。"))


@blueprint.post("/tasks/<uuid:task_id>/release")
@permits(Right.WORK)
def release(task_id: UUID) -> AnyResponse:
    """Give a task back to its group."""
    command = ReleaseUserTask(user_task_id=task_id, reason=_given_reason())
    return _changed(task_id, command, _("已释放“%(name)s”，草稿保留给下一位办理人。"))


@blueprint.post("/tasks/<uuid:task_id>/assign")
@permits(Right.SUPERVISE)
def assign(task_id: UUID) -> AnyResponse:
    """Give a task to a colleague."""
    login = request.form.get("assignee", "")[:64]
    account = services().organisation.account(login)
    if account is None:
        raise NotFound("account", login)
    return _changed(
        task_id,
        AssignUserTask(user_task_id=task_id, assignee=actor_of(account), reason=_given_reason()),
        _("已分派“%(name)s”。"),
    )


@blueprint.post("/tasks/<uuid:task_id>/put-off")
@permits(Right.WORK)
def put_off(task_id: UUID) -> AnyResponse:
    """Put a task off to the beginning of a day or an event before it; without a day it is taken up again."""
    until = _beginning_of(request.form.get("until", "").strip())
    wanted = request.form.get("event", "")
    event = next((one for one in HoldEvent if one.value == wanted), None)
    if wanted and event is None:
        raise BadRequest(Words("没有可以等待的这一事项，请刷新页面", "no task waits for such an event; reload"))
    command = HoldTask(task_id=task_id, until=until, reason=_given_reason(), event=event)
    return _changed(task_id, command, _("已恢复办理“%(name)s”。") if until is None else _("已暂缓“%(name)s”。"))


@blueprint.put("/tasks/<uuid:task_id>/draft")
@permits(Right.WORK)
def save_draft(task_id: UUID) -> Response:
    """Keep what was typed, from the page's form."""
    body = _submission(DraftSubmissionSchema())
    command = SaveDraft(user_task_id=task_id, values=body["variables"], based_on=body["draft_version"])
    with within_sight(services().queries, task_id, current_actor()):
        draft = services().engine.execute(command, actor=current_actor())
    return jsonify(saved_at=draft.saved_at, version=draft.version)


@blueprint.post("/tasks/<uuid:task_id>/complete")
@permits(Right.WORK)
def complete(task_id: UUID) -> Response:
    """Hand in the answers from the page's form and name the page to go on with."""
    body = _submission(SubmissionSchema())
    return jsonify(redirect=_completed(task_id, body["variables"], body["version"]))


@blueprint.post("/tasks/<uuid:task_id>/done")
@permits(Right.WORK)
def done(task_id: UUID) -> AnyResponse:
    """Complete a task that has no form, as it was when it was shown; one that is over shows who did it."""
    version = request.form.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise BadRequest(Words("任务的版本号不是数字", "version"))
    if services().queries.user_task(task_id, current_actor()).form_id:
        flash(_("此环节须填写表单后提交。"), "danger")
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)
    try:
        return redirect(_completed(task_id, {}, int(version)), 303)
    except TaskNotOpen as over:
        flash(i18n.refusal_text(over), "danger")
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)


def case_of(task: UserTask, actor: Actor) -> CaseView | None:
    """Return the case of a task as far as the actor may see it."""
    try:
        return services().casework.case(task.business_key, actor)
    except CaseNotFound:
        return None


def _comments(task: UserTask, case: CaseView | None, actor: Actor) -> CommentPanel | None:
    if case is None:
        return None
    wanted = CommentFilter(key=case.summary.id, actor=actor, limit=IN_A_PANEL)
    return comment_panel(wanted, task_id=task.id, back=url_for("tasks.task_page", task_id=task.id))


def _proof(case: CaseView | None, task_id: UUID, actor: Actor) -> EvidencePanel | None:
    back = url_for("tasks.task_page", task_id=task_id)
    return evidence_panel(case, actor, back=back) if case else None


def _carried_out(actor: Actor) -> tuple[Sequence[TaskOutcome], str | None]:
    """Return what became of the ticked tasks, or why none was tried."""
    if not request.form.getlist("task"):
        return (), _("请先勾选任务。")
    batch = _ticked()
    try:
        return carry_out(batch, actor), None
    except EngineError as refused:
        return (), i18n.refusal_text(refused)


def _ticked() -> TaskBatch:
    form = request.form
    body = {name: form[name].strip() or None for name in ("action", "assignee", "reason") if name in form}
    try:
        loaded: TaskBatch = TaskBatchSchema().load({**body, "task_ids": form.getlist("task")})
    except ValidationError as invalid:
        raise RequestInvalid(list(objections(invalid.messages))) from invalid
    return loaded


def _completed(task_id: UUID, values: JsonObject, version: int | None) -> str:
    actor = current_actor()
    command = CompleteUserTask(user_task_id=task_id, values=values, version=version)
    with within_sight(services().queries, task_id, actor):
        task = services().engine.execute(command, actor=actor)
    if task.transition is not None:
        _tell_waiting(task)
        return url_for("tasks.task_page", task_id=task_id)
    following = services().queries.next_task(actor, after=task)
    name = in_language(task.name, task.name_en)
    if following is None:
        flash(_("已完成 %(case)s 的“%(name)s”，目前没有其他待办。", case=task.business_key, name=name), "success")
        return url_for("tasks.work_list")
    flash(_("已完成 %(case)s 的“%(name)s”，已为您打开下一项。", case=task.business_key, name=name), "success")
    return url_for("tasks.task_page", task_id=following.id)


def _changed(task_id: UUID, command: Any, told: str) -> AnyResponse:  # any command on a user task
    try:
        with within_sight(services().queries, task_id, current_actor()):
            task = services().engine.execute(command, actor=current_actor())
    except EngineError as refused:
        flash(i18n.refusal_text(refused), "danger")
        return redirect(_back(task_id), 303)
    if task.transition is not None:
        _tell_waiting(task)
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)
    flash(told % {"name": in_language(task.name, task.name_en)}, "success")
    is_mine = task.assignee is not None and whose_right(task, current_actor()) is not None
    return redirect(url_for("tasks.task_page", task_id=task_id) if is_mine else url_for("tasks.work_list"), 303)


def _beginning_of(day: str) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.min, tzinfo=COUNTY_TIME)
    except ValueError as odd:
        raise BadRequest(Words("暂缓的日期不是日期", "until is not a day")) from odd


def _given_reason() -> str | None:
    return request.form.get("reason") or None


def _tell_waiting(task: UserTask) -> None:
    flash(_("已提交“%(name)s”的操作，正在自动审核，请稍后刷新。", name=in_language(task.name, task.name_en)), "info")


def _is_free(task: UserTask) -> bool:
    """Say whether a task is open and waits for no listener."""
    return task.state is TaskState.OPEN and task.transition is None


def _back(task_id: UUID) -> str:
    if request.form.get("from") == "list":
        return url_for("tasks.work_list", tab=TaskTab.TO_CLAIM.value)
    return url_for("tasks.task_page", task_id=task_id)


def _submission(schema: SubmissionSchema) -> JsonObject:
    try:
        loaded: JsonObject = schema.load(json_body(request))
    except ValidationError as invalid:
        raise RequestInvalid(list(objections(invalid.messages))) from invalid
    return loaded


def _form_data(detail: TaskDetail, *, is_mine: bool, has_case: bool) -> JsonObject | None:
    if detail.form is None:
        return None
    task_id = detail.task.id
    return {
        "schema": detail.form,
        "data": detail.values,
        "translations": english_texts(detail.task.form_id or "") if i18n.language() == "en" else {},
        "submitUrl": url_for("tasks.complete", task_id=task_id),
        "draftUrl": url_for("tasks.save_draft", task_id=task_id) if is_mine else None,
        "draftVersion": detail.draft.version if detail.draft else "",
        "signInUrl": url_for("session.sign_in_page", next=url_for("tasks.task_page", task_id=task_id)),
        "listUrl": url_for("tasks.work_list"),
        "caseUrl": url_for("cases.case_page", key=detail.task.business_key) if has_case else None,
        "readOnly": not is_mine,
        "context": {"version": detail.task.version},
    }


def _colleagues(task: UserTask, actor: Actor) -> Sequence[Account]:
    if not _is_free(task) or not actor.has_role("supervisor", task.region):
        return ()
    return services().organisation.colleagues([(group, task.region) for group in task.candidate_groups])
