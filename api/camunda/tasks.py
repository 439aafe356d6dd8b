"""User tasks: listed, taken, given away, given back, changed and completed, with the same rules as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response

from api.camunda.elements import variables_page
from api.camunda.lists import USER_TASKS
from api.camunda.operations import answers, camunda
from api.camunda.rows import write_form
from api.camunda.schemas import AssignmentSchema, CompletionSchema, TaskUpdateSchema
from api.camunda.searches import SearchSchema, one_of_list, searched
from api.services import current
from engine.commands.task_listeners import UpdateUserTask
from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, CompleteUserTask, ReleaseUserTask
from engine.errors import NotFound, NotPermitted
from engine.host import Command
from engine.json_values import JsonObject, JsonValue
from engine.searching import AllOf, Compare, Search, Subject
from web.authentication import current_actor
from web.task_detail import shown_by_form
from web.task_sight import within_sight
from workflows.casework.sight import sees_values
from workflows.organisation.model import SUPERVISOR, actor_of
from workflows.organisation.rights import Right

Result = TypeVar("Result")


@camunda.post("/user-tasks/search")
@answers(Right.WORK, body=SearchSchema)
def search_user_tasks(body: JsonObject) -> JsonObject:
    """List the tasks the caller sees."""
    return searched(USER_TASKS, body)


@camunda.get("/user-tasks/<key>")
@answers(Right.WORK)
def get_user_task(key: str) -> JsonObject:
    """Show a task."""
    return USER_TASKS.write(_task(key))


@camunda.post("/user-tasks/<key>/assignment")
@answers(Right.WORK, body=AssignmentSchema)
def assign_user_task(key: str, body: dict[str, Any]) -> None:
    """Claim a task for oneself, or give it to somebody of its group as its supervisor."""
    task, actor = _task(key), current_actor()
    if body["assignee"] == actor.id:
        _asked(ClaimUserTask(user_task_id=task["id"]), task)
        return
    if not actor.has_role(SUPERVISOR, task["region"]):  # before it is told which accounts there are
        raise NotPermitted("分派任务", SUPERVISOR)
    account = current().organisation.account(body["assignee"])
    if account is None:
        raise NotFound("account", body["assignee"])
    override = body["allow_override"] is not False
    _asked(AssignUserTask(user_task_id=task["id"], assignee=actor_of(account), override=override), task)


@camunda.delete("/user-tasks/<key>/assignee")
@answers(Right.WORK)
def unassign_user_task(key: str) -> None:
    """Give a task back to its group."""
    task = _task(key)
    _asked(ReleaseUserTask(user_task_id=task["id"]), task)


@camunda.patch("/user-tasks/<key>")
@answers(Right.SUPERVISE, body=TaskUpdateSchema)
def update_user_task(key: str, body: dict[str, Any]) -> None:
    """Change dates, candidates or priority."""
    task = _task(key)
    changes: JsonObject = {
        name: [] if value is None and name.startswith("candidate") else "" if value is None else value
        for name, value in (body["changeset"] or {}).items()
    }
    _asked(UpdateUserTask(user_task_id=task["id"], changes=changes), task)


@camunda.post("/user-tasks/<key>/completion")
@answers(Right.WORK, body=CompletionSchema)
def complete_user_task(key: str, body: dict[str, Any]) -> None:
    """Hand in the answers of a task one holds; the form's own rules say whether they will do."""
    task = _task(key)
    _asked(CompleteUserTask(user_task_id=task["id"], values=body["variables"] or {}), task)


@camunda.get("/user-tasks/<key>/form")
@answers(Right.WORK)
def get_user_task_form(key: str) -> JsonObject | Response:
    """Return the form of a task as it was deployed, or nothing where it has none."""
    task = _task(key)
    if task["form_id"] is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    where = AllOf((Compare("id", "equals", task["form_id"]),))
    [form] = current().search.search(Search(actor=current_actor(), subject=Subject.FORMS, where=where)).rows
    return write_form(form)


@camunda.post("/user-tasks/<key>/variables/search")
@answers(Right.WORK, body=SearchSchema)
def search_user_task_variables(key: str, body: dict[str, Any]) -> JsonObject:
    """List the variables its form shows, to whoever sees the task; to who sees values, all it was opened with."""
    return _variables(key, body)


@camunda.post("/user-tasks/<key>/effective-variables/search")
@answers(Right.WORK, body=SearchSchema)
def search_user_task_effective_variables(key: str, body: dict[str, Any]) -> JsonObject:
    """List the same: a task is opened with all it may see, the nearest of each name."""
    return _variables(key, body)


def _variables(key: str, body: dict[str, Any]) -> JsonObject:
    queries, actor = current().queries, current_actor()
    task = queries.user_task(_task(key)["id"], actor)
    shown = task.variables if sees_values(actor, task.region) else shown_by_form(queries, task)
    values = [(task.key, name, value) for name, value in shown.items()]
    wanted: dict[str, JsonValue] = dict(body["filter"] or {})
    return variables_page(task.process_instance_id, values, wanted, body)


def _task(key: str) -> Mapping[str, Any]:
    return one_of_list(USER_TASKS, "userTaskKey", key)


def _asked(command: Command[Any, Result], task: Mapping[str, Any]) -> Result:
    with within_sight(current().queries, task["id"], current_actor()):
        return current().engine.execute(command, actor=current_actor())
