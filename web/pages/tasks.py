"""The work list and the page of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, CompleteUserTask, ReleaseUserTask, SaveDraft
from engine.core.texts import Words
from engine.errors import EngineError, NotFound, TaskNotOpen
from engine.json_values import JsonObject
from engine.model import Actor, TaskState, UserTask
from engine.queries import Page, TaskOrder, TaskTab, UserTaskFilter
from web import i18n
from web.authentication import current_actor, may, permits
from web.case_record import evidence
from web.errors import BadRequest, RequestInvalid
from web.labels import in_language
from web.pages.frame import task_counts
from web.pages.lists import PAGE_SIZE, SortedList, chosen, page_count, page_number, search_text
from web.requests import json_body
from web.schemas.messages import objections
from web.schemas.submission import DraftSubmissionSchema, SubmissionSchema
from web.services import services
from web.supervision import named_office, narrowed_tasks, office_name
from web.task_detail import TaskDetail, task_detail
from web.task_sight import within_sight
from web.terms import Terms
from workflows.casework.errors import CaseNotFound
from workflows.casework.queries import CaseSummary, CaseView
from workflows.casework.supervision import OfficeKey, Situation
from workflows.form_texts import english_texts
from workflows.organisation.model import Account, actor_of
from workflows.organisation.rights import Right

blueprint = Blueprint("tasks", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState(SortedList[TaskOrder]):
    """What a work list shows, as its address says."""

    tab: TaskTab
    text: str
    overdue: bool
    situation: Situation | None
    unit: OfficeKey | None

    @classmethod
    def from_arguments(cls, arguments: MultiDict[str, str]) -> ListState:
        """Read an address; what it does not know falls back to the usual."""
        return cls(
            tab=chosen(TaskTab, arguments.get("tab"), TaskTab.MINE),
            text=search_text(arguments.get("q")),
            order=chosen(TaskOrder, arguments.get("order"), TaskOrder.DUE),
            descending=arguments.get("descending") == "1",
            overdue=arguments.get("overdue") == "1",
            situation=next((one for one in Situation if one.value == arguments.get("situation")), None),
            unit=named_office(arguments.get("unit")),
            page=page_number(arguments.get("page")),
        )

    @property
    def is_narrowed(self) -> bool:
        """Say whether less than the whole tab is shown."""
        return bool(self.text or self.overdue or self.situation or self.unit)

    @property
    def whole_url(self) -> str:
        """Return the address of the whole tab."""
        return self.url(text="", overdue=False, situation=None, unit=None)

    def url(self, **changes: Any) -> str:
        """Return the address of this list with some things changed; the first page unless told."""
        shown = replace(self, **({"page": 1} | changes))
        given: dict[str, Any] = {
            "tab": shown.tab.value,
            "q": shown.text or None,
            "order": shown.order.value if shown.order is not TaskOrder.DUE else None,
            "descending": "1" if shown.descending else None,
            "overdue": "1" if shown.overdue else None,
            "situation": shown.situation.value if shown.situation else None,
            "unit": str(shown.unit) if shown.unit else None,
            "page": shown.page if shown.page > 1 else None,
        }
        return url_for("tasks.work_list", **{name: value for name, value in given.items() if value is not None})


@blueprint.get("/")
@permits(Right.SIGNED_IN)
def home() -> AnyResponse:
    """Go where the person's work is."""
    return redirect(url_for("tasks.work_list" if may(Right.WORK) else "profile.profile_page"), 303)


@blueprint.get("/tasks")
@permits(Right.WORK)
def work_list() -> str:
    """Show a tab of the work list."""
    actor, state = current_actor(), ListState.from_arguments(request.args)
    found = services().queries.user_tasks(_filter(actor, state))
    return render_template(
        "work_list.html",
        state=state,
        counts=task_counts(actor),
        tasks=found.tasks,
        total=found.total,
        pages=page_count(found.total),
        cases=_cases_of(found, actor),
        terms=Terms(),
        unit_name=in_language(*office_name(state.unit)) if state.unit else None,
        orders=TaskOrder,
        tabs=TaskTab,
        actor=actor,
    )


@blueprint.get("/tasks/<uuid:task_id>")
@permits(Right.WORK)
def task_page(task_id: UUID) -> str:
    """Show a task beside its case."""
    actor = current_actor()
    detail = task_detail(services().queries, task_id, actor)
    is_mine = detail.task.assignee == actor.id and _is_free(detail.task)
    case = case_of(detail.task, actor)
    return render_template(
        "task.html",
        task=detail.task,
        detail=detail,
        form=_form_data(detail, is_mine=is_mine, has_case=case is not None),
        case=case,
        papers=evidence(case) if case else [],
        terms=Terms(),
        is_mine=is_mine,
        can_claim=_can_claim(detail.task, actor),
        colleagues=_colleagues(detail.task, actor),
        actor=actor,
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
    return _changed(task_id, ReleaseUserTask(user_task_id=task_id), _("已释放“%(name)s”，草稿保留给下一位办理人。"))


@blueprint.post("/tasks/<uuid:task_id>/assign")
@permits(Right.SUPERVISE)
def assign(task_id: UUID) -> AnyResponse:
    """Give a task to a colleague."""
    login = request.form.get("assignee", "")[:64]
    account = services().organisation.account(login)
    if account is None:
        raise NotFound("account", login)
    return _changed(task_id, AssignUserTask(user_task_id=task_id, assignee=actor_of(account)), _("已分派“%(name)s”。"))


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
        flash(over.text(i18n.language()), "danger")
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)


def case_of(task: UserTask, actor: Actor) -> CaseView | None:
    """Return the case of a task as far as the actor may see it."""
    try:
        return services().casework.case(task.business_key, actor)
    except CaseNotFound:
        return None


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
        flash(refused.text(i18n.language()), "danger")
        return redirect(_back(task_id), 303)
    if task.transition is not None:
        _tell_waiting(task)
        return redirect(url_for("tasks.task_page", task_id=task_id), 303)
    flash(told % {"name": in_language(task.name, task.name_en)}, "success")
    is_mine = task.assignee == current_actor().id
    return redirect(url_for("tasks.task_page", task_id=task_id) if is_mine else url_for("tasks.work_list"), 303)


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


def _filter(actor: Actor, state: ListState) -> UserTaskFilter:
    return UserTaskFilter(
        actor=actor,
        tab=state.tab,
        text=state.text or None,
        overdue_at=services().now() if state.overdue else None,
        **narrowed_tasks(state.unit, state.situation),
        order=state.order,
        descending=state.descending,
        offset=state.offset,
        limit=PAGE_SIZE,
    )


def _cases_of(found: Page, actor: Actor) -> Mapping[str, CaseSummary]:
    numbers = sorted({task.business_key for task in found.tasks})
    return services().casework.summaries(numbers, actor) if numbers else {}


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


def _can_claim(task: UserTask, actor: Actor) -> bool:
    return _is_free(task) and task.assignee is None and task.is_offered_to(actor)


def _colleagues(task: UserTask, actor: Actor) -> Sequence[Account]:
    if not _is_free(task) or not actor.has_role("supervisor", task.region):
        return ()
    return services().organisation.colleagues(task.candidate_groups, task.region)
