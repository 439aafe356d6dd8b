"""The same done to several user tasks at once, for the page and the API alike: a transaction and an outcome each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from engine.batches import ItemState
from engine.commands.user_tasks import AssignUserTask, ClaimUserTask, CompleteUserTaskInBatch, ReleaseUserTask
from engine.errors import EngineError, NotFound
from engine.host import Command
from engine.json_values import JsonObject
from engine.model import Actor, UserTask
from engine.permissions import checked_reason
from web.i18n import COUNTY_TIME
from web.services import services
from web.task_sight import within_sight
from workflows.organisation.model import actor_of

MOST_TASKS = 200  # of one batch


class TaskAction(StrEnum):
    """What may be done to several tasks at once."""

    CLAIM = "claim"
    RELEASE = "release"
    ASSIGN = "assign"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBatch:
    """What is to be done to which tasks; `assignee` and `reason` are for assigning, `variables` for completing.

    `versions` are those the person saw, of the tasks to be completed; one that is not told is not checked.
    """

    action: TaskAction
    task_ids: tuple[UUID, ...]
    assignee: str | None = None
    reason: str | None = None
    variables: JsonObject = field(default_factory=dict)
    versions: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutcome:
    """What became of one task; `code` and the messages are those of the error where it was not done.

    Number and name of a task that the actor may not know of are None.
    """

    task_id: UUID
    state: ItemState
    business_key: str | None = None
    name: str | None = None
    name_en: str | None = None
    code: str | None = None
    message_zh: str = ""
    message_en: str = ""


def carry_out(batch: TaskBatch, actor: Actor) -> list[TaskOutcome]:
    """Do to each task what is asked, in the order given and each once; one that is refused stops none of the others.

    The same answers of the actor to the version told are done, and said to be, however often they are sent.

    Raises:
        NotFound: there is no such assignee.
        ReasonMissing: tasks are to be assigned without a reason.
    """
    command = _COMMANDS[batch.action](batch)
    return [_outcome(task_id, command(task_id), actor) for task_id in dict.fromkeys(batch.task_ids)]


def _outcome(task_id: UUID, command: Command[Any, UserTask], actor: Actor) -> TaskOutcome:
    try:
        with within_sight(services().queries, task_id, actor):
            task = services().engine.execute(command, actor=actor)
    except NotFound as unknown:
        return _told(TaskOutcome(task_id=task_id, state=ItemState.NOT_TRIED), unknown)
    except EngineError as refused:
        return _told(_of(services().queries.user_task(task_id, actor), ItemState.NOT_TRIED), refused)
    return _of(task, ItemState.DONE if task.transition is None else ItemState.WAITING)


def _of(task: UserTask, state: ItemState) -> TaskOutcome:
    return TaskOutcome(
        task_id=task.id, state=state, business_key=task.business_key, name=task.name, name_en=task.name_en
    )


def _told(outcome: TaskOutcome, refused: EngineError) -> TaskOutcome:
    return replace(
        outcome,
        code=refused.code,
        message_zh=refused.text("zh", COUNTY_TIME),
        message_en=refused.text("en", COUNTY_TIME),
    )


def _assigning(batch: TaskBatch) -> Callable[[UUID], Command[Any, UserTask]]:
    account = services().organisation.account(batch.assignee) if batch.assignee else None
    if account is None:
        raise NotFound("account", batch.assignee or "-")
    assignee, reason = actor_of(account), checked_reason(batch.reason or "")
    return lambda task_id: AssignUserTask(user_task_id=task_id, assignee=assignee, reason=reason)


_COMMANDS: Mapping[TaskAction, Callable[[TaskBatch], Callable[[UUID], Command[Any, UserTask]]]] = {
    TaskAction.CLAIM: lambda _: lambda task_id: ClaimUserTask(user_task_id=task_id),
    TaskAction.RELEASE: lambda batch: lambda task_id: ReleaseUserTask(user_task_id=task_id, reason=batch.reason),
    TaskAction.ASSIGN: _assigning,
    TaskAction.COMPLETE: lambda batch: (
        lambda task_id: CompleteUserTaskInBatch(
            user_task_id=task_id, values=batch.variables, version=batch.versions.get(task_id)
        )
    ),
}
