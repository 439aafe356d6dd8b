"""What a person may do with a user task. Every check is made here, in the transaction that changes the task."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from engine import feel, forms
from engine.commands.process_instances import checked_variables
from engine.core import model as core
from engine.errors import (
    AlreadyClaimed,
    FourEyesViolation,
    NotAssignee,
    NotFound,
    NotPermitted,
    StaleVersion,
    TaskNotOpen,
)
from engine.execution import environment_settings, operable_instance, record
from engine.host import Context, Work
from engine.json_values import JsonObject
from engine.model import Actor, Draft, HistoryAction, InstanceState, ProcessInstance, TaskState, UserTask
from engine.operation_errors import InstanceSuspended
from engine.permissions import require_role
from engine.relay import advance


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimUserTask:
    """Make the actor the assignee of an open task; the first claim wins, a repeated one changes nothing.

    Raises:
        TaskNotOpen: the task is done or cancelled.
        AlreadyClaimed: somebody else holds it; the error names the holder.
        NotPermitted: the actor is no candidate.
        FourEyesViolation: the actor completed an activity this task must be distinct from.
    """

    user_task_id: UUID

    def execute(self, context: Context[Work]) -> UserTask:
        """Claim it."""
        instance, task = _locked_open_task(context, self.user_task_id)
        if task.assignee == context.actor.id:
            return task
        if task.assignee is not None:
            raise AlreadyClaimed(task.name, task.assignee_name or task.assignee)
        _check_candidate(task, context.actor, "签收任务")
        _check_four_eyes(context, task, context.actor)
        return _assigned(context, instance, task, context.actor, HistoryAction.CLAIMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseUserTask:
    """Give a task back to its group; the draft stays for whoever claims it next.

    Raises:
        NotAssignee: the actor neither holds the task nor supervises its region.
    """

    user_task_id: UUID

    def execute(self, context: Context[Work]) -> UserTask:
        """Release it."""
        instance, task = _locked_open_task(context, self.user_task_id)
        if task.assignee != context.actor.id and not context.actor.has_role("supervisor", task.region):
            raise NotAssignee(task.name, task.assignee_name)
        return _assigned(context, instance, task, None, HistoryAction.RELEASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignUserTask:
    """Give a task to a named person of its group.

    Raises:
        NotPermitted: the actor does not supervise the region, or the person is no candidate.
        FourEyesViolation: the person completed an activity this task must be distinct from.
    """

    user_task_id: UUID
    assignee: Actor

    def execute(self, context: Context[Work]) -> UserTask:
        """Assign it."""
        instance, task = _locked_open_task(context, self.user_task_id)
        require_role(context, "supervisor", task.region, action="分派任务")
        _check_candidate(task, self.assignee, "办理该任务")
        _check_four_eyes(context, task, self.assignee)
        return _assigned(context, instance, task, self.assignee, HistoryAction.ASSIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """Keep a half-filled form as it is, without checks; only the assignee writes it.

    Raises:
        NotAssignee: somebody else holds the task.
        TaskNotOpen: the task is over.
    """

    user_task_id: UUID
    values: JsonObject

    def execute(self, context: Context[Work]) -> Draft:
        """Save it; what was typed before the instance was suspended is not lost."""
        _, task = _operable_open_task(context, self.user_task_id)
        if task.assignee != context.actor.id:
            raise NotAssignee(task.name, task.assignee_name)
        draft = Draft(
            user_task_id=task.id,
            values=checked_variables(self.values),
            saved_at=context.now(),
            saved_by=context.actor.id,
        )
        context.unit_of_work.user_tasks.save_draft(draft)
        return draft


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteUserTask:
    """Hand in the result of a task and run the process on until it waits again.

    `version` is the task's version the person saw; None skips that check.

    Raises:
        TaskNotOpen: done or cancelled; names who completed it.
        NotAssignee: somebody else holds it, or nobody.
        StaleVersion: the task changed since it was shown.
        FourEyesViolation: the actor completed an activity this task must be distinct from.
        FormInvalid: the values break the form's rules; nothing is changed.
    """

    user_task_id: UUID
    values: JsonObject
    version: int | None = None

    def execute(self, context: Context[Work]) -> UserTask:
        """Complete it."""
        instance, task = _locked_open_task(context, self.user_task_id)
        if task.assignee != context.actor.id:
            raise NotAssignee(task.name, task.assignee_name)
        if self.version is not None and self.version != task.version:
            raise StaleVersion("user task", self.version, task.version)
        _check_four_eyes(context, task, context.actor)
        values = _checked_submission(context, instance, task, checked_variables(self.values))
        record(context, instance, HistoryAction.COMPLETED, element_id=task.element_id, details={"task": str(task.id)})
        advance(context, instance, core.CompleteWork(key=task.key, variables=values))
        done = context.unit_of_work.user_tasks.get(task.id)
        if done is None:
            raise NotFound("user task", task.id)
        return done


def _locked_open_task(context: Context[Work], user_task_id: UUID) -> tuple[ProcessInstance, UserTask]:
    """Return an open task of an instance that is not suspended, both locked."""
    instance, task = _operable_open_task(context, user_task_id)
    if instance.state is InstanceState.SUSPENDED:
        raise InstanceSuspended(instance.id)
    return instance, task


def _operable_open_task(context: Context[Work], user_task_id: UUID) -> tuple[ProcessInstance, UserTask]:
    """Lock the instance first, then the task: every command locks in this order."""
    seen = context.unit_of_work.user_tasks.get(user_task_id)
    if seen is None:
        raise NotFound("user task", user_task_id)
    if seen.state is not TaskState.OPEN:
        raise TaskNotOpen(seen.name, seen.state, seen.completed_by_name)
    instance = context.unit_of_work.process_instances.lock(seen.process_instance_id)
    task = context.unit_of_work.user_tasks.lock(user_task_id)
    if instance is None or task is None:
        raise NotFound("user task", user_task_id)
    if task.state is not TaskState.OPEN:
        raise TaskNotOpen(task.name, task.state, task.completed_by_name)
    return operable_instance(context, instance.id), task


def _check_candidate(task: UserTask, person: Actor, action: str) -> None:
    if not task.is_offered_to(person):
        raise NotPermitted(action, "、".join(task.candidate_groups or task.candidate_users))


def _check_four_eyes(context: Context[Work], task: UserTask, person: Actor) -> None:
    if not task.distinct_from:
        return
    for done in context.unit_of_work.user_tasks.completed_by(task.process_instance_id, person.id):
        if done.element_id in task.distinct_from:
            raise FourEyesViolation(task.name, done.name)


def _assigned(
    context: Context[Work], instance: ProcessInstance, task: UserTask, person: Actor | None, action: HistoryAction
) -> UserTask:
    changed = replace(
        task,
        assignee=None if person is None else person.id,
        assignee_name=None if person is None else person.name,
        version=task.version + 1,
    )
    context.unit_of_work.user_tasks.save(changed)
    record(
        context,
        instance,
        action,
        element_id=task.element_id,
        details={"task": str(task.id), "assignee": changed.assignee},
    )
    return changed


def _checked_submission(
    context: Context[Work], instance: ProcessInstance, task: UserTask, values: JsonObject
) -> JsonObject:
    if task.form_id is None:
        return values
    definitions = context.unit_of_work.definitions
    definition = definitions.latest("form", task.form_id)
    if definition is None:
        raise NotFound("form", task.form_id)
    form = context.definitions.form(definition.id, definitions)
    settings: feel.Settings = environment_settings(context)
    submission = forms.validate(form, values, data=dict(task.variables), settings=settings)
    if submission.errors:
        raise forms.FormInvalid(submission.errors)
    return submission.values
