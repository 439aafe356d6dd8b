"""What listeners do to user tasks, in PostgreSQL: what a task waits for, how it is now, and why it was denied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select, update

from engine.model import Denial, TaskState
from storage.rows import to_value
from storage.tables.engine import user_task as tasks
from storage.tables.engine import user_task_denial as denials

if TYPE_CHECKING:
    from uuid import UUID

    from engine.changes import Changes, TaskStep
    from storage.sealing import InstanceSeals


def write_task_steps(connection: Connection, seals: InstanceSeals, changes: Changes) -> None:
    """Write what listeners did in one run; only tasks that have listeners come here."""
    owner = changes.process_instance_id
    for key, step in changes.task_steps.items():
        this = (tasks.c.process_instance_id == owner) & (tasks.c.key == key)
        connection.execute(update(tasks).where(this).values(_columns(step)))
        connection.execute(delete(denials).where(denials.c.user_task_id.in_(select(tasks.c.id).where(this))))
        if step.denial is not None:
            reason = seals.sealed(owner, step.denial.reason, _place(step.denial.user_task_id))
            row = {
                "user_task_id": step.denial.user_task_id,
                "process_instance_id": owner,
                "event": step.denial.event,
                "action": step.denial.action,
                "reason": reason,
                "denied_at": step.denial.denied_at,
            }
            connection.execute(insert(denials), row)
    for key, person in changes.completed_by.items():
        this = (tasks.c.process_instance_id == owner) & (tasks.c.key == key) & (tasks.c.state == TaskState.COMPLETED)
        by = {"completed_by": person.id, "completed_by_name": person.name, "completed_for": person.acts_for}
        connection.execute(update(tasks).where(this).values(by))


def read_denial(connection: Connection, seals: InstanceSeals, task_id: UUID) -> Denial | None:
    """Return why the last thing asked of a task was denied; without the reason where its case was erased."""
    row = connection.execute(select(denials).where(denials.c.user_task_id == task_id)).mappings().first()
    if row is None:
        return None
    reason = seals.opened(row["process_instance_id"], row["reason"], _place(task_id)) or ""
    return to_value(Denial, {**row, "reason": reason})


def _columns(step: TaskStep) -> dict[str, Any]:
    columns: dict[str, Any] = {"transition": step.transition}
    if step.task is not None:
        columns |= {
            "assignee": step.task.assignee,
            "assignee_name": step.task.assignee_name,
            "candidate_groups": list(step.task.candidate_groups),
            "candidate_users": list(step.task.candidate_users),
            "due_at": step.task.due,
            "follow_up_at": step.task.follow_up,
            "priority": step.task.priority,
            "version": tasks.c.version + 1,
        }
    return columns


def _place(task_id: UUID) -> str:
    return f"denial:{task_id}"
