"""In whose right a task is given back or handed on, and who may not have it: asked by several commands."""

from __future__ import annotations

from engine.errors import FourEyesViolation, NotAssignee, NotPermitted
from engine.host import Context, Work
from engine.model import Actor, UserTask
from engine.permissions import acting_on


def holding_or_supervising(context: Context[Work], task: UserTask) -> Context[Work]:
    """Return the context in which a task is put off, given back or handed on: as who holds it, else as supervisor.

    Raises:
        NotAssignee: the actor neither holds the task nor supervises its region.
    """
    acting = acting_on(context, task) if task.assignee is not None else None
    if acting is not None:
        return acting.context
    if context.actor.has_role("supervisor", task.region):
        return context
    raise NotAssignee(task.name, task.assignee_name)


def require_fit(context: Context[Work], task: UserTask, person: Actor) -> None:
    """Let a person pass whom neither four eyes nor the office bar from taking a task.

    Raises:
        FourEyesViolation: the person completed an activity this task must be distinct from.
        EngineError: the office bars the person; the text says why.
    """
    check_four_eyes(context, task, person)
    context.host.guard(context, task, person, step="take")


def check_four_eyes(context: Context[Work], task: UserTask, person: Actor) -> None:
    """Let a person pass who did nothing the task must be distinct from.

    Raises:
        FourEyesViolation: the person completed such an activity.
    """
    if not task.distinct_from:
        return
    tasks = context.unit_of_work.user_tasks
    done = tasks.completed_by(task.process_instance_id, person.id, elements=task.distinct_from)
    if done is not None:
        raise FourEyesViolation(task.name, done.name)


def no_candidate(task: UserTask, action: str) -> NotPermitted:
    """Return what is said to who is no candidate of a task."""
    return NotPermitted(action, "、".join(task.candidate_groups or task.candidate_users))
