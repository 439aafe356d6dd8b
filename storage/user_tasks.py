"""User tasks and their drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from engine.json_values import JsonObject
from engine.model import Denial, Draft, ProcessInstance, TaskState, UserTask
from storage.advice import ADVICE_BESIDE_TASK, AskingTasks
from storage.definitions import SqlDefinitions, latest_form
from storage.four_eyes import counted_element, stands
from storage.kin import LOGINS_BESIDE_TASK, BarredLogins
from storage.moves import count_again, count_as
from storage.pipeline import Pipeline, Statement
from storage.process_instances import SqlProcessInstances
from storage.rows import to_row, to_value
from storage.sealing import InstanceSeals
from storage.tables.engine import process_instance
from storage.tables.engine import user_task as tasks
from storage.tables.engine import user_task_draft as drafts
from storage.task_steps import read_denial

_COLUMNS = tuple(column.name for column in tasks.c)
_this = tasks.c.id == bindparam("task_id")
_latest_form = latest_form(tasks.c.form_id)
GET_TASK = Statement.of(
    select(*tasks.c, *_latest_form.c, LOGINS_BESIDE_TASK, ADVICE_BESIDE_TASK)
    .outerjoin_from(tasks, _latest_form, true())
    .where(_this)
)
LOCK_INSTANCE = Statement.of(
    select(process_instance)
    .where(process_instance.c.id == select(tasks.c.process_instance_id).where(_this).scalar_subquery())
    .with_for_update(key_share=True)
)
SAVE_TASK = Statement.of(
    update(tasks)
    .where(_this)
    .values(assignee=bindparam("holder"), assignee_name=bindparam("holder_name"), version=bindparam("new_version"))
)


class SqlUserTasks:
    """User tasks in PostgreSQL."""

    def __init__(
        self,
        connection: Connection,
        seals: InstanceSeals,
        pipeline: Pipeline,
        *,
        instances: SqlProcessInstances,
        definitions: SqlDefinitions,
        barred: BarredLogins,
        asking: AskingTasks,
    ) -> None:
        self._connection = connection
        self._definitions = definitions
        self._barred = barred
        self._asking = asking
        self._seals = seals
        self._pipeline = pipeline
        self._instances = instances

    def get(self, task_id: UUID) -> UserTask | None:
        """Read one task."""
        return self._one(select(tasks).where(tasks.c.id == task_id))

    def lock(self, task_id: UUID) -> tuple[ProcessInstance, UserTask] | None:
        """Lock the instance of a task, then read the task: whatever changes it locks the instance first."""
        wanted = {"task_id": task_id}
        instances, found = self._pipeline.read((LOCK_INSTANCE, wanted), (GET_TASK, wanted))
        if not instances or not found:
            return None
        *columns, barred, asks = found[0]
        self._definitions.remember_latest(columns[len(_COLUMNS) :])
        instance = self._instances.locked(instances[0])
        row = dict(zip(_COLUMNS, columns, strict=False))  # those of the form follow
        self._barred.remember(row["business_key"], barred)
        self._asking.remember(task_id, asks=asks)
        return instance, self._seals.values(UserTask, [row])[0]

    def save(self, task: UserTask) -> None:
        """Write who holds the task; the caller has locked it."""
        self._pipeline.write(
            SAVE_TASK,
            {
                "task_id": task.id,
                "holder": task.assignee,
                "holder_name": task.assignee_name,
                "new_version": task.version,
            },
        )

    def save_attributes(self, task: UserTask, *, before: UserTask) -> None:
        """Write what may be changed of an open task beside its assignee; the caller has locked its instance.

        What happens in a case brings a task back without the lock: its day is written only where it is changed.
        """
        day = {} if task.follow_up_at == before.follow_up_at else {"follow_up_at": task.follow_up_at}
        self._connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(
                due_at=task.due_at,
                **day,
                candidate_groups=list(task.candidate_groups),
                candidate_users=list(task.candidate_users),
                priority=task.priority,
                version=task.version,
            )
        )

    def denial(self, task_id: UUID) -> Denial | None:
        """Return why the last thing asked of an open task was denied by a listener."""
        return read_denial(self._connection, self._seals, task_id)

    def completed_by(self, process_instance_id: UUID, actor_id: str, *, elements: Sequence[str]) -> UserTask | None:
        """Return a task that this person completed, or a substitute for it, and that stands.

        It counts as one of these elements and was not done again later.
        """
        query = select(tasks).where(
            tasks.c.process_instance_id == process_instance_id,
            tasks.c.state == TaskState.COMPLETED,
            or_(tasks.c.completed_by == actor_id, tasks.c.completed_for == actor_id),
            counted_element(tasks).in_(elements),
            stands(tasks),
        )
        return self._one(query.order_by(tasks.c.key).limit(1))

    def count_as(
        self, process_instance_id: UUID, *, source: UUID, target: UUID, mapping: Mapping[str, str]
    ) -> JsonObject:
        """Let finished tasks of one version count as elements of another; returns how they counted before."""
        return count_as(self._connection, process_instance_id, source=source, target=target, mapping=mapping)

    def count_again(self, process_instance_id: UUID, before: JsonObject) -> None:
        """Let finished tasks count as they did."""
        count_again(self._connection, process_instance_id, before)

    def open_of(self, process_instance_id: UUID) -> Sequence[UserTask]:
        """Return the open tasks of an instance."""
        query = select(tasks).where(tasks.c.process_instance_id == process_instance_id, tasks.c.state == TaskState.OPEN)
        return self._seals.values(UserTask, self._connection.execute(query).mappings())

    def drafted(self, process_instance_id: UUID) -> frozenset[UUID]:
        """Return which tasks of an instance have a draft."""
        query = select(drafts.c.user_task_id).join(tasks, tasks.c.id == drafts.c.user_task_id)
        found = self._connection.execute(query.where(tasks.c.process_instance_id == process_instance_id))
        return frozenset(found.scalars())

    def draft(self, task_id: UUID) -> Draft | None:
        """Return the draft of a task."""
        return draft_of(self._connection, self._seals, task_id)

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


def draft_of(connection: Connection, seals: InstanceSeals, task_id: UUID) -> Draft | None:
    """Return the draft of a task."""
    query = (
        select(drafts, tasks.c.process_instance_id)
        .join(tasks, tasks.c.id == drafts.c.user_task_id)
        .where(drafts.c.user_task_id == task_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    values = seals.opened(row["process_instance_id"], row["values"], f"draft:{task_id}")
    return to_value(Draft, {**row, "values": values})
