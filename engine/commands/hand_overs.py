"""Handing a task on: to a person it is offered to, or to groups whose members may claim it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from engine.commands.task_listeners import (
    assign,
    attributes_of,
    change_attributes,
    has_listeners,
    held_by,
    locked_open_task,
    refuse_in_transition,
    with_attributes,
)
from engine.commands.task_rights import holding_or_supervising, no_candidate, require_fit
from engine.core.listener_model import TaskAttributes
from engine.errors import NobodyCouldDoTask
from engine.execution import record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Actor, HistoryAction, ProcessInstance, UserTask
from engine.permissions import checked_reason, require_role


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverUserTask:
    """Hand a task to a named person it is offered to; the draft goes along, what was put off is put off no more.

    To who holds it already it changes nothing. Where an assigning listener decides by a job, the record says then that
    the task was assigned, or that it was denied, with the reason given here.

    Raises:
        NotAssignee: the actor neither holds the task nor supervises its region.
        NotPermitted: the person is no candidate.
        FourEyesViolation: the person completed an activity this task must be distinct from.
        ReasonMissing: nothing stands there, or too much.
    """

    user_task_id: UUID
    assignee: Actor
    reason: str

    def execute(self, context: Context[Work]) -> UserTask:
        """Hand it over."""
        reason = checked_reason(self.reason)
        instance, task = locked_open_task(context, self.user_task_id)
        refuse_in_transition(task)
        acting = holding_or_supervising(context, task)
        if task.assignee == self.assignee.id:
            return task
        if not task.is_offered_to(self.assignee):
            raise no_candidate(task, "办理该任务")
        require_fit(context, task, self.assignee)
        if has_listeners(context, task):
            handed = assign(acting, instance, task, self.assignee, HistoryAction.ASSIGNED, reason=reason)
        else:
            handed = _saved(context, task, held_by(attributes_of(task), self.assignee))
        _record(acting, instance, task, handed, _details(task, reason) | {"assignee": handed.assignee})
        return handed


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverToGroups:
    """Hand a task to groups, whose members may claim it then and nobody else; the draft goes along.

    Who holds it chooses among the groups it is offered to; only a supervisor of the region offers it to others.

    Raises:
        NotAssignee: the actor neither holds the task nor supervises its region.
        NotPermitted: the task is not offered to one of the groups, and the actor is no supervisor.
        NobodyCouldDoTask: no group is named.
        ReasonMissing: nothing stands there, or too much.
        TaskActionDenied: an updating listener denied it.
    """

    user_task_id: UUID
    groups: tuple[str, ...]
    reason: str

    def execute(self, context: Context[Work]) -> UserTask:
        """Hand it over."""
        reason = checked_reason(self.reason)
        instance, task = locked_open_task(context, self.user_task_id)
        refuse_in_transition(task)
        acting = holding_or_supervising(context, task)
        if not self.groups:
            raise NobodyCouldDoTask(task.name)
        if not set(self.groups) <= set(task.candidate_groups):
            require_role(context, "supervisor", task.region, action="转交其他单位")
        after = replace(held_by(attributes_of(task), None), candidate_groups=self.groups, candidate_users=())
        if after == attributes_of(task):
            return task
        if has_listeners(context, task):
            handed = change_attributes(acting, instance, task, after, {"reason": reason})
        else:
            handed = _saved(context, task, after)
        _record(acting, instance, task, handed, _details(task, reason) | {"groups": list(handed.candidate_groups)})
        return handed


def _saved(context: Context[Work], task: UserTask, after: TaskAttributes) -> UserTask:
    changed = with_attributes(task, after)
    context.unit_of_work.user_tasks.save(changed)
    context.unit_of_work.user_tasks.save_attributes(changed, before=task)
    return changed


def _record(
    context: Context[Work], instance: ProcessInstance, before: UserTask, handed: UserTask, details: JsonObject
) -> None:
    """Tell of a hand-over that took place; where listeners decide by jobs, what they decide is told then."""
    if handed.transition is None:
        record(context, instance, HistoryAction.HANDED_OVER, element_id=before.element_id, details=details)


def _details(task: UserTask, reason: str) -> JsonObject:
    return {"task": str(task.id), "from": task.assignee, "reason": reason}
