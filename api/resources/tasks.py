"""Work lists and user tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from api.operations import Operation, operation
from api.resources.addresses import without_numbers
from api.resources.blueprint import api
from api.schemas.answers import (
    CompletedSchema,
    DraftAnswer,
    DraftSchema,
    TaskBatchAnswer,
    TaskBatchAnswerSchema,
    TaskDetailSchema,
    TaskListAnswerSchema,
    TaskSchema,
    TaskVersionsSchema,
)
from api.schemas.requests import (
    AssignSchema,
    CompletionSchema,
    HandOverSchema,
    PutOffSchema,
    TaskChangeSchema,
    TaskListSchema,
)
from api.services import current
from engine.commands.task_listeners import UpdateUserTask
from engine.commands.user_tasks import (
    AssignUserTask,
    ClaimUserTask,
    CompleteUserTask,
    ReleaseUserTask,
    SaveDraft,
)
from engine.errors import NotFound
from engine.host import Command
from engine.json_values import JsonObject, JsonValue
from engine.model import TaskState, UserTask
from engine.queries import UserTaskFilter
from web.authentication import current_actor
from web.schemas.submission import DraftSubmissionSchema
from web.schemas.task_batch import TaskBatchSchema
from web.supervision import named_office, narrowed_tasks, narrowed_to_holder
from web.task_batch import TaskBatch, carry_out
from web.task_detail import TaskDetail, task_detail
from web.task_search import matches_of
from web.task_sight import within_sight
from workflows.casework.hand_overs.commands import HandOverTask, HandOverTaskToUnit
from workflows.casework.holds.commands import HoldTask
from workflows.organisation.model import actor_of
from workflows.organisation.rights import Right

Result = TypeVar("Result")

ATTRIBUTES = {
    "due_at": "dueDate",
    "follow_up_at": "followUpDate",
    "candidate_groups": "candidateGroups",
    "candidate_users": "candidateUsers",
    "priority": "priority",
}
"""What may be changed of a task, as the API calls it and as the command does."""


@api.get("/tasks")
@operation(
    Operation(
        summary="A tab of the work list with the counts of all tabs",
        right=Right.WORK,
        query=TaskListSchema,
        answer=TaskListAnswerSchema,
    )
)
def list_tasks(query: dict[str, Any]) -> JsonObject:
    """List tasks."""
    return _listed(without_numbers(query, twin="api.search_tasks"))


def _listed(query: dict[str, Any]) -> JsonObject:
    wanted = _wanted(query)
    page = current().queries.user_tasks(wanted)
    counts = {tab.value: count for tab, count in current().queries.user_task_counts(wanted.actor).items()}
    named = {number: one.value for number, one in matches_of(wanted.text, page.tasks, wanted.actor).items()}
    is_open = [task for task in page.tasks if task.state is TaskState.OPEN]
    return {
        "tasks": page.tasks,
        "total": page.total,
        "counts": counts,
        "matches": named,
        "unopened": sorted(current().presence.unopened(is_open, wanted.actor)),
        "at_rest": sorted(current().queries.tasks_at_rest([task.id for task in is_open], current().now())),
    }


@api.post("/tasks/search")
@operation(
    Operation(
        summary="The same as a list of tasks, by a body: an identity number or telephone stands in no address",
        right=Right.WORK,
        body=TaskListSchema,
        answer=TaskListAnswerSchema,
    )
)
def search_tasks(body: dict[str, Any]) -> JsonObject:
    """Search tasks."""
    return _listed(body)


@api.get("/tasks/versions")
@operation(
    Operation(
        summary="Of which tasks a page of the work list consists, and in which version: cheap to ask often",
        right=Right.WORK,
        query=TaskListSchema,
        answer=TaskVersionsSchema,
    )
)
def list_task_versions(query: dict[str, Any]) -> JsonObject:
    """List ids and versions."""
    return _versions(without_numbers(query, twin="api.search_task_versions"))


def _versions(query: dict[str, Any]) -> JsonObject:
    return {"tasks": current().queries.user_task_versions(_wanted(query))}


@api.post("/tasks/versions/search")
@operation(
    Operation(
        summary="The same as the versions of a page, by a body: an identity number or telephone stands in no address",
        right=Right.WORK,
        body=TaskListSchema,
        answer=TaskVersionsSchema,
    )
)
def search_task_versions(body: dict[str, Any]) -> JsonObject:
    """Search ids and versions."""
    return _versions(body)


@api.post("/tasks/batch")
@operation(
    Operation(
        summary="Claim, release, assign or complete several tasks; each says what became of it",
        right=Right.WORK,
        body=TaskBatchSchema,
        answer=TaskBatchAnswerSchema,
    )
)
def change_tasks(body: TaskBatch) -> TaskBatchAnswer:
    """Do the same to several tasks."""
    return TaskBatchAnswer(items=carry_out(body, current_actor()))


@api.get("/tasks/<uuid:task_id>")
@operation(
    Operation(
        summary="A task with its form, the values it opens with and its draft",
        right=Right.WORK,
        answer=TaskDetailSchema,
    )
)
def get_task(task_id: UUID) -> TaskDetail:
    """Show a task."""
    return task_detail(current().queries, task_id, current_actor())


@api.post("/tasks/<uuid:task_id>/claim")
@operation(Operation(summary="Claim an open task; the first wins", right=Right.WORK, answer=TaskSchema))
def claim_task(task_id: UUID) -> UserTask:
    """Make it mine."""
    return _asked(ClaimUserTask(user_task_id=task_id), task_id)


@api.post("/tasks/<uuid:task_id>/release")
@operation(Operation(summary="Give a task back to its group; the draft stays", right=Right.WORK, answer=TaskSchema))
def release_task(task_id: UUID) -> UserTask:
    """Give it back."""
    return _asked(ReleaseUserTask(user_task_id=task_id), task_id)


@api.post("/tasks/<uuid:task_id>/assign")
@operation(
    Operation(
        summary="Give a task to a person of its group", right=Right.SUPERVISE, body=AssignSchema, answer=TaskSchema
    )
)
def assign_task(task_id: UUID, body: JsonObject) -> UserTask:
    """Hand it to somebody."""
    account = current().organisation.account(body["assignee"])
    if account is None:
        raise NotFound("account", body["assignee"])
    command = AssignUserTask(user_task_id=task_id, assignee=actor_of(account), reason=body["reason"])
    return _asked(command, task_id)


@api.post("/tasks/<uuid:task_id>/hand-over")
@operation(
    Operation(
        summary="Hand a task one holds or supervises to a person it is offered to, or to the same posts of a unit",
        right=Right.WORK,
        body=HandOverSchema,
        answer=TaskSchema,
    )
)
def hand_over_task(task_id: UUID, body: JsonObject) -> UserTask:
    """Hand it on."""
    if "assignee" in body:
        return _asked(HandOverTask(task_id=task_id, **body), task_id)
    return _asked(HandOverTaskToUnit(task_id=task_id, **body), task_id)


@api.post("/tasks/<uuid:task_id>/put-off")
@operation(
    Operation(
        summary="Put a task one holds off until a later time or an event before it, or take it up; its limit runs on",
        right=Right.WORK,
        body=PutOffSchema,
        answer=TaskSchema,
    )
)
def put_off_task(task_id: UUID, body: dict[str, Any]) -> UserTask:
    """Put it off."""
    return _asked(HoldTask(task_id=task_id, **body), task_id)


@api.patch("/tasks/<uuid:task_id>")
@operation(
    Operation(
        summary="Change due and follow-up date, candidates or priority of an open task",
        right=Right.SUPERVISE,
        body=TaskChangeSchema,
        answer=TaskSchema,
    )
)
def update_task(task_id: UUID, body: dict[str, Any]) -> UserTask:
    """Change it."""
    reason = body.pop("reason")
    changes = {ATTRIBUTES[name]: _as_command(value) for name, value in body.items()}
    return _asked(UpdateUserTask(user_task_id=task_id, changes=changes, reason=reason), task_id)


@api.put("/tasks/<uuid:task_id>/draft")
@operation(
    Operation(
        summary="Keep a half-filled form without checks",
        right=Right.WORK,
        body=DraftSubmissionSchema,
        answer=DraftSchema,
    )
)
def save_draft(task_id: UUID, body: JsonObject) -> DraftAnswer:
    """Keep what was typed."""
    command = SaveDraft(user_task_id=task_id, values=body["variables"], based_on=body["draft_version"])
    draft = _asked(command, task_id)
    return DraftAnswer(saved_at=draft.saved_at, version=draft.version)


@api.post("/tasks/<uuid:task_id>/complete")
@operation(
    Operation(
        summary="Hand in the answers; the process runs on, and where asked the next task of the caller is named",
        right=Right.WORK,
        body=CompletionSchema,
        answer=CompletedSchema,
    )
)
def complete_task(task_id: UUID, body: JsonObject) -> JsonObject:
    """Complete it."""
    done = _asked(CompleteUserTask(user_task_id=task_id, values=body["variables"], version=body["version"]), task_id)
    if not body["name_next"]:
        return {"task": done}
    return {"task": done, "next_task": current().queries.next_task(current_actor(), after=done)}


def _wanted(query: dict[str, Any]) -> UserTaskFilter:
    return UserTaskFilter(
        actor=current_actor(),
        tab=query["tab"],
        business_key=query["case"],
        element_id=query["element"],
        text=query["text"],
        overdue_at=current().now() if query["overdue_only"] else None,
        **narrowed_tasks(named_office(query["unit"]), query["situation"]),
        **narrowed_to_holder(query["holder"]),
        order=query["order"],
        descending=query["descending"],
        offset=query["offset"],
        limit=query["limit"],
    )


def _as_command(value: Any) -> JsonValue:
    """Return a value as the command takes it: dates as texts, an empty one for none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else value


def _asked(command: Command[Any, Result], task_id: UUID) -> Result:
    with within_sight(current().queries, task_id, current_actor()):
        return current().engine.execute(command, actor=current_actor())
