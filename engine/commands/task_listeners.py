"""User tasks with listeners: what is asked of them waits in the process instance, and may be denied."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from engine.core import model as core
from engine.core.listener_model import ASSIGNING, UPDATING, ChangeTask, Person, ResultRefused, TaskAttributes
from engine.core.listener_results import corrected
from engine.definitions import InstanceDefinitions
from engine.errors import (
    InvalidTaskChange,
    NobodyCouldDoTask,
    NotFound,
    TaskActionDenied,
    TaskInTransition,
    TaskNotOpen,
)
from engine.execution import environment_settings, record, require_active, require_operable
from engine.host import Context, Work
from engine.json_values import JsonObject, JsonValue
from engine.model import Actor, HistoryAction, ProcessInstance, TaskState, UserTask
from engine.permissions import require_role
from engine.relay import advance

if TYPE_CHECKING:
    from engine.model import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateUserTask:
    """Change due and follow-up date, candidates or priority of an open task.

    `changes` holds dueDate, followUpDate, candidateGroups, candidateUsers, priority; null keeps what is there, an
    empty text or list clears it.

    Raises:
        TaskNotOpen: the task is done or cancelled.
        NotPermitted: the actor does not supervise the region.
        InvalidTaskChange: no such attribute, or a value of another kind.
        NobodyCouldDoTask: neither assignee nor candidates would be left.
        TaskInTransition: it waits for its listeners.
        TaskActionDenied: an updating listener denied it.
    """

    user_task_id: UUID
    changes: JsonObject
    reason: str | None = None

    def execute(self, context: Context[Work]) -> UserTask:
        """Change it."""
        instance, task = locked_open_task(context, self.user_task_id)
        require_role(context, "supervisor", task.region, action="修改任务")
        refuse_in_transition(task)
        before = attributes_of(task)
        after = _changed(before, self.changes, environment_settings(context).now)
        if not (after.assignee or after.candidate_groups or after.candidate_users):
            raise NobodyCouldDoTask(task.name)
        details: JsonObject = {"names": sorted(self.changes), **_told(before, after)}
        if self.reason:
            details["reason"] = self.reason
        return change_attributes(context, instance, task, after, details)


def _told(before: TaskAttributes, after: TaskAttributes) -> JsonObject:
    """Return what the history keeps of a change: every attribute that differs, as it was and as it is."""
    told: dict[str, JsonObject] = {"before": {}, "after": {}}
    for field in fields(TaskAttributes):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if was != now:
            told["before"][field.name], told["after"][field.name] = _plain(was), _plain(now)
    return {**told}


def _plain(value: datetime | tuple[str, ...] | str | int | None) -> JsonValue:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def change_attributes(
    context: Context[Work], instance: ProcessInstance, task: UserTask, after: TaskAttributes, details: JsonObject
) -> UserTask:
    """Give an open task other attributes; one with listeners waits for them, and keeps no details.

    Raises:
        TaskActionDenied: an updating listener denied it at once.
    """
    if has_listeners(context, task):
        before = attributes_of(task)
        change = ChangeTask(
            key=task.key,
            event=UPDATING,
            action="update",
            before=before,
            after=after,
            by=asker(context),
            given_reason=str(details.get("reason", "")),
        )
        return ask(context, instance, task, change)
    changed = with_attributes(task, after)
    context.unit_of_work.user_tasks.save_attributes(changed, before=task)
    told: JsonObject = {"task": str(task.id), **details}
    record(context, instance, HistoryAction.TASK_UPDATED, element_id=task.element_id, details=told)
    return changed


def locked_open_task(context: Context[Work], user_task_id: UUID) -> tuple[ProcessInstance, UserTask]:
    """Return an open task of an instance that is not suspended, both locked.

    Raises:
        NotFound: there is no such task.
        TaskNotOpen: it is done or cancelled.
        InstanceSuspended: its instance rests.
    """
    instance, task = operable_open_task(context, user_task_id)
    return require_active(instance), task


def operable_open_task(context: Context[Work], user_task_id: UUID) -> tuple[ProcessInstance, UserTask]:
    """Lock the instance first, then the task: every command locks in this order.

    Raises:
        NotFound: there is no such task.
        TaskNotOpen: it is done or cancelled.
    """
    found = context.unit_of_work.user_tasks.lock(user_task_id)
    if found is None:
        raise NotFound("user task", user_task_id)
    instance, task = found
    if task.state is not TaskState.OPEN:
        raise TaskNotOpen(task.name, task.state, task.completed_at, task.completed_by_name)
    return require_operable(instance), task


def has_listeners(context: Context[Work], task: UserTask) -> bool:
    """Say whether task listeners are drawn at a task: only then its steps go through the process instance."""
    definitions = InstanceDefinitions(context.definitions, context.unit_of_work.definitions)
    return bool(definitions.get(str(task.definition_id)).nodes[task.element_id].task_listeners)


def refuse_in_transition(task: UserTask) -> None:
    """Let only a task pass that waits for no listener.

    Raises:
        TaskInTransition: it does.
    """
    if task.transition is not None:
        raise TaskInTransition(task.transition)


def assign(
    context: Context[Work],
    instance: ProcessInstance,
    task: UserTask,
    person: Actor | None,
    action: HistoryAction,
    *,
    reason: str = "",
) -> UserTask:
    """Give a task with listeners to somebody or to nobody, when its assigning listeners are done.

    A reason is kept in the history with what they decide.

    Raises:
        TaskActionDenied: a listener denied it at once.
    """
    before = attributes_of(task)
    command = ChangeTask(
        key=task.key,
        event=ASSIGNING,
        action=_ASSIGNMENTS[action],
        before=before,
        after=held_by(before, person),
        by=asker(context),
        given_reason=reason,
    )
    return ask(context, instance, task, command)


def ask(
    context: Context[Work], instance: ProcessInstance, task: UserTask, command: ChangeTask | core.CompleteWork
) -> UserTask:
    """Ask something of a task with listeners; returns it as it is now: changed, or waiting for a listener.

    Raises:
        TaskActionDenied: a listener denied it at once; nothing is kept.
    """
    advance(context, instance, command)
    after = context.unit_of_work.user_tasks.get(task.id)
    if after is None:
        raise NotFound("user task", task.id)
    denial = context.unit_of_work.user_tasks.denial(task.id) if after.state is TaskState.OPEN else None
    if denial is not None:
        raise TaskActionDenied(task.name, denial.event, denial.reason)
    return after


def asker(context: Context[Work]) -> Person:
    """Return in whose name a listener's worker finishes what is asked now."""
    return Person(id=context.actor.id, name=context.actor.name, acts_for=context.actor.acts_for)


