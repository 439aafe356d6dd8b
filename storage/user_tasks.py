"""User tasks and their drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.errors import ConcurrentChange
from engine.model import Denial, Draft, TaskState, UserTask
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals
from storage.tables.engine import user_task as tasks
from storage.tables.engine import user_task_draft as drafts
from storage.task_steps import read_denial


class SqlUserTasks:
    """User tasks in PostgreSQL."""

    def __init__(self, connection: Connection, seals: InstanceSeals) -> None:
        self._connection = connection
        self._seals = seals

    def get(self, task_id: UUID) -> UserTask | None:
        """Read one task."""
        return self._one(select(tasks).where(tasks.c.id == task_id))

    def lock(self, task_id: UUID) -> UserTask | None:
        """Read one task for a change."""
        return self._one(select(tasks).where(tasks.c.id == task_id).with_for_update())

    def save(self, task: UserTask) -> None:
        """Write who holds the task.

        Raises:
            ConcurrentChange: the stored version is not the one before this.
        """
        statement = (
            update(tasks)
            .where(tasks.c.id == task.id, tasks.c.version == task.version - 1, tasks.c.state == TaskState.OPEN)
            .values(assignee=task.assignee, assignee_name=task.assignee_name, version=task.version)
        )
        if self._connection.execute(statement).rowcount != 1:
            raise ConcurrentChange

    def save_attributes(self, task: UserTask) -> None:
        """Write what may be changed of an open task beside its assignee.

        Raises:
            ConcurrentChange: the stored version is not the one before this.
        """
        statement = (
            update(tasks)
            .where(tasks.c.id == task.id, tasks.c.version == task.version - 1, tasks.c.state == TaskState.OPEN)
            .values(
                due_at=task.due_at,
                follow_up_at=task.follow_up_at,
                candidate_groups=list(task.candidate_groups),
                candidate_users=list(task.candidate_users),
                priority=task.priority,
                version=task.version,
            )
        )
        if self._connection.execute(statement).rowcount != 1:
            raise ConcurrentChange

    def denial(self, task_id: UUID) -> Denial | None:
        """Return why the last thing asked of an open task was denied by a listener."""
        return read_denial(self._connection, self._seals, task_id)

    def completed_by(self, process_instance_id: UUID, actor_id: str) -> Sequence[UserTask]:
        """Return the tasks of the instance this person completed."""
        query = select(tasks).where(
            tasks.c.process_instance_id == process_instance_id,
            tasks.c.state == TaskState.COMPLETED,
            tasks.c.completed_by == actor_id,
        )
        return self._seals.values(UserTask, self._connection.execute(query).mappings())

    def draft(self, task_id: UUID) -> Draft | None:
        """Return the draft of a task."""
        query = (
            select(drafts, tasks.c.process_instance_id)
            .join(tasks, tasks.c.id == drafts.c.user_task_id)
            .where(drafts.c.user_task_id == task_id)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        values = self._seals.opened(row["process_instance_id"], row["values"], f"draft:{task_id}")
        return to_value(Draft, {**row, "values": values})

    def save_draft(self, draft: Draft) -> None:
        """Keep or replace the draft of a task."""
        owner = select(tasks.c.process_instance_id).where(tasks.c.id == draft.user_task_id)
        instance_id = self._connection.execute(owner).scalar_one()
        values = self._seals.sealed(instance_id, draft.values, f"draft:{draft.user_task_id}")
        statement = upsert(drafts).values({**to_row(draft), "values": values})
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[drafts.c.user_task_id],
                set_={
                    "values": statement.excluded["values"],
                    "saved_at": statement.excluded.saved_at,
                    "saved_by": statement.excluded.saved_by,
                },
            )
        )

    def _one(self, query: Select[Any]) -> UserTask | None:
        row = self._connection.execute(query).mappings().first()
        return None if row is None else self._seals.values(UserTask, [row])[0]