def attributes_of(task: UserTask) -> TaskAttributes:
    """Return what listeners are told of a task and may correct."""
    return TaskAttributes(
        assignee=task.assignee,
        assignee_name=task.assignee_name,
        candidate_groups=task.candidate_groups,
        candidate_users=task.candidate_users,
        due=task.due_at,
        follow_up=task.follow_up_at,
        priority=task.priority,
    )


def held_by(before: TaskAttributes, person: Actor | None) -> TaskAttributes:
    """Return the attributes of a task that somebody takes, or nobody; what its holder put off is put off no more."""
    return replace(
        before,
        assignee=None if person is None else person.id,
        assignee_name=None if person is None else person.name,
        follow_up=before.follow_up if before.assignee is None else None,
    )


def with_attributes(task: UserTask, attributes: TaskAttributes) -> UserTask:
    """Return a task with other attributes, as its next version."""
    return replace(
        task,
        assignee=attributes.assignee,
        assignee_name=attributes.assignee_name,
        candidate_groups=attributes.candidate_groups,
        candidate_users=attributes.candidate_users,
        due_at=attributes.due,
        follow_up_at=attributes.follow_up,
        priority=attributes.priority,
        version=task.version + 1,
    )


def _changed(before: TaskAttributes, changes: JsonObject, now: datetime) -> TaskAttributes:
    if changes.get("assignee") is not None:
        raise InvalidTaskChange("assignee")
    try:
        return corrected(before, changes, now)
    except ResultRefused as refused:
        raise InvalidTaskChange(refused.found) from refused


_ASSIGNMENTS = {
    HistoryAction.CLAIMED: "claim",
    HistoryAction.RELEASED: "release",
    HistoryAction.ASSIGNED: "assign",
}
